"""Mathematics: the plain functions."""

import random
from collections.abc import Callable, Sequence

from ..concept import Args, Catalogue, Concept, Param
from ..control_flow.shared import a_number
from ..draw import Draw
from ..given import Given
from ..making import args, lines, single, whole
from ..mathematical.shared import a_natural

CATALOGUE = Catalogue("mathematical", since=3)


def _of_number(p: Param, numbers: Sequence[int], *needs: str) -> Given:
    return Given(
        params=(p,),
        ask=single(numbers[:3]),
        edges=single(numbers),
        ordinary=args(whole(0, 25)),
        needs=needs,
    )


def _of_two(
    one: str,
    other: str,
    pairs: tuple[Args, ...],
    number: Callable[[random.Random], int],
    *needs: str,
) -> Given:
    return Given(
        params=(
            Param(one, "int", "first number", "first number"),
            Param(other, "int", "second number", "second number"),
        ),
        ask=pairs[:3],
        edges=pairs,
        ordinary=args(number, number),
        needs=needs,
    )


@CATALOGUE.add("easy")
def factorial_plain(draw: Draw) -> Concept:
    p = a_natural(draw, "n", "number", "k")
    x = p.name
    return _of_number(p, (0, 1, 5, 2, 3, 10), f"{x} >= 0").concept(
        draw.name("factorial", "calculate_factorial", "compute_factorial", "get_factorial", "fact"),
        returns="int",
        summary="Compute the factorial",
        body=lines(
            "product = 1", f"for i in range(2, {x} + 1):", "    product *= i", "return product"
        ),
        effects=["return the product of the numbers from 1 on, 1 for 0"],
        laws=(f"{x} > 1 or result == 1", f"{x} < 2 or result % {x} == 0"),
    )


@CATALOGUE.add("easy")
def fibonacci_plain(draw: Draw) -> Concept:
    p = a_natural(draw, "n", "index", "position", "k")
    x = p.name
    return _of_number(p, (0, 1, 7, 2, 3, 12), f"{x} >= 0").concept(
        draw.name("fibonacci", "get_fibonacci", "fib", "nth_fibonacci", "fibonacci_number"),
        returns="int",
        summary="Return a Fibonacci number",
        body=lines("a, b = 0, 1", f"for _ in range({x}):", "    a, b = b, a + b", "return a"),
        effects=[
            "number 0 is 0 and number 1 is 1",
            f"each further number is the sum of the two before it; return number {x}",
        ],
        laws=(f"{x} > 1 or result == {x}", f"{x} < 3 or result > 1"),
    )


@CATALOGUE.add("easy")
def prime_plain(draw: Draw) -> Concept:
    p = a_number(draw)
    x = p.name
    return _of_number(p, (7, 1, 9, 0, 2, 4, -3, 25, 29)).concept(
        draw.name("is_prime", "is_prime_number", "prime", "check_prime", f"is_{x}_prime"),
        returns="bool",
        summary="Say whether a number is prime",
        body=lines(
            f"if {x} < 2:",
            "    return False",
            "i = 2",
            f"while i * i <= {x}:",
            f"    if {x} % i == 0:",
            "        return False",
            "    i += 1",
            "return True",
        ),
        effects=[
            "return False for numbers below 2",
            "return True if no number from 2 on divides it, else False",
        ],
        laws=(f"result == ({x} > 1 and all({x} % i != 0 for i in range(2, {x})))",),
    )


@CATALOGUE.add("easy")
def gcd_plain(draw: Draw) -> Concept:
    a, b = draw.dice.choice((("a", "b"), ("m", "n"), ("x", "y"), ("first", "second")))
    pairs = ((12, 18), (7, 3), (5, 5), (1, 9), (100, 10), (8, 12))
    return _of_two(a, b, pairs, whole(1, 90), f"{a} > 0", f"{b} > 0").concept(
        draw.name("gcd", "greatest_common_divisor", "common_divisor", "largest_common_divisor"),
        returns="int",
        summary="Compute the greatest common divisor",
        body=lines(f"while {b}:", f"    {a}, {b} = {b}, {a} % {b}", f"return {a}"),
        effects=["return the largest number that divides both"],
        laws=(f"{a} % result == 0 and {b} % result == 0",),
    )


@CATALOGUE.add("easy")
def difference_plain(draw: Draw) -> Concept:
    a, b = draw.dice.choice((("a", "b"), ("x", "y"), ("first", "second"), ("start", "end")))
    pairs = ((3, 8), (8, 3), (0, 0), (-4, 4), (5, -1), (-7, -2))
    return _of_two(a, b, pairs, whole(-60, 60)).concept(
        draw.name("difference", "distance", "absolute_difference", "gap", "how_far_apart"),
        returns="int",
        summary="Compute how far two numbers are apart",
        body=f"return abs({a} - {b})",
        effects=["return their difference without its sign"],
    )
