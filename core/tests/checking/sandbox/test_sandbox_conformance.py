from lift_sys.testing.conformance import SandboxConformance


class TestZygote(SandboxConformance):
    component = "zygote"


class TestSubprocess(SandboxConformance):
    component = "subprocess"
