"""Numbers of a list that match, and one number or a new list made of them."""

from dataclasses import replace

from ..concept import Catalogue, Concept
from ..draw import Draw
from ..making import args, around, effect, lines, lists, loop, single
from ..pieces import defaults, number_test, numbers_near
from .shared import bounded_numbers, matching_numbers, numbers, some_numbers

LISTS = Catalogue("list_operations", since=3)
EDGES = Catalogue("edge_cases", since=3)
CATALOGUES = (LISTS, EDGES)


@LISTS.add("medium")
def total_from_start(draw: Draw) -> Concept:
    """Which match, their sum, and what it begins with."""
    test, k, p = number_test(draw), draw.number(2, 90, note="start "), numbers(draw)
    x = p.name
    total = f"{k} + sum(n for n in {x} if {test.of('n')})"
    return matching_numbers(p, test).concept(
        draw.name("total_from_start", f"total_{test.slug}", "new_balance", "total_with_start"),
        returns="int",
        summary=f"Add the numbers that {test.phrase.many} to {k}",
        body=f"return {total}",
        effects=[f"return {k} plus the sum of the numbers that {test.phrase.many}"],
        laws=(f"result == {k} + sum([n for n in {x} if {test.of('n')}])",),
        words={"k": str(k)},
    )


@LISTS.add("medium")
def points_for_matching(draw: Draw) -> Concept:
    """Which match, how many they are, and so many points for each."""
    test, k, p = number_test(draw), draw.number(2, 25, note="each "), numbers(draw)
    x = p.name
    return matching_numbers(p, test).concept(
        draw.name("points", f"points_{test.slug}", "award_points", "score_list"),
        returns="int",
        summary=f"Give {k} points for each number that {test.phrase.one}",
        body=f"return {k} * sum(1 for n in {x} if {test.of('n')})",
        effects=[f"return {k} times how many numbers {test.phrase.many}"],
        laws=(f"result == {k} * len([n for n in {x} if {test.of('n')}])",),
        words={"k": str(k)},
    )


@LISTS.add("medium")
def total_of_clamped(draw: Draw) -> Concept:
    """Each brought into a range, and their sum."""
    low, high = draw.numbers(2, -20, 60)
    p = numbers(draw)
    x = p.name
    bounded = f"{low} if n < {low} else {high} if n > {high} else n"
    return bounded_numbers(p, low, high).concept(
        draw.name("total_of_clamped", "bounded_sum", "sum_limited", "capped_total"),
        returns="int",
        summary=f"Add up the numbers after bringing each into the range from {low} to {high}",
        body=f"return sum(max({low}, min(n, {high})) for n in {x})",
        effects=[
            (
                f"return the sum of the numbers, where one below {low} counts as {low} and one "
                f"above {high} counts as {high}"
            ),
        ],
        laws=(f"result == sum([{bounded} for n in {x}])",),
        constraints=(loop("all", "every number counts"),),
    )


@LISTS.add("hard")
def running_totals(draw: Draw) -> Concept:
    """Which match, and what they add up to so far."""
    test, k, p = number_test(draw), draw.number(2, 90, note="start "), numbers(draw)
    x, matching = p.name, f"[n for n in {p.name} if {test.of('n')}]"
    return matching_numbers(p, test).concept(
        draw.name("running_totals", "balances", "sums_so_far", f"totals_{test.slug}"),
        returns="list[int]",
        summary=f"List the running totals, from {k} on, of the numbers that {test.phrase.many}",
        body=lines(
            f"total = {k}",
            "totals = []",
            f"for n in {x}:",
            f"    if {test.of('n')}:",
            "        total += n",
            "        totals.append(total)",
            "return totals",
        ),
        effects=[
            f"start a total at {k} and pass over numbers unless they {test.phrase.many}",
            "add each other number to the total and put the new total into a list",
            effect("return the list", order="after the last number"),
        ],
        laws=(f"result == [{k} + sum({matching}[:i + 1]) for i in range(len({matching}))]",),
        words={"k": str(k)},
    )


@EDGES.add("medium")
def total_until(draw: Draw) -> Concept:
    """Where the first one is that matches, and the sum of those before it."""
    test, p = number_test(draw), numbers(draw)
    x = p.name
    stopped = f"any({test.of('m')} for m in {x}[:i + 1])"
    given = matching_numbers(p, test, [4, 100, *test.edges, 7])
    further = args(lists(around((*test.edges, 11, -7))))
    return replace(given, ordinary=further).concept(
        draw.name("total_until", f"sum_until_{test.slug}", "sum_before", "total_before_stop"),
        returns="int",
        summary=f"Add up the numbers before the first one that {test.phrase.one}",
        body=lines(
            "total = 0",
            f"for n in {x}:",
            f"    if {test.of('n')}:",
            "        break",
            "    total += n",
            "return total",
        ),
        effects=[
            f"stop at the first number that {test.phrase.one}; it is not added itself",
            "return the sum of the numbers before it, of all where there is none",
        ],
        laws=(f"result == sum([n for i, n in enumerate({x}) if not {stopped}])",),
        constraints=(loop("first", "the first match ends it"),),
    )


@EDGES.add("medium")
def spread_of_matching(draw: Draw) -> Concept:
    """Which match, how far the largest is from the smallest, and a default."""
    test, p = number_test(draw), numbers(draw)
    value, said = defaults(draw)
    x, found = p.name, f"[n for n in {p.name} if {test.of('n')}]"
    some = f"any({test.of('n')} for n in {x})"
    return matching_numbers(p, test, [*test.edges[:2], 40, -40]).concept(
        draw.name("spread", f"spread_{test.slug}", "value_range", "width_of_matching"),
        returns="int | None" if value is None else "int",
        summary=f"Largest minus smallest of the numbers that {test.phrase.many}, or {value}",
        body=lines(
            f"matching = {found}",
            "if not matching:",
            f"    return {value}",
            "return max(matching) - min(matching)",
        ),
        effects=[
            effect(f"return {value}", f"not {some}", returns=(value,)),
            effect(f"return the largest minus the smallest number that {test.phrase.one}", some),
        ],
        laws=(f"result == (max({found}) - min({found}) if {some} else {value})",),
        words={"d": said},
    )


@EDGES.add("medium")
def index_of_match(draw: Draw) -> Concept:
    """Where the first or the last one is that matches, and a default."""
    test, p = number_test(draw), numbers(draw)
    last = draw.pick((False, True))
    value, said = defaults(draw)
    x, which = p.name, "last" if last else "first"
    places = f"[i for i, n in enumerate({x}) if {test.of('n')}]"
    some = f"any({test.of('n')} for n in {x})"
    head = (
        lines(f"for i in range(len({x}) - 1, -1, -1):", f"    if {test.of(f'{x}[i]')}:")
        if last
        else lines(f"for i, n in enumerate({x}):", f"    if {test.of('n')}:")
    )
    asked = single((some_numbers(test), [*numbers_near(test.edges)], []))
    return replace(matching_numbers(p, test), ask=asked).concept(
        draw.name(f"index_of_{which}", f"where_{test.slug}", "position_of", "find_place"),
        returns="int | None" if value is None else "int",
        summary=f"Find the index of the {which} number that {test.phrase.one}, or {value}",
        body=lines(head, "        return i", f"return {value}"),
        effects=[
            effect(f"return the index of the {which} number that {test.phrase.one}", some),
            effect(f"return {value}", f"not {some}", returns=(value,)),
        ],
        laws=(f"result == ({places} or [{value}])[{-1 if last else 0}]",),
        words={"which": which, "d": said},
        constraints=(loop(which, f"the {which} match counts"),),
    )
