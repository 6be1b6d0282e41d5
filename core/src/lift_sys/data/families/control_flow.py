"""control_flow."""

from .concept import Catalogue

CATALOGUE = Catalogue("control_flow")
