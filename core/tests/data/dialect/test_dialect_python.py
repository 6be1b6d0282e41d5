"""Python and specifications survive the small model's language."""

import ast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lift_sys.data.curriculum import LATEST
from lift_sys.data.dialect import (
    DialectError,
    ask_again,
    ask_code,
    ask_specification,
    code_answer,
    specification_answer,
    take_out,
)
from lift_sys.data.dialect.python import (
    code_text,
    code_words,
    expression_text,
    expression_words,
)
from lift_sys.data.dialect.slots import Slots
from lift_sys.data.families.registry import families
from lift_sys.data.made import make
from lift_sys.interfaces import Code
from lift_sys.ir import (
    IR,
    Assertion,
    Effect,
    Hole,
    Intent,
    LoopBehaviour,
    MustReturn,
    Parameter,
    Position,
    Signature,
    canonical_json,
)

SIGNATURE = Signature(
    name="grade",
    parameters=(
        Parameter(name="score", type="int", description="points, `score` of 'A'"),
        Parameter(name="old_marks", type="dict[str, list[int]]"),
    ),
    returns="str | None",
)
REQUEST = "Give 'A' from 90, 'B' from -5, else `None`; 1.5 is no 'c\\'d' in grade_book"
SLOTS = take_out(REQUEST, SIGNATURE).slots


def normal_expression(text: str) -> str:
    return expression_text(expression_words(text, Slots()), Slots())


@pytest.mark.parametrize(
    "text",
    [
        "score >= 90",
        "-5 ** 2 == (-5) ** 2",
        "score - -5 - 5 + 91 - 89",
        "result == sum(n for n in old_marks if not n <= 90)",
        "f((x for x in y), 1)",
        "f(((a, b) for a, b in c))",
        "{'A': [90], 'x y': (), **d}",
        "x[1:-1:2] + x[-5:]",
        "old_score == score and old_old_marks",
        "lambda a, *b, c=1, **d: a if b else -c",
        "f'{score!r:>5} of {90}' + b'A'.decode() + r'\\d'",
        "1e300 * 1.5 + 2j + 90.0 + 0.1",
        "'it\\'s' + \"a\\n\" + 'é' + '<s1>'",
        "x if y else z",
        "not (a and b) or c is not None",
        "a < b <= 90 != c",
    ],
)
def test_expressions_come_back_as_python_writes_them(text: str):
    for slots in (SLOTS, Slots()):
        back = expression_text(expression_words(text, slots), slots)
        assert back == ast.unparse(ast.parse(text)).replace("- -5", "+ 5")


def test_slots_stand_where_the_literals_were():
    assert expression_words("grade(89, {}) == 'B' or score == -5", SLOTS) == [
        *("<f>", "(", "<n1>", "<dec>", ",", "{", "}", ")", "==", "<s2>", "or"),
        *("<p1>", "==", "<n2>"),
    ]


TEXTS = ["abs(n - {k})", "n + {k} >= {k}", "[n - ({k}) for n in x if n > {k}]"]


@pytest.mark.parametrize("value", [-55, 55])
@pytest.mark.parametrize("text", TEXTS)
def test_whether_a_number_is_negative_cannot_be_seen(text: str, value: int):
    slots = take_out(f"the distance to {value}").slots
    words = expression_words(text.format(k=value), slots)
    assert words == expression_words(text.format(k=7), take_out("the distance to 7").slots)
    back = expression_text(words, slots)
    assert "- -" not in back
    assert "+ -" not in back
    assert expression_words(back, slots) == words


@pytest.mark.parametrize("factor", ["* b", "/ b", "// b", "% b", "@ b", "** 2"])
def test_a_number_with_factors_keeps_its_sign(factor: str):
    slots = take_out("the distance to -55").slots
    text = f"n + 55 {factor}"
    assert expression_text(expression_words(text, slots), slots) == text


def test_what_an_attribute_or_an_argument_is_called_is_no_name_of_the_request():
    signature = Signature(
        name="f", parameters=(Parameter(name="items", type="dict[str, int]"),), returns="int"
    )
    slots = Slots().with_signature(signature)
    words = expression_words("g(items.items(), items=items)", slots)
    assert words == [*("g", "(", "<p1>", ".", "items", "(", ")", ",", "items", "=", "<p1>", ")")]


@example("A·")
@given(st.text(max_size=40))
def test_what_is_no_python_comes_back_too(text: str):
    words = expression_words(text, SLOTS)
    try:
        expected = ast.unparse(ast.parse(text.strip(), mode="eval"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        expected = text
    assert expression_text(words, SLOTS) == expected


BODIES = [
    "if score > 90:\n    return 'A'\nelif score:\n    pass\nelse:\n    return None\nreturn 'B'",
    "for a in old_marks:\n    while a:\n        a -= 1\n    else:\n        continue\nreturn 'A'",
    "try:\n    return str(score)\nexcept (ValueError, TypeError) as e:\n    raise KeyError from e",
    "def inner(x):\n    return x\nwith open('A') as f, b:\n    return inner(f)",
    "match score:\n    case -5:\n        return 'A'\n    case {'A': x}:\n        return x",
    "x = [\n  1,\n  2,\n]\ntext = '''a\n  b'''\nreturn text",
]


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("before", ["", "import math\nfrom re import sub\n"])
def test_code_comes_back(body: str, before: str):
    head = "def grade(score: int, old_marks: dict[str, list[int]]) -> str | None:\n    "
    source = before + head + body.replace("\n", "\n    ")
    for slots in (SLOTS, Slots().with_signature(SIGNATURE)):
        words = code_words(source, SIGNATURE, slots)
        assert "grade" not in words, "the head is known and not said again"
        back = code_text(words, SIGNATURE, slots)
        assert ast.dump(ast.parse(back)) == ast.dump(ast.parse(source))


@pytest.mark.parametrize("body", ["    return 'A'\n", "    return cast(str, value)\n"])
def test_what_the_annotations_need_is_imported_and_never_said(body: str):
    signature = Signature(
        name="kind",
        parameters=(Parameter(name="value", type="Any"), Parameter(name="f", type="Callable")),
        returns="Literal['A']",
    )
    head = "def kind(value: Any, f: Callable) -> Literal['A']:\n"
    plain = f"from typing import Any, Callable, Literal\n{head}{body}"
    words = code_words(plain, signature, SLOTS)
    assert "Any" not in words
    back = code_text(words, signature, SLOTS)
    assert ast.dump(ast.parse(back)) == ast.dump(ast.parse(plain))
    exec(compile(back, "kind", "exec"), {})
    ways = (
        "import Any, Callable, Literal, cast",
        "import Any, Callable, Literal\nfrom typing import cast",
    )
    for way in ways:
        more = f"from typing {way}\n{head}{body}"
        back = code_text(code_words(more, signature, SLOTS), signature, SLOTS)
        assert ast.dump(ast.parse(back)) == ast.dump(ast.parse(more))


@pytest.mark.parametrize(
    "source",
    [
        "def helper(x):\n    return x\n\ndef grade(score: int) -> str:\n    return helper(score)\n",
        "@cache\ndef grade(score): return 1\n",
        "X = 90\n",
    ],
)
def test_modules_of_another_form_come_back_whole(source: str):
    words = code_words(source, SIGNATURE, SLOTS)
    assert words[0] == "<module>"
    assert ast.dump(ast.parse(code_text(words, SIGNATURE, SLOTS))) == ast.dump(ast.parse(source))


FULL = IR(
    intent=Intent(summary="Say 'A' from 90,  or  `score`.", rationale="Because\n- of 'this'."),
    signature=SIGNATURE,
    effects=(
        Effect(
            description="return exactly 'A'",
            when="score >= 90",
            return_values=("A", -5, 1.5, True, None, "it's"),
            implementation_hint="compare (first)",
            order_constraint="before 'B'",
        ),
        Effect(description="it fails", raises="ValueError"),
    ),
    assertions=(
        Assertion(predicate="grade(89, {}) == 'B'", rationale="a boundary"),
        Assertion(predicate="grade(-5, {}) raises ValueError"),
        Assertion(predicate="old_score == score"),
        Assertion(predicate="this is no python ("),
    ),
    constraints=(
        MustReturn(description="always"),
        *(LoopBehaviour(matches=each, description="a match") for each in ("first", "last", "all")),
        Position(description="'A' stands first"),
    ),
)
BARE = IR(intent=Intent(summary="one"), signature=Signature(name="f", returns="int"))
HOLED = FULL.model_copy(
    update={
        "holes": (Hole(id="limit", kind="value", type="int", description="how many"),),
    }
)


@pytest.mark.parametrize("ir", [FULL, BARE, HOLED])
@pytest.mark.parametrize("pinned", [True, False])
def test_a_specification_comes_back(ir: IR, pinned: bool):
    prompt = ask_specification(REQUEST, ir.signature if pinned else None)
    answer = [*specification_answer(prompt, ir), "<code>", "rubbish"]
    assert canonical_json(prompt.specification(answer)) == canonical_json(ir)


@pytest.mark.parametrize(
    "words",
    [
        ["<ir>"],
        ["Say", "<s9>"],
        ["Say", "<p3>"],
        [],
        ["Say", "it", "<e>", "<ret>", "(", "<d>", "x"],
        ["Say", "it", "<e>", "<raise>", "Oops", "<d>", "x"],
        ["<json>", "{"],
        ["<json>", "[", "]"],
    ],
)
def test_words_that_say_no_specification_are_refused(words: list[str]):
    with pytest.raises(DialectError):
        ask_specification(REQUEST, SIGNATURE).specification(words)


def test_an_answer_without_a_signature_is_refused():
    with pytest.raises(DialectError, match="before the signature"):
        ask_specification(REQUEST).specification(["grade", "<to>", "int"])


def test_a_prompt_for_code_begins_with_the_prompt_for_its_specification():
    first, second = ask_specification(REQUEST, SIGNATURE), ask_code(REQUEST, FULL)
    assert second.words[: len(first.words)] == first.words
    again = ask_again(second, ["return", "<s1>"], "wrong_output", "<code>")
    assert again.words[-6:] == ("return", "<s1>", "<bad>", "wrong", "output", "<code>")


@pytest.mark.parametrize("family", families(LATEST), ids=lambda family: family.name)
def test_what_families_make_comes_back(family):
    made = make(family, 7, 0)
    prompt = ask_specification("a request with 3 and 'b'", made.signature)
    back = prompt.specification(specification_answer(prompt, made.ir))
    assert back.model_copy(update={"assertions": (), "effects": (), "provenance": None}) == (
        made.ir.model_copy(update={"assertions": (), "effects": (), "provenance": None})
    )
    assert [effect.when and normal_expression(effect.when) for effect in back.effects] == [
        effect.when and normal_expression(effect.when) for effect in made.ir.effects
    ]
    told = [assertion.predicate for assertion in back.assertions]
    assert told == [_normal(assertion.predicate) for assertion in made.ir.assertions]
    asked = ask_code("a request with 3 and 'b'", made.ir)
    code: Code = asked.code(code_answer(asked, made.code))
    assert ast.dump(ast.parse(code.source)) == ast.dump(ast.parse(made.code.source))


def _normal(predicate: str) -> str:
    call, raises, error = predicate.rpartition(" raises ")
    return f"{normal_expression(call)} raises {error}" if raises else normal_expression(predicate)


@pytest.mark.parametrize("family", families()[::3], ids=lambda family: family.name)
def test_no_right_answer_has_a_mark_that_is_senseless(family):
    made = make(family, 7, 1)
    request = f"{made.ir.intent.summary}: `{made.signature.name}` with 3 and 'b'"
    for prompt in (ask_specification(request, made.signature), ask_specification(request)):
        assert prompt.senseless.isdisjoint(specification_answer(prompt, made.ir))
        assert {"<s9>", "<bad>", "<req>"} <= prompt.senseless
    asked = ask_code(request, made.ir)
    assert asked.senseless.isdisjoint(code_answer(asked, made.code)[:-1])
