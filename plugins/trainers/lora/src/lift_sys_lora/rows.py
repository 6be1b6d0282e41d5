"""What is learnt from: conversations, read from lines of JSON in any of four forms."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ConfigDict

from lift_sys.checking.examiner import Examiner
from lift_sys.checking.sandbox import default_sandbox
from lift_sys.data.dataset import TrainingExample
from lift_sys.data.jsonl import JsonLine, json_lines
from lift_sys.errors import InputError
from lift_sys.interfaces import Message, Task, Variation
from lift_sys.ir import Frozen
from lift_sys.pipeline.config import SamplingConfig
from lift_sys.pipeline.stages.implement import ImplementProblem
from lift_sys.pipeline.stages.specify import SpecifyProblem
from lift_sys.prompts import PromptLibrary, ir_text

_FORMS = (
    "a training example of `lift data build`, `messages` that end with the assistant's, "
    "`prompt` and `completion`, or `instruction`, `input` and `output`"
)


@dataclass(frozen=True, slots=True)
class Row:
    messages: tuple[Message, ...]
    """What is asked."""
    answer: str
    """What is to be learnt."""
    cluster: str
    """Rows of one cluster stay on one side of a split."""
    source: TrainingExample | None = None
    stage: str = ""


class _Line(Frozen):
    """Which form a line has."""

    model_config = ConfigDict(extra="ignore")

    ir: Any = None
    messages: tuple[Message, ...] = ()
    prompt: str | None = None
    completion: str | None = None
    instruction: str | None = None
    input: str | None = None
    output: str | None = None


class _Example(TrainingExample):
    """Of a data set, which says more of each than is needed here."""

    model_config = ConfigDict(extra="ignore")


@dataclass(frozen=True, slots=True)
class Reading:
    """How training examples become questions and answers."""

    stages: Sequence[str]
    dialect: str
    pinned: float

    def rows(self, path: Path) -> list[Row]:
        """Raises InputError, with the line."""
        rows = [row for line in json_lines(path) for row in self._rows(line)]
        if not rows:
            remedy = "give a file with some; without `validation`, a share of `data` is held out"
            raise InputError(f"{path} has no rows", remedy=remedy)
        return rows

    def _rows(self, line: JsonLine) -> Sequence[Row]:
        said = line.read(_Line)
        if said.ir is not None:
            return self._of_example(line.read(_Example))
        if said.messages and said.messages[-1].role == "assistant":
            *asked, answer = said.messages
            row = _row(asked, answer.content)
        elif said.prompt is not None and said.completion is not None:
            row = _row([Message(role="user", content=said.prompt)], said.completion)
        elif said.instruction is not None and said.output is not None:
            asked = "\n\n".join(filter(None, (said.instruction, said.input)))
            row = _row([Message(role="user", content=asked)], said.output)
        else:
            raise line.wrong("it is in no form that is known", f"give {_FORMS}")
        if not (row.answer.strip() and row.messages):
            raise line.wrong("a question or its answer is missing", "give both, or leave it out")
        return [row]

    def _of_example(self, example: TrainingExample) -> Sequence[Row]:
        found: list[Row] = []
        for stage in self.stages:
            messages, answer = _TEACHERS[stage](example, self.dialect, self.pinned)
            found.append(Row(messages, answer, example.cluster, example, stage))
        return found


def task_of(example: TrainingExample, *, pinned: bool) -> Task:
    return Task(
        id=example.id,
        request=example.request,
        examples=example.examples,
        signature=example.ir.signature if pinned else None,
    )


Taught = tuple[tuple[Message, ...], str]


def _specify(example: TrainingExample, dialect: str, pinned: float) -> Taught:
    library, sandbox = PromptLibrary(), default_sandbox()
    task = task_of(example, pinned=_chance(example.id) < pinned)
    problem = SpecifyProblem(task=task, prompts=library, sampling=SamplingConfig(), sandbox=sandbox)
    return _asked(problem.messages, library, "specify", dialect, example)


def _implement(example: TrainingExample, dialect: str, pinned: float) -> Taught:
    library = PromptLibrary()
    task = task_of(example, pinned=True)
    problem = ImplementProblem(
        task=task,
        ir=example.ir,
        prompts=library,
        sampling=SamplingConfig(),
        examiner=Examiner(task, example.ir, default_sandbox()),
    )
    return _asked(problem.messages, library, "implement", dialect, example)


_TEACHERS: Mapping[str, Callable[[TrainingExample, str, float], Taught]] = {
    "specify": _specify,
    "implement": _implement,
}


def _asked(
    messages: Callable[..., tuple[Message, ...]],
    library: PromptLibrary,
    stage: str,
    dialect: str,
    example: TrainingExample,
) -> Taught:
    prompt = library.get(stage, dialect)
    variant = next(iter(prompt.variants))
    told = {"specification": ir_text(example.ir), "code": example.code.strip(), "thinking": ""}
    return messages(prompt, variant, Variation()), prompt.fill(variant, "answer", told)


def _row(messages: Sequence[Message], answer: str) -> Row:
    asked = "\n".join(message.content for message in messages)
    return Row(tuple(messages), answer, hashlib.sha256(asked.encode()).hexdigest()[:16])


def held_out(rows: Sequence[Row], share: float) -> tuple[list[Row], list[Row]]:
    """Rows to learn from and rows to measure on: whole clusters, the same ones every time."""
    clusters = sorted({row.cluster for row in rows}, key=_chance)
    if len(clusters) < 2:
        raise InputError(
            "the data is of one cluster, of which nothing can be held out",
            remedy="give more data, or a file as `validation`",
        )
    kept = set(clusters[: max(1, min(len(clusters) - 1, round(share * len(clusters))))])
    learnt = [row for row in rows if row.cluster not in kept]
    return learnt, [row for row in rows if row.cluster in kept]


def _chance(name: str) -> float:
    """From 0 to 1, by the name alone."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") / 2**32
