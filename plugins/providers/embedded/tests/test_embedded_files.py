import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from lift_sys_embedded.drawing import Wanted, draw
from lift_sys_embedded.files import CARD, MODELS, VOCABULARY, WEIGHTS, load, name_of
from tiny_model import digests, write_model

from lift_sys.errors import UnusableModel

SHIPPED = ("base", "small")


def spoilt(tiny: Path, tmp_path: Path, name: str, content: bytes, *, told: bool = False) -> Path:
    folder = tmp_path / "spoilt"
    shutil.copytree(tiny, folder)
    (folder / name).write_bytes(content)
    if told:
        card = json.loads((folder / CARD).read_text())
        (folder / CARD).write_text(json.dumps({**card, "files": digests(folder)}))
    return folder


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_shipped_loads_and_says_where_it_ends(name: str):
    model = load(MODELS / name)
    assert model.domain is not None, "measure it: benchmarks/embedded_model/calibrate.py"
    assert len(model.vocabulary) == model.network.vocabulary
    card = json.loads((MODELS / name / CARD).read_text())
    assert card["domain"]["measured"]["taught, refused"]


def test_what_is_shipped_is_small():
    size = sum(path.stat().st_size for path in MODELS.rglob("*") if path.is_file())
    assert size < 15e6


@pytest.mark.parametrize("name", [WEIGHTS, VOCABULARY])
def test_a_file_that_is_cut_off_is_told(name: str, tiny: Path, tmp_path: Path):
    whole = (tiny / name).read_bytes()
    with pytest.raises(UnusableModel, match="not the file that its card describes"):
        load(spoilt(tiny, tmp_path, name, whole[: len(whole) // 2]))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (WEIGHTS, b"PK\x03\x04 and nothing more"),
        (WEIGHTS, b""),
        (VOCABULARY, b"{}"),
        (VOCABULARY, b"\xff\xfe"),
    ],
)
def test_a_file_that_was_never_whole_is_told(name: str, content: bytes, tiny: Path, tmp_path: Path):
    with pytest.raises(UnusableModel, match="cannot be read"):
        load(spoilt(tiny, tmp_path, name, content, told=True))


@pytest.mark.parametrize("card", [b"{", b"[]", b"{}", b'{"files": {"weights.npz": "0"}}'])
def test_a_card_that_is_none_is_told(card: bytes, tiny: Path, tmp_path: Path):
    with pytest.raises(UnusableModel, match="no model"):
        load(spoilt(tiny, tmp_path, CARD, card))


def test_a_missing_folder_is_told(tmp_path: Path):
    with pytest.raises(UnusableModel, match="there is no model in"):
        load(tmp_path / "nowhere")


def test_other_weights_are_another_model(tiny: Path, tmp_path: Path):
    other = write_model(tmp_path / "tiny", spread=0.4)
    assert name_of(other) != name_of(tiny)
    assert name_of(other).startswith("embedded-tiny-")


def test_numbers_of_one_byte_are_multiplied_out(tiny: Path, tmp_path: Path):
    with np.load(tiny / WEIGHTS) as arrays:
        weights = dict(arrays.items())
    packed = {}
    for name, array in weights.items():
        if array.ndim == 2 and not name.endswith("near"):
            scale = np.abs(array).max(axis=1) / 127
            packed[name] = np.round(array / scale[:, None]).astype(np.int8)
            packed[f"{name}.scale"] = scale.astype(np.float32)
        else:
            packed[name] = array
    folder = tmp_path / "packed"
    shutil.copytree(tiny, folder)
    np.savez(folder / WEIGHTS, **packed)
    card = json.loads((folder / CARD).read_text())
    (folder / CARD).write_text(json.dumps({**card, "files": digests(folder)}))
    prompt = list(range(5, 30))
    exact, near = (load(one).network.read(prompt).scores for one in (tiny, folder))
    assert 0 < np.abs(exact - near).max() < 0.1 * np.abs(exact).max()


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_fork_draws_the_same(tiny: Path):
    network = load(tiny).network
    wanted = [Wanted((4, 5, 6), frozenset(), 20, 0.8, seed=3)]
    here = draw(network, wanted)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, b"same" if draw(network, wanted) == here else b"else")
        os._exit(0)
    assert os.read(reading, 4) == b"same"
    os.waitpid(child, 0)
    os.close(reading)
    os.close(writing)
