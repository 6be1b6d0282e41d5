"""`lift data review`: a person looks at examples, one after the other."""

import re
from collections.abc import Sequence

import click
from pydantic import ValidationError

from ..checking.sandbox import default_sandbox
from ..data.building.folder import DataSet
from ..data.building.records import DatasetExample
from ..data.building.review import Choice, Decision, Decisions, edited
from ..errors import InputError
from ..ir import IR
from ..pipeline.edge import run_async
from ._data_shown import lines_of
from ._terminal import line, out, tell

_ANSWERS = {"a": "accept", "e": "edit", "r": "reject", "s": "skip", "q": "quit"}
_QUESTION = "accept (a), edit (e), reject (r), skip (s), quit (q)"
_TITLES = ("request", "code", "specification (JSON)")
_SECTION = re.compile(rf"^== ({'|'.join(map(re.escape, _TITLES))}) ==$", re.MULTILINE)


def review(dataset: DataSet, parts: Sequence[str], limit: int | None, *, again: bool) -> list[str]:
    """What is to be told at the end."""
    decisions = Decisions.of(dataset.folder)
    undecided = [
        example for example in dataset.examples(*parts) if again or example.id not in decisions.each
    ]
    undecided.sort(key=lambda example: (example.quality.score, example.id))
    chosen = undecided[:limit]
    done = 0
    for number, example in enumerate(chosen, 1):
        out(line(f"== {number} of {len(chosen)} =="))
        decision = _decided(decisions.current(example))
        if decision == "quit":
            break
        if isinstance(decision, Decision):
            decisions.record(decision)
            done += 1
    told = [line(f"{done} decided, {len(undecided) - done} left")]
    return [*told, f"`lift data build {dataset.folder}` applies it"] if done else told


def _decided(example: DatasetExample) -> Decision | str:
    for text in lines_of(example):
        out(text)
    written = as_text(example)
    while True:
        answer: str = click.prompt(
            _QUESTION, type=click.Choice(list(_ANSWERS)), show_choices=False, err=True
        )
        match _ANSWERS[answer]:
            case "accept":
                return _decision(example, "accept")
            case "reject":
                return _decision(example, "reject")
            case "edit":
                written = _in_editor(written)
                kept = _edited(example, written)
                if kept is not None:
                    return Decision(id=example.id, choice="edit", example=kept)
            case other:
                return other


def _in_editor(text: str) -> str:
    """As it was where there is no editor, which is told."""
    try:
        return click.edit(text, extension=".txt") or text
    except click.ClickException as error:
        cause = f"the editor cannot be used: {error.format_message()}"
        tell(InputError(cause, remedy="quit, and set EDITOR to one that is installed"))
        return text


def _edited(example: DatasetExample, written: str) -> DatasetExample | None:
    """None where it is to be asked again: nothing is another, or running speaks against it."""
    try:
        changed = from_text(written, example)
        if changed != example:
            return run_async(_tried(example, changed))
        out("nothing was changed")
    except InputError as error:
        tell(error)
    return None


async def _tried(before: DatasetExample, after: DatasetExample) -> DatasetExample:
    sandbox = default_sandbox()
    try:
        return await edited(before, after, sandbox)
    finally:
        await sandbox.aclose()


def _decision(example: DatasetExample, choice: Choice) -> Decision:
    return Decision(id=example.id, choice=choice)


def as_text(example: DatasetExample) -> str:
    ir = example.ir.model_dump_json(indent=1, exclude_none=True)
    texts = zip(_TITLES, (example.request, example.code.rstrip("\n"), ir), strict=True)
    return "\n".join(f"== {title} ==\n{text}\n" for title, text in texts)


def from_text(text: str, example: DatasetExample) -> DatasetExample:
    """Raises InputError where it can no longer be read."""
    _, *found = _SECTION.split(text)
    if tuple(found[::2]) != _TITLES:
        raise InputError("a title is missing", remedy="leave the lines with == as they are")
    request, code, ir = (part.strip("\n") for part in found[1::2])
    try:
        read = IR.model_validate_json(ir)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise InputError(
            f"the specification cannot be read: {where}: {first['msg']}", remedy="edit it again"
        ) from None
    if not request.strip():
        raise InputError("the request is empty", remedy="edit it again")
    return example.model_copy(update={"request": request, "code": f"{code}\n", "ir": read})
