"""Entries of a dict that match: the best of them, all of them as text."""

from dataclasses import replace

from ..concept import Catalogue, Concept, Param
from ..data_structures.shared import a_dict
from ..draw import Draw
from ..given import Given
from ..making import args, around, effect, lines, single
from ..pieces import Test, number_test, numbers_near
from ..string_manipulation.shared import a_separator, said_of
from .shared import by_letter, dicts, matching_values

CATALOGUE = Catalogue("data_structures", since=3)


def _matching_entries(p: Param, test: Test) -> Given:
    """Not in the order of the alphabet, and some with equal values."""
    alone = ({"a": edge} for edge in test.edges[:4])
    tied = dict.fromkeys(("lee", "kim", "zoe"), test.edges[1])
    return replace(
        matching_values(p, test),
        ask=single((by_letter(test.edges, "cab"), {})),
        edges=single(({}, *alone, by_letter(numbers_near(test.edges), "jihgfedcba"), tied)),
        ordinary=args(dicts(around(test.edges), most=6)),
    )


@CATALOGUE.add("hard")
def best_matching_key(draw: Draw) -> Concept:
    """Which values match, the key of the highest or lowest, and a text where there is none."""
    test, p = number_test(draw), a_dict(draw)
    lowest = draw.pick((False, True))
    nothing = draw.label()
    d, way, sign = p.name, *(("lowest", "") if lowest else ("highest", "-"))
    some = f"any({test.of('v')} for v in {d}.values())"
    keys = f"[k for k in {d} if {test.of(f'{d}[k]')}]"
    return _matching_entries(p, test).concept(
        draw.name(f"key_of_{way}", f"{way}_{test.slug}", "best_key", "find_winner"),
        returns="str",
        summary=f"Find the key with the {way} value that {test.phrase.one}, or {nothing!r}",
        body=lines(
            f"keys = {keys}",
            "if not keys:",
            f"    return {nothing!r}",
            f"return min(keys, key=lambda k: ({sign}{d}[k], k))",
        ),
        effects=[
            effect(f"return exactly {nothing!r}", f"not {some}", returns=(nothing,)),
            effect(
                f"return the key with the {way} of the values that {test.phrase.many}; of keys "
                "with equal values the alphabetically first",
                some,
            ),
        ],
        laws=(f"result == (sorted({keys}, key=lambda k: ({sign}{d}[k], k)) or [{nothing!r}])[0]",),
        words={"way": way, "d": f"«{nothing}»"},
    )


@CATALOGUE.add("hard")
def entries_as_text(draw: Draw) -> Concept:
    """Which values match, each entry as text, joined."""
    test, p, separator = number_test(draw), a_dict(draw), a_separator(draw)
    mark = draw.pick(tuple(each for each in ("=", "~", "->", " x ") if each != separator))
    d = p.name
    each = f"k + {mark!r} + str(v)"
    return _matching_entries(p, test).concept(
        draw.name("entries_as_text", f"show_{test.slug}", "write_entries", "as_line"),
        returns="str",
        summary=f"Write entries whose value {test.phrase.one} as text, joined with {separator!r}",
        body=f"return {separator!r}.join({each} for k, v in {d}.items() if {test.of('v')})",
        effects=[
            f"leave out entries unless their value {test.phrase.one}",
            (
                f"write each other entry as its key, {mark!r} and its value, and return them "
                f"joined with {separator!r}, in the order of the dict"
            ),
        ],
        laws=(f"result == {separator!r}.join([{each} for k, v in {d}.items() if {test.of('v')}])",),
        words={"mark": f"«{mark}»", "sep": said_of(separator)},
    )
