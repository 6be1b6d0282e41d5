"""Wrong programs made from right ones, to find out whether checks notice."""

from .equivalence import Behaviour
from .making import Mutant, mutants, operator_names

__all__ = ["Behaviour", "Mutant", "mutants", "operator_names"]
