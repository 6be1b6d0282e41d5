"""Files of every form, and columns of every name."""

import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lift_sys_datasets.columns import DatasetsSource
from lift_sys_datasets.plugin import Columns, DatasetsOptions

from lift_sys.errors import InputError
from lift_sys.interfaces import Example, Suite

ROWS = [
    {
        "instruction": f"add {number}",
        "name": f"add_{number}",
        "shown": [f"add_{number}(0) == {number}"],
        "checks": json.dumps([{"args": [1], "expected": number + 1}]),
        "solution": f"def add_{number}(x): return x + {number}",
        "topic": "sums",
        "level": number,
    }
    for number in range(1, 4)
]
COLUMNS = Columns(
    request="instruction",
    id="name",
    function="name",
    examples="shown",
    tests="checks",
    reference="solution",
    category="topic",
    difficulty="level",
)


def write(path, rows=ROWS):
    text = "".join(json.dumps(row) + "\n" for row in rows).encode()
    table = pa.Table.from_pylist(rows) if path.suffix in (".parquet", ".arrow") else None
    if path.suffix == ".parquet":
        pq.write_table(table, path, row_group_size=2)
    elif path.suffix == ".arrow":
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, table.schema) as stream:
            stream.write_table(table)
    elif path.name.endswith(".jsonl"):
        path.write_bytes(text)
    elif path.name.endswith(".jsonl.gz"):
        path.write_bytes(gzip.compress(text))
    elif path.name.endswith(".json.gz"):
        path.write_bytes(gzip.compress(json.dumps(rows).encode()))
    else:
        path.write_text(json.dumps(rows))
    return path


def source(path, columns=COLUMNS, **options):
    return DatasetsSource(DatasetsOptions(path=path, columns=columns, **options))


FORMS = ("t.jsonl", "t.json", "t.jsonl.gz", "t.json.gz", "t.parquet", "t.arrow")


@pytest.mark.parametrize("name", FORMS)
def test_every_form_says_the_same(name, tmp_path):
    made = source(write(tmp_path / name))
    tasks = list(made.tasks())
    assert [task.id for task in tasks] == ["add_1", "add_2", "add_3"]
    assert tasks[1].request == "add 2"
    assert tasks[1].examples == (Example(args=(0,), expected=2),)
    assert (tasks[1].name, tasks[1].category, tasks[1].difficulty) == ("add_2", "sums", "2")
    hidden = made.hidden(["add_3", "add_9"])
    assert set(hidden) == {"add_3"}
    assert hidden["add_3"].tests == (Example(args=(1,), expected=4),)
    assert hidden["add_3"].reference.name == "add_3"
    assert made.suite == Suite(name="t")


def test_a_folder_as_datasets_saves_it(tmp_path):
    for split in ("train", "test"):
        (tmp_path / split).mkdir()
        (tmp_path / split / "dataset_info.json").write_text("{}")
    write(tmp_path / "test" / "test-00000-of-00002.arrow", ROWS[:2])
    write(tmp_path / "test" / "test-00001-of-00002.arrow", ROWS[2:])
    write(tmp_path / "train" / "train-00000-of-00001.parquet", ROWS[:1])
    tests = source(tmp_path, split="test", name="sums", version="2")
    assert [task.id for task in tests.tasks()] == ["add_1", "add_2", "add_3"]
    assert tests.suite == Suite(name="sums", version="2")
    assert len(list(source(tmp_path, split="train").tasks())) == 1
    with pytest.raises(InputError, match="no dataset file whose name begins with 'dev'"):
        list(source(tmp_path, split="dev").tasks())


def test_rows_are_numbered_where_no_column_names_them(tmp_path):
    columns = Columns(request="instruction", part="topic", program="solution")
    made = source(write(tmp_path / "t.jsonl"), columns)
    tasks = list(made.tasks())
    assert [task.id for task in tasks] == ["1", "2", "3"]
    assert tasks[0].metadata == {"part": "sums"}
    assert made.hidden(["2"])["2"].program == ROWS[1]["solution"]
    assert source(tmp_path / "t.jsonl", Columns(request="instruction")).hidden(["1"]) == {}


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"request": "prompt"}, "there is no column prompt"),
        ({"tests": "missing"}, r"there is no column 'missing' \(columns.tests\)"),
        ({"tests": "level"}, "its tests are no list"),
        ({"tests": "topic"}, "neither a list nor the JSON of one"),
        ({"request": "level"}, "level is a int, not a text"),
        ({"function": None}, "nothing says what its function is called"),
    ],
)
def test_columns_that_do_not_fit(columns, told, tmp_path):
    made = source(write(tmp_path / "t.jsonl"), COLUMNS.model_copy(update=columns))
    with pytest.raises(InputError, match=told):
        made.hidden([task.id for task in made.tasks()])


@pytest.mark.parametrize("example", ["add_1(0) + 1", {"arg": [1]}, 5])
def test_examples_that_are_none(example, tmp_path):
    made = source(write(tmp_path / "t.jsonl", [{**ROWS[0], "shown": [example]}]))
    with pytest.raises(InputError, match=r"t\.jsonl, row 1: the example "):
        list(made.tasks())


@pytest.mark.parametrize("name", FORMS)
def test_a_file_that_was_cut_off(name, tmp_path):
    path = write(tmp_path / name)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 3 // 5])
    with pytest.raises(InputError, match=r"cut off|fetch it again"):
        list(source(path).tasks())


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("t.jsonl", b"", "holds no task"),
        ("t.json", b"{}", "is no list of objects"),
        ("t.jsonl", b"[1]\n", "not an object"),
        ("t.csv", b"a,b\n", "of no form that can be read"),
        ("t.parquet", b"nonsense", "fetch it again"),
    ],
)
def test_files_that_are_none(name, data, told, tmp_path):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError, match=told):
        list(source(path).tasks())


def test_no_file(tmp_path):
    with pytest.raises(InputError, match="cannot read"):
        list(source(tmp_path / "none.jsonl").tasks())
    with pytest.raises(InputError, match="holds no dataset file"):
        list(source(tmp_path).tasks())
