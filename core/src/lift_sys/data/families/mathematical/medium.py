"""Numbers: divisors, digits, sequences, sums: the medium ones."""

from ..concept import Catalogue, Concept, Param
from ..draw import Draw
from ..making import args, effect, lines, single, whole
from .shared import a_number

CATALOGUE = Catalogue("mathematical")


@CATALOGUE.add("medium")
def factorial(draw: Draw) -> Concept:
    default = draw.pick((None, 0, -1, "raise"))
    step = draw.pick((1, 1, 2, 3))
    start = draw.number(2, 9) if draw.pick((False, True, True)) else 1
    p = a_number(draw, "n", "number", "k")
    x = p.name
    other = "raise ValueError" if default == "raise" else f"return {default}"
    told = (
        ("raise a ValueError", "raise ValueError")
        if default == "raise"
        else (f"return {default}", f"return {default}")
    )
    plain = step == 1 and start == 1
    what = (
        (
            "the factorial of the number",
            "the factorial, so the product of all numbers from 1 up to it",
        )
        if plain
        else (f"{start} times the factorial of the number",)
        if step == 1
        else (
            f"the product of the number, the number minus {step}, minus {2 * step} and so on as long as the factors are positive"
            + (f", all multiplied by {start}" if start > 1 else ""),
        )
    )
    sequence = f"range(2, {x} + 1)" if step == 1 else f"range({x}, 0, -{step})"
    laws = (
        (f"result == {'' if start == 1 else f'{start} * '}math.factorial({x})",)
        if step == 1
        else (
            f"result == {'' if start == 1 else f'{start} * '}math.prod([f for f in range(1, {x} + 1) if ({x} - f) % {step} == 0])",
        )
    )
    guarded = f"{x} < 0 or {laws[0]}" if default != "raise" else laws[0]
    return Concept(
        name=draw.name("calculate_factorial", "factorial", "fact")
        if plain
        else draw.name("step_product", "scaled_factorial", "product_down"),
        params=(p,),
        returns="int | None" if default is None else "int",
        summary=f"Compute {what[0]}; {other} for negative numbers",
        body=lines(
            f"if {x} < 0:",
            f"    {other}",
            f"product = {start}",
            f"for factor in {sequence}:",
            "    product *= factor",
            "return product",
        ),
        effects=(
            effect(
                other,
                f"{x} < 0",
                returns=() if default == "raise" else (default,),
                raises="ValueError" if default == "raise" else None,
            ),
            effect(f"return {start}", f"{x} == 0", returns=(start,)),
            effect(f"return {what[0]}", f"{x} > 0"),
        ),
        laws=(guarded,),
        ask=single((0, 1, 5, -1)),
        edges=single((0, 1, 2, 3, -1, -5, 4, 7, 10)),
        ordinary=args(whole(-3, 12)),
        words={"what": what, "neg": told, "zero": str(start)},
    )


@CATALOGUE.add("medium")
def is_prime(draw: Draw) -> Concept:
    kind = draw.pick(("prime", "prime", "gap", "labels"))
    p = a_number(draw, "n", "number", "candidate")
    x = p.name
    k = draw.number(1, 30) if kind == "gap" else 0
    yes, no = draw.labels(2) if kind == "labels" else ["", ""]
    name = f"{x} + {k}" if k else x
    good, bad = (repr(yes), repr(no)) if kind == "labels" else ("True", "False")
    setup = (f"n_plus = {name}",) if k else ()
    v = "n_plus" if k else x
    prime = f"({name} >= 2 and all(({name}) % d for d in range(2, {name})))"
    said = (
        (f"the number plus {k} is prime", f"adding {k} to the number gives a prime")
        if k
        else ("the number is prime", "the number is a prime number")
    )
    return Concept(
        name=draw.name("is_prime", "is_prime_number", "check_prime", "prime_test"),
        params=(p,),
        returns="str" if kind == "labels" else "bool",
        summary=f"Tell whether {said[0]}" + (f": {good} or {bad}" if kind == "labels" else ""),
        body=lines(
            *setup,
            f"if {v} < 2:",
            f"    return {bad}",
            "divisor = 2",
            f"while divisor * divisor <= {v}:",
            f"    if {v} % divisor == 0:",
            f"        return {bad}",
            "    divisor += 1",
            f"return {good}",
        ),
        effects=(
            effect(f"return {bad}", f"{name} < 2", returns=(no,) if kind == "labels" else (False,)),
            effect(
                f"return {good} if no number from 2 up to the square root divides it, else {bad}",
                f"{name} >= 2",
            ),
        ),
        laws=(
            f"result == ({good} if {prime} else {bad})"
            if kind == "labels"
            else f"result == {prime}",
        ),
        ask=single((1 - k, 2 - k, 9 - k, 13 - k)),
        edges=single(tuple(v - k for v in (-7, 0, 1, 2, 3, 4, 9, 15, 17, 25, 49, 97, 91))),
        ordinary=args(whole(-k, 130)),
        words={
            "said": said,
            "yes": f"«{yes}»" if kind == "labels" else "True",
            "no": f"«{no}»" if kind == "labels" else "False",
        },
    )


@CATALOGUE.add("medium")
def digit_sum(draw: Draw) -> Concept:
    kind = draw.pick(("sum", "product of nonzero", "largest", "above", "above", "equal"))
    k = draw.number(1, 8) if kind in ("above", "equal") else 0
    factor = draw.number(2, 20) if draw.pick((False, True)) else 1
    p = a_number(draw)
    x = p.name
    digits = f"[int(d) for d in str(abs({x}))]"
    core = {
        "sum": f"sum(int(d) for d in str(abs({x})))",
        "product of nonzero": f"math.prod({digits})",
        "largest": f"max(int(d) for d in str(abs({x})))",
        "above": f"sum(int(d) for d in str(abs({x})) if int(d) > {k})",
        "equal": f"str(abs({x})).count('{k}')",
    }[kind]
    said = {
        "sum": ("the sum of the decimal digits", "the digit sum"),
        "product of nonzero": (
            "the product of the decimal digits that are not zero (1 if there are none)",
            "the product of all digits except zeros (1 for the number 0)",
        ),
        "largest": ("the largest decimal digit", "the greatest digit"),
        "above": (
            f"the sum of the decimal digits above {k}",
            f"the sum of only those digits that are greater than {k}",
        ),
        "equal": (
            f"how often the digit {k} occurs",
            f"the number of {k}s among the decimal digits",
        ),
    }[kind]
    if kind == "product of nonzero":
        body = lines(
            "product = 1",
            f"for d in str(abs({x})):",
            "    if d != '0':",
            "        product *= int(d)",
            f"return product * {factor}" if factor > 1 else "return product",
        )
        law = f"math.prod([int(d) for d in str(abs({x})) if d != '0'])"
    else:
        body = f"return {core}" + (f" * {factor}" if factor > 1 else "")
        law = core if kind == "equal" else core.replace("(int(d)", "([int(d)", 1)[:-1] + "])"
    times = f", multiplied by {factor}" if factor > 1 else ""
    return Concept(
        name=draw.name("digit_sum", "digits", "digit_score", "sum_of_digits")
        if "sum" in kind or kind == "above"
        else draw.name("digit_value", "digit_score", "from_digits"),
        params=(p,),
        returns="int",
        summary=f"Compute {said[0]}{times}, whatever the sign",
        body=body,
        effects=(
            effect(f"return {said[0]}{times}; the sign does not matter", hint=f"str(abs({x}))"),
        ),
        laws=(f"result == {law}{f' * {factor}' if factor > 1 else ''}",),
        ask=single((0, 90 + k, -(k * 11 + 205))),
        edges=single(
            (0, 7, 10, -5, -34, 99, 1000, k, k + 1, k * 111, 9081, k * 10 + 9, (k + 1) * 101)
        ),
        ordinary=args(whole(-9999, 99999)),
        words={
            "said": tuple(each + times for each in said),
            "sign": (
                "The sign doesn't matter",
                "Ignore a minus sign",
                "For negative numbers use the digits without the minus",
            ),
        },
    )


@CATALOGUE.add("medium")
def divisors(draw: Draw) -> Concept:
    kind = draw.pick(("count", "sum", "list", "largest"))
    least = draw.number(1, 12)
    proper = draw.pick((True, False))
    p = Param(draw.name("n", "number", "value"), "int", "positive integer", "number", "1 or more")
    x = p.name
    end = x if proper else f"{x} + 1"
    found = f"[d for d in range({least}, {end}) if {x} % d == 0]"
    body = {
        "count": f"return sum(1 for d in range({least}, {end}) if {x} % d == 0)",
        "sum": f"return sum(d for d in range({least}, {end}) if {x} % d == 0)",
        "list": f"return {found}",
        "largest": f"for d in range({end} - 1, {least - 1}, -1):\n    if {x} % d == 0:\n        return d\nreturn 0".replace(
            f"range({x} + 1 - 1", f"range({x}"
        ),
    }[kind]
    which_long = ("positive divisors" if least == 1 else f"positive divisors from {least} on") + (
        " (the number itself not counted)" if proper else " (the number itself included)"
    )
    said = {
        "count": ("how many {w} there are", "the count of its {w}"),
        "sum": ("the sum of its {w}", "its {w} added up"),
        "list": ("a list of its {w} in increasing order", "its {w}, as a list from small to large"),
        "largest": (
            "the largest of its {w}, or 0 if there is none",
            "the greatest among its {w}, 0 without any",
        ),
    }[kind]
    law = {
        "count": f"len({found})",
        "sum": f"sum({found})",
        "list": found,
        "largest": f"max({found}, default=0)",
    }[kind]
    return Concept(
        name=draw.name("divisors", f"divisor_{kind}", f"{kind}_of_divisors", "get_divisors"),
        params=(p,),
        returns="list[int]" if kind == "list" else "int",
        summary=f"For a positive integer, give {said[0].format(w=which_long)}",
        body=body,
        effects=(effect(f"return {said[0].format(w=which_long)}"),),
        laws=(f"result == {law}",),
        needs=(f"{x} >= 1",),
        ask=single((1, 12, least)),
        edges=single((1, 2, 12, 7, least, least * 2, least * 6, 36, max(1, least - 1), 97)),
        ordinary=args(whole(1, 120)),
        words={"said": tuple(each.format(w=which_long) for each in said)},
    )


@CATALOGUE.add("medium", held_out=True)
def times_divisible(draw: Draw) -> Concept:
    k, zero = draw.number(2, 12), draw.number(-20, -1)
    p = a_number(draw)
    x = p.name
    return Concept(
        name=draw.name("times_divisible", "multiplicity", f"power_of_{k}_in"),
        params=(p,),
        returns="int",
        summary=f"Count how often a number can be divided by {k} without remainder, {zero} for 0",
        body=lines(
            f"if {x} == 0:",
            f"    return {zero}",
            "count = 0",
            f"rest = {x}",
            f"while rest % {k} == 0:",
            f"    rest //= {k}",
            "    count += 1",
            "return count",
        ),
        effects=(
            effect(f"return {zero}", f"{x} == 0", returns=(zero,)),
            effect(
                f"divide by {k} as long as nothing remains, and return how often that was possible",
                f"{x} != 0",
            ),
        ),
        laws=(f"{x} == 0 or ({x} % {k} ** result == 0 and {x} % {k} ** (result + 1) != 0)",),
        ask=single((0, 1, k, k * k)),
        edges=single((0, 1, -1, k, -k, k * k, k**3, k + 1, k**3 * (k + 1), 2 * k)),
        ordinary=lambda dice: (
            dice.randint(1, 9) * k ** dice.randint(0, 4) * dice.choice((1, -1)),
        ),
        words={"k": str(k), "zero": str(zero)},
    )
