"""Findings about what Python does unlike one expects it."""

from collections.abc import Iterator

from ...interfaces import Finding
from .codes import tell
from .facts import Facts
from .ladder import type_test

_WIDE = frozenset({"Any", "object"})


def about_quirks(facts: Facts) -> Iterator[Finding]:
    parameters = {one.name: one.type for one in facts.ir.signature.parameters}
    if any("bool" in each.source for each in facts.claims.predicates.each):
        return
    if any(isinstance(value, bool) for call in facts.shown for value in call.arguments):
        return
    for branch in facts.ladder:
        tested = type_test(branch.source)
        if tested is None or "int" not in tested[1] or parameters.get(tested[0]) not in _WIDE:
            continue
        message = f"{branch.source} holds for True and False too, and bool is not spoken of"
        call = f"{facts.function}(True)" if len(parameters) == 1 else None
        yield tell("bool-unmentioned", message, f"{branch.path}.when", counterexample=call)
        return
