"""Entries of a dict that match: the best of them, all of them as text."""

import random

from ..concept import Args, Catalogue, Concept
from ..data_structures.shared import KEYS, a_dict
from ..draw import Draw
from ..making import around, effect, lines, loop
from ..pieces import Test, number_test, numbers_near
from ..string_manipulation.shared import a_separator, said_of

CATALOGUE = Catalogue("data_structures", since=3)


def _edges(test: Test) -> tuple[Args, ...]:
    near = numbers_near(test.edges)
    alone = tuple(({"a": edge},) for edge in test.edges[:4])
    tied = dict.fromkeys(("lee", "kim", "zoe"), test.edges[1])
    return (({},), *alone, (dict(zip("jihgfedcba", near, strict=False)),), (tied,))


def _ordinary(test: Test, dice: random.Random) -> Args:
    number = around(test.edges)
    return ({key: number(dice) for key in dice.sample(KEYS, dice.randint(1, 6))},)


@CATALOGUE.add("hard")
def best_matching_key(draw: Draw) -> Concept:
    """Which values match, the key of the highest or lowest, and a text where there is none."""
    test, p = number_test(draw), a_dict(draw)
    lowest = draw.pick((False, True))
    nothing = draw.label()
    d, way, sign = p.name, *(("lowest", "") if lowest else ("highest", "-"))
    some = f"any({test.of('v')} for v in {d}.values())"
    keys = f"[k for k in {d} if {test.of(f'{d}[k]')}]"
    return Concept(
        name=draw.name(f"key_of_{way}", f"{way}_{test.slug}", "best_key", "find_winner"),
        params=(p,),
        returns="str",
        summary=f"Find the key with the {way} value that {test.phrase.one}, or {nothing!r}",
        body=lines(
            f"keys = {keys}",
            "if not keys:",
            f"    return {nothing!r}",
            f"return min(keys, key=lambda k: ({sign}{d}[k], k))",
        ),
        effects=(
            effect(f"return exactly {nothing!r}", f"not {some}", returns=(nothing,)),
            effect(
                f"return the key with the {way} of the values that {test.phrase.many}; of keys "
                "with equal values the alphabetically first",
                some,
            ),
        ),
        laws=(f"result == (sorted({keys}, key=lambda k: ({sign}{d}[k], k)) or [{nothing!r}])[0]",),
        ask=((dict(zip("cab", test.edges, strict=False)),), ({},)),
        edges=_edges(test),
        ordinary=lambda dice: _ordinary(test, dice),
        words={"t": test.said, "way": way, "d": f"«{nothing}»"},
        constraints=(loop("all", "every entry is looked at"),),
    )


@CATALOGUE.add("hard")
def entries_as_text(draw: Draw) -> Concept:
    """Which values match, each entry as text, joined."""
    test, p, separator = number_test(draw), a_dict(draw), a_separator(draw)
    mark = draw.pick(tuple(each for each in ("=", "~", "->", " x ") if each != separator))
    d = p.name
    each = f"k + {mark!r} + str(v)"
    return Concept(
        name=draw.name("entries_as_text", f"show_{test.slug}", "write_entries", "as_line"),
        params=(p,),
        returns="str",
        summary=f"Write entries whose value {test.phrase.one} as text, joined with {separator!r}",
        body=f"return {separator!r}.join({each} for k, v in {d}.items() if {test.of('v')})",
        effects=(
            effect(f"leave out entries unless their value {test.phrase.one}"),
            effect(
                f"write each other entry as its key, {mark!r} and its value, and return them "
                f"joined with {separator!r}, in the order of the dict"
            ),
        ),
        laws=(f"result == {separator!r}.join([{each} for k, v in {d}.items() if {test.of('v')}])",),
        ask=((dict(zip("cab", test.edges, strict=False)),), ({},)),
        edges=_edges(test),
        ordinary=lambda dice: _ordinary(test, dice),
        words={"t": test.said, "mark": f"«{mark}»", "sep": said_of(separator)},
        constraints=(loop("all", "every entry is looked at"),),
    )
