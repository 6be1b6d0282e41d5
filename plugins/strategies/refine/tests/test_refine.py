from lift_sys.testing.conformance import StrategyConformance


class TestRefine(StrategyConformance):
    component = "refine"


class TestRefineByChecksAlone(StrategyConformance):
    component = "refine"
    options = {"model": "never", "inner": {"use": "single", "retries": 1}, "counter_examples": 3}


class TestRefineAlwaysCriticised(StrategyConformance):
    component = "refine"
    options = {"model": "always", "rounds": 2, "provider": "critic"}


class TestBestOfNOverRefine(StrategyConformance):
    component = "best-of-n"
    options = {"n": 4, "rounds": [2], "inner": "refine"}
