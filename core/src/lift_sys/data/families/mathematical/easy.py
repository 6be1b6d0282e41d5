"""Numbers: divisors, digits, sequences, sums: the easy ones."""

from ..concept import Catalogue, Concept
from ..draw import Draw
from ..making import args, effect, single, whole
from .shared import a_natural, a_number

CATALOGUE = Catalogue("mathematical")


@CATALOGUE.add("easy")
def linear(draw: Draw) -> Concept:
    a, b = draw.number(2, 30), draw.number(1, 90)
    minus, p = draw.pick((False, True)), a_number(draw)
    first = draw.pick(("times", "plus"))
    x, sign = p.name, "-" if minus else "+"
    formula = f"{a} * {x} {sign} {b}" if first == "times" else f"({x} {sign} {b}) * {a}"
    said = (
        (
            f"{a} times the number {'minus' if minus else 'plus'} {b}",
            f"the number multiplied by {a}, and then {b} {'subtracted' if minus else 'added'}",
        )
        if first == "times"
        else (
            f"the number {'reduced' if minus else 'increased'} by {b}, and the outcome multiplied by {a}",
            f"{a} times the {'difference of the number minus' if minus else 'sum of the number and'} {b}",
        )
    )
    return Concept(
        name=draw.name("apply_formula", "linear", "compute", "formula"),
        params=(p,),
        returns="int",
        summary=f"Compute {formula}",
        body=f"return {formula}",
        effects=(effect(f"return {formula}"),),
        laws=(f"result == {formula}",),
        ask=single((0, 1, -2)),
        edges=single((0, 1, -1, b, -b, a, 100)),
        ordinary=args(whole(-60, 90)),
        words={"said": said, "formula": formula},
    )


@CATALOGUE.add("easy")
def sum_of_multiples(draw: Draw) -> Concept:
    k, p = draw.number(2, 12), a_natural(draw, "n", "limit", "top", "upper")
    include, count = draw.pick((True, False)), draw.pick((False, True))
    x = p.name
    end = f"{x} + 1" if include else x
    till = (
        ("up to and including", "up to (and with)")
        if include
        else ("up to but not including", "up to (but without)")
    )
    what = (
        (f"how many multiples of {k} there are", f"how many numbers divisible by {k} there are")
        if count
        else (f"the sum of all multiples of {k}", f"the sum of all numbers divisible by {k}")
    )
    return Concept(
        name=draw.name(
            "count_multiples" if count else "sum_of_multiples",
            f"multiples_of_{k}",
            f"{'count' if count else 'sum'}_divisible_by_{k}",
        ),
        params=(p,),
        returns="int",
        summary=f"{'Count' if count else 'Add'} the multiples of {k} from {k} {till[0]} the number",
        body=f"return len(range({k}, {end}, {k}))"
        if count
        else f"return sum(range({k}, {end}, {k}))",
        effects=(effect(f"return {what[0]} from {k} {till[0]} {x}; 0 where there are none"),),
        laws=(
            f"result == {'len' if count else 'sum'}([m for m in range(1, {end}) if m % {k} == 0])",
        ),
        needs=(f"{x} >= 0",),
        ask=single((0, k, 3 * k)),
        edges=single((0, 1, k - 1, k, k + 1, 2 * k, 2 * k - 1, 5 * k, 5 * k + 1)),
        ordinary=args(whole(0, 12 * k)),
        words={"what": what, "till": till, "k": str(k)},
    )


@CATALOGUE.add("easy")
def distance(draw: Draw) -> Concept:
    kind = draw.pick(("abs", "square", "abs"))
    k = draw.number(-60, 60)
    p = a_number(draw)
    x = p.name
    gap = f"{x} - {k}" if k >= 0 else f"{x} + {-k}"
    formula = f"abs({gap})" if kind == "abs" else f"({gap}) ** 2"
    plain = (
        f"the absolute difference of the number and {k}"
        if kind == "abs"
        else f"the square of the difference of the number and {k}"
    )
    return Concept(
        name=draw.name(
            "distance",
            "squared_distance" if kind == "square" else "gap",
            f"distance_to_{'minus_' if k < 0 else ''}{abs(k)}",
            "deviation",
        ),
        params=(p,),
        returns="int",
        summary=f"Compute {plain}",
        body=f"return {formula}",
        effects=(effect(f"return {plain}, never negative"),),
        laws=(f"result == {formula}",),
        ask=single((k, k + 3, k - 2)),
        edges=single((k, k + 1, k - 1, 0, -k, k + 10, k - 10)),
        ordinary=args(whole(-90, 90)),
        words={
            "k": str(k),
            "what": (
                "absolute difference",
                "distance (never negative)",
                "gap, as a non-negative number,",
            )
            if kind == "abs"
            else ("square of the difference", "squared distance", "squared difference"),
        },
    )


@CATALOGUE.add("easy", held_out=True)
def round_to_step(draw: Draw) -> Concept:
    k, up = draw.number(3, 60), draw.pick((True, False))
    p = a_natural(draw, "n", "amount", "size", "quantity")
    x = p.name
    formula = f"({x} + {k - 1}) // {k} * {k}" if up else f"{x} // {k} * {k}"
    way, bound = ("up", "not below it") if up else ("down", "not above it")
    return Concept(
        name=draw.name(f"round_{way}", f"{way}_to_{k}", f"round_{way}_to_step"),
        params=(p,),
        returns="int",
        summary=f"Round {way} to a multiple of {k}",
        body=f"return {formula}",
        effects=(effect(f"return the multiple of {k} that is nearest to the number and {bound}"),),
        laws=(
            f"result % {k} == 0",
            f"{x} <= result < {x} + {k}" if up else f"{x} - {k} < result <= {x}",
        ),
        needs=(f"{x} >= 0",),
        ask=single((0, k, k + 1, k - 1)),
        edges=single((0, 1, k - 1, k, k + 1, 2 * k, 2 * k - 1, 2 * k + 1)),
        ordinary=args(whole(0, 9 * k)),
        words={
            "k": str(k),
            "way": way,
            "bound": ("not smaller than", "at least") if up else ("not greater than", "at most"),
        },
    )
