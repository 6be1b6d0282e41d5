import subprocess
import sys
from datetime import date

import pytest
from lift_sys_openai.plugin import OpenAIOptions, lift_sys_providers
from lift_sys_openai.strict import is_strict
from pydantic import ValidationError


def test_the_plugin_imports_no_http_client():
    code = "import sys, lift_sys_openai.plugin; print({'h11', 'httpx2'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_component_names_its_factory():
    (component,) = lift_sys_providers()
    assert component.name == "openai"
    assert component.factory == "lift_sys_openai.provider:create"
    assert component.options is OpenAIOptions


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"model": ""},
        {"model": "m", "base_url": "localhost:8000"},
        {"model": "m", "base_url": "ftp://x/v1"},
        {"model": "m", "base_url": "https://me:password@x/v1"},
        {"model": "m", "base_url": "http://127.0.0.1:99999/v1"},
        {"model": "m", "base_url": "http://[::1/v1"},
        {"model": "m", "base_url": "http://x/v1 "},
        {"model": "m", "base_url": "http://x/\x1b[2J"},
        {"model": "m", "base_url": "http://x/v1?key=1"},
        {"model": "m", "base_url": "http://x/v1/chat/completions"},
        {"model": "m", "headers": {"X-A\r\nHost": "evil"}},
        {"model": "m", "headers": {"X-\u00dc": "v"}},
        {"model": "m", "headers": {"X-A": "v\r\nHost: evil"}},
        {"model": "m", "extra_body": {"since": date(2026, 1, 1)}},
        {"model": "m", "extra_body": {"top_k": float("nan")}},
        {"model": "m", "organization": "a\nb"},
        {"model": "m", "n": 0},
        {"model": "m", "timeout": 0},
        {"model": "m", "price": {"input": -1, "output": 0}},
        {"model": "m", "structured": "xml"},
        {"model": "m", "api_key": "line\nbreak"},
        {"model": "m", "api_key": "with \u201cquotes\u201d"},
        {"model": "m", "modle": "typo"},
    ],
)
def test_wrong_options_are_refused(wrong):
    with pytest.raises(ValidationError):
        OpenAIOptions(**wrong)


def test_a_key_may_end_as_a_file_does():
    options = OpenAIOptions(model="m", api_key="sk-1234\n")
    assert options.api_key.get_secret_value() == "sk-1234"


def closed(**properties):
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("schema", "strict"),
    [
        (closed(a=TEXT), True),
        (closed(), True),
        (closed(a={"type": "array", "items": closed(b=TEXT)}), True),
        (closed(a={"anyOf": [TEXT, {"type": "null"}]}), True),
        ({**closed(a={"$ref": "#/$defs/x"}), "$defs": {"x": closed(b=TEXT)}}, True),
        (closed(default=TEXT, oneOf=TEXT), True),
        (closed(a={"enum": ["default", "oneOf"]}), True),
        (TEXT, False),
        ({"anyOf": [closed()]}, False),
        ({**closed(a=TEXT), "required": []}, False),
        ({"type": "object", "properties": {}}, False),
        ({**closed(a=TEXT), "additionalProperties": True}, False),
        (closed(a={"type": "string", "default": "x"}), False),
        (closed(a={"type": "string", "maxLength": 3}), False),
        (closed(a={"oneOf": [TEXT]}), False),
        (closed(a={"type": "array", "items": {"type": "object"}}), False),
        (closed(a={"type": "array", "items": True}), False),
        ({**closed(a=TEXT), "$defs": {"x": {"type": "object"}}}, False),
    ],
)
def test_which_schemas_are_strict(schema, strict):
    assert is_strict(schema) is strict
