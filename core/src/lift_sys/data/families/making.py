"""What the families' modules share: branches, inputs, short forms."""

import random
from collections.abc import Callable, Sequence
from typing import Any

from ...ir import Effect, LoopBehaviour, MustReturn, Position
from .concept import Args

Branch = tuple[str | None, str]
"""A condition and the literal that is returned there; None: in all other cases."""


def lines(*texts: str) -> str:
    return "\n".join(texts)


def effect(
    description: str,
    when: str | None = None,
    *,
    returns: Sequence[Any] = (),
    hint: str | None = None,
    raises: str | None = None,
    order: str | None = None,
) -> Effect:
    return Effect(
        description=description,
        when=when,
        implementation_hint=hint,
        return_values=tuple(returns),
        raises=raises,
        order_constraint=order,
    )


def ladder_body(branches: Sequence[Branch]) -> str:
    lines: list[str] = []
    for condition, label in branches:
        if condition is None:
            lines.append(f"return {label!r}")
        else:
            lines += [f"if {condition}:", f"    return {label!r}"]
    return "\n".join(lines)


def ladder_effects(branches: Sequence[Branch]) -> tuple[Effect, ...]:
    """Each branch with its own condition; the last one is for all the rest."""
    return tuple(
        effect(
            f"return exactly {label!r}" + (" otherwise" if condition is None else ""),
            condition,
            returns=(label,),
        )
        for condition, label in branches
    )


def ladder_law(branches: Sequence[Branch]) -> str:
    """The result for every input; the first condition that holds decides."""
    parts = [
        repr(label) if condition is None else f"{label!r} if {condition} else"
        for condition, label in branches
    ]
    return f"result == ({' '.join(parts)})"


def cases(said: Sequence[tuple[str, str]], rest: str) -> dict[str, tuple[str, ...]]:
    """Conditions and labels told in a row: `cases` after a verb, `table` after a colon.

    `more` and `more_table` are further ways of the third curriculum, `kept` and `kept_table` the
    ways kept for evaluation.
    """
    last = f"«{rest}»"

    def row(form: str, between: str, end: str) -> str:
        each = (form.replace("LABEL", f"«{label}»").replace("WHEN", when) for when, label in said)
        return between.join(each) + end

    return {
        "cases": (
            row("LABEL if WHEN", ", ", f" and {last} otherwise"),
            row("LABEL when WHEN", ", ", f", otherwise {last}"),
            row("LABEL if WHEN", ", ", f", and {last} if nothing of that is so"),
            row("LABEL where WHEN", ", ", f", {last} in all other cases"),
        ),
        "table": (
            row("if WHEN then LABEL", ", ", f", else {last}"),
            row("WHEN: LABEL", "; ", f"; anything else: {last}"),
            row("WHEN -> LABEL", ", ", f", else -> {last}"),
            row("when WHEN, LABEL", "; ", f"; otherwise {last}"),
        ),
        "more": (
            row("LABEL in case WHEN", ", ", f", and {last} in any other case"),
            row("LABEL whenever WHEN", "; ", f"; when none of that holds, {last}"),
            row("the string LABEL if WHEN", ", ", f" or else {last}"),
            row("LABEL once WHEN", ", ", f", with {last} for what is left"),
        ),
        "more_table": (
            row("in case WHEN: LABEL", ". ", f". In every other case: {last}"),
            row("WHEN? LABEL", ". ", f". Nothing of that? {last}"),
            row("LABEL means WHEN", ", ", f", and {last} means anything else"),
            row("LABEL: WHEN", "; ", f"; {last}: all the rest"),
            row("WHEN => LABEL", "; ", f"; default => {last}"),
            row("- WHEN: LABEL", " ", f" - otherwise: {last}"),
            row("if WHEN, it's LABEL", "; ", f"; if none of these, it's {last}"),
        ),
        "kept": (
            row("LABEL (provided WHEN)", ", ", f", or else {last}"),
            row("LABEL as soon as WHEN", "; ", f"; failing all that {last}"),
        ),
        "kept_table": (
            row("WHEN gives LABEL", ", ", f", and what remains gives {last}"),
            row("WHEN = LABEL", " / ", f" / rest = {last}"),
        ),
    }


def one_of(labels: Sequence[str]) -> str:
    """The assertion that the result is one of these."""
    return f"result in ({', '.join(map(repr, dict.fromkeys(labels)))})"


def every_path(description: str) -> MustReturn:
    return MustReturn(description=description)


def loop(matches: Any, description: str) -> LoopBehaviour:
    return LoopBehaviour(matches=matches, description=description)


def position(description: str) -> Position:
    return Position(description=description)


def single(values: Sequence[Any]) -> tuple[Args, ...]:
    return tuple((value,) for value in values)


def around(edges: Sequence[int], spread: int = 12) -> Callable[[random.Random], int]:
    """Ints near the boundaries more often than elsewhere."""
    low, high = min((*edges, 0)) - spread, max((*edges, 0)) + spread

    def draw(dice: random.Random) -> int:
        if edges and dice.random() < 0.5:
            return dice.choice(edges) + dice.choice((-1, 0, 0, 1))
        return dice.randint(low, high)

    return draw


def lists(
    item: Callable[[random.Random], Any], most: int = 8, least: int = 0
) -> Callable[[random.Random], list[Any]]:
    def draw(dice: random.Random) -> list[Any]:
        return [item(dice) for _ in range(dice.randint(least, most))]

    return draw


def texts(words: Sequence[str]) -> Callable[[random.Random], str]:
    """One of these words, or letters at random."""

    def draw(dice: random.Random) -> str:
        if words and dice.random() < 0.7:
            return dice.choice(words)
        return "".join(dice.choice("abcdefghilmnoprstu") for _ in range(dice.randint(1, 9)))

    return draw


def args(*parts: Callable[[random.Random], Any]) -> Callable[[random.Random], Args]:
    return lambda dice: tuple(part(dice) for part in parts)


def of(*options: Any) -> Callable[[random.Random], Any]:
    return lambda dice: dice.choice(options)


def whole(low: int, high: int) -> Callable[[random.Random], int]:
    return lambda dice: dice.randint(low, high)
