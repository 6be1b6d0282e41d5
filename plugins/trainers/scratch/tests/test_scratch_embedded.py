"""What `lift-sys-embedded` computes with numpy is what torch computes."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: `.ci/heavy train` runs these")
pytest.importorskip("lift_sys_embedded", reason="lift-sys-embedded is not installed")

from lift_sys_embedded.drawing import TEXTS, Wanted
from lift_sys_embedded.drawing import draw as draw_embedded
from lift_sys_embedded.files import load
from lift_sys_embedded.network import Rows
from lift_sys_scratch.checkpoint import CHECKPOINT, Progress, network_of, save
from lift_sys_scratch.decoding import draw
from lift_sys_scratch.export import export, exported
from lift_sys_scratch.network import Network, sizes
from lift_sys_scratch.optimizer import Optimizers

from lift_sys.data.dialect import Vocabulary
from lift_sys.data.dialect.marks import MARKS


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As a training leaves it, of random numbers."""
    folder = tmp_path_factory.mktemp("trained")
    vocabulary = Vocabulary((*MARKS, *map(chr, range(97, 123))), ())
    vocabulary.save(folder / "vocabulary.json")
    (folder / "lessons.json").write_text("{}")
    torch.manual_seed(1)
    network = Network(sizes(len(vocabulary))["small"])
    for parameter in network.parameters():
        if parameter.ndim == 2:
            torch.nn.init.normal_(parameter, std=0.08)
        else:
            torch.nn.init.normal_(parameter, mean=1.0, std=0.2)
    save(folder / CHECKPOINT, network, Optimizers(network, muon=0.1, adam=0.1), Progress())
    return folder / CHECKPOINT


def whole(network: Network, tokens: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        return network.scores(network(torch.from_numpy(tokens))).numpy()


@pytest.mark.parametrize("form", ["float32", "int8"])
def test_its_scores_are_torchs(form: str, checkpoint: Path, tmp_path: Path):
    folder = export(checkpoint, form, tmp_path / form, {})
    network = load(folder).network
    tokens = np.random.default_rng(0).integers(3, network.vocabulary, (TEXTS, 50 + TEXTS))
    expected = whole(exported(folder), tokens)
    allowed = 1e-5 * np.abs(expected).max()
    trained = whole(network_of(checkpoint)[0], tokens)
    lost = np.abs(expected - trained).max() / np.abs(trained).max()
    assert lost == 0 if form == "float32" else 0 < lost < 0.1, "what one byte a number costs"
    rows = Rows(network, TEXTS, 50 + TEXTS)
    for row in range(TEXTS):
        read = network.read(tokens[row, : 20 + row])
        assert np.abs(read.scores - expected[row, 19 + row]).max() <= allowed
        rows.add(read)
    for step in range(30):
        places = 20 + step + np.arange(TEXTS)
        scores = network.step(rows, tokens[np.arange(TEXTS), places])
        assert np.abs(scores - expected[np.arange(TEXTS), places]).max() <= allowed


def test_it_draws_what_torch_draws(checkpoint: Path, tmp_path: Path):
    network = load(export(checkpoint, "float32", tmp_path, {})).network
    prompts = [(5, 9, 12), (30, 2, 8, 44, 17, 6)]
    wanted = [Wanted(prompt, frozenset({2}), 30) for prompt in prompts]
    mine = draw_embedded(network, wanted)
    theirs = draw(network_of(checkpoint)[0].eval(), prompts, [2], longest=30)
    assert [one.tokens for one in mine] == [one.tokens for one in theirs]
    for one, other in zip(mine, theirs, strict=True):
        assert sum(one.logprobs) == pytest.approx(other.logprob, abs=1e-3)
