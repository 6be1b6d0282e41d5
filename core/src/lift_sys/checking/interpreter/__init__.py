"""Before code: reads an IR as a careful colleague would, and says what cannot be right.

Findings are deterministic and over structured fields alone. An `error` is certain: no code can
fulfil the IR. What depends on how many inputs were tried is a warning at most.
"""

from collections.abc import Sequence

from ...interfaces import Finding, Sandbox, Task
from ...ir import IR
from ..claims import Claims
from .assertions import about_assertions
from .codes import CODES
from .examples import about_examples
from .facts import gather
from .ladder import about_branches
from .literals import Stated, about_literals
from .loops import about_loops
from .positions import about_positions
from .quirks import about_quirks
from .returns import about_returns
from .shape import about_preconditions, about_shape

_SEVERITIES = ("error", "warning", "info")


async def interpret(
    task: Task, ir: IR, claims: Claims, sandbox: Sandbox, stated: Sequence[Stated] = ()
) -> list[Finding]:
    """Every finding, errors first. `stated` are the texts that the request spells out."""
    facts = await gather(task, ir, claims, sandbox)
    found = [
        *about_shape(facts),
        *about_preconditions(facts),
        *about_branches(facts),
        *about_quirks(facts),
        *about_returns(facts),
        *about_literals(facts, stated),
    ]
    for examiner in (about_examples, about_assertions, about_loops, about_positions):
        found += [finding async for finding in examiner(facts)]
    return sorted(found, key=lambda finding: _SEVERITIES.index(finding.severity))


__all__ = ["CODES", "Stated", "interpret"]
