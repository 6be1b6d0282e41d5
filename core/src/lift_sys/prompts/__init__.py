"""Prompts are data: versioned templates, examples and quirks, with a digest on every candidate.

What is about one request, its features and the constraints it states, is found without a model.
"""

from .constraints import Found, RequestLiteral, find, literals
from .features import features
from .library import Prompt, PromptLibrary, Variant
from .plain import plain_text
from .quirks import Quirk, QuirkBase
from .shots import Shot, ShotBase, ir_text
from .tokens import PromptFormat, prompt_tokens

__all__ = [
    "Found",
    "Prompt",
    "PromptFormat",
    "PromptLibrary",
    "Quirk",
    "QuirkBase",
    "RequestLiteral",
    "Shot",
    "ShotBase",
    "Variant",
    "features",
    "find",
    "ir_text",
    "literals",
    "plain_text",
    "prompt_tokens",
]
