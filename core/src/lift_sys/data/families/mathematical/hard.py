"""Numbers: divisors, digits, sequences, sums: the hard ones."""

import random

from ..concept import Args, Catalogue, Concept, Param
from ..draw import Draw
from ..making import args, effect, lines, single, whole
from .shared import a_natural

CATALOGUE = Catalogue("mathematical")


@CATALOGUE.add("hard")
def recurrence(draw: Draw) -> Concept:
    classic = draw.pick((True, False, False))
    a, b = (0, 1) if classic else draw.numbers(2, 2, 14)
    extra = 0 if classic else draw.number(0, 4)
    double = False if classic else draw.pick((True, False))
    p = a_natural(draw, "n", "index", "position")
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
            f"{x} < 3 or result > {b}",
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
    p = a_natural(draw)
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
