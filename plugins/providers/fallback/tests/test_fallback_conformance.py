from lift_sys.testing.conformance import ProviderConformance


class TestFallback(ProviderConformance):
    """Over the model that the suite itself gives to wrap."""

    component = "fallback"
    options = {"providers": ["first", "second"]}
