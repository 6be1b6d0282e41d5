"""Branches: ladders, ranges, rules in order, nested conditions."""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace

from .concept import Args, Catalogue, Concept, Param, Words
from .draw import Draw
from .making import (
    Branch,
    args,
    around,
    cases,
    effect,
    every_path,
    ladder_body,
    ladder_effects,
    ladder_law,
    lines,
    of,
    single,
    texts,
    whole,
)
from .pieces import even_test, number_test, numbers_near, text_test

CATALOGUE = Catalogue("control_flow")
_MEASURES = (
    "score",
    "level",
    "temperature",
    "speed",
    "age",
    "amount",
    "count",
    "pressure",
    "distance",
    "weight",
)


def _measure(draw: Draw) -> Param:
    name = draw.name(*_MEASURES)
    return Param(name, "int", f"{draw.name('whole ', 'integer ', '')}{name}", name)


def _number(draw: Draw) -> Param:
    return Param(
        draw.name("n", "number", "value", "x", "num"),
        "int",
        draw.name("number", "integer"),
        "number",
    )


def _by_branches(
    name: str,
    params: tuple[Param, ...],
    summary: str,
    branches: list[Branch],
    said: list[str],
    edges: tuple[Args, ...],
    *,
    ask: tuple[Args, ...],
    ordinary: Callable[[random.Random], Args],
) -> Concept:
    """A function that returns one of several literals."""
    labels = [label for _, label in branches]
    return Concept(
        name=name,
        params=params,
        returns="str",
        summary=summary,
        body=ladder_body(branches),
        effects=ladder_effects(branches),
        laws=(ladder_law(branches),),
        ask=ask,
        edges=edges,
        ordinary=ordinary,
        words={
            **cases(list(zip(said, labels, strict=False)), labels[-1]),
            **{f"l{place}": f"«{label}»" for place, label in enumerate(labels)},
        },
        constraints=(every_path("one of the literals on every path"),),
    )


@CATALOGUE.add("easy")
def label_number(draw: Draw) -> Concept:
    test = number_test(draw, low=-10, high=120)
    yes, no = draw.labels(2)
    p = _measure(draw) if draw.name("m", "n") == "m" else _number(draw)
    edges = single(numbers_near(test.edges))
    concept = _by_branches(
        draw.name(f"label_{test.slug}", f"check_{p.name}", f"{p.name}_label", f"describe_{p.name}"),
        (p,),
        f"Say {yes!r} for what {test.phrase.one}, else {no!r}",
        [(test.of(p.name), yes), (None, no)],
        [f"it {test.phrase.one}"],
        edges,
        ask=edges[:3],
        ordinary=args(around(test.edges, 30)),
    )
    return _with_words(concept, {"t": test.said})


def _with_words(concept: Concept, words: Mapping[str, Words]) -> Concept:
    return replace(concept, words={**concept.words, **words})


@CATALOGUE.add("easy")
def label_text(draw: Draw) -> Concept:
    test = text_test(draw)
    yes, no = draw.labels(2)
    p = Param(
        draw.name("text", "word", "s", "name", "code"),
        "str",
        draw.name("string", "text", "word"),
        "text",
    )
    edges = single((*test.texts, ""))
    concept = _by_branches(
        draw.name("label_text", f"check_{test.slug}", "text_label", f"is_{test.slug}"),
        (p,),
        f"Say {yes!r} for a text that {test.phrase.one}, else {no!r}",
        [(test.of(p.name), yes), (None, no)],
        [f"it {test.phrase.one}"],
        edges,
        ask=(edges[0], edges[3], ("",)),
        ordinary=args(texts(test.texts)),
    )
    return _with_words(concept, {"t": test.said})


@CATALOGUE.add("easy")
def sign_label(draw: Draw) -> Concept:
    a, b, c = draw.labels(3)
    p = (
        _number(draw)
        if draw.name("n", "b") == "n"
        else Param("balance", "int", "balance", "balance")
    )
    return _by_branches(
        draw.name("sign_label", "describe_sign", "sign_of", f"{p.name}_sign"),
        (p,),
        f"Say {a!r} for negative, {b!r} for zero and {c!r} for positive numbers",
        [(f"{p.name} < 0", a), (f"{p.name} == 0", b), (None, c)],
        ["it is negative", "it is zero"],
        single((-1, 0, 1, -50, 70)),
        ask=single((-1, 0, 1)),
        ordinary=args(whole(-60, 60)),
    )


@CATALOGUE.add("easy", held_out=True)
def match_word(draw: Draw) -> Concept:
    one, two = draw.token(), draw.token()
    a, b, c = draw.labels(3)
    p = Param(draw.name("command", "word", "key", "state", "signal"), "str", "string", "string")
    x = p.name
    return _by_branches(
        draw.name("respond", "next_state", "answer_for", "react_to"),
        (p,),
        f"Answer {a!r} to what starts with {one!r}, {b!r} to what ends with {two!r}, else {c!r}",
        [(f"{x}.startswith({one!r})", a), (f"{x}.endswith({two!r})", b), (None, c)],
        [f"it starts with «{one}»", f"it ends with «{two}»"],
        single((one, two, "", one + two, two + one, one.upper(), "x" + one, two + "x", one[:-1])),
        ask=single((one + "a", "a" + two, one + two, "")),
        ordinary=lambda dice: (
            dice.choice((one, "", "q", two, one))
            + dice.choice("aeiou") * 2
            + dice.choice((two, "", one, two)),
        ),
    )


@CATALOGUE.add("medium")
def ladder(draw: Draw) -> Concept:
    steps = draw.pick((2, 3, 4, 4))
    strict = draw.pick((False, False, True))
    limits = draw.numbers(steps, 5, 120, step=draw.pick((1, 5)))[::-1]
    labels = draw.labels(steps + 1)[::-1]
    p = _measure(draw)
    sign, word = (">", "above") if strict else (">=", "at least")
    said_how = draw.dice.choice(
        ("it is above {}", "it is greater than {}", "it exceeds {}")
        if strict
        else ("it is at least {}", "it is {} or more", "it is {} or above", "it is >= {}")
    )
    branches: list[Branch] = [
        *(
            (f"{p.name} {sign} {limit}", label)
            for limit, label in zip(limits, labels, strict=False)
        ),
        (None, labels[-1]),
    ]
    edges = single([limit + by for limit in limits for by in (-1, 0, 1)] + [0, -5, 200])
    concept = _by_branches(
        draw.name(
            f"{p.name}_label", f"grade_{p.name}", f"classify_{p.name}", f"get_{p.name}_class"
        ),
        (p,),
        f"Choose a label by how high the {p.name} is",
        branches,
        [said_how.format(limit) for limit in limits],
        edges,
        ask=single([*limits, limits[-1] - 1]),
        ordinary=args(around(limits, 20)),
    )
    steps_said = ", ".join(
        f"{word} {limit} is «{label}»" for limit, label in zip(limits, labels, strict=False)
    )
    short = ", ".join(
        f"«{label}» {'>' if strict else 'from'} {limit}"
        for limit, label in zip(limits, labels, strict=False)
    )
    return _with_words(
        concept,
        {
            "steps": f"{steps_said}, and anything lower is «{labels[-1]}»",
            "short": f"{short}, below that «{labels[-1]}»",
            "limits": " and ".join(
                filter(None, (", ".join(map(str, limits[:-1])), str(limits[-1])))
            ),
        },
    )


@CATALOGUE.add("medium")
def range_label(draw: Draw) -> Concept:
    low = draw.number(-20, 60)
    high = low + draw.number(3, 60)
    a, b, c = draw.labels(3)
    p = _measure(draw)
    return _with_words(
        _by_branches(
            draw.name(
                f"{p.name}_range", f"check_{p.name}_range", f"{p.name}_zone", "in_range_label"
            ),
            (p,),
            f"Say whether the {p.name} is below, inside or above {low} to {high}",
            [(f"{p.name} < {low}", a), (f"{p.name} <= {high}", b), (None, c)],
            [f"it is below {low}", f"it is from {low} to {high} inclusive"],
            single((low - 1, low, low + 1, high - 1, high, high + 1, low - 30, high + 30)),
            ask=single((low - 1, low, high, high + 1)),
            ordinary=args(around((low, high), 25)),
        ),
        {"low": str(low), "high": str(high)},
    )


_RULES = {
    "digit": (
        "not any(c.isdigit() for c in {x})",
        ("it contains no digit", "there is no digit in it", "it has no number in it"),
    ),
    "upper": (
        "not any(c.isupper() for c in {x})",
        (
            "it contains no uppercase letter",
            "it has no capital letter",
            "no letter in it is uppercase",
        ),
    ),
    "lower": (
        "not any(c.islower() for c in {x})",
        (
            "it contains no lowercase letter",
            "it has no small letter",
            "no letter in it is lowercase",
        ),
    ),
    "space": ("' ' in {x}", ("it contains a space", "there is a space in it")),
}


@CATALOGUE.add("medium")
def rules_in_order(draw: Draw) -> Concept:
    length = draw.number(4, 14)
    kinds = draw.pick(
        (
            ("digit", "upper"),
            ("upper", "digit"),
            ("digit", "lower"),
            ("space", "digit"),
            ("upper", "lower", "digit"),
            ("digit", "upper", "space"),
        )
    )
    labels = draw.labels(len(kinds) + 2)
    noun = draw.name("password", "passphrase", "token", "access code")
    p = Param(draw.name("password", "text", "candidate", "pw", "value"), "str", noun, noun)
    branches: list[Branch] = [(f"len({p.name}) < {length}", labels[0])]
    said = [
        draw.dice.choice(
            (f"it has fewer than {length} characters", f"it is shorter than {length} characters")
        )
    ]
    for kind, label in zip(kinds, labels[1:-1], strict=True):
        expression, ways = _RULES[kind]
        branches.append((expression.format(x=p.name), label))
        said.append(draw.dice.choice(ways))
    branches.append((None, labels[-1]))
    full = ("Ab1" * 6)[:length]
    samples = [
        full,
        full[:-1],
        full + "c",
        "a" * length,
        "A" * length,
        "1" * length,
        "aB" * length,
        "a1" * length,
        "A1" * length,
        "aA1 " * length,
        "a " * length,
        "",
        " " * length,
        "Ab 1",
    ]
    return _by_branches(
        draw.name(f"check_{p.name}", f"validate_{p.name}", f"review_{p.name}", f"rate_{p.name}"),
        (p,),
        f"Name the first rule that a {noun} breaks, or say that it keeps them all",
        branches,
        said,
        single(samples),
        ask=single((full[:-1], "a" * length, "A1" * length, full)),
        ordinary=args(texts(samples)),
    )


@CATALOGUE.add("medium")
def divisor_words(draw: Draw) -> Concept:
    a, b = draw.pick(
        (
            (2, 3),
            (2, 5),
            (2, 7),
            (3, 4),
            (3, 5),
            (3, 7),
            (3, 10),
            (4, 6),
            (4, 7),
            (4, 9),
            (5, 6),
            (5, 7),
            (5, 8),
            (6, 7),
            (6, 9),
            (7, 9),
            (8, 9),
        )
    )
    both, one, two = draw.labels(3)
    p = _number(draw)
    n = p.name
    branches: list[Branch] = [
        (f"{n} % {a} == 0 and {n} % {b} == 0", both),
        (f"{n} % {a} == 0", one),
        (f"{n} % {b} == 0", two),
    ]
    said = [
        f"it is divisible by both {a} and {b}",
        f"it is divisible by {a}",
        f"it is divisible by {b}",
    ]
    pairs = list(zip(said, (both, one, two), strict=True))
    rest = draw.dice.choice(
        ("the number as a string", "str of the number", "the number itself as text")
    )
    told = cases(pairs, "@")
    words = {key: tuple(each.replace("«@»", rest) for each in ways) for key, ways in told.items()}
    law = ladder_law([*branches, (None, "@")]).replace("'@'", f"str({n})")
    return Concept(
        name=draw.name("divisor_word", "fizz_word", "number_word", f"say_{a}_{b}"),
        params=(p,),
        returns="str",
        summary=f"Choose a word by whether {a} and {b} divide the number, else the number as text",
        body=ladder_body(branches) + f"\nreturn str({n})",
        effects=(
            *ladder_effects(branches),
            effect("return the number as a string otherwise", hint=f"return str({n})"),
        ),
        laws=(law,),
        ask=single((a * b, a, b, a * b + 1)),
        edges=single(
            (0, a, b, a * b, -a, 1, 2 * a * b, a * b + a, a * b + b, -b, a * b - 1, a + 1, b - 1)
        ),
        ordinary=args(whole(-60, 160)),
        words=words,
        constraints=(every_path("a string on every path"),),
    )


@CATALOGUE.add("medium", held_out=True)
def flag_and_amount(draw: Draw) -> Concept:
    k = draw.number(5, 200)
    labels = draw.labels(4)
    flag = Param(draw.name("is_member", "urgent", "active", "has_pass"), "bool", "flag", "flag")
    amount = Param(draw.name("total", "amount", "points", "quantity"), "int", "amount", "amount")
    f, x = flag.name, amount.name
    told = [
        f"`{f}` is true and `{x}` is at least {k}",
        f"`{f}` is true and `{x}` is lower",
        f"`{f}` is false and `{x}` is at least {k}",
    ]
    return _by_branches(
        draw.name("choose_rate", "pick_tier", "decide", "select_plan"),
        (flag, amount),
        f"Choose a label by a flag and by whether an amount is at least {k}",
        [
            (f"{f} and {x} >= {k}", labels[0]),
            (f, labels[1]),
            (f"{x} >= {k}", labels[2]),
            (None, labels[3]),
        ],
        told,
        (
            (True, k),
            (True, k - 1),
            (False, k),
            (False, k - 1),
            (True, 0),
            (False, 0),
            (False, k + 1),
            (True, k + 1),
        ),
        ask=((True, k), (True, k - 1), (False, k), (False, k - 1)),
        ordinary=args(of(True, False), around((k,), 30)),
    )


@CATALOGUE.add("hard")
def kinds_of_number(draw: Draw) -> Concept:
    test = number_test(draw, low=2, high=40)
    zero, negative, yes, no = draw.labels(4)
    p = _number(draw)
    n = p.name
    if test.slug in ("positive", "negative"):
        test = even_test()
    edges = single((0, -1, -2, 1, 2, *[abs(edge) for edge in test.edges], 3, -7))
    return _by_branches(
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
    return _by_branches(
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
    p = _number(draw)
    n = p.name
    branches: list[Branch] = [
        (f"{n} % {c} == 0", yes),
        (f"{n} % {b} == 0", no),
        (f"{n} % {a} == 0", yes),
        (None, no),
    ]
    return replace(
        _by_branches(
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
