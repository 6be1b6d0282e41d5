from lift_sys.checking.inputs import generate
from lift_sys.checking.inputs import pools as made
from lift_sys.ir import Parameter, Signature

SIGNATURE = Signature(name="f", parameters=(Parameter(name="x", type="float"),), returns="int")
ALIKE = ([1], [1.0], [True], [0.0], [-0.0], ["1"], [10**9], [float("nan")], ["ab", 2], [2, "ab"])


def inputs(literals):
    return repr(generate(SIGNATURE, literals, count=60))


def test_inputs_do_not_depend_on_what_was_generated_before():
    alone = []
    for literals in ALIKE:
        made._around.cache_clear()
        alone.append(inputs(literals))
    assert [inputs(literals) for literals in ALIKE] == alone
    assert [inputs(literals) for literals in reversed(ALIKE)] == alone[::-1]
