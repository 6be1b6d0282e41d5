"""Prompts are data: versioned templates, each with a digest that every candidate carries."""

from .library import Prompt, PromptError, PromptLibrary

__all__ = ["Prompt", "PromptError", "PromptLibrary"]
