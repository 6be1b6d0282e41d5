"""Inputs for code under test: boundary values first, then seeded mixtures of them.

What the request and its IR name (numbers, strings, whole argument lists) is among them, with its
neighbours, because that is where programs are wrong. The plugin `hypothesis` finds more; this
needs nothing.
"""

from .generation import Arguments, generate, in_order
from .sizes import size

__all__ = ["Arguments", "generate", "in_order", "size"]
