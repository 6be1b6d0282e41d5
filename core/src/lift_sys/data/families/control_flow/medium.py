"""Branches: ladders, ranges, rules in order, nested conditions: the medium ones."""

from itertools import pairwise

from ..concept import Catalogue, Concept, Param
from ..draw import Draw
from ..making import (
    Branch,
    args,
    around,
    cases,
    effect,
    every_path,
    ladder_body,
    ladder_effects,
    ladder_law,
    of,
    single,
    texts,
    whole,
)
from .shared import RULES, WANTED, a_measure, a_number, by_branches, with_words

CATALOGUE = Catalogue("control_flow")


@CATALOGUE.add("medium")
def ladder(draw: Draw) -> Concept:
    steps = draw.pick((2, 3, 4, 4))
    strict = draw.pick((False, False, True))
    limits = draw.numbers(steps, 5, 120, step=draw.pick((1, 5)))[::-1]
    labels = draw.labels(steps + 1)[::-1]
    p = a_measure(draw)
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
    concept = by_branches(
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
    return with_words(
        concept,
        {
            "steps": f"{steps_said}, and anything lower is «{labels[-1]}»",
            "short": f"{short}, below that «{labels[-1]}»",
            "ranges": _ranges(limits[::-1], labels[::-1], strict=strict),
            "limits": " and ".join(
                filter(None, (", ".join(map(str, limits[:-1])), str(limits[-1])))
            ),
        },
    )


def _ranges(limits: list[int], labels: list[str], *, strict: bool) -> tuple[str, ...]:
    """The ladder from below, or by where each label begins and ends."""
    said = [f"«{label}»" for label in labels]
    first, last = limits[0], limits[-1]
    lowest = f"up to {first}" if strict else f"below {first}"
    highest = f"above {last}" if strict else f"{last} and up"
    by = 1 if strict else 0
    between = [f"{low + by} to {high - 1 + by}" for low, high in pairwise(limits)]
    spans = [lowest, *between, highest]
    ends = [f"{'up to' if strict else 'below'} {limit}" for limit in limits]
    pairs = list(zip(spans, said, strict=True))
    up = [f"{span} {label}" for span, label in pairs]
    down = [f"{label} for {span}" for span, label in reversed(pairs)]
    return (
        ", ".join(up),
        "; ".join(f"{label}: {span}" for span, label in pairs),
        ", ".join(down[:-1]) + f" and {down[-1]}",
        "; ".join(f"{span} -> {label}" for span, label in pairs),
        ", ".join(f"{end} it is {label}" for end, label in zip(ends, said[:-1], strict=True))
        + f", otherwise {said[-1]}",
        ", ".join(f"{label} if {end}" for end, label in zip(ends, said[:-1], strict=True))
        + f", and {said[-1]} for all the rest",
    )


@CATALOGUE.add("medium")
def range_label(draw: Draw) -> Concept:
    low = draw.number(-20, 60)
    high = low + draw.number(3, 60)
    a, b, c = draw.labels(3)
    p = a_measure(draw)
    return with_words(
        by_branches(
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
        expression, ways = RULES[kind]
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
    wanted = [f"at least {length} characters", *(WANTED[kind] for kind in kinds)]
    concept = by_branches(
        draw.name(f"check_{p.name}", f"validate_{p.name}", f"review_{p.name}", f"rate_{p.name}"),
        (p,),
        f"Name the first rule that a {noun} breaks, or say that it keeps them all",
        branches,
        said,
        single(samples),
        ask=single((full[:-1], "a" * length, "A1" * length, full)),
        ordinary=args(texts(samples)),
    )
    return with_words(concept, {"needs": _as_needs(wanted, labels)})


def _as_needs(wanted: list[str], labels: list[str]) -> tuple[str, ...]:
    """The rules as what is asked for, where the others say what is wrong."""
    *missing, fine = [f"«{label}»" for label in labels]
    pairs = list(zip(wanted, missing, strict=True))
    ways = (
        "it must have "
        + ", ".join(f"{want} (else {label})" for want, label in pairs)
        + f"; if nothing is missing, {fine}",
        ", ".join(f"{label} unless it has {want}" for want, label in pairs) + f", else {fine}",
        f"{fine} if it has {', '.join(wanted)}; otherwise "
        + ", ".join(f"{label} for want of {want}" for want, label in pairs),
        "; ".join(f"it needs {want}, if not: {label}" for want, label in pairs)
        + f"; when all is there: {fine}",
    )
    if WANTED["space"] in wanted:
        return ways
    without = ", ".join(f"without {want} it is {label}" for want, label in pairs)
    return (*ways, f"{without}, with all of these {fine}")


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
    p = a_number(draw)
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
    return by_branches(
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
