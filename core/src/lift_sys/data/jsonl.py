"""JSON Lines files, read one line at a time; every mistake is told with its file and line."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ..errors import InputError

M = TypeVar("M", bound=BaseModel)

MAX_LINE_BYTES = 16 * 2**20
_MISTAKES_SHOWN = 3
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class JsonLine:
    path: Path
    number: int
    text: bytes
    ended: bool
    """False where the file ends before the line does."""

    def read(self, model: type[M]) -> M:
        """The line as `model`; raises a located InputError."""
        try:
            return model.model_validate_json(self.text)
        except ValidationError as error:
            raise self._explain(error) from None

    def wrong(self, cause: str, remedy: str = "") -> InputError:
        return InputError(f"{self.path}:{self.number}: {cause}", remedy=remedy)

    def _explain(self, error: ValidationError) -> InputError:
        mistakes = error.errors(include_url=False, include_context=False, include_input=False)
        if mistakes[0]["type"] == "json_invalid":
            if not self.ended:
                return self.wrong(
                    "the file ends in the middle of this line",
                    "it was cut off: write the file again, or delete this line",
                )
            return self.wrong(f"not JSON: {mistakes[0]['msg']}", "each line is one JSON object")
        told = [_tell(mistake) for mistake in mistakes[:_MISTAKES_SHOWN]]
        if len(mistakes) > _MISTAKES_SHOWN:
            told.append(f"and {len(mistakes) - _MISTAKES_SHOWN} more")
        return self.wrong("; ".join(told), "mend that line, or leave it out")


def _tell(mistake: ErrorDetails) -> str:
    if mistake["type"] == "model_type" and not mistake["loc"]:
        return "not a JSON object"  # pydantic's own words name our class
    where = ".".join(map(str, mistake["loc"]))
    return f"{where}: {mistake['msg']}" if where else mistake["msg"]


def json_lines(path: Path) -> Iterator[JsonLine]:
    """The lines of a file that are not blank; never holds more than one of them."""
    try:
        with path.open("rb") as file:
            for number in itertools.count(1):
                raw = file.readline(MAX_LINE_BYTES + 1)
                if not raw:
                    return
                line = JsonLine(path, number, raw, ended=raw.endswith(b"\n"))
                if len(raw) > MAX_LINE_BYTES:
                    raise line.wrong(
                        f"longer than {MAX_LINE_BYTES} bytes", "each line is one JSON object"
                    )
                text = raw.removeprefix(_BYTE_ORDER_MARK) if number == 1 else raw
                if text.strip():
                    yield JsonLine(path, number, text, line.ended)
    except OSError as error:
        raise InputError(
            f"cannot read {path}: {error.strerror or error}", remedy="name a readable JSONL file"
        ) from error
