"""The network of `lift-sys-scratch` in numpy: read a prompt once, then several rows step by step.

A row's numbers must not depend on which rows stand beside it, to the last bit: else a sample would
change with its batch. So rows are multiplied one by one, and what a row remembers reaches to a
multiple of `_STRIDE`, with zeros where nothing was read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_STRIDE: Final = 32
_NEAR: Final = 4
"""Tokens whose numbers are mixed before attention: each one and the three before it."""


@dataclass(frozen=True, slots=True)
class _Layer:
    """Matrices stand as `input x output`; the norms' weights are multiplied into them."""

    near: Floats
    """Shares of the token three before, two before, one before, and of itself."""
    qkv: Floats
    out: Floats
    up: Floats
    down: Floats


@dataclass(frozen=True, slots=True)
class Read:
    """A prompt that was read: what each layer keeps of it, and the scores of what may follow."""

    length: int
    keys: tuple[Floats, ...]
    values: tuple[Floats, ...]
    near: tuple[Floats, ...]
    scores: Floats


class Network:
    def __init__(self, shape: Mapping[str, Any], weights: Mapping[str, Floats]) -> None:
        self.context: int = shape["context"]
        self.width: int = shape["width"]
        self.heads: int = shape["heads"]
        self.hidden: int = shape["hidden"]
        self.vocabulary: int = shape["vocabulary"]
        self.head = self.width // self.heads
        self.embedding = weights["embedding.weight"]
        self._scores = _turned(self.embedding * weights["last.weight"])
        order, scale = self._paired()
        self.layers = tuple(
            self._layer(weights, f"layers.{number}.", order, scale)
            for number in range(shape["layers"])
        )
        half = self.head // 2
        speeds = shape["theta"] ** (-np.arange(half, dtype=np.float64) / half)
        angles = np.arange(self.context)[:, None] * speeds
        self._turns = (np.cos(angles) + 1j * np.sin(angles)).astype(np.complex64)

    def _paired(self) -> tuple[NDArray[np.intp], Floats]:
        """Queries and keys with the two numbers that turn together side by side, as one complex
        number; queries also carry the scale of attention."""
        half = self.head // 2
        within = np.arange(self.head).reshape(2, half).T.ravel()
        heads = (np.arange(self.heads)[:, None] * self.head + within).ravel()
        width = self.width
        order = np.concatenate([heads, width + heads, np.arange(2 * width, 3 * width)])
        scale = np.ones((3 * width, 1), np.float32)
        scale[:width] = self.head**-0.5
        return order, scale

    def _layer(
        self, weights: Mapping[str, Floats], name: str, order: NDArray[np.intp], scale: Floats
    ) -> _Layer:
        near = np.ones((_NEAR, self.width), np.float32)
        near[:-1] = weights[f"{name}near"][::-1]
        qkv = weights[f"{name}qkv.weight"] * weights[f"{name}before.weight"]
        return _Layer(
            near=near,
            qkv=_turned(qkv[order] * scale),
            out=_turned(weights[f"{name}out.weight"]),
            up=_turned(weights[f"{name}up.weight"] * weights[f"{name}between.weight"]),
            down=_turned(weights[f"{name}down.weight"]),
        )

    def read(self, prompt: Sequence[int]) -> Read:
        """Alone, so that it comes out the same whatever else is asked."""
        length, heads, head = len(prompt), self.heads, self.head
        x = self.embedding[np.asarray(prompt)]
        turns = self._turns[:length, None]
        unseen = np.triu(np.full((length, length), -np.inf, np.float32), 1)
        keys: list[Floats] = []
        values: list[Floats] = []
        nears: list[Floats] = []
        for layer in self.layers:
            known = np.zeros((length + _NEAR - 1, self.width), np.float32)
            known[_NEAR - 1 :] = _normed(x)
            nears.append(known[-_NEAR:].copy())
            mixed = sum(layer.near[i] * known[i : i + length] for i in range(_NEAR))
            qkv = mixed @ layer.qkv
            query, key = self._turned(qkv, turns)
            key = key.transpose(1, 0, 2)
            value = qkv[:, 2 * self.width :].reshape(length, heads, head).transpose(1, 0, 2)
            keys.append(key)
            values.append(value)
            shares = query.transpose(1, 0, 2) @ key.transpose(0, 2, 1) + unseen
            shares = np.exp(shares - shares.max(axis=-1, keepdims=True))
            shares /= shares.sum(axis=-1, keepdims=True)
            x = x + (shares @ value).transpose(1, 0, 2).reshape(length, -1) @ layer.out
            x = x + self._fed(_normed(x) @ layer.up) @ layer.down
        scores = (_normed(x[-1:]) @ self._scores)[0]
        return Read(length, tuple(keys), tuple(values), tuple(nears), scores)

    def step(self, rows: "Rows", tokens: NDArray[np.intp]) -> Floats:
        """The scores of what may follow each row's token."""
        count, until = rows.begin_step()
        x = self.embedding[tokens]
        turns = self._turns[rows.lengths[:count] - 1, None]
        for number, layer in enumerate(self.layers):
            qkv = _product(rows.mixed(number, _normed(x), layer.near), layer.qkv)
            query, key = self._turned(qkv, turns)
            value = qkv[:, 2 * self.width :].reshape(count, self.heads, self.head)
            keys, values = rows.remember(number, key, value, until)
            shares = query[:, :, None] @ keys.transpose(0, 1, 3, 2)
            shares += rows.unseen[:count, None, None, :until]
            shares = np.exp(shares - shares.max(axis=-1, keepdims=True))
            found = (shares @ values.transpose(0, 1, 3, 2))[:, :, 0]
            found = found[:, :, :-1] / found[:, :, -1:]
            x = x + _product(found.reshape(count, -1), layer.out)
            x = x + _product(self._fed(_product(_normed(x), layer.up)), layer.down)
        return _product(_normed(x), self._scores)

    def _turned(self, qkv: Floats, turns: NDArray[np.complex64]) -> tuple[Floats, Floats]:
        """Queries and keys, at their positions."""
        both = np.ascontiguousarray(qkv[:, : 2 * self.width]).view(np.complex64)
        turned = both.reshape(len(qkv), 2 * self.heads, -1) * turns
        numbers = turned.view(np.float32)
        return numbers[:, : self.heads], numbers[:, self.heads :]

    def _fed(self, both: Floats) -> Floats:
        gate, up = both[:, : self.hidden], both[:, self.hidden :]
        return gate * up / (np.float32(1) + np.exp(-gate))


class Rows:
    """What is kept of several texts that grow at the same time."""

    def __init__(self, network: Network, most: int, room: int) -> None:
        """`most` rows of at most `room` tokens."""
        self._room = room = -(-room // _STRIDE) * _STRIDE
        heads, head, layers = network.heads, network.head, range(len(network.layers))
        self._keys = [np.zeros((most, heads, room, head), np.float32) for _ in layers]
        self._values = [_values(most, heads, head, room) for _ in layers]
        self._near = [np.zeros((most, _NEAR, network.width), np.float32) for _ in layers]
        self.lengths = np.zeros(most, np.intp)
        self.unseen = np.full((most, room), -np.inf, np.float32)
        self._every = np.arange(most)
        self.count = 0

    def add(self, read: Read) -> None:
        """A text that begins with this prompt is the last row."""
        row, length = self.count, read.length
        for number in range(len(self._keys)):
            self._keys[number][row, :, :length] = read.keys[number]
            self._keys[number][row, :, length:] = 0
            self._values[number][row, :, :-1, :length] = read.values[number].transpose(0, 2, 1)
            self._values[number][row, :, :-1, length:] = 0
            self._near[number][row] = read.near[number]
        self.unseen[row, :length] = 0
        self.unseen[row, length:] = -np.inf
        self.lengths[row] = length
        self.count += 1

    def copy(self, row: int) -> None:
        """The last row is another that is the same so far."""
        self._put(row, self.count)
        self.count += 1

    def drop(self, row: int) -> None:
        """The last row takes its place."""
        self.count -= 1
        self._put(self.count, row)

    def _put(self, row: int, to: int) -> None:
        for kept in (*self._keys, *self._values, *self._near, self.lengths, self.unseen):
            kept[to] = kept[row]

    def begin_step(self) -> tuple[int, int]:
        """Makes room for one token in each row; how many there are, and how far they reach."""
        lengths = self.lengths[: self.count]
        self.unseen[self._every[: self.count], lengths] = 0
        lengths += 1
        return self.count, -(-int(lengths.max()) // _STRIDE) * _STRIDE

    def mixed(self, number: int, known: Floats, shares: Floats) -> Floats:
        near = self._near[number][: self.count]
        near[:, :-1] = near[:, 1:]
        near[:, -1] = known
        return (near * shares).sum(axis=1)

    def remember(
        self, number: int, key: Floats, value: Floats, until: int
    ) -> tuple[Floats, Floats]:
        every, last = self._every[: self.count], self.lengths[: self.count] - 1
        keys, values = self._keys[number], self._values[number]
        keys[every, :, last] = key
        values[every, :, :-1, last] = value
        return keys[: self.count, :, :until], values[: self.count, :, :, :until]


def _product(x: Floats, matrix: Floats) -> Floats:
    """Row by row: as fast for so few, and no row can disturb another."""
    return (x[:, None] @ matrix)[:, 0]


def _values(rows: int, heads: int, head: int, room: int) -> Floats:
    """Each row of numbers over all tokens, and one of ones: the product with it is the sum of the
    shares, which numpy's own sum would add in another order where there is more to add."""
    values = np.zeros((rows, heads, head + 1, room), np.float32)
    values[:, :, -1] = 1
    return values


def _normed(x: Floats) -> Floats:
    return x / np.sqrt(np.einsum("rw,rw->r", x, x)[:, None] / x.shape[1] + 1e-6)


def _turned(matrix: Floats) -> Floats:
    return np.ascontiguousarray(matrix.T, dtype=np.float32)
