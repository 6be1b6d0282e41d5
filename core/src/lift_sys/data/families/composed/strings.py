"""Lists of strings and parts of a text: which match, and what is made of them."""

from ..concept import Catalogue, Concept
from ..control_flow.shared import by_branches, with_words
from ..draw import Draw
from ..making import effect, lines, loop
from ..pieces import spelling_test, text_change, text_test
from ..string_manipulation.shared import a_separator, a_text, said_of
from .shared import matching_strings, plain, strings

CATALOGUE = Catalogue("string_manipulation", since=3)


@CATALOGUE.add("medium")
def count_matching_parts(draw: Draw) -> Concept:
    """A text cut at marks, a condition on each part, and how many fit."""
    test, separator = spelling_test(draw), a_separator(draw)
    p = a_text(draw, "text", "line", "row", "entry")
    x = p.name
    parts = [text.replace(" ", "") for text in test.texts]
    samples = ("", parts[0], separator.join(parts), separator.join(parts[::-1]), separator * 2)
    return Concept(
        name=draw.name("count_parts", f"parts_{test.slug}", "matching_parts", "count_fields"),
        params=(p,),
        returns="int",
        summary=plain(f"Count the parts between {separator!r} that {test.phrase.many}"),
        body=f"return sum(1 for part in {x}.split({separator!r}) if {test.of('part')})",
        effects=(
            effect(f"split the text at each {separator!r}"),
            effect(plain(f"return how many of the parts {test.phrase.many}")),
        ),
        laws=(f"result == len([part for part in {x}.split({separator!r}) if {test.of('part')}])",),
        ask=((samples[2],), (samples[1],), ("",)),
        edges=tuple((each,) for each in samples),
        ordinary=lambda dice: (
            separator.join(dice.choice((*parts, "stone")) for _ in range(dice.randint(1, 6))),
        ),
        words={"t": test.said, "sep": said_of(separator)},
        constraints=(loop("all", "every part is looked at"),),
    )


@CATALOGUE.add("medium")
def change_matching_strings(draw: Draw) -> Concept:
    """Which strings match, and what becomes of them."""
    test, change, p = text_test(draw), text_change(draw), strings(draw)
    return matching_strings(p, test).concept(
        draw.name("change_strings", f"{change.slug}_strings", "pick_and_change", "rewrite"),
        returns="list[str]",
        summary=plain(f"List the strings that {test.phrase.many}, each {change.said[0]}"),
        body=f"return [{change.of('w')} for w in {p.name} if {test.of('w')}]",
        effects=[
            effect(
                plain(f"leave out strings unless they {test.phrase.many}"),
                order="before the change",
            ),
            effect(plain(f"return the others in their order, each {change.said[0]}")),
        ],
        words={"c": change.said},
    )


@CATALOGUE.add("medium")
def join_matching(draw: Draw) -> Concept:
    """Which strings match, joined, and a text where there is none."""
    test, separator, p = text_test(draw), a_separator(draw), strings(draw)
    nothing = draw.label()
    x = p.name
    picked = f"[w for w in {x} if {test.of('w')}]"
    some = f"any({test.of('w')} for w in {x})"
    return matching_strings(p, test).concept(
        draw.name("join_matching", f"join_{test.slug}", "list_as_text", "join_or_default"),
        returns="str",
        summary=plain(
            f"Join the strings that {test.phrase.many} with {separator!r}, or {nothing!r}"
        ),
        body=lines(
            f"picked = {picked}",
            "if not picked:",
            f"    return {nothing!r}",
            f"return {separator!r}.join(picked)",
        ),
        effects=[
            effect(f"return exactly {nothing!r}", f"not {some}", returns=(nothing,)),
            effect(
                plain(f"return the strings that {test.phrase.many}, joined with {separator!r}"),
                some,
            ),
        ],
        laws=(f"result == ({separator!r}.join({picked}) if {some} else {nothing!r})",),
        words={"sep": said_of(separator), "d": f"«{nothing}»"},
    )


@CATALOGUE.add("medium")
def first_string(draw: Draw) -> Concept:
    """The first or the last string that matches, and a text where there is none."""
    test, p = text_test(draw), strings(draw)
    last = draw.pick((False, True))
    nothing = draw.label()
    x, which = p.name, "last" if last else "first"
    some = f"any({test.of('w')} for w in {x})"
    return matching_strings(p, test).concept(
        draw.name(f"{which}_string", f"{which}_{test.slug}", "find_string", "pick_string"),
        returns="str",
        summary=plain(f"Find the {which} string that {test.phrase.one}, or {nothing!r}"),
        body=lines(
            f"for w in {f'reversed({x})' if last else x}:",
            f"    if {test.of('w')}:",
            "        return w",
            f"return {nothing!r}",
        ),
        effects=[
            effect(plain(f"return the {which} string that {test.phrase.one}"), some),
            effect(f"return exactly {nothing!r}", f"not {some}", returns=(nothing,)),
        ],
        laws=(
            f"result == ([w for w in {x} if {test.of('w')}] or [{nothing!r}])[{-1 if last else 0}]",
        ),
        words={"which": which, "d": f"«{nothing}»"},
        constraints=(loop(which, f"the {which} match counts"),),
    )


@CATALOGUE.add("hard")
def label_by_words(draw: Draw) -> Concept:
    """The words of a text, a condition on each, how many fit, two labels."""
    test, k = spelling_test(draw), draw.number(2, 4, note="count>=")
    yes, no = draw.labels(2)
    p = a_text(draw, "text", "line", "sentence", "message")
    words = [text.replace(" ", "") or "o" for text in test.texts]
    found = f"sum(1 for w in {p.name}.split() if {test.of('w')})"
    samples = ("", *(" ".join([words[0]] * count) for count in (k - 1, k, k + 1)), " ".join(words))
    concept = by_branches(
        draw.name("label_by_words", f"enough_{test.slug}", "judge_text", "check_words"),
        (p,),
        plain(f"Say {yes!r} if at least {k} words {test.phrase.many}, else {no!r}"),
        [(f"{found} >= {k}", yes), (None, no)],
        [f"at least {k} of its words {test.phrase.many}"],
        tuple((each,) for each in samples),
        ask=tuple((each,) for each in (samples[2], samples[1], "")),
        ordinary=lambda dice: (
            " ".join(dice.choice((*words, words[0], "stone")) for _ in range(dice.randint(0, 7))),
        ),
    )
    return with_words(concept, {"t": test.said, "k": str(k)})
