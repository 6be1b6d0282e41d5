"""Lists of numbers: sorted, parted, without repeats, counted by label, judged as a whole."""

from dataclasses import replace

from ..concept import Catalogue, Concept
from ..control_flow.shared import by_branches, with_words
from ..draw import Draw
from ..making import args, around, effect, lines, lists, loop, single
from ..pieces import number_test
from .shared import matching_numbers, numbers, some_numbers

LISTS = Catalogue("list_operations", since=3)
FLOWS = Catalogue("control_flow", since=3)
DICTS = Catalogue("data_structures", since=3)
CATALOGUES = (LISTS, FLOWS, DICTS)


@LISTS.add("medium")
def first_of_sorted(draw: Draw) -> Concept:
    """Which match, in order of size, and so many of them."""
    test, k, p = number_test(draw), draw.number(2, 6, note="take "), numbers(draw)
    largest = draw.pick((False, True))
    x = p.name
    matching = f"[n for n in {x} if {test.of('n')}]"
    body = f"sorted({matching}, reverse=True)[:{k}]" if largest else f"sorted({matching})[:{k}]"
    way = "largest" if largest else "smallest"
    order = (
        ("the largest first", "in descending order", "from large to small")
        if largest
        else ("the smallest first", "in ascending order", "from small to large")
    )
    return matching_numbers(p, test, [*test.edges, *test.edges], most=10).concept(
        draw.name(f"{way}_few", f"{way}_{test.slug}", "pick_extremes", "ranked_numbers"),
        returns="list[int]",
        summary=f"List the {k} {way} of the numbers that {test.phrase.many}, {order[0]}",
        body=f"return {body}",
        effects=[
            effect(f"leave out numbers unless they {test.phrase.many}", order="before sorting"),
            f"return the {k} {way} of the others, {order[0]}; all where there are fewer",
        ],
        words={"k": str(k), "way": way, "order": order},
    )


@LISTS.add("medium")
def part_in_two(draw: Draw) -> Concept:
    """Which match and which do not, in a list each."""
    test, p = number_test(draw), numbers(draw)
    others_first = draw.pick((False, True))
    x = p.name
    order = (
        ("the others first, the matching ones second", "those that don't match come first")
        if others_first
        else ("the matching ones first, the others second", "those that match come first")
    )
    two = "others, matching" if others_first else "matching, others"
    made = [f"[n for n in {x} if {test.of('n')}]", f"[n for n in {x} if not ({test.of('n')})]"]
    return matching_numbers(p, test).concept(
        draw.name("part_in_two", f"split_{test.slug}", "separate", "two_lists"),
        returns="tuple[list[int], list[int]]",
        summary=f"Part the list by which numbers {test.phrase.many}, {order[0]}",
        body=lines(
            "matching = []",
            "others = []",
            f"for n in {x}:",
            f"    if {test.of('n')}:",
            "        matching.append(n)",
            "    else:",
            "        others.append(n)",
            f"return ({two})",
        ),
        effects=[
            f"put numbers that {test.phrase.many} into one list, all others into another",
            f"return a tuple of the two lists, {order[0]}; each keeps the order",
        ],
        laws=(f"result == ({', '.join(made[::-1] if others_first else made)})",),
        words={"order": order},
    )


@LISTS.add("medium")
def distinct_matching(draw: Draw) -> Concept:
    """Which match, each value once."""
    test, p = number_test(draw), numbers(draw)
    x = p.name
    given = matching_numbers(p, test, [*test.edges, *test.edges[::-1]], most=10)
    return replace(given, ask=((some_numbers(test) * 2,), ([],))).concept(
        draw.name("distinct_matching", f"unique_{test.slug}", "without_repeats", "distinct"),
        returns="list[int]",
        summary=f"Keep the numbers that {test.phrase.many}, each value once",
        body=lines(
            "found = []",
            f"for n in {x}:",
            f"    if {test.of('n')} and n not in found:",
            "        found.append(n)",
            "return found",
        ),
        effects=[
            (
                f"return the numbers that {test.phrase.many} in their order, each value only "
                "where it comes first"
            ),
        ],
        laws=(f"result == [n for i, n in enumerate({x}) if {test.of('n')} and n not in {x}[:i]]",),
    )


@FLOWS.add("medium")
def label_by_total(draw: Draw) -> Concept:
    """Their sum, a condition on it, two labels."""
    test, p = number_test(draw), numbers(draw)
    yes, no = draw.labels(2)
    x = p.name
    concept = by_branches(
        draw.name("label_by_total", f"total_{test.slug}", "judge_total", "sum_label"),
        (p,),
        f"Say {yes!r} if the sum of the numbers {test.phrase.one}, else {no!r}",
        [(test.of(f"sum({x})"), yes), (None, no)],
        [f"the sum of its numbers {test.phrase.one}"],
        (([],), *(([edge - 20, 20],) for edge in test.edges), (([test.edges[0]],))),
        ask=(([],), *(([edge - 3, 3],) for edge in test.edges[:3])),
        ordinary=args(lists(around(test.edges), most=4)),
    )
    return with_words(concept, {"t": test.said})


@FLOWS.add("medium")
def label_by_all(draw: Draw) -> Concept:
    """Whether all match, or any, and two labels."""
    test, p = number_test(draw), numbers(draw)
    kind = draw.pick(("all", "any"))
    yes, no = draw.labels(2)
    x = p.name
    every = kind == "all"
    which = (
        ("every number", "each number", "every single number")
        if every
        else ("at least one number", "some number", "one number or another")
    )
    empty = (
        (f"An empty list is «{yes}»", f"With no numbers at all it is «{yes}»")
        if every
        else (f"An empty list is «{no}»", f"With no numbers at all it is «{no}»")
    )
    concept = by_branches(
        draw.name(f"{kind}_{test.slug}", "judge_numbers", f"label_by_{kind}", "check_all_numbers"),
        (p,),
        f"Say {yes!r} if {which[0]} {test.phrase.one}, else {no!r}",
        [(f"{kind}({test.of('n')} for n in {x})", yes), (None, no)],
        [f"{which[0]} in it {test.phrase.one}"],
        matching_numbers(p, test).edges,
        ask=single(([], some_numbers(test), [test.edges[1]])),
        ordinary=args(lists(around(test.edges), most=4)),
    )
    return with_words(concept, {"t": test.said, "which": which, "empty": empty})


@DICTS.add("medium")
def counts_by_label(draw: Draw) -> Concept:
    """How many match and how many do not, by label."""
    test, p = number_test(draw), numbers(draw)
    yes, no = draw.labels(2)
    x = p.name
    how_many = f"len([n for n in {x} if {test.of('n')}])"
    return matching_numbers(p, test).concept(
        draw.name("counts_by_label", f"count_{test.slug}_or_not", "tally_two", "sort_counts"),
        returns="dict[str, int]",
        summary=f"Count the numbers that {test.phrase.many} as {yes!r} and the others as {no!r}",
        body=lines(
            f"counts = {{{yes!r}: 0, {no!r}: 0}}",
            f"for n in {x}:",
            f"    if {test.of('n')}:",
            f"        counts[{yes!r}] += 1",
            "    else:",
            f"        counts[{no!r}] += 1",
            "return counts",
        ),
        effects=[
            f"start a dict with 0 for {yes!r} and 0 for {no!r}",
            f"add 1 under {yes!r} for each number that {test.phrase.one}, else {no!r}",
            "return the dict, with both keys even where a count is 0",
        ],
        laws=(f"result == {{{yes!r}: {how_many}, {no!r}: len({x}) - {how_many}}}",),
        words={"l0": f"«{yes}»", "l1": f"«{no}»"},
        constraints=(loop("all", "every number is counted"),),
    )
