"""Rows as token numbers, the question apart from the answer; only answers are learnt."""
# The annotations of transformers are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from lift_sys.errors import InputError, LiftError
from lift_sys.interfaces import Message
from lift_sys.prompts import plain_text

from .rows import Row

IGNORED = -100
"""The label of tokens that do not count."""


@dataclass(frozen=True, slots=True)
class Encoded:
    asked: tuple[int, ...]
    answer: tuple[int, ...]
    """With the token that ends it."""
    row: Row

    def __len__(self) -> int:
        return len(self.asked) + len(self.answer)


@dataclass(frozen=True, slots=True)
class Encoder:
    tokenizer: PreTrainedTokenizerBase
    chat: bool
    """Whether prompts are in the tokenizer's chat template."""

    @classmethod
    def of(cls, tokenizer: PreTrainedTokenizerBase, form: str) -> "Encoder":
        templated = bool(tokenizer.chat_template)
        if form == "chat" and not templated:
            raise InputError(
                "the tokenizer has no chat template", remedy="say `format: plain`, or auto"
            )
        return cls(tokenizer, templated and form != "plain")

    def asked(self, messages: Sequence[Message]) -> tuple[int, ...]:
        """As the model is asked when it is used."""
        if self.chat:
            return self.tokens(self._template(messages, opened=True))
        start: Any = self.tokenizer.bos_token or ""
        return self.tokens(start + plain_text(messages))

    def encode(self, row: Row) -> Encoded:
        return Encoded(self.asked(row.messages), self._answer(row), row)

    def _answer(self, row: Row) -> tuple[int, ...]:
        end = str(self.tokenizer.eos_token)
        text = row.answer + end
        if self.chat:
            opened = self._template(row.messages, opened=True)
            answered = (*row.messages, Message(role="assistant", content=row.answer))
            closed = self._template(answered, opened=False)
            # Templates that change what was said before the answer cannot tell how it ends.
            if closed.startswith(opened) and row.answer.strip() in closed[len(opened) :]:
                said, ends, _ = closed[len(opened) :].rpartition(end)
                text = said + ends if ends else closed[len(opened) :].rstrip() + end
        return self.tokens(text)

    def _template(self, messages: Sequence[Message], *, opened: bool) -> str:
        told: Any = [{"role": each.role, "content": each.content} for each in messages]
        text: Any = self.tokenizer.apply_chat_template(
            told, add_generation_prompt=opened, tokenize=False
        )
        return str(text)

    @property
    def ends(self) -> int:
        end: Any = self.tokenizer.eos_token_id
        return end

    @property
    def padding(self) -> int:
        """Never looked at, so any token will do."""
        given: Any = self.tokenizer.pad_token_id
        return self.ends if given is None else given

    def text(self, tokens: Sequence[int]) -> str:
        said: Any = self.tokenizer.decode(list(tokens), skip_special_tokens=True)
        return said

    def tokens(self, text: str) -> tuple[int, ...]:
        found: Any = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Batch:
    tokens: Tensor
    attention: Tensor
    labels: Tensor

    def to(self, device: torch.device) -> "Batch":
        return Batch(*(each.to(device) for each in (self.tokens, self.attention, self.labels)))


def batch_of(rows: Sequence[Encoded], padding: int) -> Batch:
    """Padded behind, where no token looks."""
    longest = max(map(len, rows))
    tokens = torch.full((len(rows), longest), padding)
    attention = torch.zeros((len(rows), longest), dtype=torch.long)
    labels = torch.full((len(rows), longest), IGNORED)
    for place, row in enumerate(rows):
        tokens[place, : len(row)] = torch.tensor([*row.asked, *row.answer])
        attention[place, : len(row)] = 1
        labels[place, len(row.asked) : len(row)] = torch.tensor(row.answer)
    assert_masked(labels, rows)
    return Batch(tokens, attention, labels)


def assert_masked(labels: Tensor, rows: Sequence[Encoded]) -> None:
    """No token of a question or of the padding counts, and every one of the answer does."""
    for label, row in zip(labels, rows, strict=True):
        counted = label != IGNORED
        inside = slice(len(row.asked), len(row))
        whole = bool(counted[inside].all()) and label[inside].tolist() == list(row.answer)
        if not whole or int(counted.sum()) != len(row.answer) or not row.answer:
            raise LiftError(
                "a token that is not of an answer would be learnt, or one of an answer would not",
                remedy="report it with the row: " + row.row.cluster,
            )


def fitting(rows: Sequence[Encoded], longest: int, what: str) -> list[Encoded]:
    kept = [row for row in rows if len(row) <= longest]
    if not kept:
        shortest = min(map(len, rows))
        raise InputError(
            f"no row of the {what} has at most {longest} tokens; the shortest has {shortest}",
            remedy="raise `longest`",
        )
    return kept
