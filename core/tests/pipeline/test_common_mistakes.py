"""Mistakes that people make: each told once, at its line, with what to write instead."""

from pathlib import Path

import pytest
from registry_double import DictRegistry

from lift_sys.errors import ConfigError, Mistake
from lift_sys.pipeline.load import load

HEAD = "version: 1\nproviders:\n  main: {use: openai, model: m}\n"
STAGES = "stages:\n  specify: {provider: main}\n  implement: {provider: main}\n"


def told(folder: Path, text: str) -> tuple[Mistake, ...]:
    path = folder / "p.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load(path, registry=DictRegistry(), environ={"EMPTY": ""})
    return caught.value.mistakes


@pytest.mark.parametrize(
    ("text", "line", "cause", "remedy"),
    [
        (HEAD + "stages:\n\tspecify: {provider: main}\n", 5, "a tab", "spaces"),
        (HEAD + STAGES + "routes:\n  a:\n\t\tspecify: {}\n", 9, "a tab", "spaces"),
        (HEAD + "stages:\n  specify:\n    provider: main\n     strategy: single\n", 7,
         "indented further than the keys", "indent it as they are"),
        (HEAD + "stages:\n  specify:\n    provider: main\n   strategy: single\n", 7,
         "indented like nothing above", "indent it like the keys"),
        (HEAD + "stages:\nspecify: {provider: main}\nimplement: {provider: main}\n", 4,
         "nothing stands under it", "indent `specify`, `implement` below it"),
        ("version: 1\nproviders:\nmain: {use: openai, model: m}\n" + STAGES, 2,
         "nothing stands under it", "indent `main` below it"),
        (HEAD + "  stages:\n    specify: {provider: main}\n    implement: {provider: main}\n", 4,
         "is a key of the file", "indent it as `providers` is"),
        ("version: 1\nproviders\n  main: replay\n" + STAGES, 2, "no `:` behind its key", "`key:`"),
        (HEAD + "stages:\n  specify: {provider: main\n  implement: {provider: main}\n", 6,
         "opened on line 5 is not closed", "quotes"),
        (HEAD + STAGES + "budget: {usd: ${BUDGET}}\n", 7, "opened on line 7", "quotes"),
        (HEAD + STAGES + "prompts: {specify: 'a}\n", 7, "a quote is opened", "close it"),
        (HEAD + "stages: {specify: main, implement: {provider: main}}\n", 4,
         "expected a mapping of keys to values, not 'main'", "`specify: {provider: main}`"),
        (HEAD + STAGES + "router: {cascade: {tiers: []}}\n", 7,
         "`use` is missing", "write `{use: cascade, tiers: ...}`"),
        (HEAD + STAGES + "router: {static: }\n", 7, "`use` is missing", "write `static` alone"),
        (HEAD + STAGES + "router: {name: static}\n", 7,
         "`use` is missing", "`use: static` instead of `name: static`"),
        (HEAD.replace("use: openai", "type: openai") + STAGES, 3,
         "`use` is missing", "`use: openai` instead of `type: openai`"),
        (HEAD.replace("use: openai", "use:openai") + STAGES, 3, "`use` is missing", "put a space"),
        (HEAD + STAGES + "  strategy: single\n", 7, "no stage 'strategy'", "below `specify:` or"),
        (HEAD + STAGES + "observers: log\n", 7, "expected a list, not 'log'", "write `[log]`"),
        (HEAD + STAGES + "observers: {use: log}\n", 7, "expected a list", "between [ and ]"),
        (HEAD + STAGES + "budget: {usd: $MOST}\n", 7, "not '$MOST'", '"${MOST}"'),
        (HEAD + STAGES.replace("{provider: main}", "{provider: {use: replay}}", 1), 5,
         "expected text, not a mapping", "define it under `providers:`"),
        (HEAD.replace("1", "'1'", 1) + STAGES, 1, "expected 1, not '1'", "write `version: 1`"),
        (HEAD.replace("model: m", "model: '${EMPTY}'") + STAGES, 3,
         "EMPTY is set, but empty", "give it a value"),
        (HEAD.replace("use: openai", "use: opnai") + STAGES, 3, "'opnai'", "'openai'"),
        (HEAD.replace("model: m", "model: m, max_tokens: 9") + STAGES, 3,
         "no option 'max_tokens'", "`sampling:`, as `max_tokens: ...`"),
        (HEAD.replace("model: m", "model: m, apikey: x") + STAGES, 3,
         "no option 'apikey'", "it is called `api_key`"),
        (HEAD.replace("model: m", "model: m, max_retries: 9") + STAGES, 3,
         "no option 'max_retries'", "calls: {attempts: ...}"),
    ],
)  # fmt: skip
def test_it_is_told_once_with_what_to_write(
    tmp_path: Path, text: str, line: int, cause: str, remedy: str
) -> None:
    (mistake,) = told(tmp_path, text)
    assert mistake.line == line
    assert cause in mistake.cause
    assert remedy in mistake.remedy


def test_no_value_is_shown_where_only_the_form_is_wrong(tmp_path: Path) -> None:
    text = HEAD.replace("{use: openai, model: m}", "{openai: {model: m, api_key: sk-12345}}")
    (mistake,) = told(tmp_path, text + STAGES)
    assert mistake.remedy == "write `{use: openai, model: ..., api_key: ...}`"


def test_a_key_that_is_no_key_at_all_is_not_taken_for_a_wrong_indentation(tmp_path: Path) -> None:
    mistakes = told(tmp_path, HEAD + STAGES + "routes: {}\nsead: 1\n")
    assert [m.cause for m in mistakes] == ["unknown key 'sead'"]
