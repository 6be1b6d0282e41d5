import ast
import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift_sys.ir import TypeTextError, normalise_type, parse_type
from lift_sys.ir.annotations import type_pattern


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("int", "int"),
        (" List[ int ] ", "list[int]"),
        ("Optional[int]", "int | None"),
        ("None|int", "int | None"),
        ("Union[str, Optional[int]]", "int | str | None"),
        ("int | int", "int"),
        ("typing.Dict[str, typing.Any]", "dict[str, Any]"),
        ("Callable[[int], str]", "Callable[[int], str]"),
        ("tuple[int, ...]", "tuple[int, ...]"),
        ("tuple[()]", "tuple[()]"),
        ("Literal['b', 'a', -1]", "Literal['a', 'b', -1]"),
        ("np.ndarray", "np.ndarray"),
        ("dict[str, Union[int, None]]", "dict[str, int | None]"),
        ("None", "None"),
    ],
)
def test_types_are_written_in_one_way(text, normal):
    assert normalise_type(text) == normal
    assert normalise_type(normal) == normal


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "1",
        "'int'",
        "list of int",
        "f()",
        "int()",
        "[int]",
        "(int, str)",
        "x.__class__",
        "__import__",
        "lambda: 1",
        "a if b else c",
        "...",
        "int + str",
        "int and str",
        "Literal[f()]",
        "Literal[1.5]",
        "int[0]",
        "list['x']",
        "f().x",
        "{}",
        "x := 1",
        "(" * 300,
        "list[" * 60 + "]" * 60,
        "None[int]",
        "a\0b",
        "-" * 499 + "1",
        "int; import os",
        "await x",
        "*int",
    ],
)
def test_what_is_no_type_is_told(text):
    with pytest.raises(TypeTextError):
        parse_type(text)


def test_the_pattern_for_models_knows_the_usual_types():
    for text in (
        "int",
        "list[int]",
        "dict[str, list[int]]",
        "str | None",
        "tuple[int, ...]",
        "Callable[[int, str], bool]",
        "Literal['a', 'b']",
        "Optional[list[str]]",
    ):
        assert re.fullmatch(type_pattern(), text), text
    for text in ("list of int", "f()", "'int'", "x.y", "int ", ""):
        assert not re.fullmatch(type_pattern(), text), text


@given(st.from_regex(type_pattern().replace("{0,40}", "{1,3}"), fullmatch=True))
def test_what_the_pattern_lets_through_is_python(text):
    ast.parse(text, mode="eval")


@given(st.text(max_size=60))
def test_no_text_makes_another_error(text):
    with contextlib.suppress(TypeTextError):
        assert normalise_type(normalise_type(text)) == normalise_type(text)
