"""What everybody asks for: the plain functions, without parameters of their own.

Other families teach their variants with limits, defaults and marks. Asked for without any, these
are meant. A module for each category.
"""

from . import (
    control_flow,
    data_structures,
    edge_cases,
    list_operations,
    mathematical,
    string_manipulation,
    type_operations,
)

CATALOGUES = (
    list_operations.CATALOGUE,
    string_manipulation.CATALOGUE,
    control_flow.CATALOGUE,
    edge_cases.CATALOGUE,
    type_operations.CATALOGUE,
    data_structures.CATALOGUE,
    mathematical.CATALOGUE,
)
