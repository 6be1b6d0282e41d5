"""Findings about the IR's text and its preconditions: before anything is compared."""

from collections.abc import Iterator
from typing import Final

from ...interfaces import Finding
from ...ir import check, normalise_type, unfilled
from .codes import tell
from .facts import Facts

_CHANGEABLE: Final = frozenset({"list", "dict", "set", "bytearray", "deque"})


def about_shape(facts: Facts) -> Iterator[Finding]:
    for problem in check(facts.ir):
        if problem.path.endswith((".predicate", ".when")) or ".constraints[" in problem.path:
            yield tell("unreadable-predicate", problem.message, problem.path)
        elif problem.severity == "error":
            yield tell("ambiguous-name", problem.message, problem.path)
    for path, hole in unfilled(facts.ir):
        yield tell("unfilled-hole", f"{hole.id}: {hole.description}", path)


def about_preconditions(facts: Facts) -> Iterator[Finding]:
    yield from _of_the_outcome(facts)
    places = [place for place in facts.claims.preconditions if place in facts.columns]
    for place in places:
        path, source = facts.predicate(place)
        names = facts.reads(place)
        if not names and facts.columns[place] and facts.columns[place][0] is False:
            yield tell("excludes-everything", f"{source} is false whatever the input is", path)
            return
    if not places or len(facts.inputs) < 2 or facts.tabled:
        return
    if all(isinstance(truth, bool) for place in places for truth in facts.columns[place]):
        path, source = facts.predicate(places[0])
        message = f"none of {len(facts.inputs)} inputs keeps to the preconditions, such as {source}"
        yield tell("excludes-every-input", message, path)


def _of_the_outcome(facts: Facts) -> Iterator[Finding]:
    """Predicates of which nobody can tell whether they mean what is given or what is left."""
    if facts.ir.signature.returns != "None" and not facts.mutating:
        return
    changeable = {
        parameter.name
        for parameter in facts.ir.signature.parameters
        if normalise_type(parameter.type).partition("[")[0] in _CHANGEABLE
    }
    for place in facts.claims.preconditions:
        if facts.reads(place) & changeable:
            path, source = facts.predicate(place)
            yield tell("reads-as-precondition", f"{source} is taken as a precondition", path)
