"""What a person decided about examples, kept beside them and applied whenever they are written."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ...checking.examiner import Examiner
from ...checking.specification import check_specification
from ...errors import InputError
from ...interfaces import Code, Sandbox, Task
from ...ir import Frozen, check
from ..jsonl import json_lines
from .functions import inputs_for, made_again
from .quality import measure, survey_answers
from .records import DatasetExample, Negative

REVIEW = "review.jsonl"
Choice = Literal["accept", "edit", "reject"]


class Decision(Frozen):
    id: str
    """Of the example."""
    choice: Choice
    example: DatasetExample | None = None
    """As it is from now on; only of an edited one."""


@dataclass(slots=True)
class Decisions:
    """The latest about each example."""

    path: Path
    each: dict[str, Decision] = field(default_factory=dict[str, Decision])

    @classmethod
    def of(cls, folder: Path) -> "Decisions":
        path = folder / REVIEW
        lines = json_lines(path) if path.exists() else ()
        try:
            return cls(path, {(one := line.read(Decision)).id: one for line in lines})
        except InputError as error:
            raise InputError(
                error.cause, remedy="delete that line: its example is then asked about again"
            ) from error

    def record(self, decision: Decision) -> None:
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(decision.model_dump_json() + "\n")
        except OSError as error:
            raise InputError(
                f"cannot write {self.path}: {error.strerror or error}",
                remedy="make it a file that you may write to",
            ) from error
        self.each[decision.id] = decision

    def current(self, example: DatasetExample) -> DatasetExample:
        decided = self.each.get(example.id)
        return decided.example if decided is not None and decided.example else example

    def apply(self, examples: Sequence[DatasetExample]) -> list[DatasetExample]:
        return [self.current(one) for one in examples if self._choice(one.id) != "reject"]

    def apply_to_negatives(self, negatives: Sequence[Negative]) -> list[Negative]:
        """Without those of examples that were rejected, or edited: they correct it to the old."""
        return [one for one in negatives if self._choice(one.of) in (None, "accept")]

    def counted(self, examples: Sequence[DatasetExample]) -> Mapping[str, int]:
        found = Counter(self._choice(one.id) for one in examples)
        return {choice: found[choice] for choice in ("accept", "edit", "reject")}

    def _choice(self, name: str) -> Choice | None:
        decided = self.each.get(name)
        return decided.choice if decided is not None else None


async def edited(before: DatasetExample, after: DatasetExample, sandbox: Sandbox) -> DatasetExample:
    """The edited example with its quality. Raises InputError where running speaks against it."""
    if after.ir.signature != before.ir.signature:
        raise _refused("the signature is another one, and examples bind to it")
    problems = [each for each in check(after.ir) if each.severity == "error"]
    if problems:
        raise _refused(f"{problems[0].path}: {problems[0].message}")
    task = Task(
        id=after.id,
        request=after.request,
        examples=after.examples,
        signature=after.ir.signature,
    )
    examiner = Examiner(task, after.ir, sandbox)
    code = Code(name=after.ir.signature.name, source=after.code)
    for verdict in (
        await check_specification(task, after.ir, examiner),
        await examiner.examine(code),
    ):
        if verdict.failures:
            failure = verdict.failures[0]
            called = f": {failure.input}" if failure.input else ""
            raise _refused(f"{failure.message}{called}")
    inputs = inputs_for(made_again(before), before)
    answers = [
        await survey_answers(one.code, code.name, inputs, sandbox) for one in (before, after)
    ]
    if answers[0] != answers[1]:
        raise _refused("the code does something else than it did")
    measured = await measure(after.ir, after.code, inputs, after.examples, sandbox)
    return after.model_copy(update={"quality": measured.quality(after.request, after.ir)})


def _refused(cause: str) -> InputError:
    return InputError(cause, remedy="edit it again, or reject the example")
