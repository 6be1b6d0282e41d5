from lift_sys.testing.conformance import StrategyConformance


class TestDualAgreement(StrategyConformance):
    component = "dual-agreement"


class TestDualAgreementOverSingle(StrategyConformance):
    component = "dual-agreement"
    options = {
        "n": 3,
        "inner": {"use": "single"},
        "tests": "written",
        "score": "root",
        "alike": "tests",
        "copies": "once",
        "provider": "writer",
    }
