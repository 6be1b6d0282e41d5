"""Types: telling them apart, converting, reading texts, None and bool."""

import random
from typing import Any

from .concept import Catalogue, Concept, Param
from .draw import Draw
from .making import args, effect, every_path, ladder_law, lines, of, single, texts

CATALOGUE = Catalogue("type_operations")
_KINDS: dict[str, tuple[Any, ...]] = {
    "int": (0, 7, -3),
    "str": ("", "ab", "12"),
    "float": (0.5, 2.5),
    "list": ([], [1, 2]),
    "dict": ({}, {"a": 1}),
    "tuple": ((), (1, 2)),
}
_WORDS = {
    "int": ("int", "an int", "integer"),
    "str": ("str", "a string", "string"),
    "float": ("float", "a float", "float"),
    "list": ("list", "a list", "list"),
    "dict": ("dict", "a dict", "dictionary"),
    "tuple": ("tuple", "a tuple", "tuple"),
    "bool": ("bool", "a bool", "boolean"),
}
_ANYTHING: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    7,
    -3,
    "",
    "ab",
    2.5,
    0.0,
    [],
    [1, 2],
    {},
    {"a": 1},
    (),
    (1, 2),
)


def _thing(draw: Draw) -> Param:
    return Param(
        draw.name("value", "thing", "obj", "item", "x"), "object", "value of any type", "value"
    )


def _text(draw: Draw, *names: str) -> Param:
    return Param(
        draw.name(*(names or ("text", "s", "raw", "value"))),
        "str",
        draw.name("string", "text"),
        "text",
    )


def _anything(dice: random.Random) -> tuple[Any, ...]:
    return (dice.choice((*_ANYTHING, dice.randint(-99, 99), "word", [3], 1.5)),)


def _default(draw: Draw) -> int:
    return draw.number(-99, 99) if draw.pick((True, True, False)) else 0


@CATALOGUE.add("easy")
def is_kind(draw: Draw) -> Concept:
    kinds = draw.pick(
        (
            ("int",),
            ("str",),
            ("int", "float"),
            ("list", "tuple"),
            ("str", "list"),
            ("dict",),
            ("int", "str"),
            ("float",),
            ("list",),
        )
    )
    labelled = draw.pick((True, True, False))
    yes, no = [repr(label) for label in draw.labels(2)] if labelled else ["True", "False"]
    p = _thing(draw)
    x = p.name
    check = f"isinstance({x}, {kinds[0] if len(kinds) == 1 else '(' + ', '.join(kinds) + ')'})"
    number = "int" in kinds
    branches = [f"if isinstance({x}, bool):", f"    return {no}"] if number else []
    body = (
        lines(*branches, f"if {check}:", f"    return {yes}", f"return {no}")
        if labelled or number
        else f"return {check}"
    )
    condition = f"{check} and not isinstance({x}, bool)" if number else check
    told = " or ".join(_WORDS[kind][1] for kind in kinds)
    note = ("; True and False do not count", ", where bools don't count") if number else ("",)
    values = tuple(value.strip("'") if labelled else value == "True" for value in (yes, no))
    effects = [
        effect(f"return {yes} for {told}{note[0]}", condition, returns=(values[0],)),
        effect(f"return {no} otherwise", returns=(values[1],)),
    ]
    if number:
        effects = [
            effect(
                f"return {no} for True and False", f"isinstance({x}, bool)", returns=(values[1],)
            ),
            effect(f"return {yes} for {told}", check, returns=(values[0],)),
            effect(f"return {no} otherwise", returns=(values[1],)),
        ]
    return Concept(
        name=draw.name("is_" + kinds[0], "check_type", f"{kinds[0]}_check", "has_type"),
        params=(p,),
        returns="str" if labelled else "bool",
        summary=f"Tell whether a value is {told}{note[0]}",
        body=body if labelled or number else f"return {check}",
        effects=tuple(effects),
        laws=(
            f"result == ({yes} if {condition} else {no})"
            if labelled
            else f"result == ({condition})",
        ),
        ask=single((_KINDS[kinds[0]][0], True, None)),
        edges=single(_ANYTHING),
        ordinary=_anything,
        words={
            "told": told,
            "yes": f"«{yes[1:-1]}»" if labelled else "True",
            "no": f"«{no[1:-1]}»" if labelled else "False",
            "note": note,
        },
    )


@CATALOGUE.add("easy")
def flag_text(draw: Draw) -> Concept:
    third = draw.pick((True, False))
    yes, no, nothing = draw.labels(3)
    mark = draw.pick((": ", "-", " ", "/", "="))
    p = Param(
        draw.name("flag", "enabled", "ready", "done"),
        "bool | None" if third else "bool",
        "bool or None" if third else "bool",
        "flag",
    )
    q = Param(draw.name("name", "text", "title"), "str", "string", "string")
    x, text = p.name, q.name
    branches = [*([(f"{x} is None", nothing)] if third else []), (x, yes), (None, no)]
    said = [f"«{yes}» for True", f"«{no}» for False", *([f"«{nothing}» for None"] if third else [])]
    back = [f"True is «{yes}»", f"False is «{no}»", *([f"None is «{nothing}»"] if third else [])]
    word = " ".join(
        f"{label!r} if {condition} else" if condition else repr(label)
        for condition, label in branches
    )
    return Concept(
        name=draw.name("flag_text", "with_flag", "label_with_flag", "show_flag"),
        params=(p, q),
        returns="str",
        summary=f"Put a word for the flag and {mark!r} in front of a text",
        body=lines(
            *(
                f"if {condition}:\n    word = {label!r}"
                if condition and not place
                else f"elif {condition}:\n    word = {label!r}"
                if condition
                else f"else:\n    word = {label!r}"
                for place, (condition, label) in enumerate(branches)
            ),
            f"return word + {mark!r} + {text}",
        ),
        effects=(
            *(
                effect(
                    f"the word is {label!r}" + (" otherwise" if condition is None else ""),
                    condition,
                )
                for condition, label in branches
            ),
            effect(f"return the word, {mark!r} and the text, one after the other"),
        ),
        laws=(f"result == ({word}) + {mark!r} + {text}",),
        ask=((True, "a"), (False, "a"), *(((None, "a"),) if third else ())),
        edges=(
            (True, ""),
            (False, ""),
            (True, yes),
            (False, no),
            *(((None, ""), (None, "b")) if third else ()),
        ),
        ordinary=args(
            of(True, False, *((None,) if third else ())), texts(("tea", "New York", "old one"))
        ),
        words={
            "word": (", ".join(said[:-1]) + f" and {said[-1]}", ", ".join(said)),
            "kept": (", ".join(back),),
            "mark": f"«{mark}»",
        },
    )


@CATALOGUE.add("easy")
def show_value(draw: Draw) -> Concept:
    before, after = draw.token(), draw.token()
    mark = draw.pick(("-", ":", "=", "#", "_", " "))
    which = draw.pick(("before", "after", "both"))
    kind, noun = draw.pick(
        (("int", "integer"), ("float", "float"), ("bool", "bool"), ("int", "integer"))
    )
    p = Param(
        draw.name("value", "number", "x", "n") if kind != "bool" else draw.name("flag", "value"),
        kind,
        noun,
        noun,
    )
    x = p.name
    front = f"{before + mark!r} + " if which != "after" else ""
    back = f" + {mark + after!r}" if which != "before" else ""
    told = {
        "before": f"«{before}{mark}» in front of it",
        "after": f"«{mark}{after}» behind it",
        "both": f"«{before}{mark}» in front and «{mark}{after}» behind",
    }[which]
    sample: tuple[Any, ...] = {
        "int": (0, -5, 12, 1000),
        "float": (0.0, 2.5, -1.25, 10.0),
        "bool": (True, False),
    }[kind]
    return Concept(
        name=draw.name("to_text", "show_value", "as_text", "format_value"),
        params=(p,),
        returns="str",
        summary=f"Turn {'an' if noun[0] == 'i' else 'a'} {noun} into text with {told.replace('«', chr(39)).replace('»', chr(39))}",
        body=f"return {front}str({x}){back}",
        effects=(
            effect(
                f"convert the value with str() and put {told.replace('«', chr(39)).replace('»', chr(39))}"
            ),
        ),
        laws=(f"result == {front}str({x}){back}",),
        ask=single(sample[:2]),
        edges=single(sample),
        ordinary=args(
            of(
                *sample,
                *(
                    {"int": range(-50, 99), "float": (3.5, 7.75, 0.125, -9.5), "bool": (True,)}[
                        kind
                    ]
                ),
            )
        ),
        words={"told": told},
    )


@CATALOGUE.add("easy", held_out=True)
def size_of(draw: Draw) -> Concept:
    default, factor = _default(draw), draw.number(1, 9)
    p = _thing(draw)
    x = p.name
    kinds = draw.pick(("(str, list)", "(list, tuple)", "(str, list, dict)", "(list, dict)"))
    told = {
        "(str, list)": "a string or a list",
        "(list, tuple)": "a list or a tuple",
        "(str, list, dict)": "a string, a list or a dict",
        "(list, dict)": "a list or a dict",
    }[kinds]
    times = "" if factor == 1 else f" * {factor}"
    said = "its length" if factor == 1 else f"{factor} times its length"
    return Concept(
        name=draw.name("size_of", "length_or_default", "measure"),
        params=(p,),
        returns="int",
        summary=f"Return {said} for {told}, {default} for anything else",
        body=f"if isinstance({x}, {kinds}):\n    return len({x}){times}\nreturn {default}",
        effects=(
            effect(f"return {said}", f"isinstance({x}, {kinds})"),
            effect(f"return {default} for any other type", returns=(default,)),
        ),
        laws=(f"result == (len({x}){times} if isinstance({x}, {kinds}) else {default})",),
        ask=single(([1, 2], None, "abc")),
        edges=single((*_ANYTHING, (1, 2, 3), "abcd", {"a": 1, "b": 2})),
        ordinary=_anything,
        words={"told": told, "said": said, "d": str(default)},
    )


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
    p = _thing(draw)
    x = p.name
    branches: list[tuple[str | None, str]] = [
        (f"isinstance({x}, {kind})", label) for kind, label in zip(kinds, labels, strict=True)
    ]
    if boolean:
        branches.insert(0, (f"isinstance({x}, bool)", bool_label))
    branches.append((None, other))
    said = [f"«{label}» for {_WORDS[kind][1]}" for kind, label in zip(kinds, labels, strict=True)]
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
            f"{_WORDS[kind][2]} = «{label}»" for kind, label in zip(kinds, labels, strict=True)
        )
        + f", any other type = «{other}»",
    )
    sample: list[Any] = [value for kind in kinds for value in _KINDS[kind][:2]]
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
        edges=single(_ANYTHING),
        ordinary=_anything,
        words={"told": told, "kept": kept_told, "note": note},
        constraints=(every_path("one of the literals on every path"),),
    )


@CATALOGUE.add("medium")
def safe_int(draw: Draw) -> Concept:
    default = draw.pick((0, None, -1))
    if draw.pick((True, True, False)):
        default = draw.number(2, 99) * draw.pick((1, -1))
    kind = draw.pick(("int", "int", "float"))
    change = draw.pick(("", "", "add", "mul"))
    k = draw.number(2, 40) if change else 0
    p = _text(draw)
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
    p = _text(draw, "text", "answer", "value", "s")
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
        summary=f"Count the {_WORDS[a][2]}s, {more} points each, minus one point for each {_WORDS[b][2]}",
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
                f"add {more} for each {_WORDS[a][2]} and subtract 1 for each {_WORDS[b][2]}; everything else, bools included, counts nothing"
            ),
            effect("return the total"),
        ),
        laws=(f"result == {more} * {first} - {second}",),
        ask=(([],), ([_KINDS[a][1], _KINDS[b][1], True, None],)),
        edges=(
            ([],),
            ([True],),
            ([None, False],),
            ([_KINDS[a][0]],),
            ([_KINDS[b][0]],),
            (list(_KINDS[a]),),
            (list(_KINDS[b]),),
            ([*_ANYTHING],),
        ),
        ordinary=lambda dice: ([dice.choice(_ANYTHING) for _ in range(dice.randint(1, 7))],),
        words={"a": _WORDS[a][2], "b": _WORDS[b][2], "more": str(more), "note": note},
    )


@CATALOGUE.add("hard")
def sum_of_numbers(draw: Draw) -> Concept:
    kinds = draw.pick(("int", "int and float", "int and digits"))
    k, start = draw.number(1, 60), draw.number(0, 90)
    cap = draw.pick(("above", "below"))
    sign = ">" if cap == "above" else "<"
    p = Param(
        draw.name("items", "values", "cells", "mixed"),
        "list[object]",
        "list of mixed values",
        "list",
    )
    x = p.name
    number = "isinstance(i, int)" if kinds != "int and float" else "isinstance(i, (int, float))"
    digits = kinds == "int and digits"
    told = {
        "int": ("the ints", "all integers"),
        "int and float": ("the ints and floats", "all numbers (int or float)"),
        "int and digits": (
            "the ints, and strings of the digits 0 to 9 read as ints,",
            "all integers, also those written as strings of digits 0-9,",
        ),
    }[kinds]
    body = lines(
        f"total = {start}",
        f"for i in {x}:",
        "    if isinstance(i, bool):",
        "        continue",
        *(
            ["    if isinstance(i, str) and i.isascii() and i.isdigit():", "        i = int(i)"]
            if digits
            else []
        ),
        f"    if {number} and i {sign} {k}:",
        "        total += i",
        "return total",
    )
    base = f"sum([i for i in {x} if {number} and not isinstance(i, bool) and i {sign} {k}])"
    law = (
        base
        if not digits
        else f"{base} + sum([int(i) for i in {x} if isinstance(i, str) and i.isascii() and i.isdigit() and int(i) {sign} {k}])"
    )
    kind = "float" if kinds == "int and float" else "int"
    return Concept(
        name=draw.name("sum_numbers", "total_of_numbers", "add_numeric", "sum_mixed"),
        params=(p,),
        returns=kind if kind == "int" else "int | float",
        summary=f"Add {told[0]} {cap} {k} to {start}, without True and False".replace(",,", ","),
        body=body,
        effects=(
            effect(
                "leave out True and False, although they are ints", order="before int is tested"
            ),
            effect(
                f"add {told[0]} that are {cap} {k} to a total that starts at {start}; everything else is passed over"
            ),
            effect("return the total"),
        ),
        laws=(f"result == {start} + {law}",),
        ask=(([],), ([k, k + 1, k - 1, True, str(k + 5), None],)),
        edges=(
            ([],),
            ([True, False],),
            ([k],),
            ([k + 1],),
            ([k - 1],),
            ([str(k + 1)],),
            ([str(k - 1)],),
            ([k + 0.5, k - 0.5],),
            ([None, "x", [k + 9]],),
            ([-k, 0, 1],),
            (["", "-5", "1.5", "٣"],),
        ),
        ordinary=lambda dice: (
            [
                dice.choice(
                    (
                        dice.randint(k - 6, k + 6),
                        dice.randint(-9, 99),
                        True,
                        None,
                        str(dice.randint(0, 99)),
                        "ab",
                        k + 2.5,
                        k - 1.5,
                    )
                )
                for _ in range(dice.randint(1, 7))
            ],
        ),
        words={"told": told, "cap": f"{cap} {k}", "start": str(start)},
    )


@CATALOGUE.add("hard")
def normalise(draw: Draw) -> Concept:
    nothing, yes, no, other = draw.labels(4)
    text = draw.pick(("strip", "upper", "lower"))
    number = draw.pick(("add", "str", "mul"))
    k = 0 if number == "str" else draw.number(2, 30)
    p = _thing(draw)
    x = p.name
    of_text = f"{x}.{text}()"
    said_text = {
        "strip": "the string without whitespace at both ends",
        "upper": "the string in upper case",
        "lower": "the string in lower case",
    }[text]
    of_number = {"add": f"str({x} + {k})", "str": f"str({x})", "mul": f"str({x} * {k})"}[number]
    said_number = {
        "add": f"the int plus {k} as a string",
        "str": "the int as a string",
        "mul": f"the int times {k} as a string",
    }[number]
    rest = f"«{other}» for everything else"
    told = (
        f"«{nothing}» for None, «{yes}» for True, «{no}» for False, {said_number} for an int, {said_text} for a string, and {rest}",
        f"None gives «{nothing}», True gives «{yes}», False gives «{no}», an int gives {said_number}, a string gives {said_text}, and anything else gives «{other}»",
    )
    kept_told = (
        f"None to «{nothing}»; True to «{yes}»; False to «{no}»; an int to {said_number}; a string to {said_text}; whatever else to «{other}»",
    )
    return Concept(
        name=draw.name("normalise", "to_label", "describe_value", "as_text"),
        params=(p,),
        returns="str",
        summary="Turn a value of any type into a text, by its type",
        body=lines(
            f"if {x} is None:",
            f"    return {nothing!r}",
            f"if isinstance({x}, bool):",
            f"    return {yes!r} if {x} else {no!r}",
            f"if isinstance({x}, int):",
            f"    return {of_number}",
            f"if isinstance({x}, str):",
            f"    return {of_text}",
            f"return {other!r}",
        ),
        effects=(
            effect(f"return exactly {nothing!r}", f"{x} is None", returns=(nothing,)),
            effect(
                f"return exactly {yes!r}",
                f"{x} is True",
                returns=(yes,),
                order="before int is tested: bool is a kind of int",
            ),
            effect(
                f"return exactly {no!r}",
                f"{x} is False",
                returns=(no,),
                order="before int is tested",
            ),
            effect(f"return {said_number}", f"isinstance({x}, int)"),
            effect(f"return {said_text}", f"isinstance({x}, str)"),
            effect(f"return exactly {other!r} otherwise", returns=(other,)),
        ),
        laws=(
            f"result == ({nothing!r} if {x} is None else {yes!r} if {x} is True else {no!r} if {x} is False else {of_number} if isinstance({x}, int) else {of_text} if isinstance({x}, str) else {other!r})",
        ),
        ask=single((None, True, False, 5, " Ab ", 2.5)),
        edges=single((*_ANYTHING, " Ab ", "cD")),
        ordinary=_anything,
        words={"told": told, "kept": kept_told},
        constraints=(every_path("a text on every path"),),
    )


@CATALOGUE.add("hard")
def read_pairs(draw: Draw) -> Concept:
    between, inside = draw.pick(
        ((";", "="), (",", ":"), ("&", "="), ("|", ":"), (" ", "="), (";", ":"), (",", "="))
    )
    default = draw.number(-99, 99) if draw.pick((True, False)) else None
    same = draw.pick(("last", "first", "sum"))
    p = _text(draw, "text", "line", "settings", "s")
    x = p.name
    bad = (
        (
            "leave out every part whose value is not made of the digits 0 to 9 alone",
            "ignore parts whose value isn't only digits 0-9",
        )
        if default is None
        else (
            f"a value that is not made of the digits 0 to 9 alone becomes {default}",
            f"use {default} for values that aren't only digits 0-9",
        )
    )
    twice = {
        "last": (
            "If a key comes twice, the last one wins",
            "Later parts overwrite earlier ones with the same key",
        ),
        "first": (
            "If a key comes twice, the first one stays",
            "The first of several parts with the same key counts",
        ),
        "sum": (
            "Values of the same key are added up",
            "If a key comes twice, its values are summed",
        ),
    }[same]
    put = {
        "last": ["    pairs[key] = number"],
        "first": ["    if key not in pairs:", "        pairs[key] = number"],
        "sum": ["    pairs[key] = pairs.get(key, 0) + number"],
    }[same]
    head = (
        [
            "    if not (value.isascii() and value.isdecimal()):",
            "        continue",
            "    number = int(value)",
        ]
        if default is None
        else [
            "    digits = value.isascii() and value.isdecimal()",
            f"    number = int(value) if digits else {default}",
        ]
    )
    samples = [
        f"a{inside}1{between}b{inside}22",
        f"a{inside}1{between}a{inside}5",
        f"a{inside}x{between}b{inside}3",
        f"a{between}b{inside}2",
        "",
        inside,
        f"a{inside}{between}",
        f"k{inside}1{inside}2",
        f"{between}{between}z{inside}9",
        f"a{inside}-4",
        f"b{inside}007{between}a{inside}0",
    ]
    return Concept(
        name=draw.name("read_pairs", "parse_settings", "parse_pairs", "to_dict"),
        params=(p,),
        returns="dict[str, int]",
        summary=f"Read pairs of a key and a whole number, written key{inside}value and separated by {between!r}",
        body=lines(
            "pairs = {}",
            f"for part in {x}.split({between!r}):",
            f"    key, mark, value = part.partition({inside!r})",
            "    if mark == '':",
            "        continue",
            *head,
            *put,
            "return pairs",
        ),
        effects=(
            effect(
                f"split the text at {between!r}, and each part at its first {inside!r}; leave out parts without {inside!r}"
            ),
            effect(bad[0]),
            effect(f"return a dictionary from key to number; {twice[0][0].lower() + twice[0][1:]}"),
        ),
        laws=(
            f"all(key in [part.partition({inside!r})[0] for part in {x}.split({between!r}) if {inside!r} in part] for key in result)",
            f"{inside!r} in {x} or result == {{}}",
            *(["all(number >= 0 for number in result.values())"] if default is None else []),
        ),
        ask=single(samples[:4]),
        edges=single(samples),
        ordinary=lambda dice: (
            between.join(
                dice.choice("abk")
                + dice.choice((inside, inside, inside, ""))
                + dice.choice(("1", "20", "3", "x", "", "4b", "0"))
                for _ in range(dice.randint(1, 5))
            ),
        ),
        words={
            "between": f"«{between}»",
            "inside": f"«{inside}»",
            "bad": bad,
            "twice": twice,
            "sample": f"key{inside}value",
        },
    )


@CATALOGUE.add("hard", held_out=True)
def flatten_once(draw: Draw) -> Concept:
    kinds = draw.pick(("list", "(list, tuple)"))
    other = draw.pick(("keep", "drop"))
    k = draw.number(2, 25)
    p = Param(
        draw.name("items", "nested", "values", "data"),
        "list[object]",
        "list in which some elements are lists or tuples themselves",
        "list",
    )
    x = p.name
    told = "lists" if kinds == "list" else "lists and tuples"
    number = "isinstance(i, int) and not isinstance(i, bool)"
    rest = (
        ("anything else is kept as it is", "all other elements stay unchanged")
        if other == "keep"
        else ("anything else is left out", "all other elements are dropped")
    )
    tail = ["    else:", "        flat.append(i)"] if other == "keep" else []
    return Concept(
        name=draw.name("flatten_once", "spread_out", "unpack_lists"),
        params=(p,),
        returns="list[object]",
        summary=f"Put the elements of inner {told} in their place and add {k} to ints; {rest[0]}",
        body=lines(
            "flat = []",
            f"for i in {x}:",
            f"    if isinstance(i, {kinds}):",
            "        flat.extend(i)",
            f"    elif {number}:",
            f"        flat.append(i + {k})",
            *tail,
            "return flat",
        ),
        effects=(
            effect(
                f"replace each inner {'list' if kinds == 'list' else 'list or tuple'} by its elements, one level deep and unchanged"
            ),
            effect(f"increase each int at the top by {k}; True and False are no ints here"),
            effect(rest[0]),
        ),
        laws=(
            f"result == sum([list(i) if isinstance(i, {kinds}) else [i + {k}] if {number} else {'[i]' if other == 'keep' else '[]'} for i in {x}], [])",
        ),
        ask=(([1, [2, 3], "a", True],), ([],)),
        edges=(
            ([],),
            ([[]],),
            ([0],),
            ([True, None],),
            ([[1, [2]], (3, 4)],),
            ([(5,), "xy"],),
            ([-k, [k]],),
            ([{"a": 1}, 2.5],),
        ),
        ordinary=lambda dice: (
            [
                dice.choice(
                    (
                        dice.randint(-9, 40),
                        [dice.randint(0, 9)],
                        [1, "b"],
                        (2, 3),
                        "ab",
                        None,
                        False,
                        [],
                    )
                )
                for _ in range(dice.randint(1, 6))
            ],
        ),
        words={"told": told, "k": str(k), "rest": rest},
    )
