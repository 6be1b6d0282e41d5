"""type_operations."""

from .concept import Catalogue

CATALOGUE = Catalogue("type_operations")
