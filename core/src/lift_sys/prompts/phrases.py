"""The turns of phrase by which requests fix values; values stand as marks in them.

Every repetition is bounded, so that no text, however odd, takes more than linear time.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, Literal

from .values import MARK

_FLAGS: Final = re.IGNORECASE
_SENTENCE_END: Final = re.compile(r"[.!?;](?=\s|$)|\n")

_GIVE: Final = (
    r"(?:returns?|returning|returned|gives?|giving|yields?|yielding|outputs?|answers?|say|"
    r"produces?|(?:result|outcome|answer) (?:is|should be|must be|shall be))"
)
_FILL: Final = (
    r"(?: (?:exactly|the|a|an|exact|literal|string|text|value|number|integer|constant|word|"
    r"boolean|either|just|simply|only|plain)){0,6}"
)
_IF: Final = r"(?:if|when|whenever|where|unless|in case|provided|as long as)"
_COMPARED: Final = (
    r"(?:below|above|under|over|from|up to|at least|at most|less than|more than|fewer than|"
    r"greater than|larger than|smaller than)"
)
_ELSE: Final = (
    r"(?:otherwise|or else|else|by default|in (?:all|any|every) other cases?|if not|"
    r"for (?:anything|everything|all|any) (?:else|others?(?: \w{1,20})?))"
)

GIVES: Final = re.compile(rf"\b{_GIVE}\b", _FLAGS)
FILLED: Final = re.compile(rf"{_FILL} ?{MARK}", _FLAGS)
"""What follows a verb of giving, where it is a value."""
_NOT_GIVEN: Final = re.compile(r"(?:n['\u2019]t|\bnot|\bnever|\bwithout|\binstead of) $", _FLAGS)
DESCRIBES: Final = re.compile(r"\b(?:that|which|to)\s$", _FLAGS)
"""What stands before a verb of giving that only says what the function is about."""

VALUE: Final = re.compile(
    rf"(?:(?P<gives>\b{_GIVE})|(?P<else>\b{_ELSE},? ?:?(?: ?(?:it|the function))?(?: {_GIVE})?)|"
    rf"[,;:]? ?\b(?:(?P<or>or)|and|but|then)(?: (?P<also>{_GIVE}))?|[,;:])"
    rf"{_FILL}:? ?(?P<value>{MARK})",
    _FLAGS,
)
ELSE_AFTER: Final = re.compile(
    r",? ?(?:otherwise|or else|else\b|by default|in (?:all|any|every) other cases?|"
    r"for (?:anything|everything|all|any) (?:else|others?))",
    _FLAGS,
)
_CLAUSE_END: Final = (
    r"(?=\s*(?:[,;:)]|\.\s|\.$|$|\n)|"
    rf" (?:or|and|but)(?: {_GIVE})?{_FILL} {MARK} (?:{_IF}|{_ELSE})\b|"
    rf" (?:or|and|but) {_GIVE}\b| (?:otherwise|else)\b)"
)
CONDITION: Final = re.compile(
    rf",? ?\(?(?P<link>{_IF}|for|on|{_COMPARED})\b (?P<condition>[^\n]{{1,160}}?){_CLAUSE_END}",
    _FLAGS,
)
_BEFORE: Final = re.compile(
    rf"\b(?P<link>{_IF}|for|on|with)\b (?P<condition>[^,;:\n]{{1,160}}?)"
    r"(?:[,:]|,? then| -+>)?"
    r"(?: (?:it|the function|one|you|we|should|must|shall|has to|is to|then)){0,4} ?$",
    _FLAGS,
)

_UP: Final = "above more up over higher older later"
_DOWN: Final = "below less fewer under lower younger earlier"
_LABEL: Final = rf"(?:{MARK}|(?-i:[A-Z])\w{{0,20}})"
STEP: Final = re.compile(
    rf"(?<![\w{MARK}])(?P<label>{_LABEL}) (?P<where>(?:is )?"
    r"(?:for|from|at|above|below|under|over|up to|until|if|when)"
    rf"(?: (?:the )?\w{{1,20}}){{0,4}} (?P<bound>{MARK})"
    rf"(?: ?\+| (?:and|or) (?:{'|'.join((_UP + ' ' + _DOWN).split())})\b| on\b)?)",
    _FLAGS,
)
"""One branch of a ladder, such as `B for 80`."""
LAST_STEP: Final = re.compile(
    rf",? ?(?:and |or )?(?:{_ELSE},? (?P<label>(?-i:[A-Z])\w{{0,20}})\b(?! \w)|"
    rf"(?P<before>(?-i:[A-Z])\w{{0,20}}) {_ELSE})",
    _FLAGS,
)
ORDERED: Final = re.compile(
    r"\+|\b(?:above|below|under|over|from|until|up|on|at least|at most|than|or|and)\b", _FLAGS
)
"""What a step says where its number is a boundary and not the one value meant."""

BETWEEN: Final = re.compile(
    rf"\b(?:between|from) (?P<low>{MARK}) (?:and|to|up to) (?P<high>{MARK})"
    r"(?:,? \(?(?:both |ends )?(?P<ends>inclusive|exclusive|included|excluded))?",
    _FLAGS,
)
ENDS: Final = {
    **dict.fromkeys(("inclusive", "included"), " (both ends included)"),
    **dict.fromkeys(("exclusive", "excluded"), " (both ends excluded)"),
}

Bound = Literal["at_least", "at_most", "above", "below"]
_BEFORE_BOUND: Final[Mapping[str, Bound | None]] = {
    **dict.fromkeys(("at least", "no fewer than", "no less than", "not less than"), "at_least"),
    **dict.fromkeys(("a minimum of", "minimum of", ">=", "≥"), "at_least"),
    **dict.fromkeys(("at most", "no more than", "not more than", "up to"), "at_most"),
    **dict.fromkeys(("a maximum of", "maximum of", "<=", "≤"), "at_most"),
    **dict.fromkeys(("more than", "greater than", "larger than", "longer than"), "above"),
    **dict.fromkeys(("older than", "higher than", "over", "above", "exceeds", ">"), "above"),
    **dict.fromkeys(("less than", "fewer than", "smaller than", "shorter than"), "below"),
    **dict.fromkeys(("younger than", "lower than", "under", "below", "<"), "below"),
    **dict.fromkeys(("from", "until", "multiple of", "multiples of", "divisible by"), None),
}
_AFTER_BOUND: Final[Mapping[str, Bound | None]] = {
    **{f"{link} {word}": "at_least" for link in ("or", "and") for word in _UP.split()},
    **{f"{link} {word}": "at_most" for link in ("or", "and") for word in _DOWN.split()},
    "+": "at_least",
}


def _either(words: Mapping[str, object]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


BOUNDS: Final = (
    (
        re.compile(rf"(?<!\w)(?P<word>{_either(_BEFORE_BOUND)}) ?(?P<bound>{MARK})", _FLAGS),
        _BEFORE_BOUND,
    ),
    (
        re.compile(rf"(?P<bound>{MARK}) ?(?P<word>{_either(_AFTER_BOUND)})(?!\w)", _FLAGS),
        _AFTER_BOUND,
    ),
)

EXACTLY: Final = re.compile(
    r"\bexact(?:ly)?(?: the)?(?: (?:string|text|value|literal|word|words|wording|message))?"
    rf"[:,]? (?P<value>{MARK})",
    _FLAGS,
)

CONTAINS: Final = re.compile(
    r"\b(?:must|should|shall|has to|have to|needs? to)(?: (?!not|never)\w{1,12})? "
    r"(?P<verb>contain|include|have|start with|begin with|end with) (?P<what>[^\n]{1,120}?)"
    r"(?=[,;:]? (?:if|when|otherwise|else|(?:or|and) (?:return|give)s?)\b|[;:]|\.\s|\.?$|\n)",
    _FLAGS,
)
SYMBOLS: Final = {
    "dot": ".",
    "full stop": ".",
    "hyphen": "-",
    "dash": "-",
    "comma": ",",
    "semicolon": ";",
    "colon": ":",
    "at sign": "@",
    "underscore": "_",
    "slash": "/",
    "backslash": "\\",
    "space": " ",
    "hash": "#",
    "question mark": "?",
}
SYMBOL: Final = re.compile(
    rf"(?P<symbol>\b(?:{_either(SYMBOLS)})\b|(?<!\S)[@#$%&*+/|~^=_-](?!\S))",
    _FLAGS,
)

RAISED: Final = re.compile(r"`?\b(?P<error>[A-Z]\w{0,40}(?:Error|Exception|Iteration))\b`?")
NOT_RAISED: Final = re.compile(
    r"\b(?:(?:catch(?:es|ing)?|except|handl(?:e|es|ing)|on|instead of|ignor(?:e|es|ing))"
    r"(?: an?| the| any| raising)?|"
    r"(?:not|never|without)(?: to)? (?:rais\w+|throw\w*)(?: an?)?) $|"
    r"n['\u2019]t (?:raise|throw)(?: an?)? $",
    _FLAGS,
)
_TO_RAISE: Final = re.compile(
    r"[, ]*\b(?:rais\w+|throw\w*|is|are|be|must|should|it|an?|the function|then|with|and|by|"
    r"fails?)$",
    _FLAGS,
)

_ABOUT_RESULT: Final = re.compile(
    r"(?:^|[.,;:\n]\s?|\b(?:that|and|so) )(?:the |its )?"
    r"(?:result|output|outcome|return value|returned (?:value|string|text|number))"
    r"(?: (?:is|be|lies|must|should|always|has|to)){0,4} ?$|"
    r"\breturns? an? (?:number|integer|int|float|value|score) $",
    _FLAGS,
)
_NO_CONDITION: Final = frozenset(("that", "which", "who", "and", "to", "or"))


def sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE_END.finditer(text):
        yield start, match.start()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def about_result(text: str, place: int) -> bool:
    """Whether what begins there is said of the result."""
    start = max(0, place - 80)
    before = text[start:place]
    return _ABOUT_RESULT.search(before) is not None


def not_given(text: str, place: int) -> bool:
    """Whether a verb of giving that begins there is denied."""
    return _NOT_GIVEN.search(text, max(0, place - 12), place) is not None


def condition_before(text: str, place: int) -> re.Match[str] | None:
    match = _BEFORE.search(text, max(0, place - 240), place)
    if match is None or match["condition"].split()[-1:] == []:
        return None
    return None if match["condition"].split()[-1].lower() in _NO_CONDITION else match


def last_clause(text: str) -> str:
    """What precedes "raise a": the condition, where it stands first."""
    while (shorter := _TO_RAISE.sub("", text.rstrip(" ,`"))) != text:
        text = shorter
    return text if len(text) <= 100 and not GIVES.search(text) else ""
