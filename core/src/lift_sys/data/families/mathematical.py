"""mathematical."""

from .concept import Catalogue

CATALOGUE = Catalogue("mathematical")
