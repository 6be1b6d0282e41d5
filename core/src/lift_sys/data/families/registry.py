"""All families, in a fixed order."""

from collections.abc import Sequence
from functools import cache

from ..curriculum import LATEST, Curriculum
from . import everyday, list_operations
from .composed import (
    branches,
    chains,
    conditions,
    dicts,
    entries,
    lists,
    numbers,
    selections,
    strings,
    texts,
    two_lists,
    unseen,
)
from .concept import Family
from .control_flow import easy as control_flow_easy
from .control_flow import hard as control_flow_hard
from .control_flow import medium as control_flow_medium
from .data_structures import easy as data_structures_easy
from .data_structures import hard as data_structures_hard
from .data_structures import medium as data_structures_medium
from .edge_cases import easy as edge_cases_easy
from .edge_cases import hard as edge_cases_hard
from .edge_cases import medium as edge_cases_medium
from .mathematical import easy as mathematical_easy
from .mathematical import hard as mathematical_hard
from .mathematical import medium as mathematical_medium
from .string_manipulation import easy as string_manipulation_easy
from .string_manipulation import hard as string_manipulation_hard
from .string_manipulation import medium as string_manipulation_medium
from .type_operations import easy as type_operations_easy
from .type_operations import hard as type_operations_hard
from .type_operations import medium as type_operations_medium

_MODULES = (
    control_flow_easy,
    control_flow_medium,
    control_flow_hard,
    list_operations,
    string_manipulation_easy,
    string_manipulation_medium,
    string_manipulation_hard,
    edge_cases_easy,
    edge_cases_medium,
    edge_cases_hard,
    mathematical_easy,
    mathematical_medium,
    mathematical_hard,
    type_operations_easy,
    type_operations_medium,
    type_operations_hard,
    data_structures_easy,
    data_structures_medium,
    data_structures_hard,
    conditions,
    lists,
    texts,
    dicts,
    entries,
    strings,
    two_lists,
)
_SEVERAL = (unseen, numbers, selections, chains, everyday, branches)


@cache
def families(curriculum: Curriculum = 1) -> Sequence[Family]:
    """Those of this curriculum and of the ones before it. The suites are made from the first."""
    catalogues = [module.CATALOGUE for module in _MODULES]
    catalogues += [each for module in _SEVERAL for each in module.CATALOGUES]
    every = (family for catalogue in catalogues for family in catalogue.families)
    return tuple(family for family in every if family.since <= curriculum)


def family_named(name: str) -> Family:
    """Raises KeyError."""
    return {family.name: family for family in families(LATEST)}[name]
