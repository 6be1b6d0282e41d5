"""`python with_its_hub.py URL MODEL STRATEGY PROMPTS`, in an environment with its_hub."""

import asyncio
import sys
from collections.abc import Sequence

from its_hub import BestOfN, OpenAICompatibleLanguageModel, SelfConsistency
from its_hub.api import AbstractOutcomeRewardModel
from its_hub.core.orchestrator import LMOrchestrator
from measured import Messages, reward, run

DRAWS, AT_ONCE = 8, 32


class Reward(AbstractOutcomeRewardModel):
    def score(self, messages, **_):
        return [reward(each[-1].content) for each in messages]

    async def ascore(self, messages, orchestrator=None, **_):
        return self.score(messages)


def main() -> None:
    url, model, strategy, file = sys.argv[1:]
    orchestrator = LMOrchestrator(max_concurrency=AT_ONCE)
    algorithm = (
        BestOfN(Reward(), orchestrator=orchestrator)
        if strategy == "best-of-n"
        else SelfConsistency(orchestrator=orchestrator)
    )
    lm = OpenAICompatibleLanguageModel(url, "any", model, max_tries=1)

    async def one(messages: Messages) -> str | None:
        try:
            return (await algorithm.ainfer(lm, messages, DRAWS))["content"]
        except Exception:  # noqa: BLE001 - whatever it raises, it has no answer
            return None

    async def solve(prompts: Sequence[Messages]) -> list[str | None]:
        return list(await asyncio.gather(*map(one, prompts)))

    run(solve, file)


if __name__ == "__main__":
    main()
