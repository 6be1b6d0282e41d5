"""Functions composed at random, so that composing is learnt and not each composition.

What a single step does, other families teach; what these may not do is in `unseen`.
"""

from collections.abc import Callable, Sequence

from ..concept import Catalogue, Concept
from ..draw import Draw
from ..making import args, single, texts, whole
from ..mathematical.shared import a_number
from ..pieces import Change, number_change, number_test, spelling_test, text_change
from ..string_manipulation.shared import a_separator, a_text, said_of
from .chain import Chain, End, Item
from .chain_sources import FOLDING, folding, of_numbers, of_texts, of_values, telling_test
from .chain_steps import (
    any_or_all,
    as_it_is,
    as_list,
    change_it,
    how_many,
    joined,
    labelled,
    length_of_all,
    one_of_them,
    total,
    whether,
)

LISTS = Catalogue("list_operations", since=3)
TEXTS = Catalogue("string_manipulation", since=3)
FLOWS = Catalogue("control_flow", since=3)
EDGES = Catalogue("edge_cases", since=3)
KINDS = Catalogue("type_operations", since=3)
DICTS = Catalogue("data_structures", since=3)
MATHS = Catalogue("mathematical", since=3)
CATALOGUES = (LISTS, TEXTS, FLOWS, EDGES, KINDS, DICTS, MATHS)


@LISTS.add("hard")
def numbers_to_list(draw: Draw) -> Concept:
    shapes = (
        *("keep change", "keep change", "fold keep", "part keep", "keep part", "part change"),
        *("keep change part", "part keep change", "fold distinct", "keep distinct sort"),
        *("sort part change", "fold keep sort", "keep fold distinct"),
    )
    return of_numbers(draw, shapes, lambda _: as_list("list[int]"))


@LISTS.add("hard")
def numbers_to_total(draw: Draw) -> Concept:
    # `keep change` is held out.
    shapes = (
        *("fold keep", "part keep", "keep part", "part change", "keep distinct", "sort part"),
        *("part keep change", "keep change part", "sort part change", "fold distinct"),
        *("distinct fold", "keep distinct fold"),
    )
    return of_numbers(draw, shapes, lambda _: total())


@LISTS.add("hard")
def numbers_to_count(draw: Draw) -> Concept:
    shapes = ("fold keep", "part keep", "keep distinct", "fold distinct", "part fold keep")
    return of_numbers(draw, shapes, lambda _: how_many())


@EDGES.add("hard")
def numbers_to_one(draw: Draw) -> Concept:
    # The largest of what is changed, without more steps, is held out.
    shapes = ("keep change", "fold keep", "part keep", "part change", "keep part")

    def end(draw: Draw) -> End:
        return one_of_them(draw, draw.pick(("largest", "smallest", "first", "last")))

    return of_numbers(draw, shapes, end)


@FLOWS.add("hard")
def numbers_to_label(draw: Draw) -> Concept:
    shapes = ("keep", "fold", "part", "fold keep", "part keep", "keep distinct")

    def end(draw: Draw) -> End:
        measure = draw.pick(("sum", "count"))
        low, high = (-30, 90) if measure == "sum" else (2, 6)
        test = number_test(draw, low=low, high=high)
        return labelled(draw, test, measure)

    return of_numbers(draw, shapes, end)


@KINDS.add("hard")
def numbers_to_text(draw: Draw) -> Concept:
    shapes = ("keep", "change", "keep change", "fold keep", "keep sort", "sort part", "distinct")

    def end(draw: Draw) -> End:
        mark = a_separator(draw)
        return joined(mark, said_of(mark), numbers=True)

    return of_numbers(draw, shapes, end)


@KINDS.add("hard")
def numbers_to_bool(draw: Draw) -> Concept:
    shapes = ("fold", "part", "keep", "part fold", "keep part")
    return of_numbers(draw, shapes, lambda draw: any_or_all(draw, number_test(draw)))


@LISTS.add("hard")
def texts_to_list(draw: Draw) -> Concept:
    shapes = (
        *("keep change", "part change", "part keep", "keep part", "keep sort", "change sort"),
        *("sort part", "distinct sort", "keep distinct", "keep change part", "keep distinct sort"),
    )
    return of_texts(draw, shapes, lambda _: as_list("list[str]"))


@TEXTS.add("hard")
def texts_to_text(draw: Draw) -> Concept:
    # `keep change` of words, joined, is held out.
    shapes = ("part change", "part keep", "keep part", "sort part", "keep sort", "distinct change")

    def end(draw: Draw) -> End:
        mark = a_separator(draw)
        return joined(mark, said_of(mark))

    return of_texts(draw, shapes, end)


@TEXTS.add("hard")
def texts_to_number(draw: Draw) -> Concept:
    shapes = ("part keep", "keep distinct", "keep part", "keep", "distinct")

    return of_texts(draw, shapes, lambda _: length_of_all())


@EDGES.add("hard")
def texts_to_one(draw: Draw) -> Concept:
    shapes = ("keep change", "part change", "part keep", "sort part", "keep part")

    def end(draw: Draw) -> End:
        return one_of_them(draw, draw.pick(("longest", "first", "last")), texts=True)

    return of_texts(draw, shapes, end)


@FLOWS.add("hard")
def texts_to_label(draw: Draw) -> Concept:
    shapes = ("part keep", "keep distinct", "distinct", "keep part")
    return of_texts(
        draw, shapes, lambda draw: labelled(draw, number_test(draw, low=2, high=6), "count")
    )


@KINDS.add("hard")
def texts_to_bool(draw: Draw) -> Concept:
    shapes = ("part", "sort part", "keep part", "part keep")
    return of_texts(draw, shapes, lambda draw: any_or_all(draw, spelling_test(draw), "w"))


@DICTS.add("hard")
def values_to_list(draw: Draw) -> Concept:
    shapes = ("keep change", "fold keep", "keep sort", "fold sort", "sort part", "keep distinct")
    return of_values(draw, shapes, lambda _: as_list("list[int]"))


@DICTS.add("hard")
def values_to_number(draw: Draw) -> Concept:
    # The sum of those that match and are changed is held out.
    def end(draw: Draw) -> End:
        return draw.pick((total, how_many))()

    return of_values(draw, ("fold keep", "keep distinct", "fold distinct"), end)


@DICTS.add("hard")
def values_to_one(draw: Draw) -> Concept:
    def end(draw: Draw) -> End:
        return one_of_them(draw, draw.pick(("largest", "smallest")))

    return of_values(draw, ("keep change", "fold keep", "fold"), end)


def _different(draw: Draw, change: Callable[[Draw], Change], first: Sequence[str]) -> list[Change]:
    """Two changes of which the first is one of these, and the second none of them: so they do not
    commute, and neither makes the other one needless."""

    def fits(two: Sequence[Change]) -> bool:
        one, other = (each.slug.partition("_")[0] in first for each in two)
        return one and not other

    return draw.fitting(lambda trial: [change(trial), change(trial)], fits)


@MATHS.add("medium")
def number_in_two_steps(draw: Draw) -> Concept:
    p = a_number(draw, "n", "x", "number", "value")
    changes = _different(draw, number_change, FOLDING)
    chain = Chain(p, Item("number", "", p.name), tuple(map(change_it, changes)), as_it_is("int"))
    return chain.concept(
        draw.name("compute", "convert_number", chain.slug, "new_value"),
        draw.dice,
        ask=single((0, 3, -1)),
        edges=single((0, 1, -1, 7, -12, 25, 100)),
        ordinary=args(whole(-60, 60)),
    )


@MATHS.add("medium")
def whether_changed(draw: Draw) -> Concept:
    p = a_number(draw, "n", "x", "number", "value")
    fold = folding(draw)
    test = telling_test(draw, fold.of("n"))
    chain = Chain(p, Item("number", "", p.name), (change_it(fold),), whether(test))
    return chain.concept(
        draw.name("check_number", "is_fitting", f"is_{chain.slug}", "test_value"),
        draw.dice,
        ask=single((0, 3, -1)),
        edges=single((0, 1, -1, *test.edges, 7, -12, 25)),
        ordinary=args(whole(-60, 60)),
    )


@TEXTS.add("medium")
def text_in_two_steps(draw: Draw) -> Concept:
    p = a_text(draw)
    changes = _different(draw, text_change, ("first", "reversed"))
    item = Item("text", "", p.name)
    chain = Chain(p, item, tuple(map(change_it, changes)), as_it_is("str"))
    some = ("", "a", "Lantern oil", "stones", "AEIOU", "rest in tins", "moraluvegip")
    return chain.concept(
        draw.name("edit", "convert_text", chain.slug, "new_text"),
        draw.dice,
        ask=single(("", "Oil")),
        edges=single(some),
        ordinary=args(texts(some)),
    )
