"""Texts: each word changed, or all that fit counted."""

from ..concept import Catalogue, Concept
from ..draw import Draw
from ..making import args, effect, loop, of
from ..pieces import spelling_test, text_change
from ..string_manipulation.shared import a_text
from .shared import matching_words

CATALOGUE = Catalogue("string_manipulation", since=2)
_PLAIN = ("a stone", "Nora ran  home", "one", "", " x ", "Ale ale ALE", "rest in tins")


@CATALOGUE.add("medium")
def change_words(draw: Draw) -> Concept:
    change, p = text_change(draw), a_text(draw, "text", "line", "sentence", "phrase")
    k = draw.number(2, 6, note="longer than ")
    made = f"' '.join({change.of('w')} if len(w) > {k} else w for w in {p.name}.split())"
    sentences = (*_PLAIN, "m" * k + " " + "n" * (k + 1), "aeiou lnrst lantern oil")
    return Concept(
        name=draw.name("change_words", "long_words_changed", f"words_{change.slug}", "edit_words"),
        params=(p,),
        returns="str",
        summary=f"Every word of more than {k} characters {change.said[0]}",
        body=f"return {made}",
        effects=(
            effect(
                f"return the words joined by single spaces, those of more than {k} characters "
                f"{change.said[0]}"
            ),
        ),
        laws=(f"result == {made}",),
        ask=(("",), (sentences[-2],), (sentences[-1],)),
        edges=tuple((each,) for each in sentences),
        ordinary=args(of(*(f"{one} {other}" for one in sentences for other in sentences))),
        words={"c": change.said, "k": str(k), "more": str(k + 1)},
        constraints=(loop("all", "every word is looked at"),),
    )


@CATALOGUE.add("easy")
def count_matching_words(draw: Draw) -> Concept:
    # Words of more than so many characters are counted by `count_words`, and kept apart there.
    test, p = spelling_test(draw), a_text(draw, "text", "line", "sentence", "phrase")
    found = f"sum(1 for w in {p.name}.split() if {test.of('w')})"
    return matching_words(p, test).concept(
        draw.name("count_matching_words", f"words_{test.slug}", "how_many_words"),
        returns="int",
        summary=f"Count the words that {test.phrase.many}",
        body=f"return {found}",
        effects=[f"return how many words {test.phrase.many}; spaces separate words"],
        laws=(f"result == len([w for w in {p.name}.split() if {test.of('w')}])",),
    )
