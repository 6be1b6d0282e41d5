import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift_sys.ir import IR, ReadError, canonical_json, digest, read, reading

from .ir_strategies import irs

BASE = {"intent": {"summary": "s"}, "signature": {"name": "f", "parameters": [], "returns": "int"}}


def text_of(**more):
    return json.dumps({**BASE, **more})


def repairs(text):
    return [one.what for one in read(text).repairs]


def test_a_plain_reply_needs_no_repair(grade):
    reading = read(grade.model_dump_json())
    assert reading == (grade, (), False)


@pytest.mark.parametrize(
    ("wrap", "what"),
    [
        ("```json\n@\n```", "a code fence was left out"),
        ("```\n@", "a code fence was left out"),
        ("Sure, here {it} is:\n\n```json\n@\n```\nNeed more?", "text around the JSON was left out"),
        ("{1, 2} {} {'a': [1]} @", "text around the JSON was left out"),
        ('{"ir": @}', "the IR was taken out of the field 'ir'"),
    ],
)
def test_what_stands_around_is_left_out(grade, wrap, what):
    assert read(wrap.replace("@", grade.model_dump_json())).ir == grade
    assert repairs(wrap.replace("@", grade.model_dump_json())) == [what]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (text_of()[:-1] + ",}", "a comma before the closing bracket was left out"),
        (
            text_of().replace("[]", "[,]").replace("[,]", "[ ]")[:-1]
            + ', "effects": [{"description": "d",},],}',
            "a comma before",
        ),
        (text_of().replace('"', "'"), "single quotes were read as double ones"),
        (
            text_of(effects=[{"description": "d", "when": None}]).replace("null", "None"),
            "True, False and None were read",
        ),
        (text_of().replace(", ", ", // a comment, with {\n"), "a comment was left out"),
        (text_of().replace(", ", " /* a */ , # b\n"), "a comment was left out"),
        (text_of().replace('"s"', '"a\n\tb"'), "a line break or tab in a string was kept"),
        (text_of().replace('"s"', '"it\\\'s"'), "an escape that needs none"),
        (text_of().replace('"s"', r'"\d+"'), "a backslash that escapes nothing was kept"),
    ],
)
def test_what_can_only_mean_one_thing_is_mended_and_noted(text, what):
    reading = read(text)
    assert any(what in one.what for one in reading.repairs), reading.repairs
    assert reading.ir.signature == IR.model_validate(BASE).signature


def test_mended_texts_say_what_they_said():
    assert read(text_of().replace('"s"', r'"\d+ \\ é 😀"')).ir.intent.summary == r"\d+ \ é 😀"
    assert read(text_of().replace('"s"', r'"\ud83d\ude00"')).ir.intent.summary == "😀"
    assert read(text_of().replace('"s"', "'a \"b\" \\' c'")).ir.intent.summary == 'a "b" \' c'


def returning(literal):
    return text_of(effects=[{"description": "d", "return_values": [0]}]).replace(
        "[0]", f"[{literal}]"
    )


SUMMARY = "intent.summary"
VALUE = "effects[0].return_values[0]"


@pytest.mark.parametrize(
    ("text", "at", "path", "why"),
    [
        ("", "", "", "no JSON object"),
        ("I cannot do that.", "I", "", "no JSON object"),
        ("[1, 2]", "[", "", "no JSON object"),
        ("{}", "{", "intent", "the field intent is missing"),
        ('{"intent": {"summary": "s"}}', "{", "signature", "missing"),
        ('{"intent": {"sumary": "s"}}', '{"sumary', SUMMARY, "missing"),
        (text_of(effect=[]), "[]}", "effect", "did you mean effects"),
        (text_of().replace('"int"', '"a list"'), '"a list"', "signature.returns", "no Python type"),
        (text_of().replace('"s"', '""'), '""', SUMMARY, "empty"),
        (text_of().replace('"s"', "3"), "3", SUMMARY, "valid string"),
        (text_of().replace('"s"', '"s", "summary": "t"'), '"summary": "t"', "intent", "here twice"),
        (text_of().replace('"s"', '"a"b"'), 'b"}', "intent", "a comma or '}'"),
        (text_of().replace('"s"', r'"\x41"'), "\\x41", SUMMARY, "no one meaning"),
        (text_of().replace('"s"', '"\\uZZ"'), "\\uZZ", SUMMARY, "hexadecimal"),
        (text_of().replace('"s"', '"\\ud800"'), '"\\ud800', SUMMARY, "unicode|surrogate"),
        (text_of().replace('"s"', '"\x00"'), "\x00", SUMMARY, "control character"),
        (text_of().replace('"s"', "s"), "s}", SUMMARY, "a value is expected"),
        (text_of().replace('"s"', "NaN"), "NaN", SUMMARY, "a value is expected"),
        (text_of().replace('"intent"', "intent"), "intent", "", "quoted field name"),
        (text_of().replace('"s"', "01"), "01", SUMMARY, "a number is expected"),
        (returning("1e999"), "1e999", VALUE, "too large"),
        (returning("9" * 5000), "999", VALUE, "too many digits"),
        (returning("[1]"), "[1]", VALUE, "a literal is expected"),
        (
            text_of(constraints=[{"kind": "loop", "matches": "some", "description": "d"}]),
            '"some"',
            "constraints[0].matches",
            "'first'",
        ),
        (
            text_of() + "\n" + text_of(holes=[]).replace('"s"', '"t"'),
            '{"intent": {"summary": "t"',
            "",
            "second, different IR",
        ),
        ('{"intent": ' + "[" * 100, "[" * 61, "intent" + "[0]" * 39, "nested deeper"),
    ],
)
def test_what_cannot_be_mended_says_where(text, at, path, why):
    with pytest.raises(ReadError, match=why) as caught:
        read(text)
    error = caught.value
    before = text[: text.index(at)]
    if at == "[" * 61:
        before = text[:-61]
    assert error.line == before.count("\n") + 1
    assert error.column == len(before) - (before.rfind("\n") + 1) + 1, error
    assert error.path == path
    assert str(error).startswith(f"line {error.line}, column {error.column}")


def test_every_problem_of_the_shape_is_told():
    with pytest.raises(ReadError) as caught:
        read(text_of(effects=[{}, {"description": 1}], provenance=[]))
    assert [one.path for one in caught.value.problems] == [
        "effects[0].description",
        "effects[1].description",
        "provenance",
    ]
    assert "2 more" in str(caught.value)


def test_two_equal_irs_are_one():
    assert read(text_of() + "\n\nAgain:\n" + text_of()).ir == IR.model_validate(BASE)


def test_a_cut_off_reply_keeps_what_is_complete():
    whole = text_of(effects=[{"description": "d"}, {"description": "e", "when": "x > 0"}])
    reading = read(whole[: whole.index('"when"')])
    assert [one.description for one in reading.ir.effects] == ["d"]
    assert reading.truncated
    assert (
        reading.repairs[-1].what
        == "the reply ends within effects[1]; what is complete before it was kept"
    )


def test_an_effect_never_loses_its_condition_nor_a_function_its_parameters():
    whole = text_of(effects=[{"description": "e", "when": "x > 0"}])
    assert read(whole[: whole.index(', "when"')]).ir.effects == ()
    for end in ('"parameters": [', '"returns"', '"int"'):
        with pytest.raises(ReadError, match="before its signature is complete"):
            read(whole[: whole.index(end) + len(end)])


@given(
    irs(),
    st.booleans(),
    st.sampled_from(["{}", "```json\n{}\n```\n", "Here:\n{}\nDone."]),
    st.integers(0, 18),
)
def test_every_prefix_is_a_noted_truncation_or_a_located_error(ir, indented, wrap, first):
    text = wrap.replace("{}", ir.model_dump_json(indent=2 if indented else None))
    for end in range(first, len(text), 19):
        check_prefix(ir, text[:end])


def test_every_prefix_of_one_ir_is_one_too(grade):
    text = grade.model_dump_json(indent=2)
    for end in range(len(text)):
        check_prefix(grade, text[:end])


def located(error):
    assert error.line >= 1
    assert error.column >= 1


def check_prefix(ir, text):
    try:
        reading = read(text)
    except ReadError as error:
        located(error)
        return
    if digest(reading.ir) == digest(ir) and reading.ir.provenance == ir.provenance:
        return
    assert reading.truncated
    assert any("the reply ends within" in one.what for one in reading.repairs)
    assert (reading.ir.intent, reading.ir.signature) == (ir.intent, ir.signature)
    for field in ("effects", "assertions", "constraints", "holes"):
        kept, whole = getattr(reading.ir, field), getattr(ir, field)
        assert kept == whole[: len(kept)]
        assert repr(kept) == repr(whole[: len(kept)])


@given(irs())
def test_python_text_reads_like_json(ir):
    data = json.loads(canonical_json(ir))
    if "\\" not in repr(data):
        assert digest(read(repr(data)).ir) == digest(ir)


@given(irs())
def test_whatever_is_written_is_read_again(ir):
    reading = read(ir.model_dump_json(indent=1))
    assert reading.ir == ir
    assert repr(reading.ir) == repr(ir)
    assert reading.repairs == ()


@given(st.text(max_size=200))
def test_no_text_makes_another_error(text):
    for one in (text, "{" + text, '{"intent": ' + text, '{"intent": "' + text):
        try:
            read(one)
        except ReadError:
            continue


pieces = st.sampled_from(
    [
        '{"intent": {"summary": "s"}, ',
        '"signature": ',
        "{",
        "}",
        "[",
        "]",
        '"name": "f"',
        ",",
        ":",
        "null",
        "tru",
        "'a'",
        "1.",
        "-",
        "//",
        "/*",
        "*/",
        "#",
        "\n",
        "```",
        "\\",
        '"',
        "\ud800",
        "\x00",
        '"effects": [',
        "None",
    ]
)


@given(st.lists(pieces, max_size=30).map("".join))
def test_no_broken_json_makes_another_error(text):
    try:
        read(text)
    except ReadError as error:
        located(error)


@pytest.mark.parametrize(
    "unit",
    [
        "{",
        "[",
        '{"a":',
        '{"intent":[',
        '{"intent":{"summary":"',
        "{/*",
        '{"a":1}',
        "{'",
        "#{",
        "\\",
        '"',
        "9",
        "-",
        "{//\n",
        '{"intent":1,',
        " ",
        "`",
        "}",
    ],
)
def test_a_megabyte_of_anything_is_an_error_soon(unit):
    for start in ("", '{"intent": {"summary": "'):
        with pytest.raises(ReadError):
            read(start + unit * (10**6 // len(unit)))


def test_too_much_text_is_refused():
    with pytest.raises(ReadError, match="allowed"):
        read(" " * 4_000_001)


_WRITTEN = (
    text_of(),
    text_of(constraints=None, holes=[]),
    text_of(effects=[{"description": "d", "return_values": [1, 1.0, True, "1", -0.0, 1e300]}]),
    text_of(effects=[{"description": "\u00e9 \\ud83d\\ude00 \\u0000"}]),
    text_of().replace('"s"', '"a", "summary": "b"'),
    text_of().replace('"s"', '"\\ud83d"'),
    text_of().replace('"s"', '"a\tb"'),
    text_of(effects=[{"description": "d", "return_values": ["@"]}]).replace('"@"', "NaN"),
    text_of(effects=[{"description": "d", "return_values": ["@"]}]).replace('"@"', "1e999"),
    text_of(effects=[{"description": "d", "return_values": ["@"]}]).replace('"@"', "9" * 5000),
    text_of(other=1),
    text_of(effects=[[[]]] * 3 + [json.loads("[" * 60 + "]" * 60)]),
    "[" * 5000,
    '{"a":' * 5000,
    json.dumps({"ir": BASE}),
    json.dumps({"intent": BASE["intent"]}),
    text_of() + text_of(),
    text_of() + " {}",
    text_of()[:-3],
    "{}",
)


@pytest.mark.parametrize("number", range(len(_WRITTEN)))
def test_json_that_needs_no_mending_is_read_as_the_patient_reader_reads_it(number, monkeypatch):
    def outcome():
        try:
            return read(_WRITTEN[number])
        except ReadError as error:
            return str(error), error.problems

    at_once = outcome()
    monkeypatch.setattr(reading, "_as_asked", lambda text: None)
    assert repr(at_once) == repr(outcome())
