"""Lists: bounds, labels and differences of each number; an average of some."""

from ..concept import Catalogue, Concept, Param
from ..data_structures.shared import said_of
from ..draw import Draw
from ..given import a_list_of_ints
from ..making import args, around, effect, lines, lists, loop
from ..pieces import number_test, numbers_near
from .shared import bounded_numbers

CATALOGUE = Catalogue("list_operations", since=2)


def _numbers(draw: Draw) -> Param:
    return a_list_of_ints(draw, "numbers", "values", "nums", "items", "data", "xs")


@CATALOGUE.add("easy")
def clamp_each(draw: Draw) -> Concept:
    low, high = draw.numbers(2, -20, 60)
    p = _numbers(draw)
    xs = p.name
    return bounded_numbers(p, low, high).concept(
        draw.name("clamp_all", "limit_values", "bound_each", "clip_numbers"),
        returns="list[int]",
        summary=f"Bring every number into the range from {low} to {high}",
        body=f"return [max({low}, min(n, {high})) for n in {xs}]",
        effects=[
            (
                f"return a new list in which numbers below {low} have become {low} and numbers "
                f"above {high} have become {high}"
            ),
        ],
        laws=(f"result == [{low} if n < {low} else {high} if n > {high} else n for n in {xs}]",),
        constraints=(loop("all", "every number is bounded"),),
    )


_STEPS = {
    "rise": ("b - a", ("the later one minus the earlier one", "how much it rises to the next")),
    "gap": ("abs(b - a)", ("their distance, without a sign", "how far they are apart (never < 0)")),
    "sum": ("a + b", ("their sum", "both added")),
    "larger": ("max(a, b)", ("the larger of the two", "the bigger one of both")),
}


@CATALOGUE.add("medium")
def neighbour_values(draw: Draw) -> Concept:
    kind = draw.pick(tuple(_STEPS))
    k = draw.number(2, 9, note="*")
    value, said = _STEPS[kind]
    p = _numbers(draw)
    xs = p.name
    made = f"[({value}) * {k} for a, b in zip({xs}, {xs}[1:])]"
    times = (f"times {k}", f"multiplied by {k}")
    return Concept(
        name=draw.name(f"{kind}s_between", "neighbours", f"pairwise_{kind}", "step_values"),
        params=(p,),
        returns="list[int]",
        summary=f"For every two neighbours, {said[0]}, times {k}",
        body=f"return {made}",
        effects=(
            effect(f"return a list with one number for every two neighbours: {said[0]}, times {k}"),
        ),
        laws=(f"result == {made}",),
        ask=(([3, 5, 1],), ([4],), ([],)),
        edges=(([],), ([7],), ([1, 1],), ([5, -5, 5],), ([0, 10, 3, 3],)),
        ordinary=args(lists(around((0, 20)))),
        words={"said": said, "times": times},
        constraints=(loop("all", "every two neighbours give a number"),),
    )


@CATALOGUE.add("easy")
def label_each(draw: Draw) -> Concept:
    test, p = number_test(draw), _numbers(draw)
    yes, no = draw.labels(2)
    xs = p.name
    made = f"[{yes!r} if {test.of('n')} else {no!r} for n in {xs}]"
    edges = [*numbers_near(test.edges)]
    return Concept(
        name=draw.name(f"label_{test.slug}_each", "label_all", "mark_numbers", "labels_of"),
        params=(p,),
        returns="list[str]",
        summary=f"Say {yes!r} for each number that {test.phrase.one}, else {no!r}",
        body=f"return {made}",
        effects=(
            effect(
                f"return a list with {yes!r} for each number that {test.phrase.one} and {no!r} for "
                f"each other one, in their order"
            ),
        ),
        laws=(f"result == {made}",),
        ask=((edges[:3],), ([],)),
        edges=(([],), (edges,), (edges[::-1],), *(([edge],) for edge in test.edges[:4])),
        ordinary=args(lists(around(test.edges))),
        words={"t": test.said, "l0": f"«{yes}»", "l1": f"«{no}»"},
        constraints=(loop("all", "every number gets a label"),),
    )


@CATALOGUE.add("medium")
def average_of_matching(draw: Draw) -> Concept:
    test, p = number_test(draw), _numbers(draw)
    default = draw.pick((None, 0.0, -1.0))
    value = draw.number(2, 99) + 0.5 if default == -1.0 and draw.dice.random() < 0.7 else default
    xs = p.name
    picked = f"[n for n in {xs} if {test.of('n')}]"
    edges = [*numbers_near(test.edges)]
    return Concept(
        name=draw.name(f"average_{test.slug}", f"mean_of_{test.slug}", "partial_average"),
        params=(p,),
        returns="float | None" if value is None else "float",
        summary=f"Average the numbers that {test.phrase.many}, {value} without any",
        body=lines(
            f"picked = {picked}",
            "if not picked:",
            f"    return {value}",
            "return sum(picked) / len(picked)",
        ),
        effects=(
            effect(
                f"return {value}",
                f"len({picked}) == 0",
                returns=() if value is None else (value,),
            ),
            effect(f"return the average of the numbers that {test.phrase.many}"),
        ),
        laws=(
            f"result == {value} if len({picked}) == 0 "
            f"else abs(result * len({picked}) - sum({picked})) < 1e-6"
            if value is not None
            else f"result is None if len({picked}) == 0 "
            f"else abs(result * len({picked}) - sum({picked})) < 1e-6",
        ),
        ask=((edges[:3],), ([],)),
        edges=(([],), (edges,), *(([edge],) for edge in test.edges[:4]), ([edges[0], edges[0]],)),
        ordinary=args(lists(around(test.edges))),
        words={"t": test.said, "d": said_of(value)},
        constraints=(loop("all", "every number is looked at"),),
    )
