from lift_sys.testing.conformance import DataSourceConformance


class TestGenerated(DataSourceConformance):
    component = "generated"
    options = {"count": 24}


class TestHeldOut(DataSourceConformance):
    component = "generated"
    options = {"count": 42, "part": "held_out", "wording": 2}
    limit = 5
