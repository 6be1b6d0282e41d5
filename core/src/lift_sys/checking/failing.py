"""What is told of a call that went wrong."""

from collections.abc import Mapping
from typing import Final

from ..interfaces import Failure
from ..interfaces.verdict import Category
from .execution import Call, Seen
from .taxonomy import Wrong

_CATEGORY: Final[Mapping[str, Category]] = {
    "raised": "exception",
    "unencodable": "wrong_output",
    "timeout": "timeout",
    "memory": "memory",
    "crash": "crash",
    "forbidden": "forbidden",
}

Answers = tuple[object, ...]
"""Those that would have been right; empty where they are not known."""


def not_loaded(seen: Seen) -> Wrong:
    got = _outcome(seen)
    message = f"loading the code {got}"
    return Wrong(Failure(category=_CATEGORY[seen.outcome], message=message, got=got))


def wrong_answer(
    name: str,
    call: Call,
    seen: Seen,
    answers: Answers,
    expected: str | None = None,
    because: str = "",
) -> Wrong:
    """It returned; `expected` is what to tell where no answers are known."""
    failure = Failure(
        category="wrong_output",
        message=f"a wrong result: {because}" if because else "a wrong result",
        input=call.text(name),
        expected=expected or _either(answers),
        got=shown(seen.result),
    )
    return Wrong(failure, call, seen, answers)


def wrong_end(
    name: str, call: Call, seen: Seen, answers: Answers, expected: str | None = None
) -> Wrong:
    """It did not return."""
    got = _outcome(seen)
    failure = Failure(
        category=_CATEGORY[seen.outcome],
        message=f"the call {got}",
        input=call.text(name),
        expected=expected or _either(answers),
        got=got,
    )
    return Wrong(failure, call, seen, answers)


def not_raised(name: str, call: Call, seen: Seen, exception: str) -> Wrong | None:
    """None where it raised that exception, or one that is such a one."""
    if seen.outcome == "raised" and exception in (seen.exception, *seen.bases):
        return None
    tell = wrong_answer if seen.outcome == "returned" else wrong_end
    return tell(name, call, seen, (), f"that it raises {exception}")


def broken_assertion(name: str, call: Call, seen: Seen, assertion: str) -> Wrong:
    failure = Failure(
        category="assertion",
        message=f"an assertion does not hold: {assertion}",
        input=call.text(name),
        expected=assertion,
        got=shown(seen.result),
    )
    return Wrong(failure, call, seen)


def unsteady(name: str, call: Call, one: Seen, other: Seen) -> Wrong:
    failure = Failure(
        category="nondeterministic",
        message="the same call gives another answer the second time: it keeps something "
        "between calls, such as a global or a mutable default",
        input=call.text(name),
        expected=f"{shown(one.result)} every time",
        got=f"{shown(other.result)} the second time",
    )
    return Wrong(failure)


def meddled(name: str, call: Call, argument: str, before: object, after: object) -> Wrong:
    failure = Failure(
        category="mutated_argument",
        message=f"it changes its argument {argument}, which nothing asks for: work on a copy",
        input=call.text(name),
        expected=f"{argument} is still {shown(before)}",
        got=shown(after),
    )
    return Wrong(failure)


def learnt_by_heart() -> Wrong:
    message = (
        "it returns the answers of the visible examples by case, and nothing else: "
        "compute the answer"
    )
    return Wrong(Failure(category="hard_coded", message=message))


def shown(value: object, limit: int = 300) -> str:
    try:
        text = repr(value)
    except ValueError:  # Python writes no int that long
        return f"a {type(value).__name__} too long to be written"
    return text if len(text) <= limit else f"{text[:limit]}... ({len(text)} characters)"


def _outcome(seen: Seen) -> str:
    match seen.outcome:
        case "raised":
            how = f"raised {seen.exception}"
        case "unencodable":
            how = f"gave a {seen.exception}, which cannot be compared"
        case _:
            how = f"ended in {seen.outcome}"
    return f"{how}: {seen.detail}" if seen.detail else how


def _either(answers: Answers) -> str:
    return " or ".join(map(repr, answers))
