"""Files: what cannot be read, and how files lie over one another."""

from pathlib import Path

import pytest

from lift_sys.errors import ConfigError, Mistake
from lift_sys.pipeline.extends import MAX_BYTES, read


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(path: Path) -> tuple[Mistake, ...]:
    with pytest.raises(ConfigError) as caught:
        read(path)
    return caught.value.mistakes


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"# only a comment\n", "is empty"),
        (b"- a\n- b\n", "not a mapping"),
        (b"just text", "not a mapping"),
        (b"\xff\xfea\x00", "not UTF-8"),
        (b"\x7fELF\x02\x01\x01\x00", "control characters"),
        (b"a: \xe9", "not UTF-8"),
    ],
)
def test_a_file_of_something_else(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(content)
    (mistake,) = mistakes(path)
    assert words in mistake.cause
    assert mistake.file == str(path)


def test_a_byte_order_mark_is_no_matter(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(b"\xef\xbb\xbfversion: 1\n")
    assert read(path).tree.plain() == {"version": 1}


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    assert "does not exist" in mistakes(tmp_path / "no.yaml")[0].cause
    assert "is a folder" in mistakes(tmp_path)[0].cause
    assert "cannot be read" in mistakes(Path("nul\0byte.yaml"))[0].cause


def test_a_file_of_10_mb_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "p.yaml", "a: 1\n" * 2_000_000)
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("it was opened"))
    (mistake,) = mistakes(path)
    assert "larger than 1 MiB" in mistake.cause


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs an endless file")
def test_what_never_ends_is_read_no_further_than_the_limit() -> None:
    (mistake,) = mistakes(Path("/dev/zero"))
    assert f"larger than {MAX_BYTES // 2**20} MiB" in mistake.cause


def test_maps_merge_and_lists_replace_in_the_order_of_the_bases(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", "budget: {usd: 1, calls: 1}\nobservers: [a]\nseed: 1")
    write(tmp_path / "b.yaml", "budget: {usd: 2}\nseed: 2")
    main = write(tmp_path / "m.yaml", "extends: [a.yaml, b.yaml]\nobservers: [m]")
    document = read(main)
    assert document.tree.plain() == {
        "budget": {"usd": 2, "calls": 1},
        "observers": ["m"],
        "seed": 2,
    }
    assert document.files == (main, tmp_path / "a.yaml", tmp_path / "b.yaml")


def test_places_are_those_of_the_file_that_states(tmp_path: Path) -> None:
    base = write(tmp_path / "deep/base.yaml", "x: {a: 1,\n b: 2}")
    main = write(tmp_path / "m.yaml", "extends: deep/base.yaml\nx:\n  a: 3")
    tree = read(main).tree
    below, above = tree.nearest(("x", "b")).place, tree.nearest(("x", "a")).place
    assert (below.file, below.line, below.base) == (str(base), 2, base.parent)
    assert (above.file, above.line, above.base) == (str(main), 3, tmp_path)


def test_a_base_of_two_bases_is_read_once(tmp_path: Path) -> None:
    write(tmp_path / "root.yaml", "a: 1")
    names = ["root.yaml"]
    for level in range(40):  # 2**40 readings, were they not shared
        text = f"extends: [{names[-1]}, {names[-1]}]\nb{level}: 1"
        names.append(write(tmp_path / f"l{level}.yaml", text).name)
    assert len(read(tmp_path / names[-1]).files) == 41


def test_a_file_that_extends_itself(tmp_path: Path) -> None:
    main = write(tmp_path / "m.yaml", "version: 1\nextends: ./m.yaml")
    (mistake,) = mistakes(main)
    assert "extends itself" in mistake.cause
    assert (mistake.file, mistake.line, mistake.path) == (str(main), 2, "extends")


def test_a_circle_is_shown_as_a_chain(tmp_path: Path) -> None:
    a = write(tmp_path / "a.yaml", "extends: sub/b.yaml")
    b = write(tmp_path / "sub/b.yaml", "x: 1\nextends: ../c.yaml")
    c = write(tmp_path / "c.yaml", "extends: a.yaml")
    (mistake,) = mistakes(a)
    assert f"{a} -> {b} -> {b.parent / '../c.yaml'} -> " in mistake.cause
    assert mistake.cause.endswith("a.yaml")
    assert Path(mistake.file).resolve() == c


def test_too_long_a_chain(tmp_path: Path) -> None:
    for level in range(60):
        write(tmp_path / f"{level}.yaml", f"extends: {level + 1}.yaml")
    (mistake,) = mistakes(tmp_path / "0.yaml")
    assert "more than 50 files" in mistake.cause


def test_mistakes_of_all_bases_come_at_once(tmp_path: Path) -> None:
    write(tmp_path / "bad.yaml", "a: 1\na: 2")
    main = write(tmp_path / "m.yaml", "extends:\n  - bad.yaml\n  - gone.yaml\n  - 5\n  - ''")
    found = [(Path(m.file).name, m.line) for m in mistakes(main)]
    assert found == [("bad.yaml", 2), ("m.yaml", 3), ("m.yaml", 4), ("m.yaml", 5)]
