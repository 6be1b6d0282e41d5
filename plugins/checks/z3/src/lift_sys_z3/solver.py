"""The solver's Python front. It has no types of its own: what comes from it is Any."""

from importlib import import_module
from typing import Any

z3: Any = import_module("z3")
