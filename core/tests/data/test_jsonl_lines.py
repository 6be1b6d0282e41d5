import pytest

from lift_sys.data import jsonl
from lift_sys.data.jsonl import json_lines
from lift_sys.errors import InputError
from lift_sys.ir import Frozen


class Point(Frozen):
    x: int
    y: int


def test_lines_are_numbered_as_an_editor_does(tmp_path):
    path = tmp_path / "points.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"x": 1, "y": 2}\r\n\n  \n{"x": 3, "y": 4}')
    lines = list(json_lines(path))
    assert [(line.number, line.ended) for line in lines] == [(1, True), (4, False)]
    assert [line.read(Point) for line in lines] == [Point(x=1, y=2), Point(x=3, y=4)]


def test_a_line_without_an_end_stops_before_memory_does(tmp_path, monkeypatch):
    monkeypatch.setattr(jsonl, "MAX_LINE_BYTES", 100)
    path = tmp_path / "long.jsonl"
    path.write_bytes(b"{}\n" + b"x" * 1000)
    lines = json_lines(path)
    assert next(lines).number == 1
    with pytest.raises(InputError, match=r"long\.jsonl:2: longer than 100 bytes"):
        next(lines)


def test_a_line_with_many_mistakes_names_the_first(tmp_path):
    class Many(Frozen):
        a: int
        b: int
        c: int
        d: int
        e: int

    path = tmp_path / "many.jsonl"
    path.write_text('{"a": "secret"}\n')
    (line,) = json_lines(path)
    with pytest.raises(InputError) as caught:
        line.read(Many)
    assert "many.jsonl:1: a: " in caught.value.cause
    assert "and 2 more" in caught.value.cause
    assert "secret" not in caught.value.cause
    assert caught.value.remedy


def test_what_cannot_be_read_is_told(tmp_path):
    for path in (tmp_path, tmp_path / "none.jsonl"):
        with pytest.raises(InputError, match="cannot read") as caught:
            list(json_lines(path))
        assert str(path) in caught.value.cause
        assert caught.value.remedy
