import pytest

from lift_sys.errors import ConfigError
from lift_sys.interfaces import Message
from lift_sys.prompts import PromptLibrary, plain_text

TEMPLATE = """
id = "specify"
version = 1
dialect = "chat"

[sections]
quirks = "Mind: $items"

[variants.plain]
system = "Turn a request into its specification."
user = "$request$quirks"
feedback = "Mend: $failures"
"""


def override(tmp_path, text, name="specify"):
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return PromptLibrary({name: path})


def mistake(tmp_path, text, name="specify"):
    with pytest.raises(ConfigError) as caught:
        override(tmp_path, text, name)
    (found,) = caught.value.mistakes
    assert found.file == str(tmp_path / "own.toml")
    return found


@pytest.mark.parametrize("stage", ["specify", "implement"])
def test_the_core_has_both_ways_to_ask(stage):
    prompt = PromptLibrary().get(stage, "chat")
    assert list(prompt.variants)[:2] == ["plain", "reasoning"]
    assert prompt.shots > 0
    assert PromptLibrary().get(stage, "no such dialect") == prompt


def test_the_system_message_is_the_same_for_every_task():
    prompt = PromptLibrary().get("specify", "chat")
    assert prompt.fill("plain", "system", {"request": "a"}) == prompt.fill("plain", "system", {})


def test_both_variants_share_their_guidelines():
    for stage in ("specify", "implement"):
        prompt = PromptLibrary().get(stage, "chat")
        guidelines = prompt.parts["guidelines"].strip()
        assert all(guidelines in prompt.fill(name, "system", {}) for name in prompt.variants)


def test_a_file_of_ones_own_takes_the_place_of_the_cores(tmp_path):
    prompts = override(tmp_path, TEMPLATE)
    prompt = prompts.get("specify", "chat")
    assert prompt.fill("plain", "user", {"request": "R $1", "quirks": "q"}) == "R $1Mind: q"
    assert prompt.fill("plain", "user", {"request": "R", "quirks": ""}) == "R", "an empty section"
    assert prompt.shots == 0
    assert prompts.get("implement", "chat") == PromptLibrary().get("implement", "chat")
    assert prompts.digest("specify", "chat") != PromptLibrary().digest("specify", "chat")


def test_quirks_and_examples_can_be_ones_own_too(tmp_path):
    quirks = override(tmp_path, '[[quirk]]\nid = "q"\nwhen = [["list"]]\ntext = "t"\n', "quirks")
    assert [quirk.id for quirk in quirks.quirks.quirk] == ["q"]
    assert quirks.digest("specify", "chat") != PromptLibrary().digest("specify", "chat")
    text = (
        '[[shot]]\nid = "s"\ntags = ["list"]\nrequest = "r"\nthinking = "t"\ncode = "c"\n'
        'ir = \'{"intent": {"summary": "s"}, '
        '"signature": {"name": "f", "returns": "int"}}\'\n'
    )
    shots = override(tmp_path, text, "examples")
    assert [shot.id for shot in shots.shots.shots] == ["s"]
    assert shots.digest("implement", "chat") != PromptLibrary().digest("implement", "chat")


def test_any_other_word_is_another_digest(tmp_path):
    before = override(tmp_path, TEMPLATE).digest("specify", "chat")
    assert override(tmp_path, TEMPLATE).digest("specify", "chat") == before
    for old, new in (("Mend", "Repair"), ("Mind", "Heed"), ("version = 1", "version = 2")):
        after = override(tmp_path, TEMPLATE.replace(old, new)).digest("specify", "chat")
        assert after != before


def test_broken_toml_is_told_with_its_line(tmp_path):
    found = mistake(tmp_path, 'id = "specify"\nversion = \n')
    assert found.line == 2
    assert "no TOML" in found.cause


def test_a_missing_part_is_told_with_its_path(tmp_path):
    found = mistake(tmp_path, TEMPLATE.replace('feedback = "Mend: $failures"', ""))
    assert found.path == "variants.plain.feedback"


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ("$request", "$reqest", r"variants\.plain\.user: \$reqest is no place here; there are:"),
        ("$request", "costs $5 ", "write \\$\\$ for a dollar sign"),
        ("$items", "$item", r"sections\.quirks: \$item is no place"),
        ("a request into", "$request into", r"system: \$request is no place here"),
        ("version = 1", "version = 1\nshots = 2", "answer is missing"),
    ],
)
def test_a_place_that_nothing_fills_is_told_before_anything_runs(tmp_path, old, new, cause):
    with pytest.raises(ConfigError, match=cause):
        override(tmp_path, TEMPLATE.replace(old, new))


def test_a_prompt_for_another_stage_is_refused(tmp_path):
    assert "used for 'implement'" in mistake(tmp_path, TEMPLATE, "implement").cause


def test_an_unknown_name_is_refused_with_those_there_are(tmp_path):
    assert "specify, implement, quirks, examples" in mistake(tmp_path, TEMPLATE, "specfy").remedy


def test_a_file_that_is_not_there_is_told_and_every_mistake_at_once(tmp_path):
    with pytest.raises(ConfigError) as caught:
        PromptLibrary({"specify": tmp_path / "none.toml", "quirks": tmp_path / "none either.toml"})
    assert [mistake.cause for mistake in caught.value.mistakes] == [
        "the file cannot be read: No such file or directory"
    ] * 2


def test_bytes_that_are_no_text_are_told(tmp_path):
    path = tmp_path / "own.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="no UTF-8"):
        PromptLibrary({"specify": path})


def test_an_example_with_a_broken_ir_is_told(tmp_path):
    text = (
        '[[shot]]\nid = "s"\ntags = ["list"]\nrequest = "r"\nthinking = "t"\ncode = "c"\nir = "{"\n'
    )
    found = mistake(tmp_path, text, "examples")
    assert found.path == "shot.0"
    assert "its IR cannot be read: line 1" in found.cause


@pytest.mark.parametrize("stage", ["specify", "implement"])
def test_who_was_trained_is_shown_nothing(stage: str):
    prompt = PromptLibrary().get(stage, "tuned")
    assert (prompt.dialect, prompt.shots, prompt.quirks) == ("tuned", 0, 0)


def test_plain_text_ends_where_the_model_begins():
    said = [Message(role="system", content="Be brief."), Message(role="user", content="Hello.")]
    assert plain_text(said) == "System:\nBe brief.\n\nUser:\nHello.\n\nAssistant:\n"
