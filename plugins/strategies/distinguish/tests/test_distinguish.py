from lift_sys.testing.conformance import StrategyConformance


class TestDistinguish(StrategyConformance):
    component = "distinguish"


class TestDistinguishOverSingle(StrategyConformance):
    component = "distinguish"
    options = {"n": 3, "inner": {"use": "single"}, "provider": "judge", "show": "candidates"}
