from lift_sys.testing.conformance import StrategyConformance


class TestSelfConsistency(StrategyConformance):
    component = "self-consistency"


class TestSelfConsistencyByScore(StrategyConformance):
    component = "self-consistency"
    options = {"n": 6, "batch": 3, "weights": "score", "sure": None}


class TestSelfConsistencyOverSingle(StrategyConformance):
    component = "self-consistency"
    options = {"weights": "logprob", "inner": {"use": "single", "retries": 1}}
