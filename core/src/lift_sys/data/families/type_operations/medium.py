"""Types: telling them apart, converting, reading texts, None and bool: the medium ones."""

from collections.abc import Sequence
from typing import Any

from ..concept import Catalogue, Concept, Param
from ..draw import Draw
from ..making import args, effect, every_path, ladder_law, lines, of, single, texts
from .shared import ANYTHING, KINDS, WORDS, a_text, a_thing, anything

CATALOGUE = Catalogue("type_operations")


@CATALOGUE.add("medium")
def type_label(draw: Draw) -> Concept:
    kinds = draw.pick(
        (
            ("int", "str", "list"),
            ("int", "str", "list"),
            ("int", "float", "str"),
            ("str", "list", "dict"),
            ("int", "list", "dict"),
            ("int", "str"),
        )
    )
    named = draw.pick((True, False, False))
    labels = list(kinds) if named else draw.labels(len(kinds))
    other = "other" if named and draw.pick((True, False)) else draw.label()
    if other in labels:
        other = "something else"
    boolean = draw.pick(("other", "own")) if "int" in kinds else ""
    bool_label = draw.label() if boolean == "own" else other
    if boolean == "own" and bool_label in (*labels, other):
        bool_label = "truth"
    p = a_thing(draw)
    x = p.name
    branches: list[tuple[str | None, str]] = [
        (f"isinstance({x}, {kind})", label) for kind, label in zip(kinds, labels, strict=True)
    ]
    if boolean:
        branches.insert(0, (f"isinstance({x}, bool)", bool_label))
    branches.append((None, other))
    said = [f"«{label}» for {WORDS[kind][1]}" for kind, label in zip(kinds, labels, strict=True)]
    note = {
        "": ("",),
        "other": (
            f". True and False are «{other}» too",
            f" (bools are also «{other}», not numbers)",
        ),
        "own": (
            f". A bool is «{bool_label}», not a number",
            f", but «{bool_label}» for True and False",
        ),
    }[boolean]
    told = (
        ", ".join(said) + f" and «{other}» for anything else",
        "; ".join(said) + f"; everything else is «{other}»",
    )
    kept_told = (
        ", ".join(
            f"{WORDS[kind][2]} = «{label}»" for kind, label in zip(kinds, labels, strict=True)
        )
        + f", any other type = «{other}»",
    )
    sample: list[Any] = [value for kind in kinds for value in KINDS[kind][:2]]
    return Concept(
        name=draw.name("get_type_name", "type_name", "type_label", "describe_type"),
        params=(p,),
        returns="str",
        summary="Name the type of a value",
        body=lines(
            *(
                f"if {condition}:\n    return {label!r}" if condition else f"return {label!r}"
                for condition, label in branches
            )
        ),
        effects=tuple(
            effect(
                f"return exactly {label!r}" + (" for any other type" if condition is None else ""),
                condition,
                returns=(label,),
                order="before int is tested: bool is a kind of int"
                if condition and "bool" in condition
                else None,
            )
            for condition, label in branches
        ),
        laws=(ladder_law(branches),),
        ask=single((sample[0], sample[2], True, None)),
        edges=single(ANYTHING),
        ordinary=anything,
        words={
            "told": told,
            "more_told": _told(kinds, labels, other),
            "kept": kept_told,
            "note": note,
        },
        constraints=(every_path("one of the literals on every path"),),
    )


def _told(kinds: Sequence[str], labels: Sequence[str], other: str) -> tuple[str, ...]:
    """Types and their names in other orders; for the third curriculum."""
    pairs = [(WORDS[kind], f"«{label}»") for kind, label in zip(kinds, labels, strict=True)]
    rest = f"«{other}»"
    names = ", ".join(label for _, label in pairs)
    things = ", ".join(words[3] for words, _ in pairs)
    turned = [*pairs[1:], pairs[0]]
    return (
        ", ".join(f"{label} for {words[3]}" for words, label in pairs[::-1]) + f", else {rest}",
        ", ".join(f"{label} if it's {words[1]}" for words, label in turned) + f" or else {rest}",
        "; ".join(f"{words[3]} is {label}" for words, label in pairs) + f"; the rest is {rest}",
        f"{rest} by default, " + ", ".join(f"{label} for {words[3]}" for words, label in turned),
        f"{names} or {rest} (for {things} and anything else, in this order)",
        ", ".join(f"{words[2]} -> {label}" for words, label in pairs[::-1]) + f", other -> {rest}",
        f"{rest}, unless it is " + " or ".join(f"{words[3]} ({label})" for words, label in pairs),
    )


@CATALOGUE.add("medium")
def safe_int(draw: Draw) -> Concept:
    default = draw.pick((0, None, -1))
    if draw.pick((True, True, False)):
        default = draw.number(2, 99) * draw.pick((1, -1))
    kind = draw.pick(("int", "int", "float"))
    change = draw.pick(("", "", "add", "mul"))
    k = draw.number(2, 40) if change else 0
    p = a_text(draw)
    x = p.name
    if kind == "float" and default is not None:
        default = float(default)
    after = {"": "", "add": f" + {k}", "mul": f" * {k}"}[change]
    also = {
        "": ("",),
        "add": (f" plus {k}", f", increased by {k}"),
        "mul": (f" times {k}", f", multiplied by {k}"),
    }[change]
    body = (
        lines(
            "try:", f"    return {kind}({x}){after}", "except ValueError:", f"    return {default}"
        )
        if not change
        else lines(
            "try:",
            f"    number = {kind}({x})",
            "except ValueError:",
            f"    return {default}",
            f"return number{after}",
        )
    )
    good = (
        ("12", "-7", " 5 ", "0", "+3", "1_0")
        if kind == "int"
        else ("1.5", "-2", " 3.25 ", "0", "1e2", ".5")
    )
    bad = ("", "abc", "1.5" if kind == "int" else "1,5", "12a", "--1", " ", "None")
    return Concept(
        name=draw.name("safe_int", "to_int", "parse_int", "int_or_default")
        if kind == "int"
        else draw.name("safe_float", "to_float", "parse_float", "float_or_default"),
        params=(p,),
        returns=kind if default is not None else f"{kind} | None",
        summary=f"Convert a text to {'an int' if kind == 'int' else 'a float'}{also[0]}, {default} where that fails",
        body=body,
        effects=(
            effect(
                f"try {kind}({x}) and return the number{also[0]}",
                hint="try block around the one conversion",
            ),
            effect(
                f"on ValueError, and on no other exception, return {default}",
                hint=f"except ValueError: return {default}",
            ),
        ),
        laws=(
            f"not ({x}.isascii() and {x}.isdecimal()) or result == {kind}({x}){after}",
            f"any(c.isdecimal() for c in {x}) or result {'is' if default is None else '=='} {default}"
            if kind == "int"
            else f"{x} != '' or result {'is' if default is None else '=='} {default}",
        ),
        ask=single(("12", "abc", "")),
        edges=single((*good, *bad)),
        ordinary=args(of(*good, *bad, "77", "-13", "x1", "9 9")),
        words={
            "kind": ("int", "an integer") if kind == "int" else ("float", "a float"),
            "also": also,
            "d": (str(default), f"`{default}`"),
        },
    )


@CATALOGUE.add("medium")
def read_flag(draw: Draw) -> Concept:
    words = (
        draw.labels(3)
        if draw.pick((True, False))
        else list(
            draw.pick(
                (
                    ("yes", "true", "1"),
                    ("on", "yes", "y"),
                    ("ja", "wahr", "j"),
                    ("oui", "vrai", "o"),
                )
            )
        )
    )
    words = [word.lower() for word in words]
    ignore = draw.pick((True, False))
    strip = draw.pick((True, False))
    p = a_text(draw, "text", "answer", "value", "s")
    x = p.name
    cleaned = x + (".strip()" if strip else "") + (".lower()" if ignore else "")
    listed = ", ".join(f"«{word}»" for word in words[:-1]) + f" or «{words[-1]}»"
    how = {
        (True, True): (
            "ignoring case and surrounding whitespace",
            "no matter the case, and without spaces around",
        ),
        (True, False): ("ignoring upper and lower case", "in upper or lower case"),
        (False, True): (
            "after removing whitespace at both ends; case matters",
            "whitespace around is ignored, case is not",
        ),
        (False, False): (
            "exactly, with the same case and without spaces",
            "an exact match, case included",
        ),
    }[(ignore, strip)]
    return Concept(
        name=draw.name("parse_flag", "is_yes", "to_bool", "read_flag"),
        params=(p,),
        returns="bool",
        summary=f"Tell whether a text is one of {', '.join(map(repr, words))}, {how[0]}",
        body=f"return {cleaned} in {tuple(words)!r}",
        effects=(
            effect(
                f"return True for one of these words, {how[0]}; False for any other text",
                hint=f"{cleaned} in {tuple(words)!r}",
            ),
        ),
        laws=(f"result == ({cleaned} in {tuple(words)!r})",),
        ask=single((words[0], words[1].upper(), f" {words[2]} ", "")),
        edges=single(
            (
                *words,
                words[0].upper(),
                f" {words[1]}",
                f"{words[2]} ",
                words[0] + words[1],
                "",
                "no",
                words[1].capitalize(),
                words[0][:-1],
                f" {words[0].upper()} ",
            )
        ),
        ordinary=args(texts((*words, words[0].upper(), f" {words[1]} ", "never"))),
        words={"listed": listed, "how": how},
    )


@CATALOGUE.add("medium", held_out=True)
def count_kinds(draw: Draw) -> Concept:
    a, b = draw.pick(
        (
            ("int", "str"),
            ("str", "int"),
            ("float", "int"),
            ("str", "list"),
            ("list", "str"),
            ("int", "list"),
            ("float", "str"),
            ("list", "float"),
        )
    )
    more = draw.number(1, 5)
    p = Param(
        draw.name("items", "values", "things", "mixed"),
        "list[object]",
        "list of mixed values",
        "list",
    )
    x = p.name

    def test(kind: str) -> str:
        return f"isinstance(i, {kind})" + (" and not isinstance(i, bool)" if kind == "int" else "")

    note = " True and False count as neither." if "int" in (a, b) else ""
    first, second = f"sum(1 for i in {x} if {test(a)})", f"sum(1 for i in {x} if {test(b)})"
    return Concept(
        name=draw.name("weigh_types", "type_score", "kinds_score"),
        params=(p,),
        returns="int",
        summary=f"Count the {WORDS[a][2]}s, {more} points each, minus one point for each {WORDS[b][2]}",
        body=lines(
            "score = 0",
            f"for i in {x}:",
            f"    if {test(a)}:",
            f"        score += {more}",
            f"    elif {test(b)}:",
            "        score -= 1",
            "return score",
        ),
        effects=(
            effect(
                f"add {more} for each {WORDS[a][2]} and subtract 1 for each {WORDS[b][2]}; everything else, bools included, counts nothing"
            ),
            effect("return the total"),
        ),
        laws=(f"result == {more} * {first} - {second}",),
        ask=(([],), ([KINDS[a][1], KINDS[b][1], True, None],)),
        edges=(
            ([],),
            ([True],),
            ([None, False],),
            ([KINDS[a][0]],),
            ([KINDS[b][0]],),
            (list(KINDS[a]),),
            (list(KINDS[b]),),
            ([*ANYTHING],),
        ),
        ordinary=lambda dice: ([dice.choice(ANYTHING) for _ in range(dice.randint(1, 7))],),
        words={"a": WORDS[a][2], "b": WORDS[b][2], "more": str(more), "note": note},
    )
