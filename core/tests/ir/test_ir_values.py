import pytest

from lift_sys.ir import ValueCodecError, decode, encode
from lift_sys.ir.values import MAX_DEPTH

MEMBERS = [True, 1, 0, -(2**53), 2**53, 2**53 + 1, -(10**30), 1.0, -0.0, None, "a", b"b", (1, True)]


@pytest.mark.parametrize("kind", [list, tuple])
def test_members_of_a_list_come_back_as_they_were(kind):
    value = kind([*MEMBERS, [*MEMBERS]])
    assert repr(decode(encode(value))) == repr(value)


@pytest.mark.parametrize("leaf", [1, True, 2**60, "text"])
def test_lists_are_as_deep_as_they_may_be_whatever_is_in_them(leaf):
    value = leaf
    for _ in range(MAX_DEPTH):
        value = [value]
    assert decode(encode(value)) == value
    with pytest.raises(ValueCodecError, match="deeper"):
        encode([value])


def test_members_of_a_type_of_their_own_have_no_form():
    class Number(int):
        pass

    with pytest.raises(ValueCodecError, match="Number"):
        encode([1, Number(2)])
