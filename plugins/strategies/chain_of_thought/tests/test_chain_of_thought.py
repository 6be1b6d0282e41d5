from lift_sys.testing.conformance import StrategyConformance


class TestChainOfThought(StrategyConformance):
    component = "chain-of-thought"


class TestChainOfThoughtInOneCall(StrategyConformance):
    component = "chain-of-thought"
    options = {"calls": "one", "inner": {"use": "single", "retries": 1}}


class TestBestOfNOverChainOfThought(StrategyConformance):
    component = "best-of-n"
    options = {"n": 4, "rounds": [2], "inner": "chain-of-thought"}
