import itertools

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: `.ci/heavy train` runs these")

from lift_sys_scratch.decoding import draw
from lift_sys_scratch.network import Network, Shape
from lift_sys_scratch.optimizer import Optimizers, orthogonal, rate_at

SHAPE = Shape(vocabulary=40, width=16, layers=2, heads=2, hidden=24, context=64)


@pytest.fixture
def network() -> Network:
    torch.manual_seed(3)
    network = Network(SHAPE)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.4)
    return network


def test_its_gradients_are_those_of_finite_differences(network: Network):
    network.double()
    for name in ("cos", "sin"):
        network.register_buffer(name, network.get_buffer(name).double(), persistent=False)
    tokens = torch.randint(1, 40, (2, 9))
    counts = torch.rand(2, 9) < 0.6
    network.loss(tokens, counts).backward()
    dice = np.random.default_rng(0)
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None, name
        flat, gradient = parameter.data.view(-1), parameter.grad.view(-1)
        for place in dice.choice(len(flat), size=4, replace=False).tolist():
            step, kept = 1e-6, float(flat[place])
            values: list[float] = []
            for sign in (1, -1):
                flat[place] = kept + sign * step
                values.append(float(network.loss(tokens, counts).detach()))
            flat[place] = kept
            numeric = (values[0] - values[1]) / (2 * step)
            assert float(gradient[place]) == pytest.approx(numeric, rel=1e-4, abs=1e-7), name


def test_only_what_counts_is_learnt(network: Network):
    tokens = torch.randint(1, 40, (1, 8))
    counts = torch.zeros(1, 8, dtype=torch.bool)
    counts[0, 3] = True
    loss = network.loss(tokens, counts).detach()
    after = tokens.clone()
    after[0, 5:] = 7
    assert float(loss) == pytest.approx(float(network.loss(after, counts).detach()))
    wanted = torch.log_softmax(network.scores(network(tokens[:, :3]))[0, 2], dim=-1).detach()
    assert float(loss) == pytest.approx(-float(wanted[tokens[0, 3]]), rel=1e-5)


def naive(network: Network, prompt: list[int], stop: int, longest: int) -> list[int]:
    found: list[int] = []
    for _ in range(longest):
        scores = network.scores(network(torch.tensor([prompt + found])))[0, -1]
        token = int(scores.argmax())
        if token == stop:
            break
        found.append(token)
    return found


def test_drawing_with_memory_gives_what_reading_all_anew_gives(network: Network):
    prompts = [[5, 6, 7, 8, 9], [4], [30, 2, 31], [9, 9, 9, 9, 9, 9, 9]]
    drawn = draw(network, prompts, [1], longest=12)
    for prompt, one in zip(prompts, drawn, strict=True):
        assert list(one.tokens) == naive(network, prompt, 1, 12)


def test_draws_repeat_with_the_seed_and_differ_without(network: Network):
    def drawn(seed: int) -> list[tuple[int, ...]]:
        found = draw(network, [[5, 6]] * 6, [1], longest=8, temperature=1.0, seed=seed)
        return [one.tokens for one in found]

    assert drawn(4) == drawn(4)
    assert drawn(4) != drawn(5)
    assert len(set(drawn(4))) > 1


def test_a_log_probability_is_that_of_the_tokens(network: Network):
    (one,) = draw(network, [[5, 6]], [1], longest=6, temperature=0.8, seed=2)
    tokens = [5, 6, *one.tokens, *([1] if one.ended else [])]
    scores = network.scores(network(torch.tensor([tokens])))[0].detach()
    known = torch.log_softmax(scores, dim=-1)
    told = sum(float(known[place, tokens[place + 1]]) for place in range(1, len(tokens) - 1))
    assert one.logprob == pytest.approx(told, rel=1e-4)


@pytest.mark.parametrize("shape", [(6, 20), (20, 6), (9, 9)])
def test_muon_makes_a_matrix_nearly_orthogonal(shape: tuple[int, int]):
    torch.manual_seed(0)
    values = torch.linalg.svdvals(orthogonal(torch.randn(shape)))
    assert 0.5 < float(values.min()) <= float(values.max()) < 1.4


def test_the_optimizers_learn_a_pattern():
    torch.manual_seed(0)
    network = Network(SHAPE)
    optimizers = Optimizers(network, muon=0.02, adam=0.01)
    tokens = torch.tensor([[3, 4, 5, 6] * 5])
    counts = torch.ones_like(tokens, dtype=torch.bool)
    losses: list[float] = []
    for _ in range(40):
        loss = network.loss(tokens, counts)
        loss.backward()
        optimizers.step(1.0)
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.8 < 2 < losses[0]


def test_the_rate_goes_up_stays_and_falls_to_nothing():
    rates = [rate_at(step, 100, 10, 0.4) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert rates[9:60] == [1.0] * 51
    falling = rates[60:]
    assert all(later < earlier for earlier, later in itertools.pairwise(falling))
    assert falling[-1] == pytest.approx(1 / 40)
