"""What providers of models in this process are asked in tests, and what all of them must do."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

from ..errors import RequestRejected
from ..interfaces import Constraint, Grammar, Provider, Regex, Request
from .asking import asked, failure, one
from .tiny_model import quiet_peft

ENDLESS = Regex(pattern="[a-z]*!{100}")
"""No tiny model comes to its end."""


def ask(text: str = "Say hello.", constraint: Constraint | None = None, **sampling: Any) -> Request:
    """For sixteen tokens at the most, drawn by a seed at temperature 1, where nothing is said."""
    given: dict[str, Any] = {"max_tokens": 16, "temperature": 1.0, "seed": 5, **sampling}
    return asked(text, constraint=constraint, **given)


async def texts(provider: Provider, request: Request) -> list[str]:
    return [each.text for each in (await one(provider, request)).completions]


def greedy(model: Path, adapter: Path | None = None, tokens: int = 24) -> tuple[str, list[float]]:
    """What transformers itself makes of `ask()`, and the log-probabilities of its tokens."""
    torch: Any = import_module("torch")
    transformers: Any = import_module("transformers")
    tokenizer = transformers.AutoTokenizer.from_pretrained(str(model))
    plain = transformers.AutoModelForCausalLM.from_pretrained(str(model)).eval()
    if adapter is not None:
        with quiet_peft() as peft:
            plain = peft.PeftModel.from_pretrained(plain, str(adapter)).merge_and_unload()
    prompt = tokenizer("<|user|>Say hello.\n<|assistant|>", return_tensors="pt")
    with torch.no_grad():
        whole = plain.generate(**prompt, do_sample=False, max_new_tokens=tokens)[0]
        scores = plain(whole.unsqueeze(0)).logits[0].log_softmax(-1)
    first: int = prompt["input_ids"].shape[1]
    written: list[int] = whole[first:].tolist()
    logprobs = [float(scores[first + at - 1, token]) for at, token in enumerate(written)]
    return tokenizer.decode(written, skip_special_tokens=True), logprobs


class LocalModelChecks:
    """Over a fixture `provider` of a tiny model, with `asyncio_mode = auto`."""

    async def test_a_reply_is_the_same_whatever_else_is_written_with_it(
        self, provider: Provider
    ) -> None:
        requests = [
            ask("Hello.", n=3),
            ask("A much longer request, so that the others are of another size.", seed=6),
            ask("Hello.", temperature=0.0, max_tokens=5, stop=("e",)),
            ask("Go on.", constraint=Regex(pattern="[a-f]{4,9}"), seed=2),
        ]
        together = [
            [each.text for each in getattr(answer, "completions", ())]
            for answer in await provider.complete(requests)
        ]
        assert together == [await texts(provider, request) for request in requests]
        assert len(set(together[0])) == 3
        assert not set(await texts(provider, ask("Hello.", n=3, seed=6))) & set(together[0])

    async def test_it_keeps_to_regular_expressions_and_grammars(self, provider: Provider) -> None:
        for said in await texts(provider, ask(constraint=Regex(pattern="(ab|cd){2,5}!"), n=8)):
            assert re.fullmatch("(ab|cd){2,5}!", said)
        long = Regex(pattern="[a-z]{500}")
        (said,) = await texts(provider, ask(constraint=long, max_tokens=40))
        assert re.fullmatch("[a-z]{40,}", said)
        grammar = Grammar(lark='start: "```python\\n" WORD+ "```"\nWORD: /[a-z]{1,3} /\n')
        answer = await one(provider, ask(constraint=grammar, n=4, max_tokens=120))
        for each in answer.completions:
            whole = re.fullmatch(r"```python\n([a-z]{1,3} )+```", each.text)
            assert whole or each.finish == "length"
        refused = await failure(provider, ask(constraint=Grammar(lark="start: nowhere")))
        assert isinstance(refused, RequestRejected)
        assert "nowhere" in refused.cause

    async def test_it_ends_before_a_stop_sequence(self, provider: Provider) -> None:
        (whole,) = await texts(provider, ask(max_tokens=40))
        stop = whole[10:13]
        answer = await one(provider, ask(max_tokens=40, stop=("never said", stop)))
        assert answer.completions[0].text == whole[: whole.index(stop)]
        assert answer.completions[0].finish == "stop"
        assert answer.usage.output_tokens < 40
