"""Types: telling them apart, converting, reading texts, None and bool: the easy ones."""

from typing import Any

from ..concept import Catalogue, Concept, Param
from ..draw import Draw
from ..making import args, effect, lines, of, single, texts
from .shared import ANYTHING, KINDS, WORDS, a_default, a_thing, anything

CATALOGUE = Catalogue("type_operations")


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
    p = a_thing(draw)
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
    told = " or ".join(WORDS[kind][1] for kind in kinds)
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
        ask=single((KINDS[kinds[0]][0], True, None)),
        edges=single(ANYTHING),
        ordinary=anything,
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
    default, factor = a_default(draw), draw.number(1, 9)
    p = a_thing(draw)
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
        edges=single((*ANYTHING, (1, 2, 3), "abcd", {"a": 1, "b": 2})),
        ordinary=anything,
        words={"told": told, "said": said, "d": str(default)},
    )
