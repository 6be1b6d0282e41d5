"""What is taken out of a request comes back letter by letter, and stands for the right value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift_sys.data.dialect.slots import Slot, Slots, Slotted, take_out
from lift_sys.data.dialect.words import from_words, heard, to_words
from lift_sys.ir import Parameter, Signature

PIECES = st.sampled_from(
    [
        *(
            "'",
            '"',
            "`",
            "\u201c",
            "\u201d",
            "\u2018",
            "\u2019",
            "«",
            "»",
            " ",
            "  ",
            "\n",
            ",",
            ".",
            "(",
            ")",
            "-",
        ),
        *("don't", "users' ", "'too short'", "\"a 'b' c\"", "'it's'", "''", "3rd", "50%", "1,000"),
        *("-5", "- 5", "2.50", "1e9", "007", "three", "Twenty", "`f(x, y)`", "`snake_case`"),
        *(
            "snake_case",
            "call(",
            "é",
            "日本",
            "<s1>",
            "<n1>",
            "None",
            "x1",
            "1.2.3",
            "a-3",
            "9" * 400,
        ),
    ]
)
REQUESTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map("".join))
SIGNATURE = Signature(name="grade", parameters=(Parameter(name="x", type="int"),), returns="str")


def marks(slotted: Slotted) -> list[str]:
    return [part.mark for part in slotted.parts if isinstance(part, Slot)]


@given(REQUESTS)
def test_what_is_taken_out_comes_back(text: str):
    assert take_out(text).restore() == text
    assert take_out(text, SIGNATURE).restore() == text


@given(REQUESTS)
def test_no_mark_of_the_model_was_in_the_text(text: str):
    slotted = take_out(text)
    known = set(slotted.slots.values)
    assert {word for word in heard(slotted) if word in ("<s1>", "<n1>", "<i1>")} <= known


@given(REQUESTS, REQUESTS)
def test_words_give_a_text_back(request: str, text: str):
    slots = take_out(request, SIGNATURE).slots
    assert from_words(to_words(text, slots), slots) == text
    assert from_words(to_words(request, slots), slots) == request


@pytest.mark.parametrize(
    ("request_text", "values"),
    [
        ("Return 'too short' or 'fine'", {"<s1>": "too short", "<s2>": "fine"}),
        ("Say 'no', and 'no' again, else \"no\"", {"<s1>": "no"}),
        (
            "Don't say 'blorp', 'snivet', 'quax' or 'drimble'",
            {"<s1>": "blorp", "<s2>": "snivet", "<s3>": "quax", "<s4>": "drimble"},
        ),
        ("the users' names, then 'x'", {"<s1>": "x"}),
        ("return \"it's 'fine'\"", {"<s1>": "it's 'fine'"}),
        ("return 'it's fine'", {"<s1>": "it's fine"}),
        ("from -5 to 5", {"<n1>": -5, "<n2>": 5}),
        ("n-5 and (3)-4", {"<n1>": 5, "<n2>": 3, "<n3>": 4}),
        ("at least 2.50, below 1,000", {"<n1>": 2.5, "<n2>": 1000}),
        ("the 3rd of three", {"<n1>": 3}),
        ("-1, 0 and 1 mean something", {}),
        ("50% of ninety", {"<n1>": 50, "<n2>": 90}),
        ("version 1.2.3 and x1", {}),
        ("`clamp(value, low)` of `value`", {"<i1>": "clamp", "<i2>": "value", "<i3>": "low"}),
        ("call first_match or find(", {"<i1>": "first_match", "<i2>": "find"}),
        ("give `None` or `-7` or `'x'`", {"<n1>": -7, "<s1>": "x"}),
        ("give '' back", {}),
    ],
)
def test_what_slots_stand_for(request_text: str, values: dict[str, object]):
    assert dict(take_out(request_text).slots.values) == values


def test_names_of_the_signature_have_slots_of_their_own():
    slotted = take_out("`grade(x)` is for `x` and `other`", SIGNATURE)
    assert marks(slotted) == ["<f>", "<p1>", "<p1>", "<i1>"]


def test_a_number_is_known_by_its_kind_and_by_its_neighbours():
    slots = take_out("between 7 and 9.5").slots
    assert slots.number(7) == ("<n1>",)
    assert slots.number(8) == ("<n1>", "<inc>")
    assert slots.number(6) == ("<n1>", "<dec>")
    assert slots.number(7.0) == ("<n1>", "<flo>")
    assert slots.number(9.5) == ("<n2>",)
    assert slots.number(2) is None
    assert slots.number(12) is None


def test_a_text_may_be_made_of_slots():
    slots = take_out("'o', 'go' or 't'; 8 and 30").slots
    assert slots.string("go") == ("<s2>",)
    assert slots.string("got") == ("<s2>", "<cat>", "<s3>")
    assert slots.string("too") == ("<s3>", "<cat>", "<s1>", "<cat>", "<s1>")
    assert slots.string("g") is slots.string("") is slots.string("9" * 5000) is None
    assert slots.string("8") == ("<n1>", "<txt>")
    assert slots.string("08") is None


def test_what_is_no_number_takes_no_step():
    slots = take_out("'a', 8").slots
    words = ("<s1>", "<inc>", "<n1>", "<txt>", "<inc>", "<n1>", "<dec>", "<flo>", "<s1>", "<cat>")
    reads = {place: slots.read(words, place) for place in (0, 2, 5, 8)}
    assert [(read.value, read.end) for read in reads.values() if read] == [
        *(("a", 1), ("8", 4), (7.0, 8), ("a", 9)),
    ]
    assert slots.read(words, 1) is None


def test_more_literals_than_slots_stay_as_they_are():
    text = ", ".join(f"'w{place}'" for place in range(20))
    slotted = take_out(text)
    assert len(slotted.slots.values) == 12
    assert slotted.restore() == text


def test_what_the_model_reads_has_no_case_and_no_spacing():
    assert heard(take_out("Return  'A' when x>=90, don't ask")) == [
        *("return", "<s1>", "when", "x", ">=", "<n1>", ",", "don't", "ask")
    ]


def test_an_empty_table_changes_nothing():
    assert to_words("a, b", Slots()) == ["a", ",", "b"]
