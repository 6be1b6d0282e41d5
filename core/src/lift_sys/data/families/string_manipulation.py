"""string_manipulation."""

from .concept import Catalogue

CATALOGUE = Catalogue("string_manipulation")
