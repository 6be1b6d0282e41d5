"""Control flow: the plain functions."""

from ..concept import Catalogue, Concept
from ..control_flow.shared import a_number, by_branches
from ..draw import Draw
from ..making import args, single, whole
from ..pieces import even_test

CATALOGUE = Catalogue("control_flow", since=3)


@CATALOGUE.add("easy")
def even_or_odd_plain(draw: Draw) -> Concept:
    p = a_number(draw)
    yes, no = draw.dice.choice((("even", "odd"), ("Even", "Odd"), ("EVEN", "ODD")))
    draw.note(yes)
    return by_branches(
        draw.name("even_or_odd", "parity", "parity_label", "odd_or_even", f"{p.name}_parity"),
        (p,),
        f"Say {yes!r} for an even number, {no!r} for an odd one",
        [(even_test().of(p.name), yes), (None, no)],
        ["it is even"],
        single((0, 1, 2, -1, -2, 7, 10)),
        ask=single((0, 1, 4)),
        ordinary=args(whole(-40, 40)),
    )


@CATALOGUE.add("medium")
def number_kind_plain(draw: Draw) -> Concept:
    """Zero, negative, and of the positive ones the even and the odd."""
    p = a_number(draw)
    n = p.name
    zero, negative, even, odd = draw.labels(4)
    return by_branches(
        draw.name("classify_number", "number_kind", "kind_of_number", "describe", "name_number"),
        (p,),
        "Tell zero, negative, positive even and positive odd numbers apart",
        [(f"{n} == 0", zero), (f"{n} < 0", negative), (f"{n} % 2 == 0", even), (None, odd)],
        ["it is zero", "it is negative", "it is positive and even"],
        single((0, -1, -2, 1, 2, 3, 10, -7)),
        ask=single((0, -1, 2, 3)),
        ordinary=args(whole(-40, 40)),
    )
