"""Training examples from the families: drawn, worded, held against execution, without repeats."""

import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from importlib.resources import files
from itertools import zip_longest
from typing import Any

from ..errors import InputError, LiftError
from ..interfaces import Example, Invocation, Job, Sandbox, SandboxLimits
from ..ir import IR, Frozen, decode, encode, parse_predicate
from ..nearest import nearest
from .contamination import Contamination, MinHash
from .curriculum import Curriculum
from .families.concept import CATEGORIES, Family
from .families.registry import families
from .made import Made, dice_for, inputs_of, make
from .reference import same_answer
from .wording.library import training
from .wording.render import Wording, render

_BATCH = 40
"""Functions that are tried in one process."""
_INPUTS = 12
_TOO_ALIKE = 0.8
"""Two wordings of one function that share so much teach the same."""
_TRIES = 4
"""Wordings that are drawn for each that is wanted."""
_LIMITS = SandboxLimits(cpu_seconds=20, wall_seconds=60, job_seconds=90)


class TrainingExample(Frozen):
    """One request with the specification and the code that answer it."""

    id: str
    request: str
    ir: IR
    code: str
    examples: tuple[Example, ...]
    family: str
    category: str
    difficulty: str
    cluster: str
    """The same for all examples whose functions do the same: they stay on one side of a split."""
    origin: str
    """The draw that made it, from which it can be made again."""


@dataclass(slots=True)
class Funnel:
    """How many were left after each step."""

    drawn: int = 0
    for_training: int = 0
    """Functions whose parameters are not kept for evaluation."""
    clean: int = 0
    """Functions that do what no known task asks for."""
    passed: int = 0
    """Functions whose specification, code and answers agree when run."""
    worded: int = 0
    """Requests made for these."""
    kept: int = 0
    """Requests that are neither known nor repeat another of the same function."""

    def __str__(self) -> str:
        return ", ".join(f"{each.name} {getattr(self, each.name)}" for each in fields(self))


@dataclass(frozen=True, slots=True)
class Place:
    """What is drawn next."""

    number: int = 0
    family: int = 0


class Draws:
    """Draws on and on, the families in turn. It can be taken up where another one stopped."""

    def __init__(
        self,
        seed: int,
        sandbox: Sandbox,
        *,
        contamination: Contamination | None = None,
        wordings: int = 3,
        typos: float = 0.0,
        funnel: Funnel | None = None,
        of: Sequence[str] = (),
        curriculum: Curriculum = 1,
    ) -> None:
        """`of`: names of the families; none: all that may be trained on."""
        self.seed = seed
        self.place = Place()
        self._sandbox = sandbox
        self._known = contamination or Contamination(())
        self._wordings, self._typos = wordings, typos
        self._funnel = funnel if funnel is not None else Funnel()
        self._families = learnable(of, curriculum)
        self._sayings = training(curriculum)
        self._requests: dict[str, list[MinHash]] = {}

    def go_on(self, place: Place, requests: Iterable[tuple[str, str]]) -> None:
        """As if it had drawn until `place`, and made these: each with its cluster."""
        self.place = place
        for cluster, request in requests:
            self._requests.setdefault(cluster, []).append(MinHash(request))

    async def batch(self, size: int = _BATCH) -> AsyncIterator[tuple[int, Made]]:
        """The next functions, without those that fail when run."""
        batch = [self._next() for _ in range(size)]
        for (number, made), passes in zip(batch, await _pass(batch, self._sandbox), strict=True):
            if passes:
                self._funnel.passed += 1
                yield number, made

    def worded(self, number: int, made: Made) -> Iterator[TrainingExample]:
        """New requests for a function."""
        seen = self._requests.setdefault(cluster_of(made), [])
        funnel = self._funnel
        wording = self._sayings[made.family.name]
        arguments = (made, wording, self.seed, number, self._wordings, self._typos, self._known)
        for request in _worded(*arguments, seen, funnel):
            yield _example(made, self.seed, number, request)

    def _next(self) -> tuple[int, Made]:
        funnel = self._funnel
        while True:
            number, family = self.place.number, self._families[self.place.family]
            last = self.place.family + 1 == len(self._families)
            self.place = Place(number + 1) if last else Place(number, self.place.family + 1)
            funnel.drawn += 1
            made = make(family, self.seed, number)
            if made.cell != "training":
                continue
            funnel.for_training += 1
            if self._known.known:
                dice = dice_for("known", family.name, self.seed, number)
                inputs = inputs_of(made, dice, _INPUTS)
                # The functions of known tasks may be learnt where no parameter of them is open.
                if self._known.of_behaviour(made.reference, inputs) and made.is_open:
                    continue
            funnel.clean += 1
            return number, made


async def training_examples(
    seed: int,
    sandbox: Sandbox,
    *,
    contamination: Contamination | None = None,
    wordings: int = 3,
    typos: float = 0.0,
    funnel: Funnel | None = None,
    of: Sequence[str] = (),
    curriculum: Curriculum = 1,
) -> AsyncGenerator[TrainingExample]:
    """Without end, the families in turn; the same seed, the same examples in the same order."""
    draws = Draws(
        seed,
        sandbox,
        contamination=contamination,
        wordings=wordings,
        typos=typos,
        funnel=funnel,
        of=of,
        curriculum=curriculum,
    )
    while True:
        async for number, made in draws.batch():
            for example in draws.worded(number, made):
                yield example


def learnable(names: Sequence[str] = (), curriculum: Curriculum = 1) -> Sequence[Family]:
    """The families that may be trained on; those of these names. Raises InputError for others."""
    every = [family for family in families(curriculum) if not family.held_out]
    found = {family.name: family for family in (every if curriculum == 1 else _in_turn(every))}
    for name in names:
        if name not in found:
            raise InputError(
                f"there is no training family {name!r:.60}", remedy=nearest(name, list(found))
            )
    return [family for family in found.values() if not names or family.name in names]


def _in_turn(every: Sequence[Family]) -> Iterator[Family]:
    """One of each category after the other, so that a beginning of them has all."""
    queues = [[each for each in every if each.category == category] for category in CATEGORIES]
    for row in zip_longest(*queues):
        yield from (family for family in row if family is not None)


def cluster_of(made: Made) -> str:
    told = f"{made.family.name}:{made.parameters}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


async def _pass(batch: Sequence[tuple[int, Made]], sandbox: Sandbox) -> list[bool]:
    """Which functions give in the sandbox what the examples say, and break no assertion."""
    program = (files("lift_sys.data") / "survey.py").read_text(encoding="utf-8")
    calls: list[Invocation] = []
    wanted: list[list[Example]] = []
    for number, made in batch:
        inputs = inputs_of(made, dice_for("pass", made.family.name, number), _INPUTS)
        names = [param.name for param in made.concept.params]
        laws = [parse_predicate(law, names).compile_source() for law in made.concept.laws]
        wanted.append([made.reference.answer(args) for args in inputs])
        told = encode([list(args) for args in inputs])
        args = ([made.code.source], made.code.name, told, laws, names)
        calls.append(Invocation(function="survey", args=args))
    report = await sandbox.run(Job(source=program, invocations=tuple(calls), limits=_LIMITS))
    if report.loaded is not None:
        raise LiftError(
            f"the examples could not be tried: {report.loaded.detail}", remedy="report it"
        )
    return [
        seen.outcome == "returned" and _agrees(decode(seen.value), answers)
        for seen, answers in zip(report.observations, wanted, strict=True)
    ]


def _agrees(found: dict[str, Any], answers: Sequence[Example]) -> bool:
    """The sandbox's own outcome, as an example, against the one that is stated."""
    seen = [
        Example(args=stated.args, expected=value)
        if outcome == "returned"
        else Example(args=stated.args, raises=outcome)
        for stated, (outcome, value) in zip(answers, found["answers"], strict=True)
    ]
    return not found["broken"] and all(map(same_answer, seen, answers))


def _worded(
    made: Made,
    wording: Wording,
    seed: int,
    number: int,
    wordings: int,
    typos: float,
    known: Contamination,
    seen: list[MinHash],
    funnel: Funnel,
) -> Iterator[str]:
    dice = dice_for("training", made.family.name, seed, number)
    shown = _shown(made)
    found = 0
    for _ in range(_TRIES * wordings):
        if found == wordings:
            return
        share = typos if dice.random() < 0.5 else 0.0
        request = render(made.concept, wording, dice, typos=share, calls=shown)
        funnel.worded += 1
        hashed = MinHash(request)
        repeats = any(hashed.likeness(other) >= _TOO_ALIKE for other in seen)
        if repeats or known.of_words(request) is not None:
            continue
        seen.append(hashed)
        found += 1
        funnel.kept += 1
        yield request


def _shown(made: Made) -> tuple[Example, ...]:
    return tuple(made.reference.answer(args) for args in made.concept.ask[:3])


def _example(made: Made, seed: int, number: int, request: str) -> TrainingExample:
    family = made.family
    cluster = cluster_of(made)
    name = hashlib.sha256(f"{cluster}:{made.code.source}:{request}".encode()).hexdigest()[:16]
    return TrainingExample(
        id=name,
        request=request,
        ir=made.ir,
        code=made.code.source,
        examples=_shown(made),
        family=family.name,
        category=family.category,
        difficulty=family.difficulty,
        cluster=cluster,
        origin=f"{family.name}:{seed}:{number}",
    )


__all__ = [
    "Draws",
    "Funnel",
    "Place",
    "TrainingExample",
    "cluster_of",
    "learnable",
    "training_examples",
]
