"""Mends code that fails, by small passes with one purpose each.

No pass is trusted: a change is tried only on code that fails its check, and kept only if it passes
all that the code passed before, and more.
"""

from ._search import PASSES, Check, Proposal, Repaired, is_better, proposals, repair

__all__ = ["PASSES", "Check", "Proposal", "Repaired", "is_better", "proposals", "repair"]
