"""An IR for people to read: as plain text, and as Markdown."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ._escape import code, inline, visible
from .models import IR, Assertion, Effect, Explicit, Hole, LoopBehaviour, unfilled


@dataclass(frozen=True, slots=True)
class _Style:
    prose: Callable[[str], str]
    code: Callable[[str], str]
    heading: Callable[[str], Sequence[str]]
    signature: Callable[[str], Sequence[str]]


def render_text(ir: IR) -> str:
    """For a terminal; nothing in it steers one."""
    return _render(
        ir, _Style(visible, visible, lambda title: [f"{title}:"], lambda line: [visible(line)])
    )


def render_markdown(ir: IR) -> str:
    """Nothing in the IR is taken for markup."""
    return _render(
        ir,
        _Style(inline, code, lambda title: [f"### {title}", ""], lambda line: [code(line)]),
    )


def signature_line(ir: IR) -> str:
    """As Python writes it."""
    parameters = ", ".join(f"{one.name}: {one.type}" for one in ir.signature.parameters)
    return f"def {ir.signature.name}({parameters}) -> {ir.signature.returns}"


def _render(ir: IR, style: _Style) -> str:
    sections: list[tuple[str, list[str]]] = [
        ("Parameters", list(_parameters(ir, style))),
        ("Effects", list(_ladder(ir.effects, style))),
        ("Assertions", [_assertion(one, style) for one in ir.assertions]),
        ("Constraints", [_constraint(one, style) for one in ir.constraints]),
        ("Holes", [_hole(path, hole, style) for path, hole in unfilled(ir)]),
    ]
    lines = [*style.signature(signature_line(ir)), "", style.prose(ir.intent.summary)]
    if ir.intent.rationale:
        lines += ["", style.prose(ir.intent.rationale)]
    for title, content in sections:
        if content:
            lines += ["", *style.heading(title), *content]
    return "\n".join(lines) + "\n"


def _parameters(ir: IR, style: _Style) -> Iterator[str]:
    for one in ir.signature.parameters:
        if one.description:
            yield f"- {style.code(one.name)}: {style.prose(one.description)}"


def _ladder(effects: Sequence[Effect], style: _Style) -> Iterator[str]:
    """Conditions one under the other, as `if`, `elif` and `else` would stand."""
    before = False
    for number, effect in enumerate(effects, start=1):
        if effect.when is not None:
            word = "elif" if before else "if"
            head = f"{word} {style.code(effect.when)}: "
        else:
            head = "else: " if before else ""
        before = effect.when is not None
        yield f"{number}. {head}{style.prose(effect.description)}"
        if effect.return_values:
            values = ", ".join(style.code(repr(value)) for value in effect.return_values)
            yield f"   - returns {values}"
        if effect.raises:
            yield f"   - raises {style.code(effect.raises)}"
        if effect.implementation_hint:
            yield f"   - how: {style.prose(effect.implementation_hint)}"
        if effect.order_constraint:
            yield f"   - order: {style.prose(effect.order_constraint)}"


def _assertion(assertion: Assertion, style: _Style) -> str:
    why = f" ({style.prose(assertion.rationale)})" if assertion.rationale else ""
    return f"- {style.code(assertion.predicate)}{why}"


def _constraint(constraint: Explicit, style: _Style) -> str:
    match constraint:
        case LoopBehaviour(matches=matches):
            head = f"{matches} match" if matches != "all" else "all matches"
        case _:
            head = constraint.kind.replace("_", " ")
    return f"- {head}: {style.prose(constraint.description)}"


def _hole(path: str, hole: Hole, style: _Style) -> str:
    place = path.rpartition("holes[")[0].rstrip(".") or "the IR"
    limits = "".join(f", where {style.code(one)}" for one in hole.constraints)
    question = style.prose(hole.description)
    kind = f"{hole.kind}, {style.code(hole.type)}{limits}"
    return f"- {style.code('?' + hole.id)} ({kind}) in {style.code(place)}: {question}"
