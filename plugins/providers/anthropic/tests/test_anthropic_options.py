import json
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator
from lift_sys_anthropic.plugin import AnthropicOptions, lift_sys_providers
from lift_sys_anthropic.subset import accepted
from pydantic import ValidationError

from lift_sys.ir import json_schema, strict_schema
from lift_sys.testing.samples import IR_TEXT


def test_the_sdk_waits_for_the_first_call():
    """Importing it takes seconds, and a pipeline is checked without it."""
    code = """
import sys
from lift_sys_anthropic.plugin import AnthropicOptions
from lift_sys_anthropic.provider import create
create(AnthropicOptions(model="m"), None).capabilities()
print("anthropic" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_component_names_its_factory():
    (component,) = lift_sys_providers()
    assert component.name == "anthropic"
    assert component.factory == "lift_sys_anthropic.provider:create"
    assert component.options is AnthropicOptions


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"model": ""},
        {"model": "m", "base_url": "localhost:8000"},
        {"model": "m", "base_url": "https://me:password@x"},
        {"model": "m", "thinking": 1023},
        {"model": "m", "thinking": "a lot"},
        {"model": "m", "effort": "little"},
        {"model": "m", "structured": "json_object"},
        {"model": "m", "api_key": "line\nbreak"},
        {"model": "m", "poll": 5},
        {"model": "m", "batch": True, "poll": 0},
        {"model": "m", "modle": "typo"},
    ],
)
def test_wrong_options_are_refused(wrong):
    with pytest.raises(ValidationError):
        AnthropicOptions(**wrong)


def test_a_batch_holds_more_at_once():
    assert AnthropicOptions(model="m").at_once == 32
    assert AnthropicOptions(model="m", batch=True).at_once == 1000
    assert AnthropicOptions(model="m", batch=True, in_flight=5).at_once == 5


def closed(**properties):
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


TEXT = {"type": "string"}
REFUSED = {"pattern", "minLength", "maxLength", "minimum", "maximum", "maxItems", "oneOf"}


@pytest.mark.parametrize("schema", [json_schema(), strict_schema()], ids=["plain", "strict"])
def test_the_schema_of_specifications_can_be_sent(schema):
    taken = accepted(schema)
    text = json.dumps(taken)
    assert REFUSED.isdisjoint(key.strip('"') for key in text.replace(":", " ").split())
    assert len(text) < len(json.dumps(schema)) / 2
    Draft202012Validator.check_schema(taken)
    if schema == json_schema():
        assert Draft202012Validator(taken).is_valid(json.loads(IR_TEXT))
    assert not Draft202012Validator(taken).is_valid({"intent": "no object"})


@pytest.mark.parametrize(
    ("schema", "taken"),
    [
        (closed(a=TEXT), closed(a=TEXT)),
        (closed(a={**TEXT, "maxLength": 3, "pattern": "^a$"}), closed(a=TEXT)),
        (closed(a={"type": "integer", "minimum": 0, "default": 3}), closed(a={"type": "integer"})),
        (
            closed(a={"oneOf": [TEXT, {"type": "null"}]}),
            closed(a={"anyOf": [TEXT, {"type": "null"}]}),
        ),
        (closed(a={**TEXT, "format": "date"}), closed(a={**TEXT, "format": "date"})),
        (closed(a={**TEXT, "format": "regex"}), closed(a=TEXT)),
        (
            closed(a={"type": "array", "items": TEXT, "minItems": 1, "uniqueItems": True}),
            closed(a={"type": "array", "items": TEXT, "minItems": 1}),
        ),
        (
            closed(a={"type": "array", "items": TEXT, "minItems": 2}),
            closed(a={"type": "array", "items": TEXT}),
        ),
        ({"type": "object", "properties": {"a": TEXT}}, {**closed(a=TEXT), "required": []}),
        (closed(pattern=TEXT, minimum={"const": 3}), closed(pattern=TEXT, minimum={"const": 3})),
        (closed(a={"type": ["string", "null"]}), closed(a={"type": ["string", "null"]})),
        (
            {**closed(a={"$ref": "#/$defs/x"}), "$defs": {"x": closed(b={**TEXT, "maxLength": 1})}},
            {**closed(a={"$ref": "#/$defs/x"}), "$defs": {"x": closed(b=TEXT)}},
        ),
        (closed(a={"type": "object"}), None),
        (closed(a={"type": "object", "additionalProperties": TEXT}), None),
        ({**closed(a=TEXT), "patternProperties": {"^x": TEXT}}, None),
        (closed(a=True), None),
        (closed(a={}), None),
        (closed(a={"type": "array"}), None),
        (closed(a={"type": "array", "prefixItems": [TEXT]}), None),
        (closed(a={"enum": [[1]]}), None),
        (closed(a={"allOf": [TEXT]}), None),
        (closed(a={"$ref": "https://example.org/x"}), None),
        (
            {
                "$ref": "#/$defs/x",
                "$defs": {
                    "x": closed(y={"$ref": "#/$defs/y"}),
                    "y": closed(x={"anyOf": [{"$ref": "#/$defs/x"}, {"type": "null"}]}),
                },
            },
            None,
        ),
    ],
)
def test_what_of_a_schema_is_sent(schema, taken):
    before = json.dumps(schema)
    assert accepted(schema) == taken
    assert json.dumps(schema) == before
