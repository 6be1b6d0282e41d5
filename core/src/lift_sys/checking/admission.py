"""Which of the generated inputs code is held to, and by which branch of the effects."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..interfaces import Sandbox
from .claims import Claims, Rung
from .execution import Call
from .inputs import size
from .truth import Situation, Truth

_PROBES = 64


class Probe(NamedTuple):
    call: Call
    rung: Rung | None


async def admit(claims: Claims, sandbox: Sandbox) -> list[Probe]:
    """Those that keep to the preconditions, some of every branch, the smallest first."""
    situations = [Situation(arguments, arguments) for arguments in claims.inputs]
    conditions = [rung.condition for rung in claims.rungs if rung.condition is not None]
    places = [*claims.preconditions, *claims.implied, *conditions]
    truths = await claims.predicates.hold(situations, sandbox, places)
    groups: dict[str | None, list[Probe]] = {}
    for situation, row in zip(situations, truths, strict=True):
        known = dict(zip(places, row, strict=True))
        kept = all(known[place] is True for place in claims.preconditions)
        if kept and not any(known[place] is False for place in claims.implied):
            rung = branch_of(claims.rungs, known)
            groups.setdefault(rung.path if rung else None, []).append(
                Probe(Call(situation.before), rung)
            )
    return sorted(_evenly([*groups.values()], _PROBES), key=lambda probe: size(probe.call.args))


def some(probes: Sequence[Probe], most: int) -> list[Probe]:
    """A few of them, of every branch."""
    groups: dict[str | None, list[Probe]] = {}
    for probe in probes:
        groups.setdefault(probe.rung.path if probe.rung else None, []).append(probe)
    return _evenly([*groups.values()], most)


def _evenly(groups: Sequence[list[Probe]], most: int) -> list[Probe]:
    """As many of each group as there is room for, small and large ones alike."""
    chosen: list[Probe] = []
    left = sorted(groups, key=len)
    while left:
        group = left.pop(0)
        share = (most - len(chosen)) // (len(left) + 1)
        step = max(1.0, len(group) / max(share, 1))
        chosen += [group[int(place * step)] for place in range(min(share, len(group)))]
    return chosen


def branch_of(rungs: Sequence[Rung], known: Mapping[int, Truth]) -> Rung | None:
    """The first whose condition holds; None where one before it cannot be told."""
    for rung in rungs:
        if rung.condition is None:
            return rung
        truth = known[rung.condition]
        if truth is True:
            return rung
        if truth is not False:
            return None
    return None
