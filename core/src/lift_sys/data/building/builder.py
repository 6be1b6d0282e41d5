"""Builds a data set step by step, so that it can be killed anywhere and begun again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from itertools import islice
from pathlib import Path

from ...engines import LocalEngine
from ...errors import InputError
from ...interfaces import Engine, Sandbox
from ..contamination import Contamination
from ..dataset import Draws, Funnel, Place, TrainingExample, learnable
from ..made import Made
from .finishing import finish
from .folder import MANIFEST, Manifest
from .functions import made_again
from .jobs import Building
from .journal import JOURNAL, Journal, Step
from .plan import Plan, origin_of
from .quality import Measured
from .records import DatasetExample, Negative
from .review import Decisions
from .sieve import Sieve

_BATCH = 40
"""Functions of a step."""
_DRY = 25
"""After so many steps without a new example there are none."""


@dataclass(slots=True)
class BuildFunnel(Funnel):
    """How many were left after each step; the last two count mistakes, not examples."""

    good: int = 0
    """Requests whose examples have the quality asked for."""
    distinct: int = 0
    """That repeat no other one of the same behaviour, nor are too many of it."""
    mistakes_tried: int = 0
    """Planted in specifications and code."""
    mistakes_found: int = 0
    """Wrong when run, by the checks."""


@dataclass(slots=True)
class Progress:
    """Told after each step."""

    before: int
    """Examples that were there when it began."""
    done: int
    of: int
    negatives: int
    funnel: BuildFunnel


Tell = Callable[[Progress], None]


@dataclass(slots=True)
class _Drawn:
    number: int
    made: Made
    examples: list[TrainingExample]


@dataclass(slots=True)
class _State:
    sieve: Sieve
    funnel: BuildFunnel = field(default_factory=BuildFunnel)
    examples: list[DatasetExample] = field(default_factory=list[DatasetExample])
    negatives: list[Negative] = field(default_factory=list[Negative])
    dry: int = 0
    """Steps without an example, since the last one with some."""

    def take(self, step: Step) -> None:
        self.examples += step.examples
        self.negatives += step.negatives
        self.dry = 0 if step.examples else self.dry + 1


async def build(
    folder: Path,
    plan: Plan,
    sandbox: Sandbox,
    *,
    contamination: Contamination | None = None,
    tell: Tell | None = None,
    engine: Engine | None = None,
    allow_unsandboxed: bool = False,
) -> Manifest:
    """Begins, or goes on with what is there; what was decided about its examples is applied.

    `allow_unsandboxed` is for the sandboxes of an `engine` that has its own.
    """
    known = contamination or Contamination(())
    _prepare(folder)
    origin = origin_of(plan, known)
    journal = Journal(folder, origin)
    decisions = Decisions.of(folder)
    state = _State(Sieve(plan.per_behaviour))
    draws = Draws(
        plan.seed,
        sandbox,
        contamination=known,
        wordings=plan.wordings,
        typos=plan.typos,
        funnel=state.funnel,
        of=plan.families,
        curriculum=plan.curriculum,
    )
    _catch_up(state, draws, journal, len(learnable(plan.families, plan.curriculum)))
    building = Building(engine or LocalEngine(), sandbox, allow_unsandboxed=allow_unsandboxed)
    before = len(state.examples)
    while len(state.examples) < plan.count and state.dry < _DRY:
        step = await _step(plan, draws, state, building)
        journal.add(step)
        state.take(step)
        if tell is not None:
            done, wrong = len(state.examples), len(state.negatives)
            tell(Progress(before, done, plan.count, wrong, state.funnel))
    if not state.examples:
        raise InputError(
            "not one example came through", remedy="ask for less quality, or for other families"
        )
    clusters = {one.cluster: state.sieve.behaviour(one.cluster) for one in state.examples}
    funnel = {each.name: getattr(state.funnel, each.name) for each in fields(state.funnel)}
    return finish(
        folder, plan, origin, state.examples, state.negatives, clusters, funnel, decisions, known
    )


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        strange = any(folder.iterdir()) and not (
            (folder / JOURNAL).exists() or (folder / MANIFEST).exists()
        )
    except OSError as error:
        raise InputError(
            f"cannot build in {folder}: {error.strerror or error}", remedy="name another folder"
        ) from error
    if strange:
        raise InputError(
            f"{folder} is not empty, and what is in it is no data set", remedy="name another folder"
        )


def _catch_up(state: _State, draws: Draws, journal: Journal, families: int) -> None:
    """Raises InputError for steps that were never made."""
    counted = {each.name for each in fields(BuildFunnel)}
    for step in journal.steps():
        try:
            made = [made_again(example) for example in step.examples]
        except (LookupError, ValueError):
            made = None
        if made is None or step.family >= families or not step.funnel.keys() <= counted:
            raise InputError(
                f"{journal.path} is not what a building wrote",
                remedy="delete it to build it all again",
            )
        _go_on(state, draws, step, made)


def _go_on(state: _State, draws: Draws, step: Step, made: Sequence[Made]) -> None:
    """As if it had just been done."""
    for function, example in zip(made, step.examples, strict=True):
        state.sieve.admit(function, example)
    state.take(step)
    for name, value in step.funnel.items():
        setattr(state.funnel, name, value)
    told = [(example.cluster, example.request) for example in step.examples]
    draws.go_on(Place(step.number, step.family), [*told, *step.others])


async def _step(plan: Plan, draws: Draws, state: _State, building: Building) -> Step:
    drawn = [
        _Drawn(number, made, [*draws.worded(number, made)])
        async for number, made in draws.batch(_BATCH)
    ]
    drawn = [each for each in drawn if each.examples]
    quality = await building.measured([(each.made, each.examples[0]) for each in drawn])
    admitted: list[DatasetExample] = []
    first: list[tuple[DatasetExample, Measured]] = []
    for each, found in zip(drawn, quality, strict=True):
        room = plan.count - len(state.examples) - len(admitted)
        kept = [*islice(_admitted(each, found, plan, state), room)]
        admitted += kept
        first += [(one, found) for one in kept[:1]]
    mistakes = await building.mistakes(first, plan.negatives)
    state.funnel.mistakes_tried += sum(each.tried for each in mistakes)
    state.funnel.mistakes_found += sum(each.found for each in mistakes)
    names = {example.id for example in admitted}
    return Step(
        number=draws.place.number,
        family=draws.place.family,
        funnel={each.name: getattr(state.funnel, each.name) for each in fields(state.funnel)},
        examples=tuple(admitted),
        negatives=tuple(one for each in mistakes for one in each.negatives),
        others=tuple(
            (example.cluster, example.request)
            for each in drawn
            for example in each.examples
            if example.id not in names
        ),
    )


def _admitted(
    drawn: _Drawn, found: Measured, plan: Plan, state: _State
) -> Iterator[DatasetExample]:
    for example in drawn.examples:
        quality = found.quality(example.request, example.ir)
        if quality.score < plan.min_quality:
            continue
        state.funnel.good += 1
        if state.sieve.admit(drawn.made, example):
            state.funnel.distinct += 1
            yield DatasetExample(**dict(example), quality=quality)


__all__ = ["BuildFunnel", "Progress", "build"]
