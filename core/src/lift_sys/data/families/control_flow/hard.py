"""Branches: ladders, ranges, rules in order, nested conditions: the hard ones."""

from dataclasses import replace

from ..concept import Catalogue, Concept, Param
from ..draw import Draw
from ..making import (
    Branch,
    args,
    around,
    effect,
    every_path,
    lines,
    of,
    single,
    whole,
)
from ..pieces import even_test, number_test
from .shared import a_number, by_branches

CATALOGUE = Catalogue("control_flow")


@CATALOGUE.add("hard")
def kinds_of_number(draw: Draw) -> Concept:
    test = number_test(draw, low=2, high=40)
    zero, negative, yes, no = draw.labels(4)
    p = a_number(draw)
    n = p.name
    if test.slug in ("positive", "negative"):
        test = even_test()
    edges = single((0, -1, -2, 1, 2, *[abs(edge) for edge in test.edges], 3, -7))
    return by_branches(
        draw.name("classify_number", "number_kind", "kind_of_number", f"describe_{p.name}"),
        (p,),
        f"Tell zero, negative numbers, positive ones of which one can say that each {test.phrase.one}, and other positive ones apart",
        [(f"{n} == 0", zero), (f"{n} < 0", negative), (test.of(n), yes), (None, no)],
        ["it is zero", "it is negative", f"it is positive and {test.phrase.one}"],
        edges,
        ask=(*single((0, -1)), *edges[5:8]),
        ordinary=args(around([abs(edge) for edge in test.edges], 15)),
    )


@CATALOGUE.add("hard")
def compare_two(draw: Draw) -> Concept:
    k = draw.number(1, 40)
    ahead, behind, near, equal = draw.labels(4)
    a = Param(
        draw.name("a", "home", "ours", "left", "first"), "int", "first number", "first number"
    )
    b = Param(
        draw.name("b", "away", "theirs", "right", "second"), "int", "second number", "second number"
    )
    x, y = a.name, b.name
    return by_branches(
        draw.name("compare", "standing", "compare_scores", "who_leads"),
        (a, b),
        f"Say how two numbers compare, where up to {k} apart counts as near",
        [
            (f"{x} == {y}", equal),
            (f"{x} - {y} > {k}", ahead),
            (f"{y} - {x} > {k}", behind),
            (None, near),
        ],
        [
            "both are equal",
            f"the first is more than {k} greater than the second",
            f"the second is more than {k} greater than the first",
        ],
        (
            (0, 0),
            (k, 0),
            (k + 1, 0),
            (0, k),
            (0, k + 1),
            (1, 0),
            (0, 1),
            (-k, 1),
            (5, 5),
            (-3, -3 - k),
        ),
        ask=((0, 0), (k + 1, 0), (0, k + 1), (k, 0)),
        ordinary=args(whole(-k, k + 3), whole(-k, k + 3)),
    )


@CATALOGUE.add("hard")
def tiered_price(draw: Draw) -> Concept:
    first, a = draw.number(2, 30), draw.number(2, 30)
    b = draw.number(1, 20)
    cap = draw.pick((False, True))
    most = draw.number(150, 900, step=10) if cap else 0
    what = draw.name("units", "hours", "pages", "items", "days")
    p = Param(draw.name(what, "quantity", "count"), "int", f"number of {what}", "number")
    x = p.name
    price = f"{first} * {a} + ({x} - {first}) * {b}"
    capped = f"min({price}, {most})" if cap else price
    low = f"min({x} * {a}, {most})" if cap else f"{x} * {a}"
    ceiling = (
        (
            f". The price never exceeds {most}",
            f". At most {most} is charged in total",
            f"; never more than {most} altogether",
        )
        if cap
        else ("",)
    )
    return Concept(
        name=draw.name("price", f"cost_of_{what}", "total_price", "tiered_price"),
        params=(p,),
        returns="int",
        summary=f"Price {what}: the first {first} cost {a} each, further ones {b}",
        body=lines(
            f"if {x} <= 0:",
            "    return 0",
            f"if {x} <= {first}:",
            f"    return {low}",
            f"return {capped}",
        ),
        effects=(
            effect("return 0", f"{x} <= 0", returns=(0,)),
            effect(
                f"charge {a} for each" + (f", {most} at most" if cap else ""), f"0 < {x} <= {first}"
            ),
            effect(
                f"charge {a} for each of the first {first} and {b} for each further one"
                + (f", {most} at most" if cap else ""),
                f"{x} > {first}",
            ),
        ),
        laws=(f"result == (0 if {x} <= 0 else {low} if {x} <= {first} else {capped})",),
        ask=single((0, 1, first, first + 1)),
        edges=single(
            (
                0,
                -1,
                -5,
                1,
                first - 1,
                first,
                first + 1,
                2 * first,
                *(
                    (
                        (most - first * a) // b + first,
                        (most - first * a) // b + first + 1,
                        500,
                        most // a,
                        most // a + 1,
                    )
                    if cap
                    else ()
                ),
            )
        ),
        ordinary=args(whole(-3, 5 * first + (most // a if cap else 0))),
        words={"first": str(first), "a": str(a), "b": str(b), "what": what, "cap": ceiling},
        constraints=(every_path("a price on every path"),),
    )


@CATALOGUE.add("hard", held_out=True)
def rule_with_exceptions(draw: Draw) -> Concept:
    a = draw.number(2, 7)
    b = a * draw.number(2, 6)
    c = b * draw.number(2, 5)
    yes, no = draw.labels(2)
    p = a_number(draw)
    n = p.name
    branches: list[Branch] = [
        (f"{n} % {c} == 0", yes),
        (f"{n} % {b} == 0", no),
        (f"{n} % {a} == 0", yes),
        (None, no),
    ]
    return replace(
        by_branches(
            draw.name("special_year", "rule_label", "is_leap_like", "check_cycle"),
            (p,),
            f"Say {yes!r} for multiples of {a}, but not of {b} unless also of {c}; else {no!r}",
            branches,
            [],
            single((0, 1, a, b, c, c + a, c + b, -a, c - a, 2 * b, b + 1, a - 1, c + 1)),
            ask=single((c, b, a, a + 1)),
            ordinary=args(of(*range(0, 3 * c, a), *range(1, 30), b, c, 2 * c)),
        ),
        words={"a": str(a), "b": str(b), "c": str(c), "yes": f"«{yes}»", "no": f"«{no}»"},
    )
