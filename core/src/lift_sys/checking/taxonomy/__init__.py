"""Names for mistakes that have a name, where the evidence is plain; docs/taxonomy.md tells them."""

from .facts import Facts, Recognised, Variants, Wrong
from .recognition import Recogniser, variants

__all__ = ["Facts", "Recognised", "Recogniser", "Variants", "Wrong", "variants"]
