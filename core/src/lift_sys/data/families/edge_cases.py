"""edge_cases."""

from .concept import Catalogue

CATALOGUE = Catalogue("edge_cases")
