"""A request, from a concept and a skeleton."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...interfaces import Example
from ..families.concept import Concept, Param, Phrase, Words
from .asides import with_asides
from .frames import TRAINING, Frame
from .grammar import Skeleton, parse
from .synonyms import Synonyms, nouns_for

_QUOTED = re.compile("«([^»]*)»")
_ONE = re.compile(
    r"(?<![\d.])1 (character|letter|place|step|position|digit|item|number|element|time)s\b"
)
_GAPS = re.compile(r" (?=[.,;?:](?: |$))|,(?= ?[.?;:](?: |$))")
"""What an empty place leaves behind."""
_SENTENCE = re.compile(r"(^|[.?!] )([a-z])(?=[a-z]*[ ,;:'?]|$)")


@dataclass(frozen=True, slots=True)
class Wording:
    """Skeletons and the frames that go with them."""

    skeletons: tuple[str, ...]
    frames: tuple[Frame, ...] = TRAINING
    varied: bool = False
    """As many different people write: in other words, with an example, or a sentence that asks for
    nothing."""


def render(
    concept: Concept,
    wording: Wording,
    dice: random.Random,
    *,
    typos: float = 0.0,
    calls: Sequence[Example] = (),
) -> str:
    """One request. `typos` is the share of words with a slip of the finger; `calls` are what it may
    tell as examples."""
    skeleton = parse(dice.choice(wording.skeletons))
    frame = dice.choice(wording.frames) if skeleton.is_clause else Frame("", "base")
    synonyms = Synonyms(dice) if wording.varied else None
    filler = _Filler(concept, dice, names=frame.names, synonyms=synonyms)
    before = parse(frame.before).expand(dice, "base", filler) if frame.before else ""
    text = before + skeleton.expand(dice, frame.mode, filler)
    text = _GAPS.sub("", re.sub(r" +", " ", text)).strip().rstrip(",;")
    if frame.asks:
        first, stop, rest = text.partition(". ")
        text = f"{first}? {rest}" if stop else f"{first.rstrip('.')}?"
    request = _finish(text, concept, dice, typos)
    return with_asides(request, concept.name, calls, dice) if wording.varied else request


class _Filler:
    """Says the same of a place every time, and a parameter's second mention shorter."""

    def __init__(
        self,
        concept: Concept,
        dice: random.Random,
        *,
        names: bool,
        synonyms: Synonyms | None = None,
    ) -> None:
        self._concept, self._dice = concept, dice
        self._params = {f"p{place}": param for place, param in enumerate(concept.params)}
        self._chosen: dict[str, str | Phrase] = {}
        self._named = names
        self._quoted_names = dice.random() < 0.6
        self._mentioned: set[str] = set()
        self._use_names = names or dice.random() < 0.5
        self._synonyms = synonyms
        self._nouns = {
            place: dice.choice(nouns_for(param)) if synonyms else param.noun
            for place, param in self._params.items()
        }

    def __call__(self, name: str) -> str:
        place, _, form = name.partition(".")
        if place in self._params:
            return self._mention(place, self._params[place], form)
        if place == "name":
            return self._concept.name
        if place == "call":
            return f"{self._concept.name}({', '.join(p.name for p in self._concept.params)})"
        if place not in self._chosen:
            picked = _pick(self._concept.words[place], self._dice)
            self._chosen[place] = self._synonyms(picked) if self._synonyms else picked
        chosen = self._chosen[place]
        if isinstance(chosen, Phrase):
            return chosen.one if form == "one" else chosen.many
        return chosen

    def _mention(self, place: str, param: Param, form: str) -> str:
        called = f"`{param.name}`" if self._quoted_names or self._named else param.name
        if form == "name":
            return called
        short = param.short or param.noun.split()[0]
        first = place not in self._mentioned
        self._mentioned.add(place)
        if not first or form == "again":
            return called if self._use_names else f"the {short}"
        if self._named:
            return called
        noun = self._nouns[place]
        indefinite = f"{_article(noun)} {noun}"
        if not self._use_names:
            return self._dice.choice((indefinite, indefinite, f"the {noun}", f"the given {noun}"))
        if param.name in noun.split():  # never "the speed speed"
            return self._dice.choice((called, indefinite, f"the {noun}"))
        return self._dice.choice(
            (
                called,
                called,
                f"the {short} {called}",
                f"{indefinite} {called}",
                f"{indefinite} called {called}",
            )
        )


def _pick(words: Words, dice: random.Random) -> str | Phrase:
    return words if isinstance(words, str) else dice.choice(words)


def _article(noun: str) -> str:
    if noun.split(maxsplit=1)[0] in ("first", "second"):
        return "the"
    return "an" if noun[0] in "aeio" else "a"


def _finish(text: str, concept: Concept, dice: random.Random, typos: float) -> str:
    text = re.sub(r"\b([Gg]iven) the given", r"\1 the", text)
    text = _ONE.sub(lambda m: f"1 {m[1]}", text)
    names = {param.name for param in concept.params} | {concept.name, "def"}
    manner = dice.random()
    if manner < 0.8:
        text = _SENTENCE.sub(lambda m: _capital(m, text, names), text)
        if not text.endswith((".", "?", "!")) and dice.random() < 0.6:
            text += "."
    else:
        text = text.rstrip(".")
        text = text[:1].lower() + text[1:] if text[:2] not in ("I ", "I'") else text
    if typos:
        text = with_typos(text, dice, typos, names)
    quote = "'" if dice.random() < 0.75 else '"'
    return _QUOTED.sub(lambda m: f"{quote}{m[1]}{quote}", text)


def _capital(match: "re.Match[str]", text: str, names: set[str]) -> str:
    word = re.match(r"\w+", text[match.start(2) :])
    if word is not None and word[0] in names:
        return match[0]
    return match[1] + match[2].upper()


def with_typos(text: str, dice: random.Random, share: float, names: set[str]) -> str:
    """Slips in plain words; what is quoted, a name or a number stays as it is."""
    parts = re.split(r"(«[^»]*»|`[^`]*`|\W+)", text)
    slipped = [
        _slip(part, dice)
        if part.isalpha() and len(part) > 3 and part not in names and dice.random() < share
        else part
        for part in parts
    ]
    return "".join(slipped)


def _slip(word: str, dice: random.Random) -> str:
    place = dice.randrange(1, len(word) - 1)
    kind = dice.randrange(3)
    if kind == 0:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind == 1:
        return word[:place] + word[place + 1 :]
    return word[:place] + word[place] + word[place:]


__all__ = ["Skeleton", "Wording", "render", "with_typos"]
