"""Compositions that nothing is learnt from: each piece is known from other families, together
they are not."""

from ..concept import Catalogue, Concept, Param
from ..control_flow.shared import by_branches, with_words
from ..data_structures.shared import a_default, a_dict, said_of
from ..draw import Draw
from ..given import a_list_of_ints
from ..making import args, around, effect, lists, loop
from ..pieces import number_change, number_test, numbers_near, spelling_test, text_change
from ..string_manipulation.shared import a_text
from .shared import matching_values, matching_words, plain

LISTS = Catalogue("list_operations", since=2)
TEXTS = Catalogue("string_manipulation", since=2)
DICTS = Catalogue("data_structures", since=2)
FLOWS = Catalogue("control_flow", since=2)
CATALOGUES = (LISTS, TEXTS, DICTS, FLOWS)


def _numbers(draw: Draw) -> Param:
    return a_list_of_ints(draw, "numbers", "values", "amounts", "xs")


@LISTS.add("medium", held_out=True)
def total_of_changed(draw: Draw) -> Concept:
    """Which match, what becomes of them, their sum."""
    test, change, p = number_test(draw), number_change(draw), _numbers(draw)
    total = f"sum({change.of('n')} for n in {p.name} if {test.of('n')})"
    near = [*numbers_near(test.edges)]
    return Concept(
        name=draw.name("total_of_changed", f"sum_{test.slug}", f"total_{change.slug}"),
        params=(p,),
        returns="int",
        summary=f"Add up the numbers that {test.phrase.many}, each {change.said[0]}",
        body=f"return {total}",
        effects=(
            effect(f"return the sum of the numbers that {test.phrase.many}, each {change.said[0]}"),
        ),
        laws=(f"result == {total}",),
        ask=((near,), ([],)),
        edges=(([],), (near,), *(([edge],) for edge in test.edges[:4])),
        ordinary=args(lists(around(test.edges))),
        words={"t": test.said, "c": change.said},
        constraints=(loop("all", "every number is looked at"),),
    )


@LISTS.add("medium", held_out=True)
def largest_of_changed(draw: Draw) -> Concept:
    """What becomes of each, the largest, and a default."""
    change, default, p = number_change(draw), a_default(draw), _numbers(draw)
    found = f"max([{change.of('n')} for n in {p.name}])"
    return Concept(
        name=draw.name("largest_of_changed", f"largest_{change.slug}", "top_value"),
        params=(p,),
        returns="int" if default is not None else "int | None",
        summary=f"Find the largest number once each is {change.said[0]}, or {default}",
        body=f"if not {p.name}:\n    return {default}\nreturn {found}",
        effects=(
            effect(f"return {default}", f"not {p.name}", returns=(default,)),
            effect(
                f"return the largest of the numbers, each {change.said[0]}", f"len({p.name}) > 0"
            ),
        ),
        laws=(f"result == ({found} if {p.name} else {default})",),
        ask=(([3, -8, 5],), ([],)),
        edges=(([],), ([0],), ([-1],), ([2, 2],), ([40, -41, 7],), ([-5, -9, -70],)),
        ordinary=args(lists(around((-20, 0, 35)))),
        words={"c": change.said, "d": said_of(default)},
    )


@TEXTS.add("medium", held_out=True)
def matching_words_changed(draw: Draw) -> Concept:
    """Which words match, what becomes of them, joined again."""
    test, change = spelling_test(draw), text_change(draw)
    p = a_text(draw, "text", "line", "sentence", "phrase")
    those, each = plain(test.phrase.many), plain(change.said[0])
    made = f"' '.join({change.of('w')} for w in {p.name}.split() if {test.of('w')})"
    return matching_words(p, test).concept(
        draw.name("matching_words_changed", f"{change.slug}_{test.slug}", "pick_words"),
        returns="str",
        summary=f"The words that {those}, each {each}",
        body=f"return {made}",
        effects=[f"return the words that {those}, each {each}, joined by single spaces"],
        laws=(f"result == {made.replace('(', '([', 1)[:-1]}])",),
        words={"c": change.said},
    )


@DICTS.add("medium", held_out=True)
def total_of_changed_values(draw: Draw) -> Concept:
    """Which values match, what becomes of them, their sum."""
    test, change, p = number_test(draw), number_change(draw), a_dict(draw)
    return matching_values(p, test).concept(
        draw.name("total_of_changed_values", f"values_{test.slug}", "weigh_entries"),
        returns="int",
        summary=f"Add up the values that {test.phrase.many}, each {change.said[0]}",
        body=f"return sum({change.of('v')} for v in {p.name}.values() if {test.of('v')})",
        effects=[f"return the sum of the values that {test.phrase.many}, each {change.said[0]}"],
        words={"c": change.said},
    )


@FLOWS.add("medium", held_out=True)
def label_by_largest(draw: Draw) -> Concept:
    """The largest of a list, a condition on it, two labels; a third where there is none."""
    test, p = number_test(draw), _numbers(draw)
    yes, no, none = draw.labels(3)
    x = p.name
    concept = by_branches(
        draw.name("label_by_largest", f"largest_{test.slug}", "judge_list"),
        (p,),
        f"Say {yes!r} if the largest number {test.phrase.one}, else {no!r}; {none!r} for none",
        [(f"not {x}", none), (test.of(f"max({x})"), yes), (None, no)],
        ["it is empty", f"the largest number in it {test.phrase.one}"],
        (([],), *(([edge, edge - 20],) for edge in test.edges)),
        ask=(([],), *(([edge],) for edge in test.edges[:2])),
        ordinary=args(lists(around(test.edges))),
    )
    return with_words(
        concept, {"t": test.said, "yes": f"«{yes}»", "no": f"«{no}»", "none": f"«{none}»"}
    )
