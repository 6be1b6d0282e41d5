"""Experience from a store's record of visible verdicts, and as a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from lift_sys.errors import InputError
from lift_sys.interfaces import AttemptAudited, AttemptEnded, Event, Task, TaskStarted
from lift_sys.store import Store

from .experience import Audit, Experience, Try

T = TypeVar("T")

_KINDS = ("task_started", "attempt_ended", "attempt_audited")


@dataclass(slots=True)
class Recorded:
    """What one run tells of one task."""

    task: Task
    tries: list[Try] = field(default_factory=list[Try])
    audits: list[Audit] = field(default_factory=list[Audit])

    def tell(self, event: Event) -> None:
        task = self.task
        match event:
            case AttemptEnded(verdict=verdict, audit=False) if verdict.status != "unverified":
                if verdict.category == "infrastructure":
                    return  # nothing was learnt of the model
                priced = not event.spend.unpriced_calls and not event.spend.cached_calls
                self.tries.append(
                    Try(
                        route=event.route,
                        passed=verdict.passed,
                        after=bool(self.tries),
                        category=task.category,
                        difficulty=task.difficulty,
                        usd=event.spend.usd if priced else None,
                    )
                )
            case AttemptAudited(agrees=bool() as agrees):
                self.audits.append(self.audit(event.route, wrong=not agrees))
            case _:
                pass

    def audit(self, route: str, *, wrong: bool) -> Audit:
        task = self.task
        return Audit(route=route, wrong=wrong, category=task.category, difficulty=task.difficulty)

    @property
    def accepted(self) -> str | None:
        """The route whose answer passed."""
        return next((each.route for each in reversed(self.tries) if each.passed), None)


def from_store(where: str, runs: int) -> Experience:
    """Of its latest runs; reads nothing that was graded."""
    if "://" not in where and not Path(where).exists():
        return Experience()
    with Store.open(where, create=False) as store:
        told = [told for run in latest(store, runs) for told in tasks_of(store, run).values()]
    return together(told)


def latest(store: Store, runs: int) -> list[str]:
    """The oldest of them first."""
    return [run.id for run in reversed(store.runs(limit=runs))]


def tasks_of(store: Store, run: str) -> dict[str, Recorded]:
    """By what the run calls them, in the order in which they began; a task that began anew tells
    what it told since then."""
    found: dict[str, Recorded] = {}
    for each in store.events(run, kinds=_KINDS):
        event = each.event
        if isinstance(event, TaskStarted):
            found[event.task] = Recorded(Task.model_validate(event.document))
        elif event.task in found:
            found[event.task].tell(event)
    return found


def together(told: Iterable[Recorded]) -> Experience:
    every = list(told)
    return Experience(
        tries=tuple(_each(each.tries for each in every)),
        audits=tuple(_each(each.audits for each in every)),
    )


def _each(groups: Iterable[Iterable[T]]) -> Iterator[T]:
    for group in groups:
        yield from group


def from_file(path: Path) -> Experience:
    try:
        return Experience.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise InputError(
            f"{path} holds nothing that a bandit has learnt: {type(error).__name__}",
            remedy="write it with `python -m lift_sys_bandit.learn STORE FILE`",
        ) from error
