"""Imports of the standard library that a model forgot, where a name can mean one thing only."""

import ast
from importlib import import_module
from typing import Final

from ..scopes import Names

MODULES: Final = frozenset(
    {"bisect", "cmath", "collections", "copy", "functools", "hashlib", "heapq", "itertools"}
    | {"json", "math", "operator", "random", "re", "statistics", "string", "textwrap"}
    | {"typing", "unicodedata"}
)

_MEMBERS: Final = {
    "abc": "ABC abstractmethod",
    "bisect": "bisect_left bisect_right insort",
    "collections": "ChainMap Counter OrderedDict defaultdict deque namedtuple",
    "collections.abc": "Callable Generator Hashable Iterable Iterator Mapping MutableMapping "
    "MutableSequence Sequence",
    "copy": "deepcopy",
    "dataclasses": "dataclass",
    "decimal": "Decimal ROUND_HALF_UP",
    "enum": "Enum IntEnum",
    "fractions": "Fraction",
    "functools": "cmp_to_key lru_cache reduce total_ordering wraps",
    "heapq": "heapify heappop heappush heappushpop nlargest nsmallest",
    "itertools": "accumulate combinations combinations_with_replacement dropwhile groupby "
    "islice pairwise permutations starmap takewhile zip_longest",
    "math": "ceil comb factorial floor gcd hypot isqrt lcm prod sqrt",
    "operator": "attrgetter itemgetter",
    "string": "ascii_letters ascii_lowercase ascii_uppercase",
    "typing": "Any Dict FrozenSet List Literal NamedTuple NoReturn Optional Protocol Set "
    "Tuple Type TypeVar Union",
}

MEMBERS: Final = {name: module for module, names in _MEMBERS.items() for name in names.split()}


def missing_imports(tree: ast.Module, names: Names) -> list[str]:
    """The import statements, sorted, for names that nothing binds and that can be imported."""
    unknown = {mention.node: mention.name for mention in names.unknown()}
    members = {name for name in unknown.values() if name in MEMBERS}
    modules = {name for name in unknown.values() if name in MODULES} - members
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and unknown.get(node.value) in modules:
            module = unknown.pop(node.value)
            if not hasattr(import_module(module), node.attr):
                modules.discard(module)
    # What is left of the unknown is no attribute's base: a value, not a module.
    return _statements(modules - set(unknown.values()), members)


def _statements(modules: set[str], members: set[str]) -> list[str]:
    grouped: dict[str, list[str]] = {}
    for name in sorted(members):
        grouped.setdefault(MEMBERS[name], []).append(name)
    lines = [f"import {name}" for name in sorted(modules)]
    return lines + [f"from {it} import {', '.join(grouped[it])}" for it in sorted(grouped)]
