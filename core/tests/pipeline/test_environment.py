"""`${NAME}`: what it becomes, and that nobody sees it."""

import json
import pickle
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift_sys.errors import Mistake
from lift_sys.interfaces import StatedText
from lift_sys.pipeline.environment import Expander, Secrets
from lift_sys.pipeline.tree import Node, Place, from_data

PLACE = Place("p.yaml", 7, 0, Path("/base"))
ENV = {"KEY": "sk-very-secret", "EMPTY": "", "TRICK": "${KEY} $${KEY}"}


def expand(text: str) -> tuple[str, list[Mistake]]:
    mistakes: list[Mistake] = []

    def tell(node: Node, *words: Any) -> None:
        mistakes.append(node.place.mistake(*words))

    data = Expander(ENV, Secrets(), tell).data(from_data({"a": text}, PLACE), ("x",))
    return str(data["a"]), mistakes


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("plain $5 and } and $ {x}", "plain $5 and } and $ {x}"),
        ("${KEY}", "sk-very-secret"),
        ("Bearer ${KEY}!", "Bearer sk-very-secret!"),
        ("${KEY}${KEY}", "sk-very-secretsk-very-secret"),
        ("$${KEY}", "${KEY}"),
        ("$$${KEY}", "$${KEY}"),
        ("${NONE:-fallback}", "fallback"),
        ("${NONE:-}", ""),
        ("${NONE:-a:-b $x}", "a:-b $x"),
        ("${EMPTY:-fallback}", "fallback"),
        ("${EMPTY:-}", ""),
        ("${TRICK}", "${KEY} $${KEY}"),
    ],
)
def test_expansion(text: str, expanded: str) -> None:
    assert expand(text) == (expanded, [])


def test_a_missing_variable_is_named_with_its_place() -> None:
    _, (mistake,) = expand("x ${GONE} y")
    assert "GONE is not set" in mistake.cause
    assert "${GONE:-default}" in mistake.remedy
    assert (mistake.file, mistake.line, mistake.path) == ("p.yaml", 7, "x.a")


@pytest.mark.parametrize("text", ["${", "${}", "${a b}", "${1A}", "${KEY", "${KEY:default}"])
def test_what_is_no_name_is_told_with_the_right_forms(text: str) -> None:
    _, (mistake,) = expand(text)
    assert "$${" in mistake.remedy


def test_an_empty_variable_is_told_as_such() -> None:
    _, (mistake,) = expand("${EMPTY}")
    assert mistake.cause == "the environment variable EMPTY is set, but empty"
    assert "${EMPTY:-}" in mistake.remedy


def test_all_of_one_text_are_told() -> None:
    assert len(expand("${A} ${B} ${")[1]) == 3


def test_expanded_text_knows_its_folder_and_shows_itself_as_written() -> None:
    expander = Expander(ENV, Secrets(), lambda *_: pytest.fail("nothing is wrong"))
    data = expander.data(from_data("${KEY}", PLACE), ())
    assert isinstance(data, StatedText)
    for text in (data, pickle.loads(pickle.dumps(data))):
        assert text == "sk-very-secret"
        assert (text.base, text.written) == (Path("/base"), "${KEY}")
        assert "sk-" not in repr(text)
        assert "sk-" not in repr([{"a": text}])


@given(st.text(min_size=4), st.text(), st.text())
def test_no_spelling_of_a_secret_survives(value: str, before: str, after: str) -> None:
    secrets = Secrets()
    secrets.add(value, "\0")
    document = {"a": [before + value + after], value: 1}
    for text in (
        before + value + after,
        json.dumps(document),
        json.dumps(document, ensure_ascii=False),
        json.dumps(json.dumps(document)),
        repr(document),
        quote(value, safe="", errors="replace"),
    ):
        shown = secrets.redact(text)
        assert "\0" in shown
    assert value not in secrets.redact(f"<<{value}>>") or value in "<<\0>>"


def test_nested_data_is_redacted() -> None:
    secrets = Secrets()
    secrets.add("sk-very-secret", "${KEY}")
    data = {"sk-very-secret": [("x sk-very-secret", 1, None)], "b": {"c": True}}
    assert secrets.redact_data(data) == {"${KEY}": [["x ${KEY}", 1, None]], "b": {"c": True}}


def test_a_longer_secret_goes_before_one_inside_it() -> None:
    secrets = Secrets()
    secrets.add("abcd", "${A}")
    secrets.add("abcdefgh", "${B}")
    assert secrets.redact("abcdefgh abcd") == "${B} ${A}"


def test_a_short_value_is_hidden_only_where_it_stands_alone() -> None:
    secrets = Secrets()
    secrets.add("1", "${N}")
    secrets.add("", "${EMPTY}")
    assert secrets.redact("1") == "${N}"
    assert secrets.redact("at most 10") == "at most 10"
    assert repr(secrets) == "Secrets(1)"


# The keyring


class _Keyring:
    """Stands in for the package: what `keyring set SERVICE USER` would have put there."""

    def __init__(self) -> None:
        self.held = {("models.example", "me"): "sk-from-the-keyring"}

    def get_password(self, service: str, user: str) -> str | None:
        if service == "locked":
            raise RuntimeError("the master password is hunter2")
        return self.held.get((service, user))


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", _Keyring())
    monkeypatch.setattr("lift_sys.pipeline.keyrings.find_spec", lambda _: object())


def test_a_secret_of_the_keyring_is_expanded_and_shown_by_its_name(keyring: None) -> None:
    secrets = Secrets()
    expander = Expander(ENV, secrets, lambda *_: None)
    text = expander.data(from_data({"a": "Bearer ${keyring:models.example/me}"}, PLACE), ())["a"]
    assert text == "Bearer sk-from-the-keyring"
    assert "sk-from" not in repr(text)
    shown = secrets.redact("it said sk-from-the-keyring")
    assert shown == "it said ${keyring:models.example/me}"


@pytest.mark.parametrize(
    ("entry", "cause", "remedy"),
    [
        ("models.example/you", "no secret of 'you'", "keyring set models.example you"),
        ("nobody", "does not say whose", "SERVICE/USER"),
        ("locked/me", "cannot be read: RuntimeError", "unlock it"),
    ],
)
def test_what_the_keyring_has_not_is_a_mistake(
    keyring: None, entry: str, cause: str, remedy: str
) -> None:
    _, (mistake,) = expand(f"${{keyring:{entry}}}")
    assert cause in mistake.cause
    assert remedy in mistake.remedy
    assert "hunter2" not in str(mistake)


def test_without_the_package_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lift_sys.pipeline.keyrings.find_spec", lambda _: None)
    _, (mistake,) = expand("${keyring:a/b}")
    assert "not installed" in mistake.cause
    assert "lift-sys[keyring]" in mistake.remedy


def test_nobody_looks_into_the_keyring_unless_one_is_named() -> None:
    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        patch.setitem(sys.modules, "keyring", None)  # importing it is an error now
        assert expand("${KEY}") == ("sk-very-secret", [])
