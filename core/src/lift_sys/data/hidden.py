"""Hidden tests: few, and chosen so that no wrong version of the reference passes them."""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from ..checking.compare import close
from ..checking.mutants import mutants
from ..errors import LiftError
from ..interfaces import Example, Invocation, Job, Sandbox, SandboxLimits
from ..ir import decode, encode, parse_predicate
from .families.concept import Args
from .made import Made, inputs_of

_POOL = 70
"""Ordinary inputs that are tried, beside the boundaries."""
_FEWEST, _MOST_EDGES = 10, 6
_LIMITS = SandboxLimits(cpu_seconds=20, wall_seconds=60, job_seconds=90)


@dataclass(frozen=True, slots=True)
class HiddenTests:
    tests: tuple[Example, ...]
    mutants: int
    """Made from the reference."""
    different: int
    """Of those, the ones that do something else on one of the inputs that were tried."""
    killed: int
    """Of those, the ones that the tests catch."""


async def choose_tests(
    made: Made, shown: Sequence[Example], dice: random.Random, sandbox: Sandbox
) -> HiddenTests:
    """Every visible call is left out, so the tests must do without them.

    Raises LiftError where the specification, the reference and the answers do not agree.
    """
    seen = {repr(example.args) for example in shown}
    pool = [args for args in inputs_of(made, dice, _POOL) if repr(args) not in seen]
    wrong = [mutant.source for mutant in mutants(made.code.source)]
    found = await _surveyed(made, wrong, [*pool, *(example.args for example in shown)], sandbox)
    answers = [made.reference.answer(args) for args in pool]
    _validate(made, [*answers, *shown], found)
    caught = [frozenset(places) & frozenset(range(len(pool))) for places in found["different"]]
    different = [places for places in caught if places]
    chosen = _cover(different)
    chosen += _more(made, pool, chosen, dice)
    tests = tuple(answers[place] for place in sorted(chosen))
    killed = sum(1 for places in different if places & set(chosen))
    return HiddenTests(tests, len(wrong), len(different), killed)


async def _surveyed(
    made: Made, wrong: Sequence[str], inputs: Sequence[Args], sandbox: Sandbox
) -> dict[str, Any]:
    program = (files("lift_sys.data") / "survey.py").read_text(encoding="utf-8")
    names = [param.name for param in made.concept.params]
    laws = [parse_predicate(law, names).compile_source() for law in made.concept.laws]
    call = Invocation(
        function="survey",
        args=(
            encode([made.code.source, *wrong]),
            made.code.name,
            encode([list(args) for args in inputs]),
            laws,
            names,
        ),
    )
    report = await sandbox.run(Job(source=program, invocations=(call,), limits=_LIMITS))
    seen = report.loaded or report.observations[0]
    if seen.outcome != "returned":
        raise LiftError(
            f"the mutants of {made.code.name} ({made.family.name}) could not be tried: "
            f"{seen.outcome} {seen.exception or ''} {seen.detail}",
            remedy="run it on a machine with more memory or patience, or report the family",
        )
    return decode(seen.value)


def _validate(made: Made, answers: Sequence[Example], found: Mapping[str, Any]) -> None:
    for example, (outcome, value) in zip(answers, found["answers"], strict=True):
        expected = example.raises or "returned"
        if outcome != expected or (outcome == "returned" and not close(value, example.expected)):
            raise _invalid(made, f"in the sandbox {example.call(made.code.name)} gave {value!r}")
    if found["broken"]:
        law, place = found["broken"][0]
        broken = answers[int(place)].call(made.code.name)
        raise _invalid(made, f"{broken} breaks the assertion {made.concept.laws[law]}")


def _invalid(made: Made, cause: str) -> LiftError:
    return LiftError(
        f"a task of the family {made.family.name} contradicts itself: {cause}",
        remedy=f"this is a defect of the family: report it with the parameters {made.parameters!r}",
    )


def _cover(different: Sequence[Collection[int]]) -> list[int]:
    """A small set of places that meets every one of `different`."""
    chosen: list[int] = []
    left = [set(places) for places in different]
    while left:
        votes: dict[int, int] = {}
        for places in left:
            for place in places:
                votes[place] = votes.get(place, 0) + 1
        # The first of the best: the inputs begin with the boundaries.
        best = min(votes, key=lambda place: (-votes[place], place))
        chosen.append(best)
        left = [places for places in left if best not in places]
    return chosen


def _more(
    made: Made, pool: Sequence[Args], chosen: Sequence[int], dice: random.Random
) -> list[int]:
    """Boundaries and chance: what mutants do not think of."""
    edges = {repr(args) for args in made.concept.edges}
    free = [place for place in range(len(pool)) if place not in chosen]
    borders = [place for place in free if repr(pool[place]) in edges]
    more = dice.sample(borders, min(_MOST_EDGES, len(borders)))
    others = [place for place in free if place not in more]
    wanted = max(2, _FEWEST - len(chosen) - len(more))
    return more + dice.sample(others, min(wanted, len(others)))
