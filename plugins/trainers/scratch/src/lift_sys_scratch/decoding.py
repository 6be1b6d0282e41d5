"""Drawing from the network, many prompts at once, with what was read kept."""
# Torch's own annotations are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from .network import NEAR, Layer, Network, mixed_with_near, rotate


@dataclass(frozen=True, slots=True)
class Drawn:
    tokens: tuple[int, ...]
    """Without the one that ended it."""
    logprob: float
    ended: bool


@torch.no_grad()
def draw(
    network: Network,
    prompts: Sequence[Sequence[int]],
    stops: Sequence[int],
    *,
    longest: int,
    temperature: float = 0.0,
    seed: int = 0,
    forbidden: Sequence[Sequence[int]] = (),
) -> list[Drawn]:
    """One for each prompt, without the tokens that are forbidden to it. At temperature 0 the
    likeliest token is taken."""
    dice = torch.Generator().manual_seed(seed)
    state = _State(network, prompts)
    found: list[list[int]] = [[] for _ in prompts]
    logprobs = [0.0] * len(prompts)
    ended = [False] * len(prompts)
    stopping = frozenset(stops)
    ruled_out = torch.zeros(len(prompts), network.shape.vocabulary)
    for row, tokens in enumerate(forbidden):
        ruled_out[row, list(tokens)] = -torch.inf
    scores = state.read_prompts() + ruled_out
    for _ in range(longest):
        known = torch.log_softmax(scores, dim=-1)
        if temperature:
            shares = torch.softmax(scores / temperature, dim=-1)
            chosen = torch.multinomial(shares, 1, generator=dice)[:, 0]
        else:
            chosen = known.argmax(dim=-1)
        drawn: list[int] = chosen.tolist()
        for row, token in enumerate(drawn):
            if ended[row]:
                continue
            logprobs[row] += float(known[row, token])
            ended[row] = token in stopping
            if not ended[row]:
                found[row].append(token)
        if all(ended) or state.is_full:
            break
        scores = state.read(chosen) + ruled_out
    return [
        Drawn(tuple(tokens), logprob, end)
        for tokens, logprob, end in zip(found, logprobs, ended, strict=True)
    ]


class _State:
    """What each layer remembers of each row; prompts are padded on the left."""

    def __init__(self, network: Network, prompts: Sequence[Sequence[int]]) -> None:
        self._network = network
        self._shape = shape = network.shape
        self._length = max(map(len, prompts))
        self._room = min(self._shape.context, self._length + 256)
        padded = [[0] * (self._length - len(prompt)) + list(prompt) for prompt in prompts]
        self._prompts = torch.tensor(padded)
        self._skipped = torch.tensor([self._length - len(prompt) for prompt in prompts])
        head = self._shape.width // self._shape.heads
        size = (self._shape.layers, len(prompts), self._shape.heads, self._room, head)
        self._keys, self._values = torch.zeros(size), torch.zeros(size)
        self._near = torch.zeros(shape.layers, len(prompts), NEAR, shape.width)
        self._read = 0

    @property
    def is_full(self) -> bool:
        return self._read >= self._room

    def read_prompts(self) -> Tensor:
        return self._forward(self._prompts)

    def read(self, tokens: Tensor) -> Tensor:
        return self._forward(tokens[:, None])

    def _forward(self, tokens: Tensor) -> Tensor:
        count = tokens.shape[1]
        places = torch.arange(self._read, self._read + count)
        own = (places[None] - self._skipped[:, None]).clamp(min=0)
        cos = self._network.get_buffer("cos")[own][:, None]
        sin = self._network.get_buffer("sin")[own][:, None]
        until = torch.arange(self._read + count)
        # A padding token looks at itself, so that no row of the softmax is empty.
        seen = (until[None, None] <= places[None, :, None]) & (
            (until[None, None] >= self._skipped[:, None, None])
            | (until[None, None] == places[None, :, None])
        )
        is_real = (places[None] >= self._skipped[:, None])[:, :, None]
        x = self._network.embedding(tokens)
        for number, layer in enumerate(self._network.layers):
            assert isinstance(layer, Layer)
            x = self._layer(number, layer, x, cos, sin, seen[:, None], is_real)
        self._read += count
        return self._network.scores(self._network.last(x[:, -1]))

    def _layer(
        self,
        number: int,
        layer: Layer,
        x: Tensor,
        cos: Tensor,
        sin: Tensor,
        seen: Tensor,
        is_real: Tensor,
    ) -> Tensor:
        rows, count, width = x.shape
        end = self._read + count
        known = torch.cat((self._near[number], layer.before(x) * is_real), dim=1)
        self._near[number] = known[:, -NEAR:]
        qkv = layer.qkv(mixed_with_near(known, layer.near)).view(
            rows, count, 3, layer.heads, width // layer.heads
        )
        query, key, value = qkv.permute(2, 0, 3, 1, 4)
        self._keys[number, :, :, self._read : end] = rotate(key, cos, sin)
        self._values[number, :, :, self._read : end] = value
        mixed = functional.scaled_dot_product_attention(
            rotate(query, cos, sin),
            self._keys[number, :, :, :end],
            self._values[number, :, :, :end],
            attn_mask=seen,
        )
        x = x + layer.out(mixed.transpose(1, 2).reshape(rows, count, width))
        gate, up = layer.up(layer.between(x)).chunk(2, dim=-1)
        return x + layer.down(functional.silu(gate) * up)
