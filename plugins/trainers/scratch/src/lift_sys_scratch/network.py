"""The network: a decoder with rotary positions, RMS norms, SwiGLU and tied embeddings.

Before it attends, each layer mixes every token with the three before it: what a literal is for is
mostly said by its neighbours, and a small network finds no layers to spare for learning that.
"""
# Torch's own annotations are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class Shape:
    vocabulary: int
    width: int
    layers: int
    heads: int
    hidden: int
    """Of the feed-forward part."""
    context: int = 512
    theta: float = 10_000.0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Shape":
        return cls(**data)

    @property
    def parameters(self) -> int:
        layer = 4 * self.width**2 + 3 * self.width * self.hidden + (2 + NEAR) * self.width
        return self.vocabulary * self.width + self.layers * layer + self.width


def sizes(vocabulary: int) -> dict[str, Shape]:
    return {
        "tiny": Shape(vocabulary, 32, 2, 2, 64),
        "small": Shape(vocabulary, 160, 4, 5, 448),
        "base": Shape(vocabulary, 256, 5, 8, 704),
    }


NEAR = 3
"""Tokens before each one that are mixed into it."""
_NEARNESS = (0.5, 0.25, 0.12)
"""Shares of the nearest, the next, ... to begin with: from nothing it learns them late."""


class Norm(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        return functional.rms_norm(x, (x.shape[-1],), self.weight, 1e-6)


class Layer(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.width
        self.heads = shape.heads
        self.before = Norm(width)
        self.near = nn.Parameter(torch.tensor(_NEARNESS)[:, None].repeat(1, width))
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.between = Norm(width)
        self.up = nn.Linear(width, 2 * shape.hidden, bias=False)
        """The gate's rows, then the others."""
        self.down = nn.Linear(shape.hidden, width, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        rows, length, width = x.shape
        known = mixed_with_near(functional.pad(self.before(x), (0, 0, NEAR, 0)), self.near)
        qkv = self.qkv(known).view(rows, length, 3, self.heads, width // self.heads)
        query, key, value = qkv.permute(2, 0, 3, 1, 4)
        query, key = rotate(query, cos, sin), rotate(key, cos, sin)
        mixed = attended(query, key, value)
        x = x + self.out(mixed.transpose(1, 2).reshape(rows, length, width))
        gate, up = self.up(self.between(x)).chunk(2, dim=-1)
        return x + self.down(functional.silu(gate) * up)


class Network(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.last = Norm(shape.width)
        cos, sin = positions(shape)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        self._begin()

    def _begin(self) -> None:
        for name, parameter in self.named_parameters():
            if parameter.ndim < 2 or name.endswith("near"):
                continue
            spread = 0.02 if "embedding" in name else parameter.shape[1] ** -0.5
            if name.endswith(("out.weight", "down.weight")):
                spread /= (2 * self.shape.layers) ** 0.5
            nn.init.normal_(parameter, std=spread)

    def forward(self, tokens: Tensor) -> Tensor:
        """What is known after each token, not yet as scores."""
        length = tokens.shape[1]
        cos, sin = self.get_buffer("cos")[:length], self.get_buffer("sin")[:length]
        x = self.embedding(tokens)
        for layer in self.layers:
            x = layer(x, cos, sin)
        return self.last(x)

    def take_over(
        self, other: "Network", spoken: Sequence[Hashable], speaks: Sequence[Hashable]
    ) -> None:
        """All that the other one learnt; tokens that it did not have stay as they began.

        `spoken`, `speaks`: what each token means, there and here."""
        learnt = other.state_dict()
        rows = {meaning: row for row, meaning in enumerate(spoken)}
        embedding = self.embedding.weight.detach().clone()
        for row, meaning in enumerate(speaks):
            if meaning in rows:
                embedding[row] = other.embedding.weight.detach()[rows[meaning]]
        self.load_state_dict({**learnt, "embedding.weight": embedding})

    def scores(self, x: Tensor) -> Tensor:
        return x @ self.embedding.weight.T

    def loss(self, tokens: Tensor, counts: Tensor) -> Tensor:
        """Mean over the tokens that `counts` marks, each foretold from those before it."""
        known = self(tokens[:, :-1])
        wanted = counts[:, 1:]
        return functional.cross_entropy(self.scores(known[wanted]), tokens[:, 1:][wanted])


def attended(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Causal attention by plain products: in bfloat16 torch's own is five times slower on a CPU.

    Padding stands at the end, so nothing that counts ever looks at it.
    """
    rows, heads, length, width = query.shape
    flat = (rows * heads, length, width)
    later = torch.full((length, length), float("-inf"), dtype=query.dtype).triu(1)
    query = query.reshape(flat) * width**-0.5
    shares = torch.baddbmm(later, query, key.reshape(flat).mT).softmax(-1)
    return (shares @ value.reshape(flat)).view(rows, heads, length, width)


def mixed_with_near(x: Tensor, near: Tensor) -> Tensor:
    """Each token but the first few, with shares of those before it."""
    mixed = x[:, NEAR:]
    for back in range(1, NEAR + 1):
        mixed = mixed + near[back - 1] * x[:, NEAR - back : x.shape[1] - back]
    return mixed


def positions(shape: Shape) -> tuple[Tensor, Tensor]:
    half = shape.width // shape.heads // 2
    speeds = shape.theta ** (-torch.arange(half, dtype=torch.float64) / half)
    angles = torch.outer(torch.arange(shape.context, dtype=torch.float64), speeds)
    return angles.cos().float(), angles.sin().float()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    first, second = x.chunk(2, dim=-1)
    return torch.cat((first * cos - second * sin, first * sin + second * cos), dim=-1)
