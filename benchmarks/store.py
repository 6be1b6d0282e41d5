"""What recording costs, and how long the queries of a large store take.

    python benchmarks/store.py [--repeats 5] [--candidates 1000000] [--postgres URL]

Recording: events of scripted tasks at 1,000 a second, each text another one. CPU time of the whole
process, less that of the same loop with nothing recorded. The floors do the least that could be
done, with the same bytes and the same pace: one commit per row, and one `executemany` per 50 rows.
Every variant runs in turn, so that the ratios hold on a machine that others use too.

Queries: those behind `lift runs` and `lift runs show`, on a store of a million candidates.
"""

import argparse
import itertools
import os
import platform
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from lift_sys.interfaces import (
    AttemptEnded,
    Basis,
    Call,
    CallMade,
    CandidateDrawn,
    CandidateScored,
    Completion,
    Delivered,
    Event,
    RouteTaken,
    RunEnded,
    RunStarted,
    Spend,
    StrategyStopped,
    TaskEnded,
    TaskStarted,
    Usage,
    Verdict,
)
from lift_sys.store import Store, StoreRecorder
from lift_sys.store.blobs import packed
from lift_sys.store.engines import make_engine, writing
from lift_sys.store.places import find_place
from lift_sys.store.recorder import RunRow
from lift_sys.store.writer import Entry
from lift_sys.testing.samples import IR_TEXT, SPECIFICATION, TASK

RATE, SECONDS = 1_000, 4
DRAWS = 8
MOST_CPU_MS, MOST_QUERY_MS = 0.05, 200
RESULTS = Path(__file__).parent / "results" / "store.md"
VALUE = SPECIFICATION.model_dump(mode="json")


class Recorder(Protocol):
    def record(self, event: Event) -> None: ...

    def close(self) -> None: ...


def of_a_task(task: str) -> Iterator[Event]:
    """As a best-of-8 tells it; no text twice but where a candidate is what a call delivered."""
    document = TASK.model_copy(update={"id": task}).model_dump(mode="json")
    yield TaskStarted(task=task, request=TASK.request, document=document)
    yield RouteTaken(task=task, attempt=1, route="default", reason="first", start="specify")
    for draw in range(DRAWS):
        text = f"{IR_TEXT}\n{task} {draw}"
        sample = Delivered(index=draw, key=f"{task}/{draw}", completion=Completion(text=text))
        usage = Usage(input_tokens=1200, output_tokens=300)
        call = Call(
            id=f"model/{task}/{draw}",
            provider="model",
            model="some-model",
            usage=usage,
            cost=0.001,
            seconds=1.5,
        )
        yield CallMade(task=task, call=call, request="d" * 32, samples=(sample,))
        yield CandidateDrawn(
            task=task,
            stage="specify",
            candidate=f"{task}/specify/{draw}",
            text=text,
            value={**VALUE, "place": f"{task}/{draw}"},
            origin={"provider": "model", "model": "some-model", "prompt": "p" * 32, "index": draw},
            calls=(call.id,),
        )
        yield CandidateScored(
            task=task,
            candidate=f"{task}/specify/{draw}",
            score=0.5,
            reason="agrees with 4 of 8",
            parts={"agreement": 0.5},
        )
    yield StrategyStopped(
        task=task, stage="specify", strategy="best-of-n", why="drew 8", winners=("a",), drawn=8
    )
    verdict = Verdict(status="pass", basis=Basis(examples=2), guards=("landlock", "seccomp"))
    spend = Spend(calls=8, input_tokens=9600, output_tokens=2400, usd=0.008, seconds=12.0)
    yield AttemptEnded(
        task=task, attempt=1, route="default", verdict=verdict, fault=None, spend=spend
    )
    yield TaskEnded(task=task, status="pass", why="it passes", spend=spend, seconds=12.0)


def told(count: int) -> list[Event]:
    tasks = (of_a_task(f"t{number}") for number in itertools.count())
    return list(itertools.islice(itertools.chain.from_iterable(tasks), count))


# What recording costs


class Nothing:
    def record(self, event: Event) -> None:
        pass

    def close(self) -> None:
        pass


class _Floor:
    """The rows as the store would write them, made beforehand: nothing but SQLite's own work."""

    def __init__(self, path: Path, rows: list[tuple[Any, ...]], per_commit: int) -> None:
        self._rows = iter(rows)
        self._per_commit = per_commit
        self._waiting: list[tuple[Any, ...]] = []
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute(
            "CREATE TABLE rows (run INTEGER, seq INTEGER, body TEXT, data BLOB, "
            "PRIMARY KEY (run, seq)) WITHOUT ROWID"
        )

    def record(self, event: Event) -> None:
        self._waiting.append(next(self._rows))
        if len(self._waiting) == self._per_commit:
            self._commit()

    def close(self) -> None:
        self._commit()
        self._connection.close()

    def _commit(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT INTO rows VALUES (?, ?, ?, ?)", self._waiting)
        self._connection.execute("COMMIT")
        self._waiting.clear()


def bare_rows(events: list[Event]) -> list[tuple[Any, ...]]:
    bodies = [event.model_dump_json() for event in events]
    return [(1, place, body[:300], body[300:].encode()) for place, body in enumerate(bodies)]


def cpu_per_row(events: list[Event], recorder: Recorder) -> float:
    """Milliseconds, at the pace of RATE."""
    began, cpu = time.perf_counter(), time.process_time()
    for place, event in enumerate(events):
        ahead = began + place / RATE - time.perf_counter()
        if ahead > 0.002:
            time.sleep(ahead)
        recorder.record(event)
    recorder.close()
    return (time.process_time() - cpu) / len(events) * 1e3


def measure_recording(repeats: int, postgres: str | None) -> dict[str, list[float]]:
    events = told(RATE * SECONDS)
    rows = bare_rows(events)
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        names = (Path(folder) / f"{number}.db" for number in itertools.count())
        variants: dict[str, Callable[[], Recorder]] = {
            "nothing": Nothing,
            "SQLite": lambda: fresh(str(next(names))),
            "a bare commit per row": lambda: _Floor(next(names), rows, 1),
            "a bare `executemany` per 50 rows": lambda: _Floor(next(names), rows, 50),
        }
        if postgres is not None:
            variants["PostgreSQL"] = lambda: fresh(postgres)
        for repeat in range(repeats + 1):
            for name, make in variants.items():
                spent = cpu_per_row(events, make())
                if repeat:  # the first warms up
                    found.setdefault(name, []).append(spent)
    return found


def fresh(place: str) -> StoreRecorder:
    return Store.open(place).recorder(f"run-{time.time_ns()}")


# How long queries take


class Directly:
    """In place of the writer's thread: large transactions, as this store is made to be read."""

    def __init__(self, connection: sqlite3.Connection, sql: dict[str, str]) -> None:
        self._connection = connection
        self._sql = sql
        self._work: dict[str, list[Any]] = {}
        self._count = 0
        self._state: Callable[[], Any] | None = None

    def put(self, make: Callable[[], Entry]) -> None:
        entry = make()
        for name, parameters in entry.writes:
            self._work.setdefault(name, []).append(parameters)
        self._work.setdefault("blobs", []).extend(entry.texts)
        if entry.state is not None:
            self._state = entry.state
        self._count += 1
        if self._count % 20_000 == 0:
            self.flush()

    def flush(self) -> None:
        self._work["runs"] = [] if self._state is None else [self._state()]
        self._connection.execute("BEGIN")
        for name, parameters in self._work.items():
            self._connection.executemany(self._sql[name], parameters)
        self._connection.execute("COMMIT")
        self._work.clear()


def build(place: Path, candidates: int, small_runs: int = 1_000) -> None:
    """Half of them in one run, the rest in many. The same code makes the rows; only the thread
    and its small transactions are left out."""
    from lift_sys.store.statements import compiled

    Store.open(place).close()
    engine = make_engine(find_place(place))
    tasks = candidates // DRAWS
    sizes = [tasks // 2, *[tasks // 2 // small_runs] * small_runs]
    with writing(engine).connect() as connection:
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.execute("PRAGMA synchronous=OFF")
        writer = Directly(raw, compiled(engine.dialect))
        for number, size in enumerate(sizes):
            start = f"2026-{1 + number % 12:02}-{1 + number % 28:02}T00:00:00+00:00"
            key = number + 1
            empty = [0] * 23
            raw.execute(
                "INSERT INTO runs (key, id, owner, started, written, ended, why, pipeline, label,"
                " seed, epoch, seconds, events, tasks, passed, failed, unverified, errors,"
                " cancelled, candidates, calls, input_tokens, output_tokens, usd, unpriced_calls,"
                " call_seconds, cached_calls, cached_usd) VALUES (?, ?, '', ?, ?, ?, '', '', '',"
                " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (key, f"{number:06}-run", start, start, 0, *empty[:19]),
            )
            row = RunRow(key=key, owner="", started=start)
            recorder = StoreRecorder(writer, row, {}, lambda data: data)  # pyright: ignore
            recorder.record(
                RunStarted(
                    run=f"{number:06}-run",
                    started=start,
                    config={"version": 1},
                    distributions={},
                    seed=number,
                    label=f"label {number % 7}",
                    pipeline=f"pipelines/{number % 50}.yaml",
                )
            )
            for task in range(size):
                for event in of_a_task(f"{number}-{task}"):
                    recorder.record(event)
            if number % 10:
                recorder.record(RunEnded(why="all tasks done", spend=Spend(), seconds=1.0))
            writer.flush()
    engine.dispose()
    packed.cache_clear()


class Query(NamedTuple):
    name: str
    ask: Callable[[Store], object]


def queries(tasks: int) -> tuple[Query, ...]:
    """`tasks` are those of the large run."""
    middle = f"0-{tasks // 2}"
    return (
        Query("`lift runs`", lambda s: s.runs(limit=20)),
        Query("`lift runs --status pass`", lambda s: s.runs(status="pass", limit=20)),
        Query("`lift runs --state running`", lambda s: s.runs(state="running", limit=20)),
        Query("`lift runs --state broken-off`", lambda s: s.runs(state="broken off", limit=20)),
        Query("`lift runs --label X`", lambda s: s.runs(label="label 3", limit=20)),
        Query("`lift runs --pipeline X`", lambda s: s.runs(pipeline="7.yaml", limit=20)),
        Query("`lift runs --since X`", lambda s: s.runs(since="2026-06", limit=20)),
        Query("all runs", lambda s: s.runs(limit=None)),
        Query("`show`: the run by its id", lambda s: s.run("000000-run")),
        Query("`show`: by a beginning of it", lambda s: s.run("000500")),
        Query("`show`: its tasks", lambda s: s.tasks("000000-run", limit=51)),
        Query("its last tasks", lambda s: s.tasks("000000-run", limit=50, offset=tasks - 50)),
        Query("its tasks that failed", lambda s: s.tasks("000000-run", status="fail", limit=50)),
        Query(
            "`show`: its beginning", lambda s: next(s.events("000000-run", kinds=["run_started"]))
        ),
        Query(
            "`show --task`: the tree of a task in the middle",
            lambda s: list(s.events("000000-run", task=middle)),
        ),
        Query("the cache: 8 samples", lambda s: s.samples.get([f"{middle}/{i}" for i in range(8)])),
    )


def measure_queries(place: Path, tasks: int, repeats: int) -> dict[str, list[float]]:
    """Milliseconds, each time in a store opened anew; the first is with a cold page cache of
    SQLite's own (the system's is warm)."""
    found: dict[str, list[float]] = {}
    for _ in range(repeats):
        for query in queries(tasks):
            with Store.open(place) as store:
                began = time.perf_counter()
                answer = query.ask(store)
                found.setdefault(query.name, []).append((time.perf_counter() - began) * 1e3)
                empty = query.name in ("its tasks that failed", "`lift runs --state running`")
                assert answer or empty, query.name
    return found


# The report


def recording_lines(found: dict[str, list[float]]) -> Iterator[str]:
    nothing = found.pop("nothing")
    net = {
        name: [spent - base for spent, base in zip(each, nothing, strict=True)]
        for name, each in found.items()
    }
    floor = net["a bare commit per row"]
    yield "| | CPU a row | of a bare commit per row |"
    yield "|---|---|---|"
    for name, each in net.items():
        ratio = statistics.median(a / b for a, b in zip(each, floor, strict=True))
        spread = f"{min(each):.3f} to {max(each):.3f}"
        yield f"| {name} | {statistics.median(each):.3f} ms ({spread}) | {ratio:.2f} |"


def query_lines(found: dict[str, list[float]]) -> Iterator[str]:
    yield "| query | median | slowest |"
    yield "|---|---|---|"
    for name, each in found.items():
        yield f"| {name} | {statistics.median(each):.1f} ms | {max(each):.1f} ms |"


def lines(found: Iterator[str]) -> str:
    return "\n".join(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--candidates", type=int, default=1_000_000)
    parser.add_argument("--postgres", metavar="URL", help="an empty database")
    options = parser.parse_args()
    recording = measure_recording(options.repeats, options.postgres)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "large.db"
        build(place, options.candidates)
        size = place.stat().st_size
        asked = measure_queries(place, options.candidates // DRAWS // 2, options.repeats)
    command = f"python benchmarks/store.py --repeats {options.repeats}"
    if options.candidates != 1_000_000:
        command += f" --candidates {options.candidates}"
    if options.postgres:
        command += " --postgres URL"
    load = os.getloadavg()[0]
    text = f"""# The store

## Recording, {RATE:,} rows a second

A row is an event with all that belongs to it. To reach: at most {MOST_CPU_MS} ms CPU a row beyond
the same loop with nothing recorded.

{lines(recording_lines(recording))}

Medians of {options.repeats} interleaved repeats (and the range), {SECONDS} s each.

## Queries on {options.candidates:,} candidates

Half of them in one run, the rest in 1,000; {size / 1e9:.1f} GB. To reach: at most
{MOST_QUERY_MS} ms each. Each time the store is opened anew.

{lines(query_lines(asked))}

- {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, Linux {platform.machine()},
  {os.cpu_count()} cores, SQLite {sqlite3.sqlite_version}, SQLAlchemy {version("sqlalchemy")},
  pydantic {version("pydantic")}, lift-sys {version("lift-sys")}
- load average, this benchmark's own included: {load:.1f}
- `{command}`
"""
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
