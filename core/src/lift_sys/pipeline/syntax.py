"""What a YAML parser stumbles over, in the words of whoever wrote the file."""

from typing import Any, NamedTuple

_IN_BRACES = "in { } and [ ], text that holds { } [ ] , or : stands in quotes"


class Stumble(NamedTuple):
    line: int | None
    """Counted from 0."""
    cause: str
    remedy: str = ""


def stumble(error: Any) -> Stumble:
    """`error` is a MarkedYAMLError, whose attributes have no types."""
    told = _stumble(error)
    return told._replace(cause=f"this is not YAML: {told.cause}")


def _stumble(error: Any) -> Stumble:
    problem = " ".join(str(error.problem or error.context).split())
    at, began = _line(error.problem_mark), _line(error.context_mark)
    line = began if at is None else at
    if "'\\t'" in problem:
        return Stumble(line, "a tab stands where YAML wants spaces", "indent with spaces")
    if problem == "mapping values are not allowed here":
        cause = "this line is indented further than the keys it belongs to, or has a second `: `"
        return Stumble(line, cause, "indent it as they are, or put its value in quotes")
    if problem.startswith("expected <block end>"):
        cause = "this line is indented like nothing above it"
        return Stumble(line, cause, "indent it like the keys or items it belongs to")
    if problem.startswith(("expected ',' or", "did not find expected ',' or")):
        cause = f"what is opened on line {_shown(began)} is not closed before this"
        return Stumble(line, cause, _IN_BRACES)
    if problem == "could not find expected ':'":
        return Stumble(began, "this line has no `:` behind its key", "write `key: value` or `key:`")
    if problem == "found unexpected end of stream":
        return Stumble(began, "a quote is opened here and never closed", "close it")
    return Stumble(line, problem)


def _line(mark: Any) -> int | None:
    return None if mark is None else int(mark.line)


def _shown(line: int | None) -> str:
    return "?" if line is None else str(line + 1)
