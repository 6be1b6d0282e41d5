"""A finished run seen by other scorers: no model is asked, and no hidden test is known here.

What was drawn comes from the record. Scorers see it as they would have in the run.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from ..checking.sandbox import default_sandbox
from ..errors import InputError
from ..interfaces import (
    Candidate,
    CandidateDrawn,
    Capabilities,
    Code,
    Event,
    Failure,
    Limits,
    Problem,
    Sandbox,
    Score,
    Scorer,
    Task,
    TaskStarted,
)
from ..ir import IR
from ..pipeline.alone import named
from ..pipeline.config import SamplingConfig
from ..pipeline.stages.builtin import Implement, Specify
from ..plugins import PluginManager
from ..prompts import PromptLibrary
from ..store import Store
from .apart import Scores
from .drawn import KINDS, Scored, TaskDraws, draws_by_task
from .winners import FinishedRun


@dataclass(frozen=True, slots=True)
class Named:
    name: str
    """As it is shown."""
    scorer: Scorer


@dataclass(frozen=True, slots=True)
class Rescored:
    scores: Scores
    skipped: int
    """Sets that these scorers could not be shown: of whole attempts, or of codes whose
    specification the record does not tell."""


def named_scorer(text: str, manager: PluginManager) -> Named:
    """`text`: a scorer, or `NAME={"option": ...}`. Raises InputError, and PluginError where nothing
    offers it."""
    scorer = named("scorers", text, manager, "put it into a pipeline, and run that")
    return Named(f"{text} (now)", scorer)


async def rescored(
    store: Store,
    run: FinishedRun,
    scorers: Sequence[Named],
    *,
    allow_unsandboxed: bool = False,
) -> Rescored:
    sandbox = default_sandbox(allow_unsandboxed=allow_unsandboxed)
    try:
        found, skipped, stages = Scores(), 0, _Stages(sandbox)
        for task, draws in draws_by_task(store.outlines(run.id, KINDS)).items():
            seen = _Seen.of(store, run, task)
            for scored in draws.sets:
                problem = stages.problem(seen, draws, scored)
                if problem is None:
                    skipped += 1
                    continue
                members = [seen.candidates[name] for name in scored.members]
                into = found.setdefault(task, {})
                for each in scorers:
                    said = await each.scorer.score(problem, members, _NoModel(run.started.seed))
                    for candidate, score in zip(members, said, strict=True):
                        into.setdefault(candidate.id, {})[each.name] = score.value
        return Rescored(found, skipped)
    finally:
        await sandbox.aclose()


@dataclass(frozen=True, slots=True)
class _Seen:
    """A task and what was drawn for it, as the run had it."""

    task: Task
    candidates: Mapping[str, Candidate[Any]]

    @classmethod
    def of(cls, store: Store, run: FinishedRun, name: str) -> "_Seen":
        task, candidates = None, dict[str, Candidate[Any]]()
        for told in store.events(run.id, task=name, kinds=("task_started", "candidate_drawn")):
            match told.event:
                case TaskStarted() as event:
                    document = run.secrets.reveal_data(event.document)
                    task = Task.model_validate_json(json.dumps(document))
                case CandidateDrawn() as event:
                    candidates[event.candidate] = _candidate(event, run.secrets.reveal_data)
                case _:
                    pass
        assert task is not None, "what was drawn was drawn for a task that began"
        return cls(task, candidates)


def _candidate(event: CandidateDrawn, reveal: Any) -> Candidate[Any]:
    kinds = {"specify": IR, "implement": Code}
    kind, value = kinds.get(event.stage), None
    if kind is not None and event.value is not None:
        value = kind.model_validate_json(json.dumps(reveal(event.value)))
    return Candidate(
        id=event.candidate,
        stage=event.stage,
        value=value,
        failure=None if event.failure is None else Failure.model_validate(event.failure),
        text=reveal(event.text),
        parents=event.parents,
        notes=event.notes,
    )


class _Stages:
    """Makes the problems that scorers are shown: nothing is drawn from them."""

    def __init__(self, sandbox: Sandbox) -> None:
        prompts, sampling = PromptLibrary(), SamplingConfig()
        self._specify = Specify(prompts, sampling)
        self._implement = Implement(prompts, sampling)
        self._sandbox = sandbox

    def problem(self, seen: _Seen, draws: TaskDraws, scored: Scored) -> Problem[Any] | None:
        stages = {seen.candidates[name].stage for name in scored.members}
        if stages == {"specify"}:
            return self._specify.specify(seen.task, self._sandbox)
        ir = _specification(seen, draws, scored)
        if stages != {"implement"} or ir is None:
            return None
        return self._implement.implement(seen.task, ir, self._sandbox)


def _specification(seen: _Seen, draws: TaskDraws, scored: Scored) -> IR | None:
    """That which these codes were drawn for: of an attempt that one of them went into."""
    for candidate in draws.candidates.values():
        if candidate.stage == "attempt" and set(candidate.parents) & scored.members.keys():
            found = seen.candidates.get(candidate.parents[0])
            if found is not None and isinstance(found.value, IR):
                return found.value
    return None


@dataclass(frozen=True, slots=True)
class _NoModel:
    """Implements `Context` for scorers that look, and ask nobody."""

    seed: int

    @property
    def left(self) -> Limits:
        return Limits()

    def capabilities(self, provider: object = None) -> Capabilities:
        self._refuse()

    async def sample(self, requests: object, provider: object = None, heard: object = None) -> Any:
        self._refuse()

    async def score(
        self, problem: Problem[Any], candidates: Sequence[Candidate[Any]]
    ) -> Sequence[Score]:
        return [Score(None, "there is no other scorer here") for _ in candidates]

    def offer(self, candidate: Candidate[Any]) -> None:
        pass

    def new_id(self, stage: str) -> str:
        self._refuse()

    def emit(self, event: Event) -> None:
        pass

    def _refuse(self) -> NoReturn:
        raise InputError(
            "this scorer asks a model, and grading asks none",
            remedy="put it into a pipeline, and run that",
        )
