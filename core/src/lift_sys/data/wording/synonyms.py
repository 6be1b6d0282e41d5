"""Other words for what fills the places of a skeleton: conditions, changes, parameters.

They stand in texts/synonyms.toml. There `[are|is]` is said of many things or of one, K, A and B
are numbers, T and U texts.
"""

import random
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from ..families.concept import Param, Phrase

_END: Final = r"(?=$|[,;:.?)]| then| [-=]>| and «| «| -)"
"""Where a condition ends: it stands alone or in a row of others."""
_AS_IT_IS: Final = 0.4
"""So often nothing else is said."""
_FORMS: Final = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")
_LITERALS: Final = re.compile(r"(?<![\w«])[ABKTU](?![\w»])")


@dataclass(frozen=True, slots=True)
class _Known:
    """One of the ways in which families say it."""

    pattern: re.Pattern[str]
    has_forms: bool

    @classmethod
    def read(cls, line: str, whole: bool) -> "_Known":
        places: list[str] = []
        for piece in re.split(r"(\[[^\]]*\])", line):
            forms = _FORMS.fullmatch(piece)
            if forms is None:
                places.append(_LITERALS.sub(_group, re.escape(piece).replace(r"\ ", " ")))
            else:
                many, one = map(re.escape, forms.groups())
                places.append(rf"(?:(?P<one>{one})|{many})")
        text = "".join(places)
        pattern = f"^{text}$" if whole else rf"(?<!never )\b{text}{_END}"
        return cls(re.compile(pattern), "[" in line)


@dataclass(frozen=True, slots=True)
class _Meaning:
    known: tuple[_Known, ...]
    others: tuple[str, ...]


def _group(letter: "re.Match[str]") -> str:
    return f"(?P<{letter[0]}>{'«[^»]*»' if letter[0] in 'TU' else r'-?[0-9]+'})"


class Synonyms:
    """One choice for each meaning, so that a request says the same of the same."""

    def __init__(self, dice: random.Random) -> None:
        self._chosen = [
            (meaning, dice.choice(meaning.others))
            for meaning in _meanings()
            if dice.random() >= _AS_IT_IS
        ]

    def __call__(self, said: str | Phrase) -> str | Phrase:
        if isinstance(said, Phrase):
            many = self._other(said.many, one=said.many == said.one)
            return Phrase(many, self._other(said.one, one=True))
        return self._other(said, one=True)

    def _other(self, text: str, *, one: bool) -> str:
        for meaning, other in self._chosen:
            for known in meaning.known:
                if known.pattern.search(text) is not None:
                    return known.pattern.sub(_Saying(other, known.has_forms, one), text)
        return text


@dataclass(frozen=True, slots=True)
class _Saying:
    other: str
    has_forms: bool
    one: bool
    """What it is said of, where the known words leave that open."""

    def __call__(self, found: "re.Match[str]") -> str:
        values = found.groupdict()
        one = values["one"] is not None if self.has_forms else self.one
        text = _FORMS.sub(lambda forms: forms[2 if one else 1], self.other)
        return _LITERALS.sub(lambda letter: values.get(letter[0]) or letter[0], text)


def nouns_for(param: Param) -> Sequence[str]:
    """What a parameter can be called; its own noun more often than any other."""
    noun = param.noun
    by_name = re.fullmatch(r"dict of (\w+) by name", noun)
    if by_name is not None:
        what = by_name[1]
        others = (f"dictionary from names to {what}", f"mapping of names to {what}")
        return (noun, noun, *others, f"dict with names as keys and {what} as values")
    if noun in ("number", "integer") and param.type != "int":
        return (noun,)
    found: list[str] = _read()["nouns"].get(noun, [])
    return [*[noun] * (1 + len(found) // 2), *found]


@cache
def _meanings() -> Sequence[_Meaning]:
    return [
        _Meaning(
            tuple(
                _Known.read(line, kind == "whole") for line in each["known"].strip().splitlines()
            ),
            tuple(each["others"].strip().splitlines()),
        )
        for kind in ("condition", "whole")
        for each in _read()[kind].values()
    ]


@cache
def _read() -> Mapping[str, Any]:
    file = files("lift_sys.data.wording") / "texts" / "synonyms.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
