"""Seven criteria, each from 0 to 1 and full as soon as there is enough: more earns nothing."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from lift_sys.checking.constants import same_constant
from lift_sys.interfaces import Score, Task
from lift_sys.prompts import features, literals

from .content import Content
from .plugin import Criterion
from .quirks import addressed, applying

ENOUGH: Final = 3
"""Claims about the outcome, where no equation says all."""
_VAGUE: Final = frozenset({"Any", "object"})
_BARE: Final = frozenset({"list", "dict", "set", "tuple", "frozenset"})
_WORD: Final = re.compile(r"[^\W_]{4,}")


def assertions(content: Content, task: Task) -> Score:
    if content.total and content.claims:
        return Score(1.0, "it says for every input what comes out")
    claims = min(content.claims, ENOUGH)
    return Score(claims / ENOUGH, f"{claims} of {ENOUGH} claims that code could break")


def effects(content: Content, task: Task) -> Score:
    said = content.ir.effects
    if not said:
        value = float(bool(content.outcomes))
        return Score(value, "assertions say it" if value else "nothing says what it does")
    firm = sum(bool(each.when or each.return_values or each.raises) for each in said)
    if not firm and content.total:
        return Score(1.0, "assertions say it")
    return Score(firm / len(said), f"{firm} of {len(said)} effects are more than prose")


def literal(content: Content, task: Task) -> Score:
    asked = [
        each.value for each in literals(task.request) if each.role in ("returned", "contained")
    ]
    distinct = {repr(value): value for value in asked if isinstance(value, str | int | float)}
    if not distinct:
        return Score(None, "the request spells out none")
    there = content.constants.every
    lost = [v for v in distinct.values() if not any(same_constant(v, each) for each in there)]
    said = f"missing: {', '.join(map(repr, lost))}" if lost else "all are there"
    return Score(1 - len(lost) / len(distinct), said)


def quirks(content: Content, task: Task) -> Score:
    asked = applying(features(task.request))
    if not asked:
        return Score(None, "the request touches none")
    lost = [each for each in asked if not addressed(each, content)]
    said = f"not settled: {', '.join(lost)}" if lost else "all are settled"
    return Score(1 - len(lost) / len(asked), said)


def types(content: Content, task: Task) -> Score:
    signature = content.ir.signature
    stated = [*(parameter.type for parameter in signature.parameters), signature.returns]
    values = [_specific(text) for text in stated]
    vague = [text for text, value in zip(stated, values, strict=True) if value < 1]
    said = f"vague: {', '.join(vague)}" if vague else "all are specific"
    return Score(sum(values) / len(values), said)


def edges(content: Content, task: Task) -> Score:
    names = [parameter.name for parameter in content.ir.signature.parameters]
    if not names:
        return Score(None, "there are no parameters")
    if content.total:
        return Score(1.0, "it says for every input what comes out")
    tested = {name for tree in content.trees for name in _compared(tree)}
    tested |= {name for name, value in content.arguments if _at_an_edge(value)}
    if tested & set(names):
        return Score(1.0, f"a border of {next(name for name in names if name in tested)} is told")
    return Score(0.0, f"no border of {', '.join(names)} is told")


def intent(content: Content, task: Task) -> Score:
    summary = content.ir.intent.summary
    words = len(summary.split())
    about = set(_WORD.findall(task.request.lower())) & set(_WORD.findall(summary.lower()))
    short = 2 <= words <= 60
    said = "to the point" if short and about else f"{words} words, {len(about)} of the request's"
    return Score((short + bool(about)) / 2, said)


CRITERIA: Final[Mapping[Criterion, tuple[float, Callable[[Content, Task], Score]]]] = {
    "assertions": (2.0, assertions),
    "effects": (1.0, effects),
    "literals": (4.0, literal),
    "quirks": (1.0, quirks),
    "types": (1.0, types),
    "edges": (2.0, edges),
    "intent": (0.5, intent),
}
"""By name: its usual weight, and what judges it."""


def _specific(text: str) -> float:
    if _VAGUE & set(re.findall(r"\w+", text)):
        return 0.0
    return 0.5 if text.strip() in _BARE else 1.0


def _compared(tree: ast.expr) -> Iterator[str]:
    """Parameters that are held against a constant, themselves or by their length, or negated."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=left, comparators=others):
                sides = [left, *others]
                if any(_is_constant(side) for side in sides):
                    yield from (name for side in sides for name in _named(side))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield from _named(operand)
            case _:
                pass


def _is_constant(node: ast.expr) -> bool:
    empty = isinstance(node, ast.List | ast.Tuple | ast.Dict) and not [*ast.iter_child_nodes(node)]
    return isinstance(node, ast.Constant | ast.UnaryOp) or empty


def _named(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Name(id=name):
            yield name
        case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]):
            yield name
        case _:
            pass


def _at_an_edge(value: Any) -> bool:
    return not value or (isinstance(value, int | float) and value < 0)
