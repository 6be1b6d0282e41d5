import math
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from lift_sys_embedded.drawing import TEXTS, Cancelled, Wanted, draw
from lift_sys_embedded.files import load
from lift_sys_embedded.network import Network, Rows

PROMPTS = [tuple(range(3, 3 + length)) for length in (5, 33, 70, 31)]


@pytest.fixture(scope="module")
def network(tiny: Path) -> Network:
    return load(tiny).network


def wanted(prompt: int = 0, index: int = 0, **settings) -> Wanted:
    settings = {"stops": frozenset({2}), "longest": 40, "temperature": 0.9, "seed": 4, **settings}
    return Wanted(prompt=PROMPTS[prompt], index=index, **settings)


def test_stepping_gives_what_reading_the_whole_gives(network: Network):
    rows = Rows(network, TEXTS, 80)
    texts = [[*PROMPTS[row % 3], *range(50, 60)] for row in range(TEXTS)]
    starts = [len(PROMPTS[row % 3]) for row in range(TEXTS)]
    for row, text in enumerate(texts):
        rows.add(network.read(text[: starts[row]]))
    for step in range(10):
        tokens = np.array([text[start + step] for text, start in zip(texts, starts, strict=True)])
        scores = network.step(rows, tokens)
        for row, text in enumerate(texts):
            whole = network.read(text[: starts[row] + step + 1]).scores
            assert np.allclose(scores[row], whole, atol=1e-4)


def test_a_sample_is_the_same_to_the_last_bit_whatever_it_is_drawn_with(network: Network):
    alone = [draw(network, [wanted(prompt, index)])[0] for prompt in range(4) for index in (0, 7)]
    # More than grow at the same time: rows end at different times and are taken by others.
    order = [(prompt, index) for prompt in (3, 1, 0, 2) for index in (7, 3, 0, 1, 2, *range(9, 15))]
    assert len(order) > TEXTS
    together = dict(zip(order, draw(network, [wanted(*each) for each in order]), strict=True))
    expected = {(prompt, index): None for prompt in range(4) for index in (0, 7)}
    assert [together[each] for each in expected] == alone
    assert len({one.tokens for one in together.values()}) > 20, "they are different samples"


def test_what_texts_have_in_common_is_computed_once(
    network: Network, monkeypatch: pytest.MonkeyPatch
):
    stepped: list[int] = []
    step = Network.step

    def counting(self: Network, rows: Rows, tokens: np.ndarray):
        stepped.append(len(tokens))
        return step(self, rows, tokens)

    monkeypatch.setattr(Network, "step", counting)
    greedy = draw(network, [wanted(index=index, temperature=0.0) for index in range(8)])
    assert len(set(greedy)) == 1
    assert set(stepped) == {1}
    likely = [wanted(index=index, temperature=0.2) for index in range(8)]
    alone = [draw(network, [one])[0] for one in likely]
    stepped.clear()
    assert draw(network, likely) == alone
    distinct = {one.tokens for one in alone}
    beginnings = {one.tokens[:end] for one in alone for end in range(1, len(one.tokens) + 1)}
    longest = max(len(one.tokens) for one in alone)
    assert len(distinct) > 1
    assert sum(stepped) <= len(beginnings) < 8 * longest
    assert max(stepped) <= len(distinct)


def test_seeds_tell_draws_apart_and_repeat(network: Network):
    first = draw(network, [wanted(seed=1)])
    assert draw(network, [wanted(seed=1)]) == first
    assert draw(network, [wanted(seed=2)]) != first
    greedy = [wanted(seed=seed, temperature=0.0) for seed in (1, 2)]
    assert len(set(draw(network, greedy))) == 1


def test_log_probabilities_are_those_of_the_tokens_at_temperature_one(network: Network):
    for temperature in (0.0, 0.6, 1.5):
        (drawn,) = draw(network, [wanted(temperature=temperature, longest=12)])
        tokens = [*drawn.tokens, *([2] if drawn.ended else [])]
        for place, (token, told) in enumerate(zip(tokens, drawn.logprobs, strict=True)):
            scores = network.read([*PROMPTS[0], *tokens[:place]]).scores.astype(float)
            total = math.log(np.exp(scores - scores.max()).sum()) + scores.max()
            assert told == pytest.approx(scores[token] - total, abs=1e-3)


def test_draws_follow_the_shares_of_the_scores(network: Network):
    scores = network.read(PROMPTS[0]).scores.astype(float) / 0.7
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    many = [wanted(index=index, longest=1, temperature=0.7) for index in range(1200)]
    tokens = [(one.tokens or (2,))[0] for one in draw(network, many)]
    counts = np.bincount(tokens, minlength=len(shares)) / len(tokens)
    assert np.abs(counts - shares).max() < 4 * math.sqrt(shares.max() / len(tokens))
    likely = [replace(one, top_p=0.3) for one in many]
    kept = {(one.tokens or (2,))[0] for one in draw(network, likely)}
    order = np.argsort(-shares)
    enough = int(np.searchsorted(np.cumsum(shares[order]), 0.3)) + 1
    assert kept <= set(order[:enough].tolist())


def test_what_is_forbidden_leaves_its_share_to_the_rest(network: Network):
    scores = network.read(PROMPTS[0]).scores.astype(float)
    likely = np.argsort(-scores)
    forbidden = tuple(likely[:20].tolist())
    many = [wanted(index=i, longest=1, temperature=1.0, forbidden=forbidden) for i in range(200)]
    drawn = draw(network, many)
    assert not set(forbidden) & {token for one in drawn for token in one.tokens}
    total = np.log(np.exp(scores[likely[20:]]).sum())
    for one in drawn[:20]:
        token = (*one.tokens, 2)[0]
        assert one.logprobs[0] == pytest.approx(scores[token] - total, abs=1e-4)
    greedy = draw(network, [wanted(longest=1, temperature=0.0, forbidden=forbidden)])
    assert greedy[0].tokens == (int(likely[20]),)


def test_a_text_ends_at_its_stop_or_at_its_length(network: Network):
    (free,) = draw(network, [wanted(longest=20, stops=frozenset())])
    assert (len(free.tokens), len(free.logprobs), free.ended) == (20, 20, False)
    stop = free.tokens[6]
    place = free.tokens.index(stop)
    (stopped,) = draw(network, [wanted(longest=20, stops=frozenset({stop}))])
    assert stopped.ended
    assert stopped.tokens == free.tokens[:place]
    assert stopped.logprobs == free.logprobs[: place + 1]


def test_a_cancel_is_heard_between_two_steps(network: Network):
    asked = 0

    def is_cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 5

    with pytest.raises(Cancelled):
        draw(network, [wanted(longest=200, stops=frozenset())], is_cancelled)
    assert asked == 6


def test_threads_do_not_disturb_each_other(network: Network):
    alone = [draw(network, [wanted(prompt, 1)]) for prompt in range(4)]
    begin = threading.Barrier(4)

    def drawn(prompt: int):
        begin.wait()
        return draw(network, [wanted(prompt, 1)])

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(drawn, range(4))) == alone


def test_memory_does_not_grow_with_the_number_of_texts(network: Network):
    def peak(count: int) -> int:
        texts = [wanted(index=index, longest=30, stops=frozenset()) for index in range(count)]
        tracemalloc.start()
        draw(network, texts)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(5 * TEXTS) < 2 * peak(TEXTS), "the texts themselves take a little"
