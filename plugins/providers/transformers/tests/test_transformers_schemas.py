"""Which schemas are left to XGrammar; no torch is needed to tell."""

import pytest
from lift_sys_transformers.patterns import is_safe_for_xgrammar
from lift_sys_transformers.plugin import TransformersOptions
from pydantic import ValidationError

from lift_sys.ir import json_schema


def schema(**text: object) -> dict[str, object]:
    return {"type": "object", "properties": {"a": {"type": "array", "items": text}}}


@pytest.mark.parametrize(
    "pattern",
    ["^[ !#-\\[\\]-~]{1,100}$", "^[a-z_][a-z0-9_]*$", r"^\d+\.\d{1,2}$", "^(a|b)?$", r"^[\w-]+$"],
)
def test_plain_patterns_are(pattern: str):
    assert is_safe_for_xgrammar(schema(type="string", pattern=pattern))


@pytest.mark.parametrize(
    "pattern",
    [
        "^.*$",
        "^[ -~]+$",
        "^[^a]$",
        '^"$',
        r"^\\$",
        r"^\s$",
        "^a{1,200}$",
        "^[!-#]$",
        r"^\x00$",
        "\n",
    ],
)
def test_patterns_that_may_want_an_escape_are_not(pattern: str):
    assert not is_safe_for_xgrammar(schema(type="string", pattern=pattern))


def test_lengths_are_not_and_the_core_s_own_schema_is():
    assert not is_safe_for_xgrammar(schema(type="string", maxLength=9))
    assert not is_safe_for_xgrammar(schema(type="string", minLength=1))
    assert is_safe_for_xgrammar({"properties": {"pattern": {"type": "string"}}})
    assert is_safe_for_xgrammar(json_schema())


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ({"adapter": "a"}, "there is no 'a'"),
        ({"n": 20, "rows": 4}, "rows >= n"),
        ({"device": "gpu:0"}, "is called cuda here"),
    ],
)
def test_options_that_contradict_each_other_are_refused(options: dict[str, object], cause: str):
    with pytest.raises(ValidationError, match=cause):
        TransformersOptions.model_validate({"model": "m", **options})
