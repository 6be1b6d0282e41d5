"""`python with_dspy.py URL MODEL STRATEGY PROMPTS`, in an environment with DSPy."""

import os
import sys
from collections.abc import Sequence

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import dspy
from measured import Messages, reward, run

DRAWS, AT_ONCE = 8, 32


class Specify(dspy.Signature):
    """Turn the request into its specification."""

    request: str = dspy.InputField()
    specification: str = dspy.OutputField()


class Voting(dspy.Module):
    def __init__(self) -> None:
        super().__init__()
        self.draw = dspy.Predict(Specify, n=DRAWS)

    def forward(self, request: str) -> dspy.Prediction:
        return dspy.majority(self.draw(request=request))


def main() -> None:
    url, model, strategy, file = sys.argv[1:]
    lm = dspy.LM(
        f"openai/{model}", api_base=url, api_key="any", cache=False, num_retries=0, temperature=1.0
    )
    dspy.configure(lm=lm)
    module = Voting()
    if strategy == "best-of-n":
        module = dspy.BestOfN(
            dspy.Predict(Specify),
            N=DRAWS,
            reward_fn=lambda _, found: reward(found.specification),
            threshold=2.0,
        )
    side_by_side = dspy.Parallel(
        num_threads=AT_ONCE, disable_progress_bar=True, max_errors=1000, provide_traceback=False
    )

    async def solve(prompts: Sequence[Messages]) -> list[str | None]:
        requests = ["\n\n".join(message["content"] for message in each) for each in prompts]
        found = side_by_side([(module, {"request": request}) for request in requests])
        return [None if one is None else one.specification for one in found]

    run(solve, file)


if __name__ == "__main__":
    main()
