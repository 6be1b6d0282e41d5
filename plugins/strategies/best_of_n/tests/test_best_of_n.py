from lift_sys.testing.conformance import StrategyConformance


class TestBestOfN(StrategyConformance):
    component = "best-of-n"


class TestBestOfNAtOnce(StrategyConformance):
    component = "best-of-n"
    options = {"n": 3, "rounds": "one", "stop_at": "pass"}


class TestBestOfNOverSingle(StrategyConformance):
    component = "best-of-n"
    options = {"n": 6, "rounds": [2, 4], "stop_at": 0.9, "inner": {"use": "single", "retries": 1}}
