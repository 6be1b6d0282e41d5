"""Functions composed at random, so that composing is learnt and not each composition.

What a single step does, other families teach; what these may not do is in `unseen`.
"""

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

from ..concept import Args, Catalogue, Concept, Param
from ..data_structures.shared import KEYS, a_dict
from ..draw import Draw
from ..making import args, around, lists, whole
from ..making import texts as some_text
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
from .chain_steps import (
    any_or_all,
    as_it_is,
    as_list,
    change_each,
    change_it,
    how_many,
    in_order,
    joined,
    keep,
    labelled,
    length_of_all,
    one_of_them,
    some_of,
    total,
    whether,
    without_repeats,
)
from .shared import numbers, strings

LISTS = Catalogue("list_operations", since=3)
TEXTS = Catalogue("string_manipulation", since=3)
FLOWS = Catalogue("control_flow", since=3)
EDGES = Catalogue("edge_cases", since=3)
KINDS = Catalogue("type_operations", since=3)
DICTS = Catalogue("data_structures", since=3)
MATHS = Catalogue("mathematical", since=3)
CATALOGUES = (LISTS, TEXTS, FLOWS, EDGES, KINDS, DICTS, MATHS)

_T = TypeVar("_T")
_FOLDING = ("squared", "absolute", "modulo")
"""Changes after which a condition is not one on the number before."""


_SOME = range(-60, 61)


def _drawn(draw: Draw, make: Callable[[Draw], _T], fits: Callable[[_T], bool]) -> _T:
    """The first that fits; of the others nothing is recorded."""
    while True:
        trial = Draw(draw.dice)
        made = make(trial)
        if fits(made):
            draw.note(trial.record, is_open=trial.is_open)
            return made


def _folding(draw: Draw) -> Change:
    return _drawn(draw, number_change, lambda change: change.slug.startswith(_FOLDING))


def _telling_test(draw: Draw, expression: str = "n") -> Test:
    """A condition on what becomes of `n` that holds for some, and not for others. What `n` is
    divisible by can be told after most changes as well as before: that is left out."""

    def fits(test: Test) -> bool:
        if expression != "n" and "%" in test.expression:
            return False
        condition = compile(test.of(f"({expression})"), "condition", "eval")
        holds = sum(bool(eval(condition, {"n": n, "abs": abs})) for n in _SOME)
        return 6 <= holds <= len(_SOME) - 6

    return _drawn(draw, number_test, fits)


def _number_steps(draw: Draw, shape: Sequence[str]) -> tuple[tuple[Step, ...], Sequence[int]]:
    """With the numbers around which something changes."""
    fold = _folding(draw) if "fold" in shape else None
    folds_first = "keep" in shape and fold is not None and shape.index("fold") < shape.index("keep")
    test = _telling_test(draw, fold.of("n") if fold and folds_first else "n")
    make: dict[str, Callable[[], Step]] = {
        "keep": lambda: keep(draw, test),
        "change": lambda: change_each(fold or number_change(draw)),
        "distinct": without_repeats,
        "sort": lambda: in_order(draw),
        "part": lambda: some_of(draw),
    }
    return tuple(make["change" if kind == "fold" else kind]() for kind in shape), test.edges


def _of_numbers(draw: Draw, shapes: Sequence[str], end: Callable[[Draw], End]) -> Concept:
    shape = draw.pick(shapes).split()
    p = numbers(draw)
    steps, edges = _number_steps(draw, shape)
    near = [*numbers_near(edges)]
    chain = Chain(p, Item("number", "numbers", p.name), steps, end(draw))
    return chain.concept(
        draw.name("process", "handle_numbers", chain.slug, f"{chain.end.slug}_of_list"),
        draw.dice,
        ask=(([],), ([*edges[:2]],)),
        edges=(([],), (near,), (near[::-1],), ([*near, *near[::-1], 4, 40, -7],), (near[:1] * 2,)),
        ordinary=args(lists(around((*edges, 9, -9)), most=12)),
    )


@LISTS.add("hard")
def numbers_to_list(draw: Draw) -> Concept:
    shapes = (
        *("keep change", "keep change", "fold keep", "part keep", "keep part", "part change"),
        *("keep change part", "part keep change", "fold distinct", "keep distinct sort"),
        *("sort part change", "fold keep sort", "keep fold distinct"),
    )
    return _of_numbers(draw, shapes, lambda _: as_list("list[int]"))


@LISTS.add("hard")
def numbers_to_total(draw: Draw) -> Concept:
    # `keep change` is held out.
    shapes = (
        *("fold keep", "part keep", "keep part", "part change", "keep distinct", "sort part"),
        *("part keep change", "keep change part", "sort part change", "fold distinct"),
        *("distinct fold", "keep distinct fold"),
    )
    return _of_numbers(draw, shapes, lambda _: total())


@LISTS.add("hard")
def numbers_to_count(draw: Draw) -> Concept:
    shapes = ("fold keep", "part keep", "keep distinct", "fold distinct", "part fold keep")
    return _of_numbers(draw, shapes, lambda _: how_many())


@EDGES.add("hard")
def numbers_to_one(draw: Draw) -> Concept:
    # The largest of what is changed, without more steps, is held out.
    shapes = ("keep change", "fold keep", "part keep", "part change", "keep part")

    def end(draw: Draw) -> End:
        return one_of_them(draw, draw.pick(("largest", "smallest", "first", "last")))

    return _of_numbers(draw, shapes, end)


@FLOWS.add("hard")
def numbers_to_label(draw: Draw) -> Concept:
    shapes = ("keep", "fold", "part", "fold keep", "part keep", "keep distinct")

    def end(draw: Draw) -> End:
        measure = draw.pick(("sum", "count"))
        low, high = (-30, 90) if measure == "sum" else (2, 6)
        test = number_test(draw, low=low, high=high)
        return labelled(draw, test, measure)

    return _of_numbers(draw, shapes, end)


@KINDS.add("hard")
def numbers_to_text(draw: Draw) -> Concept:
    shapes = ("keep", "change", "keep change", "fold keep", "keep sort", "sort part", "distinct")

    def end(draw: Draw) -> End:
        mark = a_separator(draw)
        return joined(mark, said_of(mark), numbers=True)

    return _of_numbers(draw, shapes, end)


@KINDS.add("hard")
def numbers_to_bool(draw: Draw) -> Concept:
    shapes = ("fold", "part", "keep", "part fold", "keep part")
    return _of_numbers(draw, shapes, lambda draw: any_or_all(draw, number_test(draw)))


def _text_steps(draw: Draw, shape: Sequence[str], test: Test) -> tuple[Step, ...]:
    make: dict[str, Callable[[], Step]] = {
        "keep": lambda: keep(draw, test, "w"),
        "change": lambda: change_each(text_change(draw), "w"),
        "distinct": without_repeats,
        "sort": lambda: in_order(draw, texts=True),
        "part": lambda: some_of(draw),
    }
    return tuple(make[kind]() for kind in shape)


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


def _of_texts(draw: Draw, shapes: Sequence[str], end: Callable[[Draw], End]) -> Concept:
    shape = draw.pick(shapes).split()
    test = spelling_test(draw)
    p, item, mark = _items_of_text(draw)
    chain = Chain(p, item, _text_steps(draw, shape, test), end(draw))
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


@LISTS.add("hard")
def texts_to_list(draw: Draw) -> Concept:
    shapes = (
        *("keep change", "part change", "part keep", "keep part", "keep sort", "change sort"),
        *("sort part", "distinct sort", "keep distinct", "keep change part", "keep distinct sort"),
    )
    return _of_texts(draw, shapes, lambda _: as_list("list[str]"))


@TEXTS.add("hard")
def texts_to_text(draw: Draw) -> Concept:
    # `keep change` of words, joined, is held out.
    shapes = ("part change", "part keep", "keep part", "sort part", "keep sort", "distinct change")

    def end(draw: Draw) -> End:
        mark = a_separator(draw)
        return joined(mark, said_of(mark))

    return _of_texts(draw, shapes, end)


@TEXTS.add("hard")
def texts_to_number(draw: Draw) -> Concept:
    shapes = ("part keep", "keep distinct", "keep part", "keep", "distinct")

    def end(draw: Draw) -> End:
        return length_of_all()

    return _of_texts(draw, shapes, end)


@EDGES.add("hard")
def texts_to_one(draw: Draw) -> Concept:
    shapes = ("keep change", "part change", "part keep", "sort part", "keep part")

    def end(draw: Draw) -> End:
        return one_of_them(draw, draw.pick(("longest", "first", "last")), texts=True)

    return _of_texts(draw, shapes, end)


@FLOWS.add("hard")
def texts_to_label(draw: Draw) -> Concept:
    shapes = ("part keep", "keep distinct", "distinct", "keep part")
    return _of_texts(
        draw, shapes, lambda draw: labelled(draw, number_test(draw, low=2, high=6), "count")
    )


@KINDS.add("hard")
def texts_to_bool(draw: Draw) -> Concept:
    shapes = ("part", "sort part", "keep part", "part keep")
    return _of_texts(draw, shapes, lambda draw: any_or_all(draw, spelling_test(draw), "w"))


def _of_values(draw: Draw, shapes: Sequence[str], end: Callable[[Draw], End]) -> Concept:
    """Of a dict's values, what can be made of numbers in a list."""
    shape = draw.pick(shapes).split()
    p = a_dict(draw)
    steps, edges = _number_steps(draw, shape)
    found = ("take the values", "look at the values alone", "go through the values of the dict")
    item = Item("value", "values", f"list({p.name}.values())", found)
    chain = Chain(p, item, steps, end(draw))
    number, near = around(edges), [*numbers_near(edges)]
    return chain.concept(
        draw.name("process", "handle_values", chain.slug, f"{chain.end.slug}_of_values"),
        draw.dice,
        ask=(({},), (dict(zip("ab", near, strict=False)),)),
        edges=(({},), (dict(zip("abcdefghij", near, strict=False)),)),
        ordinary=lambda dice: ({k: number(dice) for k in dice.sample(KEYS, dice.randint(1, 6))},),
    )


@DICTS.add("hard")
def values_to_list(draw: Draw) -> Concept:
    shapes = ("keep change", "fold keep", "keep sort", "fold sort", "sort part", "keep distinct")
    return _of_values(draw, shapes, lambda _: as_list("list[int]"))


@DICTS.add("hard")
def values_to_number(draw: Draw) -> Concept:
    # The sum of those that match and are changed is held out.
    def end(draw: Draw) -> End:
        return draw.pick((total, how_many))()

    return _of_values(draw, ("fold keep", "keep distinct", "fold distinct"), end)


@DICTS.add("hard")
def values_to_one(draw: Draw) -> Concept:
    def end(draw: Draw) -> End:
        return one_of_them(draw, draw.pick(("largest", "smallest")))

    return _of_values(draw, ("keep change", "fold keep", "fold"), end)


def _different(draw: Draw, change: Callable[[Draw], Change], first: Sequence[str]) -> list[Change]:
    """Two changes of which the first is one of these, and the second none of them: so they do not
    commute, and neither makes the other one needless."""

    def fits(two: Sequence[Change]) -> bool:
        one, other = (each.slug.partition("_")[0] in first for each in two)
        return one and not other

    return _drawn(draw, lambda trial: [change(trial), change(trial)], fits)


@MATHS.add("medium")
def number_in_two_steps(draw: Draw) -> Concept:
    name = draw.name("n", "x", "number", "value")
    p = Param(name, "int", draw.name("number", "integer"), "number")
    changes = _different(draw, number_change, _FOLDING)
    chain = Chain(p, Item("number", "", name), tuple(map(change_it, changes)), as_it_is("int"))
    return chain.concept(
        draw.name("compute", "convert_number", chain.slug, "new_value"),
        draw.dice,
        ask=((0,), (3,), (-1,)),
        edges=((0,), (1,), (-1,), (7,), (-12,), (25,), (100,)),
        ordinary=args(whole(-60, 60)),
    )


@MATHS.add("medium")
def whether_changed(draw: Draw) -> Concept:
    name = draw.name("n", "x", "number", "value")
    p = Param(name, "int", draw.name("number", "integer"), "number")
    fold = _folding(draw)
    test = _telling_test(draw, fold.of("n"))
    chain = Chain(p, Item("number", "", name), (change_it(fold),), whether(test))
    return chain.concept(
        draw.name("check_number", "is_fitting", f"is_{chain.slug}", "test_value"),
        draw.dice,
        ask=((0,), (3,), (-1,)),
        edges=((0,), (1,), (-1,), *((edge,) for edge in test.edges), (7,), (-12,), (25,)),
        ordinary=args(whole(-60, 60)),
    )


@TEXTS.add("medium")
def text_in_two_steps(draw: Draw) -> Concept:
    p = a_text(draw)
    changes = _different(draw, text_change, ("first", "reversed"))
    item = Item("text", "", p.name)
    chain = Chain(p, item, tuple(map(change_it, changes)), as_it_is("str"))
    texts = ("", "a", "Lantern oil", "stones", "AEIOU", "rest in tins", "moraluvegip")
    return chain.concept(
        draw.name("edit", "convert_text", chain.slug, "new_text"),
        draw.dice,
        ask=(("",), ("Oil",)),
        edges=tuple((text,) for text in texts),
        ordinary=args(some_text(texts)),
    )
