"""Numbers: divisors, digits, sequences, sums."""

import random

from .concept import Args, Catalogue, Concept, Param
from .draw import Draw
from .making import args, effect, lines, single, whole

CATALOGUE = Catalogue("mathematical")


def _number(draw: Draw, *names: str) -> Param:
    return Param(
        draw.name(*(names or ("n", "number", "x", "value"))),
        "int",
        draw.name("number", "integer"),
        "number",
    )


def _natural(draw: Draw, *names: str) -> Param:
    return Param(
        draw.name(*(names or ("n", "number", "k", "count"))),
        "int",
        "non-negative integer",
        "number",
        "0 or more",
    )


@CATALOGUE.add("easy")
def linear(draw: Draw) -> Concept:
    a, b = draw.number(2, 30), draw.number(1, 90)
    minus, p = draw.pick((False, True)), _number(draw)
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
    k, p = draw.number(2, 12), _natural(draw, "n", "limit", "top", "upper")
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
    p = _number(draw)
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
    p = _natural(draw, "n", "amount", "size", "quantity")
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


@CATALOGUE.add("medium")
def factorial(draw: Draw) -> Concept:
    default = draw.pick((None, 0, -1, "raise"))
    step = draw.pick((1, 1, 2, 3))
    start = draw.number(2, 9) if draw.pick((False, True, True)) else 1
    p = _number(draw, "n", "number", "k")
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
    p = _number(draw, "n", "number", "candidate")
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
    p = _number(draw)
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
    p = _number(draw)
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


@CATALOGUE.add("hard")
def recurrence(draw: Draw) -> Concept:
    classic = draw.pick((True, False, False))
    a, b = (0, 1) if classic else draw.numbers(2, 2, 14)
    extra = 0 if classic else draw.number(0, 4)
    double = False if classic else draw.pick((True, False))
    p = _natural(draw, "n", "index", "position")
    x = p.name
    new = ("a + b" if not double else "2 * a + b") + (f" + {extra}" if extra else "")
    rule = (
        "the sum of the two before it"
        if not double
        else "the one before it plus twice the one before that"
    ) + (f" plus {extra}" if extra else "")
    rule2 = (
        "both its predecessors added"
        if not double
        else "its predecessor plus two times the number before that"
    ) + (f", and {extra} more" if extra else "")
    three = [a, b]
    for _ in range(3):
        three.append((2 if double else 1) * three[-2] + three[-1] + extra)
    return Concept(
        name=draw.name("get_fibonacci", "fibonacci", "fib")
        if classic
        else draw.name("sequence_term", "nth_term", "fib_like", "term"),
        params=(p,),
        returns="int",
        summary=f"Compute the term with a given index of the sequence {a}, {b}, ...: each is {rule}",
        body=lines(f"a, b = {a}, {b}", f"for _ in range({x}):", f"    a, b = b, {new}", "return a"),
        effects=(
            effect(f"return {a}", f"{x} == 0", returns=(a,)),
            effect(f"return {b}", f"{x} == 1", returns=(b,)),
            effect(
                f"start with {a} and {b}; each further number is {rule}; return the one at index {x}, counted from 0",
                f"{x} >= 2",
                hint="two variables in a loop",
            ),
        ),
        laws=(
            f"{x} > 1 or result == ({a} if {x} == 0 else {b})",
            f"{x} < 3 or result > {three[2]}"
            if three[3] > three[2]
            else f"{x} < 2 or result >= {three[2]}",
        ),
        needs=(f"{x} >= 0",),
        ask=single((0, 1, 2, 3, 4)),
        edges=single((0, 1, 2, 3, 4, 5, 10, 20)),
        ordinary=args(whole(0, 40)),
        words={
            "start": (f"{a} and {b}", f"{a}, {b}"),
            "rule": (rule, rule2),
            "example": ", ".join(map(str, three)),
            "fib": ("Fibonacci sequence (0, 1, 1, 2, 3, ...)", "Fibonacci sequence")
            if classic
            else (
                f"sequence {', '.join(map(str, three))}, ...",
                f"sequence that begins {', '.join(map(str, three[:4]))}",
            ),
        },
    )


@CATALOGUE.add("hard")
def primes_between(draw: Draw) -> Concept:
    kind = draw.pick(("list", "count", "sum"))
    step = draw.pick((1, 1, 4, 6))
    # Only where something begins: from 8 on and from 11 on are the same.
    primes_there = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 61, 73)
    start = draw.dice.choice([n for n in primes_there if n % step == 1 % step])
    draw.note(str(start), is_open=True)
    remainder = 1
    p = Param(draw.name("n", "limit", "top", "upper"), "int", "number", "number")
    x = p.name
    also = f" and n % {step} == {remainder}" if step > 1 else ""
    primes = f"[n for n in range({start}, {x} + 1) if all(n % d for d in range(2, n)){also}]"
    fold = {"list": "found", "count": "len(found)", "sum": "sum(found)"}[kind]
    test = f"all(n % d != 0 for d in range(2, n)){also}"
    what = {
        "list": ("a list of the", "in increasing order"),
        "count": ("the number of", ""),
        "sum": ("the sum of the", ""),
    }[kind]
    rest = f" that leave a remainder of {remainder} when divided by {step}" if step > 1 else ""
    return Concept(
        name=draw.name(f"{kind}_primes", "primes_from", f"primes_{kind}", "primes_between"),
        params=(p,),
        returns="list[int]" if kind == "list" else "int",
        summary=f"Find {what[0]} primes from {start} up to a number{rest}",
        body=lines(
            "found = []",
            f"for n in range({start}, {x} + 1):",
            f"    if {test}:",
            "        found.append(n)",
            f"return {fold}",
        ),
        effects=(
            effect(
                f"return {what[0]} primes{rest} from {start} up to and including {x} {what[1]}".strip()
            ),
            effect(
                f"return {'an empty list' if kind == 'list' else 0} where the number is below {start}",
                f"{x} < {start}",
                returns=() if kind == "list" else (0,),
            ),
        )[::-1],
        laws=(f"result == {fold.replace('found', primes)}",),
        ask=single((start - 1, start + 10)),
        edges=single((start - 1, start, start + 1, 2, 0, -3, start + 6, start + 12, 31, 61)),
        ordinary=args(whole(0, 110)),
        words={"what": what[0], "order": what[1], "start": str(start), "rest": rest},
    )


@CATALOGUE.add("hard")
def to_base(draw: Draw) -> Concept:
    base = draw.number(2, 9)
    width = draw.number(1, 8)
    mark = draw.token(1, 2) if draw.pick((True, False)) else ""
    p = _natural(draw)
    x = p.name
    padded = f".rjust({width}, '0')" if width > 1 else ""
    fill = (
        (
            f", padded with zeros on the left to at least {width} digits",
            f", with leading zeros up to {width} digits if it is shorter",
        )
        if width > 1
        else ("",)
    )
    pre = (f". Put «{mark}» in front", f". The result starts with «{mark}»") if mark else ("",)
    answer = f"digits{padded}"
    text = f"result[{len(mark)}:]" if mark else "result"
    return Concept(
        name=draw.name("to_base", f"base_{base}", "in_base", "convert_base"),
        params=(p,),
        returns="str",
        summary=f"Write a number in base {base}{f' with at least {width} digits' if width > 1 else ''}{f' after {mark!r}' if mark else ''}",
        body=lines(
            f"digits = '0' if {x} == 0 else ''",
            f"while {x} > 0:",
            f"    digits = str({x} % {base}) + digits",
            f"    {x} //= {base}",
            f"return {repr(mark) + ' + ' if mark else ''}{answer}",
        ),
        effects=(
            effect(
                f"write the number with the digits of base {base}, the most significant first; 0 is '0'"
            ),
            effect(f"return {f'{mark!r} and ' if mark else ''}these digits{fill[0]}"),
        ),
        laws=(
            f"int({text}, {base}) == {x}",
            f"len({text}) >= {width}",
            *([f"len({text}) == {width} or {text}[0] != '0'"] if width <= 3 else []),
            *([f"result.startswith({mark!r})"] if mark else []),
        ),
        needs=(f"{x} >= 0",),
        ask=single((0, base, base * base + 1)),
        edges=single(
            (0, 1, base - 1, base, base + 1, base**2, base**3 - 1, base**width, base**width - 1)
        ),
        ordinary=args(whole(0, 3000)),
        words={"base": str(base), "fill": fill, "pre": pre},
    )


@CATALOGUE.add("hard", held_out=True)
def steps_to_end(draw: Draw) -> Concept:
    k, a, b = draw.pick((2, 3, 4, 5)), draw.number(1, 15), draw.number(60, 400)
    p = Param(draw.name("n", "number", "start"), "int", "positive integer", "number", "1 or more")
    x = p.name

    def ordinary(dice: random.Random) -> Args:
        return (dice.randint(1, 3 * b),)

    return Concept(
        name=draw.name("count_steps", "steps_needed", "steps_to_end"),
        params=(p,),
        returns="int",
        summary=f"Count the steps until a number reaches {b}: an odd one is multiplied by {k}, an even one gets {a} added",
        body=lines(
            "steps = 0",
            f"while {x} < {b}:",
            f"    {x} = {x} * {k} if {x} % 2 == 1 else {x} + {a}",
            "    steps += 1",
            "return steps",
        ),
        effects=(
            effect("return 0", f"{x} >= {b}", returns=(0,)),
            effect(
                f"while the number is below {b}: multiply it by {k} if it is odd, else add {a}; return how many such steps were made",
                f"{x} < {b}",
            ),
        ),
        laws=("result >= 0", f"(result == 0) == ({x} >= {b})"),
        needs=(f"{x} >= 1",),
        ask=single((b, b - 1, 1)),
        edges=single((1, 2, 3, b - 1, b, b + 1, b // 2, b // k, b - a)),
        ordinary=ordinary,
        words={"k": str(k), "a": str(a), "b": str(b)},
    )
