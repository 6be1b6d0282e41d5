"""A recording in memory: which completions there are for a request, and who was given which."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lift_sys.data.jsonl import JsonLine, json_lines
from lift_sys.errors import InputError
from lift_sys.interfaces import Capabilities, Price, Reply, Request, Usage

from .lines import Asked, Entry, Head

_EVERYTHING = Capabilities(
    model="recorded",
    n=64,
    seed=True,
    logprobs=True,
    constraints=frozenset({"json_schema", "regex", "grammar"}),
    in_flight=1024,
)
RECORD = "record it: set the option `record` to {provider: NAME}"
OTHERS = (
    "for other requests name a model's provider in the pipeline, such as `openai` (`pip install "
    "lift-sys-openai`; its README has a complete file)"
)
_HEAD = b'"capabilities"'

Place = tuple[int, int]
"""A completion: the number of its entry, and its place in it."""


@dataclass(slots=True)
class _Pool:
    """All that is recorded for one key."""

    entries: list[Entry] = field(default_factory=list[Entry])
    given: dict[int, list[Place]] = field(default_factory=dict[int, list[Place]])
    """By seed: the same request with the same seed is the same samples, asked for again."""
    used: set[Place] = field(default_factory=set[Place])

    def size(self) -> int:
        return sum(len(entry.completions) for entry in self.entries)

    def add(self, entry: Entry) -> int:
        """The number of the entry, which takes the place of one recorded under the same seed."""
        if entry.seed is not None:
            for number, old in enumerate(self.entries):
                if old.seed == entry.seed:
                    self.entries[number] = entry
                    return number
        self.entries.append(entry)
        return len(self.entries) - 1

    def add_given(self, entry: Entry) -> None:
        """As `add`, of what its asker has already."""
        number = self.add(entry)
        places = [(number, index) for index in range(len(entry.completions))]
        self.used.update(places)
        if entry.seed is not None:
            self.given[entry.seed] = places

    def take(self, n: int, seed: int | None, *, own: bool) -> list[Place] | None:
        """The next n that nobody has, those recorded under this seed first; None: too few.

        `own`: only those recorded under this very seed.
        """
        mine = self.given.get(seed, []) if seed is not None else []
        missing = n - len(mine)
        if missing > 0:
            free = [place for place in self._places() if place not in self.used]
            if own:
                free = [place for place in free if self.entries[place[0]].seed == seed]
            free.sort(key=lambda place: self.entries[place[0]].seed != seed)
            if len(free) < missing:
                return None
            mine = [*mine, *free[:missing]]
            self.used.update(mine)
            if seed is not None:
                self.given[seed] = mine
        return mine[:n]

    def _places(self) -> Iterator[Place]:
        for number, entry in enumerate(self.entries):
            for index in range(len(entry.completions)):
                yield number, index


class Recording:
    def __init__(self, files: Sequence[Path]) -> None:
        self.capabilities: Capabilities | None = None
        self._pools: defaultdict[str, _Pool] = defaultdict(_Pool)
        for file in files:
            for line in json_lines(file):
                self._read(line)

    def replayed(self, price: Price) -> Capabilities:
        """Whatever the recorded provider knew; a seed always, to tell one draw from another."""
        known = self.capabilities or _EVERYTHING.model_copy(update={"model": self._model()})
        return known.model_copy(update={"price": price, "seed": True})

    def asked(self) -> Iterable[Asked]:
        return [entry.request for pool in self._pools.values() for entry in pool.entries]

    def count(self, request: Request) -> int:
        """How many completions are recorded for it."""
        pool = self._pools.get(Asked.of(request).key())
        return pool.size() if pool else 0

    def reply(self, request: Request, *, own: bool = False) -> Reply | None:
        """None: too few completions are left; `own`: of those recorded under this very seed."""
        pool = self._pools.get(Asked.of(request).key())
        if pool is None:
            return None
        places = pool.take(request.sampling.n, request.sampling.seed, own=own)
        return None if places is None else _reply(pool.entries, places)

    def add_given(self, entry: Entry) -> None:
        """What was recorded just now, and went to who asked for it."""
        self._pools[entry.request.key()].add_given(entry)

    def _read(self, line: JsonLine) -> None:
        if _HEAD in line.text[:32]:
            known = line.read(Head).capabilities
            if self.capabilities not in (None, known):
                raise line.wrong(
                    "other capabilities than in an earlier line",
                    "keep the recordings of different models in different files",
                )
            self.capabilities = known
            return
        entry = line.read(Entry)
        key = entry.request.key()
        if entry.key not in (None, key):
            raise line.wrong(
                "the key is not that of the request",
                "leave the key out where a request is changed by hand",
            )
        self._pools[key].add(entry)

    def _model(self) -> str:
        for pool in self._pools.values():
            return pool.entries[0].model
        return _EVERYTHING.model


def _reply(entries: Sequence[Entry], places: Sequence[Place]) -> Reply:
    taken: dict[int, int] = {}
    for number, _ in places:
        taken[number] = taken.get(number, 0) + 1
    used = [entries[number] for number in taken]
    return Reply(
        completions=tuple(entries[number].completions[index] for number, index in places),
        usage=_usage([(entries[number], count) for number, count in taken.items()]),
        model=used[0].model,
        ignored=frozenset[str]().union(*(entry.ignored for entry in used)),
    )


def _usage(shares: Sequence[tuple[Entry, int]]) -> Usage:
    """The recorded one; of a reply that is handed out in parts, the part."""
    whole = [(entry, entry.usage or _estimate(entry), count) for entry, count in shares]
    parts = any(count < len(entry.completions) for entry, count in shares)
    return Usage(
        input_tokens=max(usage.input_tokens for _, usage, _ in whole),
        output_tokens=sum(
            round(usage.output_tokens * count / len(entry.completions))
            for entry, usage, count in whole
        ),
        cached_tokens=min(usage.cached_tokens for _, usage, _ in whole),
        estimated=parts or len(whole) > 1 or any(usage.estimated for _, usage, _ in whole),
    )


def _estimate(entry: Entry) -> Usage:
    return Usage.estimate(entry.request.messages, entry.completions)


def files_of(path: Path, *, may_miss: bool) -> list[Path]:
    """The files to read; `may_miss` where they are about to be recorded."""
    if path.is_dir():
        found = sorted(path.glob("*.jsonl"))
        if found or may_miss:
            return found
        raise InputError(f"{path} holds no .jsonl file", remedy=RECORD)
    if path.exists():
        return [path]
    if may_miss:
        return []
    raise InputError(f"cannot read {path}: there is no such file", remedy=RECORD)
