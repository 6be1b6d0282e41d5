"""What a database may do to a run: clear errors, nothing damaged, and it can be taken up again."""

import ctypes
import itertools
import os
import resource
import shutil
import signal
import sqlite3
import tempfile
import threading
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from killed import fork, told
from stored_events import drawn, ended, whole_run
from test_store_events import keep, kept

from lift_sys.errors import RecordError
from lift_sys.interfaces import Noted
from lift_sys.store import Store
from lift_sys.store.engines import make_engine, writing
from lift_sys.store.places import find_place
from lift_sys.store.statements import TASKS
from lift_sys.store.writer import WINDOW_ROWS, Entry, Writer


@contextmanager
def size_limit(folder: Path, size: int):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@contextmanager
def small_disk(folder: Path, size: int):
    """A file system of its own, given more room at the end."""
    libc = ctypes.CDLL(None, use_errno=True)

    def mount(flags: int, room: int) -> None:
        options = f"size={room}".encode()
        if libc.mount(b"lift", str(folder).encode(), b"tmpfs", flags, options):
            pytest.skip(f"no file system may be mounted here: {os.strerror(ctypes.get_errno())}")

    mount(0, size)
    try:
        yield
    finally:
        mount(32, 100 * size)  # MS_REMOUNT


def record_all(store: Store, run: str, count: int) -> int:
    """How many were taken before it failed."""
    recorder = store.recorder(run)
    taken = 0

    def go_on() -> None:
        nonlocal taken
        for event in itertools.islice(told(run), count):
            recorder.record(event)
            taken += 1

    with pytest.raises(RecordError, match=r"cannot go on writing") as caught:
        go_on()
    for again in (recorder.close, lambda: recorder.record(Noted(message="after"))):
        with pytest.raises(RecordError, match=r"cannot go on writing"):
            again()
    remedy = caught.value.remedy
    assert "make room" in remedy or "look at the disk" in remedy
    assert "lift runs resume" in remedy
    return taken


@pytest.mark.parametrize("limited", [size_limit, small_disk])
def test_a_full_disk_ends_the_run_and_keeps_what_was_committed(limited, tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        with limited(folder, 2**20), Store.open(folder / "s.db") as store:
            taken = record_all(store, "r", 20_000)
        assert WINDOW_ROWS < taken < 20_000
        with Store.open(folder / "s.db") as store:
            found = kept(store, "r")
            assert found == list(itertools.islice(told("r"), len(found)))
            assert 0 <= taken - len(found) <= WINDOW_ROWS
            recorder = store.recorder("r", resume=True)
            recorder.record(ended())
            recorder.close()
            assert kept(store, "r") == [*found, ended()]
    finally:
        ctypes.CDLL(None).umount2(str(folder).encode(), 2)


@pytest.fixture
def open_folder():
    """That other users may enter."""
    folder = Path(tempfile.mkdtemp(prefix="lift-store-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def without_rights(work) -> None:
    """In a process that may not write everywhere, as root may."""

    def run() -> None:
        if os.getuid() == 0:
            os.setuid(65534)
        work()
        os._exit(0)

    assert os.waitpid(fork(run), 0)[1] == 0


def test_a_store_that_may_not_be_written_is_read_all_the_same(open_folder):
    place = open_folder / "s.db"
    with Store.open(place) as store:
        keep(store, "r", whole_run())
    place.chmod(0o444)
    open_folder.chmod(0o555)

    def work() -> None:
        with Store.open(place) as store:
            assert kept(store, "r") == whole_run()
            with pytest.raises(RecordError, match=r"readonly.*: make the file and its folder writ"):
                store.recorder("s")
            with pytest.raises(RecordError, match="make the file and its folder writable"):
                store.prune(keep=0)
        with pytest.raises(RecordError, match=r"cannot make the store|unable to open"):
            Store.open(open_folder / "new" / "s.db")
        with pytest.raises(RecordError, match="set `record:` to a file in a folder you may write"):
            Store.open(open_folder / "new.db")

    without_rights(work)


def test_a_store_that_another_user_writes_is_read_meanwhile(open_folder):
    place = open_folder / "s.db"
    with Store.open(place) as store:
        recorder = store.recorder("r")
        for event in whole_run():
            recorder.record(event)
        recorder.flush()
        for file in open_folder.iterdir():
            file.chmod(0o644)

        def work() -> None:
            with Store.open(place) as mine:
                assert kept(mine, "r") == whole_run()

        without_rights(work)


@pytest.mark.parametrize("left", [0, 100, 5_000, 60_000])
def test_a_database_that_was_cut_off_is_told_as_that(tmp_path, left):
    place = tmp_path / "s.db"
    with Store.open(place) as store:
        keep(store, "r", list(itertools.islice(told("r"), 800)))
    os.truncate(place, left)
    if left == 0:  # an empty file is an empty store
        with Store.open(place) as store:
            assert store.runs() == []
        return
    with pytest.raises(RecordError) as caught, Store.open(place) as store:
        kept(store, "r")
    assert "damaged" in caught.value.remedy
    assert "Traceback" not in str(caught.value)


def test_whoever_records_waits_where_the_window_is_full(tmp_path):
    place = tmp_path / "s.db"
    with Store.open(place) as store, closing(sqlite3.connect(place)) as other:
        recorder = store.recorder("r")
        other.execute("BEGIN IMMEDIATE")
        taken: list[int] = []

        def work() -> None:
            for i in range(WINDOW_ROWS + 10):
                recorder.record(Noted(message=str(i)))
                taken.append(i)

        thread = threading.Thread(target=work)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
        assert len(taken) <= WINDOW_ROWS
        other.rollback()
        thread.join()
        recorder.close()
        assert len(kept(store, "r")) == WINDOW_ROWS + 10


def test_a_store_that_somebody_else_holds_for_good_is_told_as_that(tmp_path, monkeypatch):
    monkeypatch.setattr("lift_sys.store.engines.BUSY_SECONDS", 0.05)
    place = tmp_path / "s.db"
    with Store.open(place) as store, closing(sqlite3.connect(place)) as other:
        recorder = store.recorder("r")
        other.execute("BEGIN IMMEDIATE")
        recorder.record(Noted(message="a"))
        with pytest.raises(RecordError, match=r"database is locked: another process holds"):
            recorder.close()
        other.rollback()
    with Store.open(place) as store:
        keep(store, "s", whole_run("s"))


def test_postgresql_stopped_and_started_in_the_middle(postgres):
    place = postgres.new_database()
    events = list(itertools.islice(told("r"), 400))
    with Store.open(place) as store:
        recorder = store.recorder("r")
        for event in events[:200]:
            recorder.record(event)
        for rough in (True, False):
            postgres.stop(rough=rough)
            starting = threading.Timer(0.5, postgres.start)
            starting.start()
            some = events[200:300] if rough else events[300:]
            for event in some:
                recorder.record(event)
            starting.join()
        recorder.close()
        assert kept(store, "r") == events
        assert [each.seq for each in store.events("r")] == list(range(1, 401))


def test_postgresql_that_stays_away_ends_the_run(postgres):
    place = postgres.new_database()
    Store.open(place).close()
    slept: list[float] = []
    writer = Writer(
        writing(make_engine(find_place(place))), place, patience=0.5, sleep=slept.append
    )
    postgres.stop()
    try:
        row = (1, 1, "t", *[""] * 4, "", "", *[0] * 9)
        writer.put(lambda: Entry([(TASKS, row)]))
        with pytest.raises(RecordError, match=r"see that the database answers, then `lift runs r"):
            writer.flush()
        assert slept[:2] == [0.1, 0.2], "it was tried again, with pauses that grow"
        with pytest.raises(RecordError):
            writer.put(lambda: Entry([]))
    finally:
        postgres.start()
        writer.close()


def test_a_commit_that_nobody_confirmed_is_counted_once(postgres, monkeypatch):
    """The connection breaks after the commit reached the database."""
    import psycopg

    lost: list[str] = []
    commit = psycopg.Connection.commit

    def lose(connection) -> None:
        commit(connection)
        if threading.current_thread().name == "lift-store" and len(lost) < 2:
            lost.append("one")
            connection.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

    place = postgres.new_database()
    with Store.open(place) as store:
        recorder = store.recorder("r")
        monkeypatch.setattr(psycopg.Connection, "commit", lose)
        events = whole_run("r", 30)
        for event in events:
            recorder.record(event)
        recorder.close()
        assert len(lost) == 2
        assert kept(store, "r") == events
        assert store.run("r").spend.calls == 60
        assert store.samples.get(["t3/c1-0"])["t3/c1-0"].completion.text


def test_an_event_that_is_no_data_ends_the_run_by_name(tmp_path):
    with Store.open(tmp_path / "s.db") as store:
        recorder = store.recorder("r")
        recorder.record(Noted(message="before"))
        recorder.flush()
        recorder.record(drawn("c", value=object()))
        with pytest.raises(RecordError, match=r"Unable to serialize|not JSON serializable"):
            recorder.close()
        assert kept(store, "r") == [Noted(message="before")]


def test_a_cache_that_cannot_be_read_says_so_and_is_read_again_once_it_can(tmp_path):
    place = tmp_path / "s.db"
    with Store.open(place) as store, closing(sqlite3.connect(place)) as other:
        keep(store, "r", whole_run("r", 1))
        (key,) = other.execute('SELECT min("key") FROM samples').fetchone()
        assert key in store.samples.get([key])
        other.execute("ALTER TABLE samples RENAME TO lost")
        with pytest.raises(RecordError, match=f"cannot read the store {place}.*samples"):
            store.samples.get([key])
        other.execute("ALTER TABLE lost RENAME TO samples")
        assert key in store.samples.get([key])
