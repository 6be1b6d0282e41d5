"""The two schemas are taken by the grammar engines, and what they let through can be read."""

import json
import random
from contextlib import suppress

import pytest

from lift_sys.ir import IR, ReadError, json_schema, read, strict_schema

END = 256
SUPPORTED = {
    "type", "properties", "required", "additionalProperties", "items", "anyOf", "enum", "const",
    "$ref", "$defs", "description", "pattern", "minimum", "maximum", "minItems", "maxItems",
}  # fmt: skip


def nodes(schema):
    """Every schema in `schema`, not the maps between them."""
    yield schema
    for key in ("properties", "$defs"):
        for inner in schema.get(key, {}).values():
            yield from nodes(inner)
    for inner in (*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())):
        yield from nodes(inner)


def strict_mistakes(schema):
    """OpenAI's documented rules of strict schemas, and which of them `schema` breaks."""
    found = []
    if schema.get("type") != "object" or "anyOf" in schema:
        found.append("the root is not an object")
    total = 0
    for node in nodes(schema):
        unknown = node.keys() - SUPPORTED
        if unknown:
            found.append(f"keywords {unknown}")
        if node.get("type") == "object":
            total += len(node["properties"])
            if node.get("additionalProperties") is not False:
                found.append("an open object")
            if node.get("required") != list(node["properties"]):
                found.append("a property that is not required")
        if "$ref" in node and not node["$ref"].startswith("#/$defs/"):
            found.append("a reference to elsewhere")
    if total > 5000 or depth(schema, schema["$defs"]) > 10:
        found.append("too large or too deep")
    return found


def depth(schema, definitions):
    if "$ref" in schema:
        schema = definitions[schema["$ref"].removeprefix("#/$defs/")]
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]
    inner += [schema["items"]] if "items" in schema else []
    below = max((depth(one, definitions) for one in inner), default=0)
    return below + (schema.get("type") == "object")


def test_the_strict_variant_keeps_openais_rules():
    assert strict_mistakes(strict_schema()) == []


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda schema: schema["required"].pop(), "not required"),
        (lambda schema: schema.update(additionalProperties=True), "open object"),
        (lambda schema: schema["properties"]["intent"].update(default=None), "keywords"),
        (lambda schema: schema.update(type="array"), "root"),
        (
            lambda schema: schema["$defs"]["Hole"]["properties"]["id"].update(minLength=1),
            "keywords",
        ),
    ],
)
def test_the_rule_checker_finds_what_breaks_a_rule(spoil, why):
    schema = strict_schema()
    spoil(schema)
    assert any(why in one for one in strict_mistakes(schema))


def test_both_are_closed_bounded_and_without_provenance():
    for schema in (json_schema(), strict_schema()):
        assert "provenance" not in json.dumps(schema).lower()
        for node in nodes(schema):
            assert node.keys() <= SUPPORTED
            if node.get("type") == "object":
                assert node["additionalProperties"] is False
            if node.get("type") == "string":
                assert node.keys() & {"pattern", "enum", "const"}
            if node.get("type") == "array":
                assert node["maxItems"] <= 128


def test_both_speak_of_the_same_fields():
    plain, strict = json_schema(), strict_schema()
    assert plain["$defs"].keys() == strict["$defs"].keys()
    fields = IR.model_fields.keys() - {"provenance"}
    assert plain["properties"].keys() == strict["properties"].keys() == fields
    assert plain["required"] == ["intent", "signature"]


def test_callers_get_schemas_of_their_own():
    json_schema()["properties"].clear()
    assert json_schema()["properties"]


class Bytes:
    """The tokenizer of single bytes, made without any file."""

    eos_token_id = END
    bos_token_id = None
    tokens = [bytes([number]) for number in range(256)] + [b"<end>"]
    special_token_ids = [END]

    def __call__(self, text):
        return list(text)


def matcher(schema, **overrides):
    reason = "llguidance is no dependency of the core; the development environment has it"
    llguidance = pytest.importorskip("llguidance", reason=reason)
    tokenizer = llguidance.LLTokenizer(llguidance.TokenizerWrapper(Bytes()))
    grammar = llguidance.LLMatcher.grammar_from_json_schema(
        json.dumps(schema), overrides={"whitespace_flexible": False, **overrides}
    )
    made = llguidance.LLMatcher(tokenizer, grammar)
    assert made.get_error() == ""
    return made


def sample(schema, seed, end=0.25):
    """A random document of this grammar; `end` is how eagerly texts and lists come to an end."""
    made, dice, out = matcher(schema), random.Random(seed), bytearray()
    while not made.is_stopped():
        mask = made.compute_bitmask()
        allowed = [number for number in range(257) if mask[number // 8] >> number % 8 & 1]
        closing = [number for number in allowed if number in b'"]}' or number == END]
        letters = [number for number in allowed if chr(number).isalnum() and number < 128]
        if closing and dice.random() < end:
            token = dice.choice(closing)
        else:
            token = dice.choice(letters if letters and dice.random() < 0.7 else allowed)
        made.consume_token(token)
        if token != END:
            out.append(token)
        assert len(out) < 200_000
    return out.decode()


@pytest.mark.parametrize("make", [json_schema, strict_schema])
def test_what_llguidance_lets_through_can_be_read(make):
    """Random documents. Two rules no grammar can say: no keyword is a name, no name comes twice."""
    readable = 0
    for seed in range(12):
        text = sample(make(), seed)
        try:
            reading = read(text)
        except ReadError as error:
            for problem in error.problems:
                assert (
                    "cannot be a Python name" in problem.message or "are called" in problem.message
                )
            continue
        readable += 1
        assert reading.repairs == ()
        assert not reading.truncated
    assert readable >= 8


def accepts(schema, text):
    made = matcher(schema, whitespace_flexible=True)
    return all(made.consume_token(byte) for byte in text.encode()) and made.is_accepting()


@pytest.mark.parametrize("place", ["type", "return"])
def test_the_grammar_takes_an_ordinary_ir_and_keeps_nonsense_out(grade, place):
    data = grade.model_dump(mode="json", exclude_none=True)
    assert accepts(json_schema(), json.dumps(data))
    if place == "type":
        data["signature"]["parameters"][0]["type"] = "list of ints"
    else:
        data["effects"][0]["return_values"] = [1e300]
    with suppress(ReadError):
        read(json.dumps(data))
    assert not accepts(json_schema(), json.dumps(data))


def test_a_strict_reply_with_null_for_absent_reads_like_a_plain_one(grade):
    def nulls(schema, data, definitions):
        if "$ref" in schema:
            return nulls(definitions[schema["$ref"].removeprefix("#/$defs/")], data, definitions)
        if isinstance(data, list):
            return [nulls(schema.get("items", {}), item, definitions) for item in data]
        if not isinstance(data, dict) or "properties" not in schema:
            return data
        return {
            name: nulls(inner, data[name], definitions) if data.get(name) else None
            for name, inner in schema["properties"].items()
        }

    data = grade.model_dump(mode="json")
    strict = nulls(json_schema(), data, json_schema()["$defs"])
    assert None in strict["effects"][2].values() or strict["holes"] is None
    assert accepts(strict_schema(), json.dumps(strict))
    reading = read(json.dumps(strict))
    assert reading.ir == grade
    assert reading.repairs == ()


@pytest.mark.parametrize("make", [json_schema, strict_schema])
def test_xgrammar_takes_it(make, grade):
    xgrammar = pytest.importorskip(
        "xgrammar", reason="XGrammar needs torch, which is not part of this environment"
    )
    vocabulary = Bytes.tokens
    info = xgrammar.TokenizerInfo(
        vocabulary, vocab_type=xgrammar.VocabType.RAW, vocab_size=257, stop_token_ids=[END]
    )
    compiler = xgrammar.GrammarCompiler(info, max_threads=1)
    compiled = compiler.compile_json_schema(json.dumps(make()), any_whitespace=False)
    if make is strict_schema:
        return
    text = json.dumps(grade.model_dump(mode="json", exclude_none=True, exclude={"holes"}))
    follower = xgrammar.GrammarMatcher(compiled)
    assert all(follower.accept_token(byte) for byte in text.encode())
    assert follower.accept_token(END)


def test_models_may_only_name_exceptions_of_python():
    for schema in (json_schema(), strict_schema()):
        described = str(schema["$defs"]["Effect"]["properties"]["raises"])
        assert "'enum': ['ArithmeticError'" in described
