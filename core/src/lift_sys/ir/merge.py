"""Three-way merge: what two people or models made of one IR, put together."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

from pydantic import ValidationError

from ._align import align
from ._escape import visible
from .canonical import digest, plain_data, to_json
from .models import IR, Provenance
from .problems import check

_UNORDERED: Final = ("assertions", "constraints", "holes")


class _Absent:
    def __repr__(self) -> str:
        return "nothing"


ABSENT: Final = _Absent()
"""Stands for a field or element that one side does not have."""


class Conflict(NamedTuple):
    path: str
    """Of the base, or of the merged IR where only the whole is wrong."""
    why: str
    base: Any = ABSENT
    ours: Any = ABSENT
    theirs: Any = ABSENT

    def __str__(self) -> str:
        values = {"base": self.base, "ours": self.ours, "theirs": self.theirs}
        shown = [
            f"{side} {value!r}" if value is ABSENT else f"{side} {visible(to_json(value))}"
            for side, value in values.items()
        ]
        known = any(value is not ABSENT for value in values.values())
        return f"{self.path}: {self.why}" + (f" ({', '.join(shown)})" if known else "")


class Merge(NamedTuple):
    ir: IR | None
    """None where there are conflicts."""
    conflicts: tuple[Conflict, ...] = ()


def merge(base: IR, ours: IR, theirs: IR) -> Merge:
    if digest(ours) == digest(theirs) or digest(base) == digest(theirs):
        return Merge(ours)
    if digest(base) == digest(ours):
        return Merge(theirs)
    merger = _Merger()
    data = merger.value(plain_data(base), plain_data(ours), plain_data(theirs), "")
    if merger.conflicts:
        return Merge(None, tuple(merger.conflicts))
    return _validated(data, ours, theirs)


def _validated(data: Any, ours: IR, theirs: IR) -> Merge:
    """Changes that fit one by one may not fit together: a name renamed here and used there."""
    provenance = Provenance(source="merge", parents=(digest(ours), digest(theirs)))
    try:
        merged = IR.model_validate({**data, "provenance": provenance})
    except ValidationError as error:
        return Merge(
            None,
            tuple(
                Conflict(".".join(str(part) for part in one["loc"]), one["msg"])
                for one in error.errors()
            ),
        )
    known = {one.message for side in (ours, theirs) for one in check(side)}
    wrong = [one for one in check(merged) if one.severity == "error" and one.message not in known]
    if wrong:
        return Merge(None, tuple(Conflict(one.path, one.message) for one in wrong))
    return Merge(merged)


class _Merger:
    def __init__(self) -> None:
        self.conflicts: list[Conflict] = []

    def value(self, base: Any, ours: Any, theirs: Any, path: str) -> Any:
        if _same(ours, theirs) or _same(base, theirs):
            return ours
        if _same(base, ours):
            return theirs
        if all(isinstance(side, dict) for side in (base, ours, theirs)):
            if base.get("kind") == ours.get("kind") == theirs.get("kind") or "id" in base:
                return self._members(base, ours, theirs, path)
        elif all(isinstance(side, list) or side is ABSENT for side in (base, ours, theirs)):
            return self._elements(_listed(base), _listed(ours), _listed(theirs), path=path)
        gone = ours is ABSENT or theirs is ABSENT
        why = "removed on one side, changed on the other" if gone else "changed on both sides"
        return self._conflict(path, why, base, ours, theirs)

    def _members(
        self, base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any], path: str
    ) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for name in dict.fromkeys([*base, *ours, *theirs]):
            old, mine, other = (side.get(name, ABSENT) for side in (base, ours, theirs))
            merged[name] = self.value(old, mine, other, f"{path}.{name}" if path else name)
        return {name: value for name, value in merged.items() if value is not ABSENT}

    def _elements(
        self, base: list[Any], ours: list[Any], theirs: list[Any], *, path: str
    ) -> list[Any]:
        to_ours, to_theirs = align(base, ours), align(base, theirs)
        merged: dict[int, Any] = {}
        for old, item in enumerate(base):
            mine = ours[to_ours[old]] if old in to_ours else ABSENT
            other = theirs[to_theirs[old]] if old in to_theirs else ABSENT
            value = self.value(item, mine, other, f"{path}[{old}]")
            if value is not ABSENT:
                merged[old] = value
        order = self._order(sorted(merged), to_ours, to_theirs, path)
        new_ours, new_theirs = _added(ours, to_ours, merged), _added(theirs, to_theirs, merged)
        result: list[Any] = []
        for anchor in (-1, *order):
            if anchor in merged:
                result.append(merged[anchor])
            result += self._insert(new_ours[anchor], new_theirs[anchor], path)
        return _distinct(result) if path.endswith(_UNORDERED) else result

    def _order(
        self, kept: list[int], to_ours: dict[int, int], to_theirs: dict[int, int], path: str
    ) -> list[int]:
        # A position that one side lacks was changed by the other, which is a conflict by now.
        both = [old for old in kept if old in to_ours and old in to_theirs]
        mine, other = sorted(both, key=to_ours.__getitem__), sorted(both, key=to_theirs.__getitem__)
        if mine not in (both, other) and other != both:
            self._conflict(path, "put in another order on both sides", both, mine, other)
        return other if mine == both else mine

    def _insert(self, ours: list[Any], theirs: list[Any], path: str) -> list[Any]:
        if _same(ours, theirs) or not theirs:
            return ours
        if ours and not path.endswith(_UNORDERED):
            self._conflict(path, "different elements added at one place", ABSENT, ours, theirs)
        return [*ours, *theirs]

    def _conflict(self, path: str, why: str, base: Any, ours: Any, theirs: Any) -> Any:
        self.conflicts.append(Conflict(path, why, base, ours, theirs))
        return ABSENT


def _added(
    side: Sequence[Any], pairs: Mapping[int, int], kept: Mapping[int, Any]
) -> defaultdict[int, list[Any]]:
    """What a side added, by the kept element of the base it stands behind."""
    back = {new: old for old, new in pairs.items()}
    added: defaultdict[int, list[Any]] = defaultdict(list)
    anchor = -1
    for new, item in enumerate(side):
        if new not in back:
            added[anchor].append(item)
        elif back[new] in kept:
            anchor = back[new]
    return added


def _listed(side: Any) -> list[Any]:
    return [] if side is ABSENT else cast("list[Any]", side)


def _distinct(items: list[Any]) -> list[Any]:
    return list({to_json(item): item for item in items}.values())


def _same(one: Any, other: Any) -> bool:
    if one is ABSENT or other is ABSENT:
        return one is other
    return to_json(one) == to_json(other)
