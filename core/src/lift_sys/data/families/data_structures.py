"""data_structures."""

from .concept import Catalogue

CATALOGUE = Catalogue("data_structures")
