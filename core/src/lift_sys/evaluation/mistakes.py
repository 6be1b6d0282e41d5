"""Names of mistakes in code that hidden tests found wrong: the names alone, as what shows them
would tell of the tests."""

from collections.abc import Sequence
from typing import Any

from ..checking.claims import Claims
from ..checking.execution import Call
from ..checking.naming import with_variants
from ..checking.taxonomy import Facts, Recogniser, Wrong
from ..interfaces import Code, Sandbox, Task
from ..interfaces.verdict import Category
from ..ir import IR

_MAY_HAVE_A_NAME = ("wrong_output", "exception")


async def categories(
    task: Task,
    code: Code,
    ir: IR | None,
    wrong: Sequence[Wrong],
    right: Sequence[tuple[Call, Any]],
    sandbox: Sandbox,
) -> list[Category]:
    """One for each wrong call, as far as `ir` is there to tell by. Raises SandboxFailed."""
    plain: list[Category] = [each.failure.category for each in wrong]
    if ir is None or not any(category in _MAY_HAVE_A_NAME for category in plain):
        return plain
    if any(each.call is None for each in wrong):
        return plain
    texts = any(isinstance(each.got, str) for each in wrong)
    literals = Claims.of(ir, task.examples).literals if texts else ()
    known = Facts(task.request, ir, code, literals, tuple(wrong), tuple(right))
    recogniser = Recogniser(await with_variants(known, sandbox))
    return [_name(recogniser, each) for each in wrong]


def _name(recogniser: Recogniser, wrong: Wrong) -> Category:
    category = wrong.failure.category
    found = recogniser.name_of(wrong) if category in _MAY_HAVE_A_NAME else None
    return category if found is None else found.category
