"""The marks of the small model's language: words that no text ever holds, one token each."""

from typing import Final

REQUEST: Final = "<req>"
SIGNATURE: Final = "<sig>"
SPECIFICATION: Final = "<ir>"
CODE: Final = "<code>"
CALL: Final = "<call>"
OUTPUT: Final = "<out>"
BAD: Final = "<bad>"
"""What was wrong with what stands before it."""
END: Final = "<end>"

EFFECT: Final = "<e>"
WHEN: Final = "<when>"
RETURNS: Final = "<ret>"
RAISES: Final = "<raise>"
HINT: Final = "<hint>"
ORDER: Final = "<order>"
LAW: Final = "<law>"
WHY: Final = "<why>"
SAID: Final = "<d>"
"""A description follows."""
TO: Final = "<to>"
"""The return type follows."""
MUST: Final = "<must>"
FIRST: Final = "<first>"
LAST: Final = "<last>"
ALL: Final = "<all>"
POSITION: Final = "<pos>"

RAW: Final = "<raw>"
"""Text that is no Python, where Python was expected."""
JSON: Final = "<json>"
"""A specification with what this language has no words for, such as holes."""
MODULE: Final = "<module>"
"""Code that is more than imports and one function of the signature."""

JOINED: Final = "<j>"
"""No space here, where there ordinarily is one."""
SPACE: Final = "<_>"
LINE: Final = "<nl>"
INDENT: Final = "<in>"
DEDENT: Final = "<de>"

MORE: Final = "<inc>"
"""One more than the number before."""
LESS: Final = "<dec>"
FLOATING: Final = "<flo>"
"""The number before, as a float."""
TEXT: Final = "<txt>"
"""The number before, as a text."""
GLUED: Final = "<cat>"
"""The texts on both sides as one."""
OLD: Final = "<old>"
"""The parameter that follows, before the call."""
FUNCTION: Final = "<f>"

SLOTS_OF_A_KIND: Final = 12
STRINGS: Final = tuple(f"<s{place}>" for place in range(1, SLOTS_OF_A_KIND + 1))
NUMBERS: Final = tuple(f"<n{place}>" for place in range(1, SLOTS_OF_A_KIND + 1))
NAMES: Final = tuple(f"<i{place}>" for place in range(1, SLOTS_OF_A_KIND + 1))
PARAMETERS: Final = tuple(f"<p{place}>" for place in range(1, SLOTS_OF_A_KIND + 1))

PADDING: Final = "<pad>"
UNKNOWN: Final = "<unk>"

MARKS: Final = (
    *(PADDING, UNKNOWN, END, REQUEST, SIGNATURE, SPECIFICATION, CODE, CALL, OUTPUT, BAD),
    *(EFFECT, WHEN, RETURNS, RAISES, HINT, ORDER, LAW, WHY, SAID, TO, MUST, FIRST, LAST, ALL),
    *(POSITION, RAW, JSON, MODULE, JOINED, SPACE, LINE, INDENT, DEDENT, MORE, LESS, FLOATING),
    *(TEXT, GLUED, OLD, FUNCTION, *STRINGS, *NUMBERS, *NAMES, *PARAMETERS),
)
"""In the order of their token numbers; `PADDING` is 0, `UNKNOWN` 1, `END` 2."""
