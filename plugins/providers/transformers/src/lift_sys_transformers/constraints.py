"""Masks: which tokens a reply may go on with, as one of two engines says."""
# The annotations of the engines are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false

import json
from functools import cached_property
from importlib import import_module
from typing import Any, Protocol

import llguidance
import llguidance.hf
import llguidance.numpy
import torch
from torch import Tensor

from lift_sys.errors import RequestRejected
from lift_sys.interfaces import Constraint, Grammar, JsonSchema, Regex

from .loading import Loaded
from .patterns import counts_fit_xgrammar, is_safe_for_xgrammar

_WORD = 32
"""Tokens of one number of a mask."""


class Matcher(Protocol):
    """Follows one reply."""

    def fill(self, mask: Tensor, row: int) -> None:
        """Sets the bits of the tokens that may come next."""
        ...

    def accept(self, token: int) -> None: ...

    @property
    def is_done(self) -> bool:
        """Whether nothing but the end may come."""
        ...


class Constraints:
    """Makes matchers; grammars are compiled once."""

    def __init__(self, loaded: Loaded) -> None:
        self._loaded = loaded

    def matchers(self, constraint: Constraint, engine: str, n: int) -> list[Matcher]:
        """One for each of n replies. Raises RequestRejected."""
        try:
            if engine == "xgrammar" and _is_for_xgrammar(constraint):
                compiled = self._compiled(constraint)
                return [_XGrammar(compiled) for _ in range(n)]
            grammar = _grammar(constraint)
            first = _Guidance(llguidance.LLMatcher(self._tokenizer, grammar), self._loaded.ends)
        except (RuntimeError, ValueError, TypeError) as error:
            raise _rejected(error) from error
        return [first, *(first.copy() for _ in range(n - 1))]

    def blank(self, rows: int) -> Tensor:
        """A mask that allows everything."""
        words = -(-self._loaded.vocabulary // _WORD)
        return torch.full((rows, words), -1, dtype=torch.int32)

    def apply(self, scores: Tensor, mask: Tensor) -> None:
        """In place: what is not allowed is impossible."""
        bits = torch.arange(_WORD, dtype=torch.int32, device=scores.device)
        allowed = (mask.to(scores.device).unsqueeze(-1) >> bits) & 1
        flat = allowed.bool().view(scores.shape[0], -1)[:, : scores.shape[1]]
        scores.masked_fill_(~flat, float("-inf"))

    def _compiled(self, constraint: Constraint) -> Any:
        if isinstance(constraint, JsonSchema):
            text = json.dumps(constraint.document)
            return self._compiler.compile_json_schema(text, any_whitespace=False)
        assert isinstance(constraint, Regex)
        return self._compiler.compile_regex(constraint.pattern)

    @cached_property
    def _compiler(self) -> Any:
        xgrammar = import_module("xgrammar")
        info = xgrammar.TokenizerInfo.from_huggingface(
            self._loaded.tokenizer,
            vocab_size=self._loaded.vocabulary,
            stop_token_ids=list(self._loaded.ends),
        )
        return xgrammar.GrammarCompiler(info, max_threads=1)

    @cached_property
    def _tokenizer(self) -> Any:
        return llguidance.hf.from_tokenizer(
            self._loaded.tokenizer, self._loaded.vocabulary, list(self._loaded.ends)
        )


class _XGrammar:
    def __init__(self, compiled: Any) -> None:
        self._matcher: Any = import_module("xgrammar").GrammarMatcher(compiled)

    def fill(self, mask: Tensor, row: int) -> None:
        self._matcher.fill_next_token_bitmask(mask, row)

    def accept(self, token: int) -> None:
        self._matcher.accept_token(token)

    @property
    def is_done(self) -> bool:
        return self._matcher.is_terminated()


class _Guidance:
    def __init__(self, matcher: Any, ends: tuple[int, ...]) -> None:
        if matcher.is_error():
            raise ValueError(matcher.get_error())
        self._matcher, self._ends = matcher, ends

    def copy(self) -> "_Guidance":
        return _Guidance(self._matcher.deep_copy(), self._ends)

    def fill(self, mask: Tensor, row: int) -> None:
        llguidance.numpy.fill_next_token_bitmask(self._matcher, mask.numpy(), row)

    def accept(self, token: int) -> None:
        if token not in self._ends:
            self._matcher.consume_token(token)

    @property
    def is_done(self) -> bool:
        return self._matcher.is_stopped()


def _is_for_xgrammar(constraint: Constraint) -> bool:
    """Grammars are in the dialect of llguidance; some schemas XGrammar gets wrong."""
    if isinstance(constraint, JsonSchema):
        return is_safe_for_xgrammar(constraint.document)
    return isinstance(constraint, Regex) and counts_fit_xgrammar(constraint.pattern)


def _grammar(constraint: Constraint) -> str:
    made = llguidance.LLMatcher
    if isinstance(constraint, JsonSchema):
        # The whitespace of a weak model need not end.
        return made.grammar_from_json_schema(
            constraint.document, overrides={"whitespace_flexible": False}
        )
    if isinstance(constraint, Grammar):
        return made.grammar_from_lark(constraint.lark)
    return made.grammar_from_regex(constraint.pattern)


def _rejected(error: Exception) -> RequestRejected:
    said = str(error).strip().splitlines()
    return RequestRejected(
        f"the constraint cannot be compiled: {said[0] if said else type(error).__name__}",
        remedy="simplify the schema, or say `engine: llguidance`",
    )
