import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift_sys.interfaces.task import MAX_REQUEST_CHARS
from lift_sys.prompts import find, literals

FOUND = [
    # return 'x' if ...
    ("Return 'open' if the door is unlocked.", "returns_if", ("open",)),
    ('Return "open" when it is day', "returns_if", ("open",)),
    ("return `open` if it is day", "returns_if", ("open",)),
    ("Return “open” when the sensor says 1", "returns_if", ("open",)),
    ("Return \u2018open\u2019 when it\u2019s day", "returns_if", ("open",)),
    ("Return «open» when it is day", "returns_if", ("open",)),
    ("Returns the string 'ok' if nothing is wrong", "returns_if", ("ok",)),
    ("It should be 'x', returning 0 if that fails", "returns_if", (0,)),
    ("If the basket is empty, return 'nothing'", "returns_if", ("nothing",)),
    ("When the tank is full then it should return True.", "returns_if", (True,)),
    ("Return 'cold' below 5, 'warm' if sunny", "returns_if", ("cold",)),
    ("Return 'a' if low, 'b' if high", "returns_if", ("b",)),
    ("Return 'a' if low, or 'b' if high", "returns_if", ("b",)),
    ("Return 'x', 'y' or 'z' if it matches", "returns_if", ("x", "y", "z")),
    ("Return 'it's late' if the bus is gone", "returns_if", ("it's late",)),
    ("Return '' if there is no name", "returns_if", ("",)),
    ("Return -1 unless the key is there", "returns_if", (-1,)),
    ("Return [] if there is no match", "returns_if", ([],)),
    ("Return 3.5 if the day is odd", "returns_if", (3.5,)),
    # return x for y
    ("Return 0 for an empty list.", "returns_for", (0,)),
    ("Return 'weekend' for Saturday and Sunday", "returns_for", ("weekend",)),
    ("For an unknown country return 'n/a'", "returns_for", ("n/a",)),
    ("On failure return None", "returns_for", (None,)),
    # or None / -1 when
    ("Give the first star, or None if there is none.", "or_value", (None,)),
    ("Return the place of the key or -1 when it is absent", "or_value", (-1,)),
    ("Return the mean, or 0.0 for an empty list", "or_value", (0.0,)),
    # otherwise
    ("Return 'yes' if so, otherwise 'no'", "otherwise", ("no",)),
    ("Return 'yes' if so, else return 'no'", "otherwise", ("no",)),
    ("Return 'yes' if so and 'no' otherwise", "otherwise", ("no",)),
    ("Return True if it floats. Otherwise return False.", "otherwise", (False,)),
    ("Return 'a' for cats; for anything else return 'b'.", "otherwise", ("b",)),
    ("Return 'a' if wet, 'b' by default", "otherwise", ("b",)),
    # the only results
    ("Return 'yes' if so, otherwise 'no'", "only", ("yes", "no")),
    ("A function that names the gate. Return 'A' if early, 'B' otherwise", "only", ("A", "B")),
    # exactly
    ("Return exactly 'none left'.", "exactly", ("none left",)),
    ('Give the exact string "N/A" back', "exactly", ("N/A",)),
    ("Answer with exactly the text: 'stop'", "exactly", ("stop",)),
    # must contain
    ("The code must contain '-'", "must_contain", ("-",)),
    ("It must contain @ symbol and a dot after the @", "must_contain", ("@", ".")),
    ("A label needs to start with 'box'", "must_contain", ("box",)),
    ("The line has to end with a colon", "must_contain", (":",)),
    ("The result must contain 'km'", "must_contain", ("km",)),
    # between
    ("The level is between 1 and 10 inclusive", "between", (1, 10)),
    ("Count those between -5 and 5 (both included)", "between", (-5, 5)),
    ("Sum the numbers from 1 to 100", "between", (1, 100)),
    ("Return a number between 1 and 6 inclusive", "between", (1, 6)),
    # bounds
    ("Names have at least 3 letters", "at_least", (3,)),
    ("Names have 3 or more letters", "at_least", (3,)),
    ("at most 1,000 entries", "at_most", (1000,)),
    ("no more than 7 days", "at_most", (7,)),
    ("Keep those above 4", "above", (4,)),
    ("if it has fewer than 8 seats", "below", (8,)),
    ("everything < 8 is small", "below", (8,)),
    ("The result must be at most 5", "at_most", (5,)),
    # ladders
    (
        "Return gold for 90 and above, silver for 80",  # small letters name no grade
        "at_least",
        (90,),
    ),
    ("P for 9 and above, Q for 7, R for 5", "ladder", ("P", 9, "Q", 7, "R", 5)),
    (
        "Return 'hot' above 30, 'mild' from 15 on, 'cold' otherwise",
        "ladder",
        ("hot", 30, "mild", 15),
    ),
    ("Return P for 9 and above, Q for 7, otherwise R", "ladder", ("P", 9, "Q", 7, "R")),
    # raises
    ("Raise ValueError when the weight is negative", "raises", ()),
    ("If the tank leaks, raise a RuntimeError.", "raises", ()),
    ("A negative age is a ValueError.", "raises", ()),
    ("Raise `TypeError` if x isn't a list", "raises", ()),
    # examples
    ("For example f(2) is 4.", "example", (4,)),
    ("e.g. twist([1, 2], by=1) == [2, 1]", "example", ([2, 1],)),
    ("`shout('a b')` returns 'A B!'", "example", ("A B!",)),
    ("half(3) -> 1.5", "example", (1.5,)),
    ("pick([]) should return None", "example", (None,)),
    ("pick('x') raises ValueError", "example", ()),
]


@pytest.mark.parametrize(("request_text", "kind", "values"), FOUND)
def test_a_constraint_is_found(request_text, kind, values):
    assert (kind, values) in [(one.kind, one.literals) for one in find(request_text)]


NOT_FOUND = [
    ("Don't open the visitor's bags; the visitors' bags aren't ours.", None),
    ("Return the number of items above 10 if the shop is open", "returns_if"),
    ("Don't return 'x' unless asked", "returns_if"),
    ("Given `total` and `count`, return `total` if it is larger", "returns_if"),
    ("Catch ValueError and go on", "raises"),
    ("It must not raise a KeyError", "raises"),
    ("The code must not contain '-'", "must_contain"),
    ("It must contain at least 8 characters", "must_contain"),
    ("Return the sum of the list.", None),
    ("Return 0 for an empty list, otherwise the largest", "otherwise"),
    ("Return the length if it is long, otherwise 'none'", "only"),
    ("Write a function for dates that returns None", "returns_for"),
    ("Open on Monday from 9 to 17, Tuesday from 10 to 18", "ladder"),
    ("Return 'a' for 1, 'b' for 2, 'c' for 3", "ladder"),
    ("Use f(x) to get 4", "example"),
    ("In the '90s, and later", None),
    ("Make a 6' by 5\" frame", None),
    ("rock 'n roll isn't dead", None),
]


@pytest.mark.parametrize(("request_text", "kind"), NOT_FOUND)
def test_nothing_is_found_where_nothing_is_said(request_text, kind):
    found = find(request_text)
    assert found == () if kind is None else kind not in [one.kind for one in found]


@pytest.mark.parametrize(
    ("request_text", "assertion"),
    [
        ("The result must contain 'km'", "'km' in result"),
        ("The result must start with 'km'", "result.startswith('km')"),
        ("The length of the result must be at least 3", None),
        ("The result must be at least 3", "result >= 3"),
        ("Return a number between 1 and 6 inclusive", "1 <= result <= 6"),
        ("Return a number between 1 and 6 exclusive", "1 < result < 6"),
        ("Return a number between 1 and 6", None),
        ("Return a list of at most 3 names", None),
        ("Return 'yes' if so, otherwise 'no'", "result in ('yes', 'no')"),
        ("f(2) is 4", "f(2) == 4"),
        ("f(2) is True", "f(2) is True"),
        ("f(2) raises KeyError", "f(2) raises KeyError"),
    ],
)
def test_an_assertion_is_offered_only_where_the_request_settles_it(request_text, assertion):
    assert [one.assertion for one in find(request_text) if one.assertion] == (
        [] if assertion is None else [assertion]
    )


def test_a_pinned_name_takes_the_place_of_the_one_in_the_request():
    (found,) = find("f(2) is 4", name="double")
    assert found.assertion == "double(2) == 4"


def test_literals_have_roles():
    text = (
        "Return 'low' if x is below 10, 0 for an empty list, 'ok' otherwise. The name must contain "
        "a dash. grade(3) is 'low'. Call it \"Meter\"."
    )
    roles = [(one.value, one.role) for one in literals(text)]
    assert roles == [
        ("low", "returned"),
        (10, "threshold"),
        (0, "returned"),
        ([], "input"),
        ("ok", "returned"),
        ("-", "contained"),
        (3, "example"),
        ("low", "example"),
        ("Meter", "mentioned"),
    ]
    assert all(text[one.start :].startswith(one.source) for one in literals(text))


def test_apostrophes_open_no_literal():
    assert literals("It's the visitor's turn; don't use the boys' ones, y'all.") == ()


def test_escapes_and_spaces_within_quotes_are_kept():
    values = [one.value for one in literals(r"Return 'a\nb' if x, 'two  spaces' if y, '\d' if z")]
    assert values == ["a\nb", "two  spaces", r"\d"]


WORDS = """return if when for otherwise 'x' "y" ` “ ” ' , . ; : ( ) f( [1 ] 12 -3 0.5 None True
must contain exactly between and or at least more A B ValueError raise is == \ue000 an empty list
\\ { } the result"""


@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from([*WORDS.split(), "\n"]), max_size=60).map(" ".join)
)
def test_whatever_the_text_it_is_read(text):
    for one in find(text):
        if one.assertion is not None:
            ast.parse(one.assertion.partition(" raises ")[0], mode="eval")
    for literal in literals(text):
        assert literal.source


@pytest.mark.parametrize(
    "piece",
    ["'", "'a ", " 'a", "`", "f(", "f(1", "return ", "return 'x' if ", "1,234", "if a ", " " * 9,
     "or 'a' ", "exactly 'x' ", "must contain 'x' ", "A for 1, ", "A for 1 or more, ", "9", "a.",
     "between 1 and 2 ", "\n", "ValueError ", "“", "[", "raise a ", "otherwise, ", "f(1) is 2 ",
     "`a` ", "if a, return 1 ", "more than 1 ", "must contain a comma ", "'x' ", "1 and "],
)  # fmt: skip
def test_long_texts_are_read_too(piece):
    """A pattern with a nested repetition would never come back from these."""
    size = MAX_REQUEST_CHARS
    text = (piece * (size // len(piece) + 1))[:size]
    assert len(find(text)) <= 40
    literals(text)
