import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from lift_sys.ir import render_markdown, render_text, visible

from .ir_edits import changed
from .ir_strategies import irs


def test_text_shows_the_whole_specification(grade):
    ir = changed(
        grade,
        holes=[
            {
                "id": "lowest",
                "kind": "value",
                "type": "int",
                "description": "From where?",
                "constraints": ["lowest >= 0"],
            }
        ],
    )
    assert (
        render_text(ir)
        == """\
def get_grade(score: int) -> str

Letter grade of a score

Schools want letters

Parameters:
- score: 0 to 100

Effects:
1. if score >= 90: An A
   - returns 'A'
2. elif score >= 80: A B
   - returns 'B'
3. else: An F
   - returns 'F'

Assertions:
- result in ['A', 'B', 'F'] (no other letter)
- get_grade(95) == 'A'

Constraints:
- must return: on every path
- first match: the first that fits
- position: highest first

Holes:
- ?lowest (value, int, where lowest >= 0) in the IR: From where?
"""
    )


def test_markdown_shows_it_too(grade):
    text = render_markdown(grade)
    assert "`def get_grade(score: int) -> str`" in text
    assert "2. elif `score >= 80`: A B\n   - returns `'B'`" in text
    assert "### Effects" in text


HOSTILE = [
    "# heading",
    "- item",
    "1. item",
    "1) item",
    "> quote",
    "* star",
    "+ plus",
    "---",
    "===",
    "***",
    "[a](javascript:alert(1))",
    "![a](http://x/y.png)",
    "<script>alert(1)</script>",
    "<b>",
    "&lt;",
    "`code`",
    "``` fence",
    "~~~ fence",
    "**bold** _it_",
    "http://example.com",
    "www.example.com",
    "<http://a.b>",
    "| a | b |",
    "a\n\n# heading",
    "a\n- b",
    "\tcode",
    "a  \nb",
    "[x]: http://a",
    "\\",
    "\\`",
    "`` ` ``",
    "@someone",
    "$x$",
    "^up^",
    "\x1b[31mred\x1b[0m",
    "\x07\x08\r\x9b31m",
    "\u202egnp",
    "\u200bzero",
    "\ud7ff\ue000",
    "\x00",
    ": def",
    "x :: y",
]
PARSER = MarkdownIt("commonmark", {"linkify": False}).enable("table").enable("strikethrough")
EXPECTED = {"inline", "text", "code_inline", "softbreak"}
STRUCTURE = {
    f"{name}_{way}"
    for name in ("paragraph", "heading", "ordered_list", "bullet_list", "list_item")
    for way in ("open", "close")
}


def hostile(grade, text):
    return changed(
        grade,
        intent={"summary": text, "rationale": text},
        signature={
            **grade.signature.model_dump(),
            "parameters": [{"name": "score", "type": "int", "description": text}],
        },
        effects=[
            {
                "description": text,
                "when": text,
                "return_values": [text],
                "implementation_hint": text,
                "order_constraint": text,
            }
        ],
        assertions=[{"predicate": text, "rationale": text}],
        constraints=[{"kind": "position", "description": text}],
        holes=[
            {"id": "h", "kind": "value", "type": "int", "description": text, "constraints": [text]}
        ],
    )


def tokens(markdown):
    for token in PARSER.parse(markdown):
        yield token
        yield from token.children or ()


def structure(markdown):
    return [token.type for token in PARSER.parse(markdown) if token.type != "inline"]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_an_ir_is_markup(grade, text):
    markdown = render_markdown(hostile(grade, text))
    assert {token.type for token in tokens(markdown)} <= EXPECTED | STRUCTURE
    assert structure(markdown) == structure(render_markdown(hostile(grade, "harmless")))


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_an_ir_steers_a_terminal(grade, text):
    for rendered in (render_text(hostile(grade, text)), render_markdown(hostile(grade, text))):
        assert all(line.isprintable() for line in rendered.splitlines())
        assert "\u202e" not in rendered
    assert len(render_text(hostile(grade, text)).splitlines()) == len(
        render_text(hostile(grade, "a")).splitlines()
    )


@given(st.text(max_size=40))
def test_visible_text_is_one_printable_line(text):
    assert visible(text).isprintable()


@given(irs())
def test_every_ir_is_shown_in_both_ways(ir):
    assert ir.signature.name in render_text(ir)
    assert {token.type for token in tokens(render_markdown(ir))} <= EXPECTED | STRUCTURE


def test_what_an_effect_raises_is_shown(grade):
    ir = changed(
        grade, effects=[{"description": "refuse it", "when": "score < 0", "raises": "ValueError"}]
    )
    assert "   - raises ValueError" in render_text(ir)
    assert "   - raises `ValueError`" in render_markdown(ir)
