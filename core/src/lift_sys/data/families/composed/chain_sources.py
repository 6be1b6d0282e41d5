"""What chains go through: the numbers of a list, strings or parts of a text, the values of a dict."""

import random
from collections.abc import Callable, Sequence

from ..concept import Args, Concept, Param
from ..data_structures.shared import a_dict
from ..draw import Draw
from ..making import args, around, lists, single
from ..pieces import (
    Change,
    Test,
    number_change,
    number_test,
    numbers_near,
    spelling_test,
    text_change,
)
from ..string_manipulation.shared import SEPARATORS, a_separator, a_text, said_of
from .chain import Chain, End, Item, Step
from .chain_steps import change_each, in_order, keep, some_of, without_repeats
from .shared import by_letter, dicts, numbers, strings

FOLDING = ("squared", "absolute", "modulo")
"""Changes after which a condition is not one on the number before."""
_SOME = range(-60, 61)


def folding(draw: Draw) -> Change:
    return draw.fitting(number_change, lambda change: change.slug.startswith(FOLDING))


def telling_test(draw: Draw, expression: str = "n") -> Test:
    """A condition on what becomes of `n` that holds for some, and not for others. What `n` is
    divisible by can be told after most changes as well as before: that is left out."""

    def fits(test: Test) -> bool:
        if expression != "n" and "%" in test.expression:
            return False
        condition = compile(test.of(f"({expression})"), "condition", "eval")
        holds = sum(bool(eval(condition, {"n": n, "abs": abs})) for n in _SOME)
        return 6 <= holds <= len(_SOME) - 6

    return draw.fitting(number_test, fits)


def of_numbers(draw: Draw, shapes: Sequence[str], end: Callable[[Draw], End]) -> Concept:
    shape = draw.pick(shapes).split()
    p = numbers(draw)
    steps, edges = _number_steps(draw, shape)
    near = [*numbers_near(edges)]
    chain = Chain(p, Item("number", "numbers", p.name), steps, end(draw))
    return chain.concept(
        draw.name("process", "handle_numbers", chain.slug, f"{chain.end.slug}_of_list"),
        draw.dice,
        ask=single(([], [*edges[:2]])),
        edges=single(([], near, near[::-1], [*near, *near[::-1], 4, 40, -7], near[:1] * 2)),
        ordinary=args(lists(around((*edges, 9, -9)), most=12)),
    )


def of_values(draw: Draw, shapes: Sequence[str], end: Callable[[Draw], End]) -> Concept:
    """Of a dict's values, what can be made of numbers in a list."""
    shape = draw.pick(shapes).split()
    p = a_dict(draw)
    steps, edges = _number_steps(draw, shape)
    found = ("take the values", "look at the values alone", "go through the values of the dict")
    item = Item("value", "values", f"list({p.name}.values())", found)
    chain = Chain(p, item, steps, end(draw))
    near = numbers_near(edges)
    return chain.concept(
        draw.name("process", "handle_values", chain.slug, f"{chain.end.slug}_of_values"),
        draw.dice,
        ask=single(({}, by_letter(near, "ab"))),
        edges=single(({}, by_letter(near))),
        ordinary=args(dicts(around(edges), most=6)),
    )


def _number_steps(draw: Draw, shape: Sequence[str]) -> tuple[tuple[Step, ...], Sequence[int]]:
    """With the numbers around which something changes."""
    fold = folding(draw) if "fold" in shape else None
    folds_first = "keep" in shape and fold is not None and shape.index("fold") < shape.index("keep")
    test = telling_test(draw, fold.of("n") if fold and folds_first else "n")
    return _steps(draw, shape, test, lambda: fold or number_change(draw)), test.edges


def of_texts(draw: Draw, shapes: Sequence[str], end: Callable[[Draw], End]) -> Concept:
    shape = draw.pick(shapes).split()
    test = spelling_test(draw)
    p, item, mark = _items_of_text(draw)
    steps = _steps(draw, shape, test, lambda: text_change(draw), texts=True)
    chain = Chain(p, item, steps, end(draw))
    texts = [*test.texts, "lantern", "oil", "Oil"]

    def given(some: Sequence[str]) -> Args:
        return (mark.join(text.replace(mark, "") for text in some) if mark else [*some],)

    def ordinary(dice: random.Random) -> Args:
        return given([dice.choice(texts) for _ in range(dice.randint(0, 9))])

    return chain.concept(
        draw.name("process", "handle_texts", chain.slug, f"{chain.end.slug}_of_texts"),
        draw.dice,
        ask=(given(texts[:2]), given([])),
        edges=(*map(given, ([], texts, texts[::-1], texts[:1] * 2, [""])),),
        ordinary=ordinary,
    )


def _items_of_text(draw: Draw) -> tuple[Param, Item, str]:
    """Strings of a list, words of a text, or its parts; and what they are joined with, if at all."""
    source = draw.pick(("list", "list", "words", "parts"))
    if source == "list":
        p = strings(draw)
        return p, Item("string", "strings", p.name), ""
    p = a_text(draw)
    if source == "words":
        found = ("split the text into words", "split it at whitespace", "take its words")
        return p, Item("word", "words", f"{p.name}.split()", found), " "
    mark = a_separator(draw)
    found = (f"split the text at «{mark}»", *(f"split it at {said}" for said in said_of(mark)))
    among = f"parts between {SEPARATORS[mark].split(' ', 1)[1]}s"
    return p, Item("part", "parts", f"{p.name}.split({mark!r})", found, among), mark


def _steps(
    draw: Draw,
    shape: Sequence[str],
    test: Test,
    change: Callable[[], Change],
    *,
    texts: bool = False,
) -> tuple[Step, ...]:
    v = "w" if texts else "n"
    make: dict[str, Callable[[], Step]] = {
        "keep": lambda: keep(draw, test, v),
        "change": lambda: change_each(change(), v),
        "fold": lambda: change_each(change(), v),
        "distinct": without_repeats,
        "sort": lambda: in_order(draw, texts=texts),
        "part": lambda: some_of(draw),
    }
    return tuple(make[kind]() for kind in shape)
