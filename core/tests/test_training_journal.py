import csv
import json
from types import SimpleNamespace

import pytest

import lift_sys.training_journal as module
from lift_sys.errors import InputError
from lift_sys.training_journal import TrainingJournal, empty_figure


def test_what_is_told_after_the_checkpoint_or_cut_by_a_crash_is_forgotten(tmp_path):
    journal = TrainingJournal(tmp_path)
    assert journal.lines() == []
    told = [{"step": 1, "loss": 3.0}, {"step": 2, "loss": 2.0}, {"step": 2, "validation": 2.5}]
    for line in [*told, {"step": 3, "loss": 1.0}]:
        journal.tell(line)
    with (tmp_path / "log.jsonl").open("a") as file:
        file.write('{"step": 4, "lo')
    assert len(journal.lines()) == 4
    journal.forget_after(2)
    journal.tell({"step": 3, "note": "no column"})
    assert journal.lines() == [*told, {"step": 3, "note": "no column"}]
    journal.write_curves(["loss", "validation"])
    with (tmp_path / "curves.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["step", "loss", "validation"],
        ["1", "3.0", ""],
        ["2", "2.0", ""],
        ["2", "", "2.5"],
    ]


@pytest.mark.parametrize(
    "line", [b"\xff\xfe", b"[1]", b'{"loss": 1.0}', b'{"step": "1"}', b'{"step": Infinity}']
)
def test_what_is_no_line_of_it_is_told_with_its_place(tmp_path, line):
    journal = TrainingJournal(tmp_path)
    journal.tell({"step": 1, "loss": 3.0})
    with (tmp_path / "log.jsonl").open("ab") as file:
        file.write(line + b"\n")
    with pytest.raises(InputError, match=r"log\.jsonl:2: ") as told:
        journal.forget_after(1)
    assert told.value.remedy


def test_it_is_drawn_where_matplotlib_is_installed(tmp_path, monkeypatch):
    def figure(**stated):
        def save(path, dpi):
            path.write_text(json.dumps(stated))

        return SimpleNamespace(savefig=save)

    monkeypatch.setattr(module, "import_module", lambda name: SimpleNamespace(Figure=figure))
    TrainingJournal(tmp_path).save_figure(empty_figure(6, 4))
    assert json.loads((tmp_path / "curves.png").read_text())["figsize"] == [6, 4]

    def absent(name):
        raise ImportError(name)

    monkeypatch.setattr(module, "import_module", absent)
    assert empty_figure(6, 4) is None
