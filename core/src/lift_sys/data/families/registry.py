"""All families, in a fixed order."""

from collections.abc import Sequence
from functools import cache

from . import (
    control_flow,
    data_structures,
    edge_cases,
    list_operations,
    mathematical,
    string_manipulation,
    type_operations,
)
from .concept import Family

_CATALOGUES = (
    control_flow.CATALOGUE,
    list_operations.CATALOGUE,
    string_manipulation.CATALOGUE,
    edge_cases.CATALOGUE,
    mathematical.CATALOGUE,
    type_operations.CATALOGUE,
    data_structures.CATALOGUE,
)


@cache
def families() -> Sequence[Family]:
    return tuple(family for catalogue in _CATALOGUES for family in catalogue.families)


def family_named(name: str) -> Family:
    """Raises KeyError."""
    return {family.name: family for family in families()}[name]
