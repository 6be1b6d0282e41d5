"""Texts: the plain functions."""

from collections.abc import Sequence

from ..concept import Catalogue, Concept, Param
from ..draw import Draw
from ..given import Given
from ..making import args, lines, single, texts
from ..string_manipulation.shared import a_text

CATALOGUE = Catalogue("string_manipulation", since=3)
_TEXTS = ("", "a", "word", "Two  words", " edge ", "LEVEL", "level", "it Was his", "a,b-c", "x  ")
_ADDRESSES = (
    *("a@b.c", "a.b", "@b.c", "a@b", "a@.c", "a@b.", "a@b@c.d", "", "x.y@z.w.v"),
    *("a@..", "a@..."),
)


def _of_text(p: Param, samples: Sequence[str] = _TEXTS) -> Given:
    return Given(
        params=(p,), ask=single(samples[:3]), edges=single(samples), ordinary=args(texts(samples))
    )


@CATALOGUE.add("easy")
def title_plain(draw: Draw) -> Concept:
    p = a_text(draw, "text", "title", "s", "phrase", "name")
    made = f"' '.join([word[:1].upper() + word[1:].lower() for word in {p.name}.split(' ')])"
    return _of_text(p).concept(
        draw.name(
            "to_title_case", "title_case", "capitalize_words", "as_title", "capitalize_each_word"
        ),
        returns="str",
        summary="Capitalize each word",
        body=f"return {made}",
        effects=[
            "split the text at each space and join the words with it again, so all spaces stay",
            "make the first letter of each word upper case and the rest lower case",
        ],
    )


@CATALOGUE.add("easy")
def count_words_plain(draw: Draw) -> Concept:
    p = a_text(draw)
    return _of_text(p).concept(
        draw.name("count_words", "word_count", "number_of_words", "how_many_words", "words_in"),
        returns="int",
        summary="Count the words",
        body=f"return len({p.name}.split())",
        effects=["return how many words whitespace separates, 0 if there is none"],
    )


@CATALOGUE.add("easy")
def reverse_plain(draw: Draw) -> Concept:
    p = a_text(draw)
    return _of_text(p).concept(
        draw.name("reverse", "reverse_string", "reversed_text", "backwards", "flip_text"),
        returns="str",
        summary="Reverse a text",
        body=f"return {p.name}[::-1]",
        effects=["return the characters in reverse order"],
    )


@CATALOGUE.add("easy")
def palindrome_plain(draw: Draw) -> Concept:
    p, any_case = a_text(draw, "text", "word", "s", "phrase"), draw.pick((False, True))
    x = f"{p.name}.lower()" if any_case else p.name
    how = (
        (", ignoring case", ", upper or lower case being the same", ", whatever the case")
        if any_case
        else ("",)
    )
    return _of_text(p, (*_TEXTS, "Anna")).concept(
        draw.name("is_palindrome", "palindrome", "reads_same", "check_palindrome"),
        returns="bool",
        summary=f"Say whether a text is a palindrome{how[0]}",
        body=f"return {x} == {x}[::-1]",
        effects=[f"return whether it equals its reverse{how[0]}"],
        laws=(f"result == ({x} == {x}[::-1])",),
        words={"how": how},
    )


@CATALOGUE.add("easy")
def count_vowels_plain(draw: Draw) -> Concept:
    p = a_text(draw, "text", "word", "s", "sentence", "string")
    x = p.name
    return _of_text(p).concept(
        draw.name("count_vowels", "vowel_count", "number_of_vowels", "vowels_in"),
        returns="int",
        summary="Count the vowels",
        body=f"return sum(1 for c in {x}.lower() if c in 'aeiou')",
        effects=["return how many characters are one of a, e, i, o, u in either case"],
        laws=(f"result == len([c for c in {x}.lower() if c in 'aeiou'])",),
    )


@CATALOGUE.add("medium")
def email_plain(draw: Draw) -> Concept:
    p = a_text(draw, "email", "address", "text", "s", "mail")
    x = p.name
    dotted = f"'.' in {x}.split('@')[-1][1:-1]"
    return _of_text(p, _ADDRESSES).concept(
        draw.name("is_email", "is_valid_email", "valid_address", "looks_like_email", "check_email"),
        returns="bool",
        summary="Say whether a text looks like an e-mail address",
        body=lines(
            f"if {x}.count('@') != 1:",
            "    return False",
            f"local, domain = {x}.split('@')",
            "return len(local) > 0 and '.' in domain[1:-1]",
        ),
        effects=[
            "return False unless there is exactly one @",
            "return whether something stands before it and a dot stands inside of what follows it",
        ],
        laws=(f"result == ({x}.count('@') == 1 and not {x}.startswith('@') and {dotted})",),
    )
