import pytest

from lift_sys.prompts import features
from lift_sys.prompts.quirks import Quirk, load_quirks

QUIRKS = {quirk.id: quirk for quirk in load_quirks().quirk}

# quirk: (requests with which it must be told, requests with which it must not), each perhaps with
# the types of the signature.
APPLIES = {
    "bool-is-int": (
        ["Check whether the value is an int", "Tell booleans and integers apart"],
        ["Return the sum of a list of integers", "Is the string a palindrome?"],
    ),
    "none-zero-false": (
        ["Return None if the score is missing, 0 is a score", "Count zeros and False apart"],
        ["Return the longest word", "Add two integers"],
    ),
    "falsy-default": (
        ["Look up a key, or the default", "Use 5 when the size is missing"],
        ["Reverse a list", "Return the square of a number"],
    ),
    "mutable-arguments": (
        ["Remove all blanks from the list", "Update a dict with the new price"],
        ["Return the largest of the list", "Remove the dashes from a code"],
    ),
    "in-place-methods-return-none": (
        ["Sort the list by length", "Modify the matrix in place"],
        ["Return the last word of a text", "Sum a list"],
    ),
    "removing-while-looping": (
        ["Remove every odd element of the list in place", "Delete keys from the dict in place"],
        ["Return a list without the odd ones", "Drop the first letter"],
    ),
    "strings-are-new": (
        ["Replace every space in a text", "Strip the word"],
        ["Count the letters of a word", "Reverse a list of ints"],
    ),
    "integer-division": (
        ["Divide the bill by the guests", "Return half of the number"],
        ["Return the longest word", "Multiply two numbers"],
    ),
    "negative-modulo": (
        ["Return the remainder of a by b", "Rotate the list by k places"],
        ["Return the even numbers", "Join two words"],
    ),
    "round-half-even": (
        ["Round the price to two decimal places", "Give the nearest integer"],
        ["Return the area around a point", "Sort numbers"],
    ),
    "float-equality": (
        ["Are the two floats equal?", "Return the sum of a list of floats"],
        ["Are the two words equal?", "Return the sum of integers"],
    ),
    "sort-is-stable": (
        ["Sort people by age", "Rank the teams by points"],
        ["Return the order number", "Find a name in a list"],
    ),
    "slices-never-fail": (
        ["Return the first n characters", "Split the list into chunks of k"],
        ["Return the sum", "Does the word occur twice?"],
    ),
    "split-without-argument": (
        ["Split a text at its spaces", "Return the longest of the words"],
        ["Return the sum of a list", "Split the bill between the guests"],
    ),
    "in-finds-substrings": (
        ["Does the text contain a word?", "Is there a dash after the letter?"],
        ["Does the list contain 3?", "Return the length of a string"],
    ),
    "find-and-index": (
        ["Return the index of the key", "Give the position of a letter"],
        ["Return the largest number", "Join the words"],
    ),
    "empty-extremes": (
        ["Return the largest element of the list", "Return the longest word"],
        ["Return the sum of the list", "Is the list sorted?"],
    ),
    "empty-aggregates": (
        ["Are all elements of the list true?", "Return the mean of the list"],
        ["Return the first element of the list", "Halve the number"],
    ),
    "int-accepts": (
        ["Convert the text to an int", "Parse a number out of a string"],
        ["Return the square of an int", "Convert a list to a tuple"],
    ),
    "isdigit-is-wide": (
        ["Does the text hold only digits?", "Count the digits of a string"],
        ["Return the larger number", "Does the text hold a dash?"],
    ),
    "dict-order": (
        ["Group the words by length into a dict", "Count each letter in a dictionary"],
        ["Return the values of a list", "Group the words by length"],
    ),
    "set-loses-order": (
        ["Return the unique elements of a list", "Remove the duplicates from the list"],
        ["Return the elements of a list", "Set the price to 3"],
    ),
    "title-and-apostrophes": (
        ["Capitalise each word", "Capitalize the name"],
        ["Return the title of the book", "Make the word upper case"],
    ),
    "strip-takes-characters": (
        ["Strip 'ab' from the text", "Remove the prefix of a string"],
        ["Return the text twice", "Remove 3 from the list"],
    ),
    "casefold": (
        ["Compare two words ignoring case", "Find a string regardless of case"],
        ["Compare two words", "In case of an error return None"],
    ),
    "range-stops-before": (
        ["Sum the numbers from 1 to n inclusive", "List the integers between a and b"],
        ["Sum the list", "Return the text between two brackets"],
    ),
    "strings-are-sequences": (
        ["Flatten a nested list", "Return the type: a list or a str"],
        ["Return the length of a list", "Reverse a str"],
    ),
}  # fmt: skip


def test_each_quirk_has_its_cases():
    assert APPLIES.keys() == QUIRKS.keys()
    assert all(len(must) >= 2 and len(must_not) >= 2 for must, must_not in APPLIES.values())


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, (must, _) in APPLIES.items() for text in must]
)
def test_a_quirk_is_told_where_it_matters(name, text):
    assert QUIRKS[name].applies(features(text))


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, (_, must_not) in APPLIES.items() for text in must_not]
)
def test_a_quirk_is_not_told_where_it_does_not_matter(name, text):
    assert not QUIRKS[name].applies(features(text))


def test_types_tell_what_the_words_do_not():
    text = "Return the one that is nearest"
    assert not QUIRKS["none-zero-false"].applies(features(text))
    assert QUIRKS["none-zero-false"].applies(features(text, ["list[int]", "int | None"]))
    assert "type_test" in features(text, ["Any"])
    assert "none" in features(text, ["Optional[str]"])


def test_what_is_quoted_is_not_what_the_request_is_about():
    assert features("Return 'sort the list in place' on Sunday") <= {"literals"}


def test_the_most_important_come_first_and_no_more_than_wanted():
    base = load_quirks()
    about = features(
        "Remove None, 0 and False from the list of int or bool in place, sort it by type"
    )
    told = base.applying(about, "specify", 3)
    assert [quirk.id for quirk in told] == ["bool-is-int", "none-zero-false", "mutable-arguments"]
    assert base.applying(about, "specify", 0) == ()


def test_a_stage_gets_its_own():
    quirk = Quirk(id="q", when=[["list"]], stages=["implement"], text="t")
    base = load_quirks().model_copy(update={"quirk": (quirk,)})
    assert base.applying({"list"}, "implement", 5) == (quirk,)
    assert base.applying({"list"}, "specify", 5) == ()


def test_a_misspelt_feature_is_an_error():
    with pytest.raises(ValueError, match="names no features: lisst"):
        Quirk(id="q", when=[["lisst"]], text="t")


def test_the_digest_knows_every_word():
    base = load_quirks()
    for change in ({"text": "other"}, {"unless": frozenset({"int"})}, {"stages": ("specify",)}):
        other = base.quirk[0].model_copy(update=change)
        assert type(base)(quirk=(other, *base.quirk[1:])).digest != base.digest
