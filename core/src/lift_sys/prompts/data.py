"""Reads the data that prompts are made from, and says in which file and line one is wrong."""

import re
import tomllib
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from ..errors import ConfigError, Mistake

M = TypeVar("M", bound=BaseModel)

_AT_LINE: Final = re.compile(r" \(at line (\d+), column \d+\)")


def read_text(path: Path) -> str:
    """Raises ConfigError."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        cause = f"the file cannot be read: {reason}"
        raise ConfigError([Mistake(str(path), None, "", cause)]) from error


def read_toml(model: type[M], text: str, where: str) -> M:
    """Raises ConfigError with every mistake."""
    return validated(model, _document(text, where), where)


def validated(model: type[M], document: Any, where: str) -> M:
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise ConfigError(
            [
                Mistake(
                    where,
                    None,
                    ".".join(str(part) for part in one["loc"]),
                    one["msg"].removeprefix("Value error, "),
                )
                for one in error.errors(include_url=False, include_input=False)
            ]
        ) from error


def _document(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        line = _AT_LINE.search(message)
        place = None if line is None else int(line[1])
        cause = f"this is no TOML: {_AT_LINE.sub('', message)}"
        raise ConfigError([Mistake(where, place, "", cause)]) from error
