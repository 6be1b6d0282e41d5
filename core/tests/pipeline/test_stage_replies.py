import pytest

from lift_sys.pipeline.stages.replies import split_before_code, split_reasoning

JSON = '{"intent": {"summary": "s"}}'


@pytest.mark.parametrize(
    ("head", "mark"),
    [
        ("REASONING", "SPECIFICATION"),
        ("Reasoning:", "Specification:"),
        ("## Reasoning", "## Specification"),
        ("**REASONING**", "**SPECIFICATION**"),
        ("**Reasoning:**", "**Specification (JSON):**"),
        ("reasoning", "specification"),
        ("`REASONING`", "--- SPECIFICATION ---"),
        ("\n\nREASONING", "The specification:"),
        ("", "SPECIFICATION"),
    ],
)
@pytest.mark.parametrize("answer", [JSON, f"```json\n{JSON}\n```", f"\n{JSON}\n"])
def test_the_reasoning_ends_at_the_mark(head, mark, answer):
    reasoning, text = split_reasoning(
        f"{head}\n1. the specification says\n2. {{a}}\n\n{mark}\n{answer}"
    )
    assert reasoning == "1. the specification says\n2. {a}"
    assert text.strip() == answer.strip()


def test_a_mark_within_the_reasoning_ends_nothing():
    reply = f"REASONING\nSpecification\nis what comes next\nSPECIFICATION\n{JSON}"
    assert split_reasoning(reply) == ("Specification\nis what comes next", JSON)


@pytest.mark.parametrize("answer", [JSON, f"```json\n{JSON}\n```", f"```\n{JSON}"])
def test_without_the_mark_the_object_ends_the_reasoning(answer):
    assert split_reasoning(f"REASONING\na {{}} b\n{answer}") == ("a {} b", answer)


@pytest.mark.parametrize("text", [JSON, f"Here it is:\n{JSON}", f"```json\n{JSON}\n```", "", "no"])
def test_a_reply_without_reasoning_stays_as_it_is(text):
    assert split_reasoning(text) == (None, text)


def test_reasoning_that_was_cut_off_has_no_answer():
    assert split_reasoning("REASONING\nI think") == (None, "REASONING\nI think")


def test_prose_before_code_is_kept_apart():
    code = "```python\nx = 1\n```"
    assert split_before_code(f"1. Literals\n\n{code}") == ("1. Literals", code)
    assert split_before_code(code) == (None, code)
    assert split_before_code("x = 1") == (None, "x = 1")
