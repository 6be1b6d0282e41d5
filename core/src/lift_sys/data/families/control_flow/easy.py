"""Branches: ladders, ranges, rules in order, nested conditions: the easy ones."""

from ..concept import Catalogue, Concept, Param
from ..draw import Draw
from ..making import (
    args,
    around,
    single,
    texts,
    whole,
)
from ..pieces import number_test, numbers_near, text_test
from .shared import a_measure, a_number, by_branches, with_words

CATALOGUE = Catalogue("control_flow")


@CATALOGUE.add("easy")
def label_number(draw: Draw) -> Concept:
    test = number_test(draw, low=-10, high=120)
    yes, no = draw.labels(2)
    p = a_measure(draw) if draw.name("m", "n") == "m" else a_number(draw)
    edges = single(numbers_near(test.edges))
    concept = by_branches(
        draw.name(f"label_{test.slug}", f"check_{p.name}", f"{p.name}_label", f"describe_{p.name}"),
        (p,),
        f"Say {yes!r} for what {test.phrase.one}, else {no!r}",
        [(test.of(p.name), yes), (None, no)],
        [f"it {test.phrase.one}"],
        edges,
        ask=edges[:3],
        ordinary=args(around(test.edges, 30)),
    )
    return with_words(concept, {"t": test.said})


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
    concept = by_branches(
        draw.name("label_text", f"check_{test.slug}", "text_label", f"is_{test.slug}"),
        (p,),
        f"Say {yes!r} for a text that {test.phrase.one}, else {no!r}",
        [(test.of(p.name), yes), (None, no)],
        [f"it {test.phrase.one}"],
        edges,
        ask=(edges[0], edges[3], ("",)),
        ordinary=args(texts(test.texts)),
    )
    return with_words(concept, {"t": test.said})


@CATALOGUE.add("easy")
def sign_label(draw: Draw) -> Concept:
    a, b, c = draw.labels(3)
    p = (
        a_number(draw)
        if draw.name("n", "b") == "n"
        else Param("balance", "int", "balance", "balance")
    )
    return by_branches(
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
    return by_branches(
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
