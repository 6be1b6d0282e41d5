"""Findings about the branches: gaps, overlaps, what can never be reached, what contradicts."""

import ast
from collections.abc import Iterator, Sequence
from typing import Final

from ...interfaces import Finding
from ..compare import same
from ..inputs import size
from .codes import shown, tell
from .facts import Facts
from .outcomes import Branch, Outcome

_ENOUGH: Final = 3
"""Inputs that a hidden branch must have been hidden on: fewer may be chance."""
_FEW: Final = 2
"""With so few results that an assertion allows, it settles what is returned."""


def about_branches(facts: Facts) -> Iterator[Finding]:
    yield from _return_values(facts)
    same_condition = {second: first for first, second in _same_conditions(facts.ladder)}
    yield from _repeated(facts, same_condition)
    for place, branch in enumerate(facts.ladder):
        if place not in same_condition:
            yield from _reached(facts, place, branch)
    yield from _raising(facts)
    yield from _gap(facts)


def _return_values(facts: Facts) -> Iterator[Finding]:
    for number, effect in enumerate(facts.ir.effects):
        values = effect.return_values
        for place, value in enumerate(values):
            if any(same(value, other) for other in values[:place]):
                path = f"effects[{number}].return_values[{place}]"
                yield tell("duplicate-return-value", f"{shown(value)} is listed twice", path)
    said = [Outcome.of(n, e) for n, e in enumerate(facts.ir.effects) if e.when is None]
    for outcome in said:
        other = next((each for each in said if each.excludes(outcome)), None)
        if other is not None:
            message = f"{outcome.path} {outcome}, {other.path} {other}, both without a condition"
            yield tell("answers-without-condition", message, outcome.path)
            return


def _same_conditions(ladder: Sequence[Branch]) -> Iterator[tuple[int, int]]:
    first: dict[str, int] = {}
    for place, branch in enumerate(ladder):
        earlier = first.setdefault(_normal(branch.source), place)
        if earlier != place:
            yield earlier, place


def _normal(source: str) -> str:
    """Two comparisons that are one, read from either side, have one text."""
    tree = ast.parse(source, mode="eval").body
    match tree:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _TURNED:
            turned = ast.Compare(right, [_TURNED[type(op)]()], [left])
            return min(source, ast.unparse(turned))
        case _:
            return source


_TURNED: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
    ast.Lt: ast.Gt,
    ast.Gt: ast.Lt,
    ast.LtE: ast.GtE,
    ast.GtE: ast.LtE,
}


def _repeated(facts: Facts, pairs: dict[int, int]) -> Iterator[Finding]:
    for second, first in pairs.items():
        later, earlier = facts.ladder[second], facts.ladder[first]
        if earlier.outcome.excludes(later.outcome):
            message = (
                f"{earlier.path} {earlier.outcome} and {later.path} {later.outcome} under one "
                f"condition: {later.source}"
            )
            yield tell(
                "contradictory-returns",
                message,
                later.path,
                counterexample=_example_of(facts, later),
            )
        elif earlier.outcome and later.outcome:
            message = f"{later.path} repeats {earlier.path}: {later.source}"
            yield tell("duplicate-branch", message, later.path)
        # Without answers two effects under one condition are its steps.


def _example_of(facts: Facts, branch: Branch) -> str | None:
    column = facts.columns.get(branch.condition, [])
    rows = [row for row, truth in enumerate(column) if truth is True]
    return facts.call(facts.inputs[rows[0]]) if rows else None


def _reached(facts: Facts, place: int, branch: Branch) -> Iterator[Finding]:
    column = facts.columns.get(branch.condition, [])
    rows = [row for row, truth in enumerate(column) if truth is True and facts.admissible(row)]
    if not rows:
        if len(facts.tabled) >= _ENOUGH and all(truth is False for truth in column):
            message = f"no input that was tried fulfils {branch.source}"
            yield tell("branch-never-taken", message, f"{branch.path}.when")
        return
    hiding = [[e for e in facts.ladder[:place] if _holds(facts, e, row)] for row in rows]
    quirk = _bool_after_int(facts, place, branch)
    if quirk is not None:
        earlier, row = quirk
        message = (
            f"{branch.source} is never reached: {earlier.path}, {earlier.source}, takes True and "
            "False too, because bool is a subclass of int"
        )
        yield tell(
            "bool-after-int",
            message,
            f"{branch.path}.when",
            counterexample=facts.call(facts.inputs[row]),
        )
    elif (hider := _hider(facts, place, rows)) is not None and branch.outcome:
        message = (
            f"{branch.path}, {branch.source}, is never reached: {hider.path}, {hider.source}, "
            f"takes all {len(rows)} inputs tried that fulfil it"
        )
        call = facts.call(facts.inputs[rows[0]])
        yield tell("unreachable-branch", message, branch.path, counterexample=call)
    else:
        yield from _overlap(facts, branch, rows, hiding)


def _hider(facts: Facts, place: int, rows: Sequence[int]) -> Branch | None:
    """An earlier branch that takes all the inputs of this one, where trying can tell that."""
    branch = facts.ladder[place]
    for earlier in facts.ladder[:place]:
        left = sum(truth is False for truth in facts.columns[earlier.condition])
        tried = len(rows) >= _ENOUGH and left >= _ENOUGH and _well_tried(facts, earlier, branch)
        hides = all(_holds(facts, earlier, row) for row in rows)
        if hides and (tried or _is_part(earlier.source, branch.source)):
            return earlier
    return None


def _is_part(condition: str, whole: str) -> bool:
    match ast.parse(whole, mode="eval").body:
        case ast.BoolOp(op=ast.And(), values=parts):
            return condition in map(ast.unparse, parts)
        case _:
            return False


def _well_tried(facts: Facts, *branches: Branch) -> bool:
    """Of numbers and types enough is tried to tell; of texts and lists nothing ever is enough."""
    if all(type_test(branch.source) is not None for branch in branches):
        return True
    numbers = {p.name for p in facts.ir.signature.parameters if p.type in ("int", "float", "bool")}
    return all(facts.reads(b.condition) <= numbers for b in branches)


def _overlap(
    facts: Facts, branch: Branch, rows: Sequence[int], hiding: Sequence[Sequence[Branch]]
) -> Iterator[Finding]:
    for row, earlier in zip(rows, hiding, strict=True):
        first = earlier[0] if earlier else None
        if first is None or not first.outcome.excludes(branch.outcome):
            continue
        if _lies_within(facts, first, branch):
            continue
        message = (
            f"{first.path}, {first.source}, and {branch.path}, {branch.source}, both hold; "
            f"the first wins, it {first.outcome}"
        )
        call = facts.call(facts.inputs[row])
        yield tell("branch-overlap", message, branch.path, counterexample=call)
        return


def _lies_within(facts: Facts, inner: Branch, outer: Branch) -> bool:
    """As a rung of a ladder lies within the one below: `x >= 90` before `x >= 80`."""
    rows = range(len(facts.inputs))
    return all(_holds(facts, outer, row) for row in rows if _holds(facts, inner, row))


def _holds(facts: Facts, branch: Branch, row: int) -> bool:
    return facts.columns[branch.condition][row] is True


def _bool_after_int(facts: Facts, place: int, branch: Branch) -> tuple[Branch, int] | None:
    tested = type_test(branch.source)
    if tested is None or tested[1] != {"bool"}:
        return None
    for earlier in facts.ladder[:place]:
        other = type_test(earlier.source)
        if other is None or other[0] != tested[0] or "bool" in other[1] or "int" not in other[1]:
            continue
        rows = [r for r in range(len(facts.inputs)) if _holds(facts, branch, r)]
        if rows and earlier.outcome.excludes(branch.outcome):
            return earlier, rows[0]
    return None


def type_test(source: str) -> tuple[str, set[str]] | None:
    """Of `isinstance(x, (A, B))` alone: what is tested, and for which types."""
    match ast.parse(source, mode="eval").body:
        case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=name), kinds]):
            parts = kinds.elts if isinstance(kinds, ast.Tuple) else [kinds]
            return name, {part.id for part in parts if isinstance(part, ast.Name)}
        case _:
            return None


def _raising(facts: Facts) -> Iterator[Finding]:
    for row in range(len(facts.inputs)):
        if not facts.admissible(row) or not facts.ladder:
            continue
        taken = facts.taken(row)
        if isinstance(taken, str) and taken not in ("lost", "MemoryError", "RecursionError"):
            branch = next(
                b for b in facts.ladder if not isinstance(facts.columns[b.condition][row], bool)
            )
            call = facts.call(facts.inputs[row])
            message = f"{branch.source} ends with {taken} for {call}"
            path = f"{branch.path}.when"
            yield tell("condition-raises", message, path, counterexample=call)
            return


def _gap(facts: Facts) -> Iterator[Finding]:
    uncovered = gap(facts)
    if uncovered is None:
        return
    call = facts.call(facts.inputs[uncovered])
    conditions = " nor ".join(branch.source for branch in facts.ladder[:4])
    holds = f"neither {conditions} holds" if " nor " in conditions else f"not {conditions}"
    message = f"nothing says what {call} returns: {holds}"
    yield tell("ladder-gap", message, "effects", counterexample=call)


def gap(facts: Facts) -> int | None:
    """The first input that no branch covers and nothing else settles; None: there is none."""
    ir = facts.ir
    returns_nothing = ir.signature.returns in ("None", "NoReturn", "Never")
    if not facts.ladder or returns_nothing or any(e.when is None for e in ir.effects):
        return None
    if any(hole.kind == "effect" for hole in ir.holes) or not _is_ladder(facts):
        return None
    settled = _settled if len(facts.ladder) > 1 else _spoken_of
    rows = [r for r in range(len(facts.inputs)) if facts.admissible(r) and facts.taken(r) is None]
    if not rows or any(facts.row(call.arguments) in rows for call in facts.shown):
        return None
    open_rows = [row for row in rows if not settled(facts, row)]
    return min(open_rows, key=lambda row: size(facts.inputs[row]), default=None)


def _is_ladder(facts: Facts) -> bool:
    """Without outcomes several branches may be steps, and one may be a remark."""
    if any(branch.outcome for branch in facts.ladder):
        return True
    if len(facts.ladder) < 2:
        return False
    columns = [facts.columns[branch.condition] for branch in facts.ladder]
    return all(sum(truth is True for truth in row) <= 1 for row in zip(*columns, strict=True))


def _settled(facts: Facts, row: int) -> bool:
    """Whether the assertions allow so few results that there is no doubt."""
    allowed = _allowed(facts, row)
    return allowed is not None and len(facts.results) > _FEW and sum(allowed) <= 1


def _spoken_of(facts: Facts, row: int) -> bool:
    """Whether they allow not everything: one case alone may be an exception to a rule of theirs."""
    allowed = _allowed(facts, row)
    return allowed is not None and not all(allowed)


def _allowed(facts: Facts, row: int) -> list[bool] | None:
    """Of each result tried whether the assertions take it; None: they were not asked."""
    if row not in facts.tabled or not facts.tables:
        return None
    place = facts.tabled.index(row)
    return [
        not any(table[place][number] is False for table in facts.tables.values())
        for number in range(len(facts.results))
    ]
