"""The language of our own small model: short, exact in what it copies, and translated back.

Names here import on first use.
"""

from typing import TYPE_CHECKING

from ..._lazy import lazily

if TYPE_CHECKING:
    from .asked import DIALECT, Again, Asked, read_asked
    from .prompt import (
        Prompt,
        ask_again,
        ask_code,
        ask_specification,
        code_answer,
        specification_answer,
    )
    from .slots import Slot, Slots, Slotted, take_out
    from .specification import DialectError
    from .vocabulary import Vocabulary

_HOME = {
    "DIALECT": "asked",
    "Again": "asked",
    "Asked": "asked",
    "DialectError": "specification",
    "Prompt": "prompt",
    "Slot": "slots",
    "Slots": "slots",
    "Slotted": "slots",
    "Vocabulary": "vocabulary",
    "ask_again": "prompt",
    "ask_code": "prompt",
    "ask_specification": "prompt",
    "code_answer": "prompt",
    "read_asked": "asked",
    "specification_answer": "prompt",
    "take_out": "slots",
}

__all__ = [
    "DIALECT",
    "Again",
    "Asked",
    "DialectError",
    "Prompt",
    "Slot",
    "Slots",
    "Slotted",
    "Vocabulary",
    "ask_again",
    "ask_code",
    "ask_specification",
    "code_answer",
    "read_asked",
    "specification_answer",
    "take_out",
]

__getattr__, __dir__ = lazily(__name__, _HOME)
