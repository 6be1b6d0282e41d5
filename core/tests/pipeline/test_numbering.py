"""Numbers of things that go on at once: the same in whatever order they happen."""

from itertools import permutations

from lift_sys.pipeline.numbering import Numbering


def test_each_key_counts_up_on_its_own():
    numbers = Numbering()
    assert list(numbers.take("a", 3)) == [0, 1, 2]
    assert list(numbers.take("a", 2)) == [3, 4]
    assert list(numbers.take("b", 1)) == [0]


def test_lanes_give_the_same_numbers_in_any_order_and_never_one_twice():
    seen = set()
    for order in permutations([0, 0, 1, 2, 2, 2]):
        numbers = Numbering()
        numbers.take("a", 5)
        lanes = numbers.split(3)
        taken: dict[int, list[int]] = {0: [], 1: [], 2: []}
        for lane in order:
            taken[lane] += lanes[lane].take("a", 2)
        numbers.join(lanes)
        after = list(numbers.take("a", 2))
        every = [number for each in taken.values() for number in each]
        assert len({*every, *after}) == len(every) + len(after)
        assert min(after) > max(every)
        seen.add(str((taken, after)))
    assert len(seen) == 1


def test_lanes_within_lanes():
    numbers = Numbering()
    outer = numbers.split(2)
    inner = outer[1].split(2)
    taken = [list(each.take("a", 2)) for each in (outer[0], *inner)]
    outer[1].join(inner)
    taken.append(list(outer[1].take("a", 1)))
    numbers.join(outer)
    taken.append(list(numbers.take("a", 3)))
    flat = [number for each in taken for number in each]
    assert len(set(flat)) == len(flat)


def test_one_lane_counts_as_if_there_were_none():
    numbers = Numbering()
    (lane,) = numbers.split(1)
    assert list(lane.take("a", 2)) == [0, 1]
    numbers.join([lane])
    assert list(numbers.take("a", 1)) == [2]
