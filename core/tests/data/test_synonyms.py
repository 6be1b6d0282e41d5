import random
import re

import pytest

from lift_sys.data.families.concept import Phrase
from lift_sys.data.families.draw import Draw
from lift_sys.data.families.pieces import number_change, number_test, text_change, text_test
from lift_sys.data.families.registry import family_named
from lift_sys.data.made import make
from lift_sys.data.wording.library import training
from lift_sys.data.wording.render import Wording, render
from lift_sys.data.wording.synonyms import Synonyms

LITERAL = re.compile(r"«[^»]*»|-?\d+")
BY_THEMSELVES = {"0", "2", "-1"}
"""Numbers that another word for the same may have in it: `odd` is `not divisible by 2`."""


def literals(text):
    return sorted(set(LITERAL.findall(text)) - BY_THEMSELVES)


def otherwise(said, dice):
    """It, in the first other words that come up."""
    drawn = (Synonyms(dice)(said) for _ in range(60))
    return next((other for other in drawn if other != said), None)


@pytest.mark.parametrize("piece", [number_test, text_test, number_change, text_change])
def test_each_way_to_say_a_piece_has_another_one_with_the_same_literals(piece):
    dice, unknown = random.Random(3), set()
    for seed in range(150):
        for said in piece(Draw(random.Random(seed))).said:
            other = otherwise(said, dice)
            if other is None:
                unknown.add(re.sub(r"\d+", "K", _forms(said)[0]))
                continue
            for before, after in zip(_forms(said), _forms(other), strict=True):
                assert literals(before) == literals(after), (before, after)
                assert not set("[|]") & set(after)
    left_alone = r"without remainder|length K|first character|at most K character$"
    assert all(re.search(left_alone, each) for each in unknown), unknown


def _forms(said):
    return (said.many, said.one) if isinstance(said, Phrase) else (said,)


def test_of_many_and_of_one_it_is_said_in_the_right_form():
    even = Phrase("are even", "is even")
    found = {
        (other.many, other.one) for n in range(60) for other in [Synonyms(random.Random(n))(even)]
    }
    assert ("are divisible by 2", "is divisible by 2") in found
    assert ("are even numbers", "is an even number") in found
    of_values = Phrase("whose value ends in the digit 7", "whose value ends in the digit 7")
    said = {Synonyms(random.Random(n))(of_values).many for n in range(60)}
    assert "whose value has a last digit of 7" in said
    assert not any("value have" in one for one in said)


def test_one_meaning_is_said_in_one_way_throughout_a_request():
    row = "«a» if it is at least 9, «b» if it is at least 5 and «c» otherwise"
    for seed in range(40):
        other = Synonyms(random.Random(seed))(row)
        assert literals(other) == literals(row)
        first, second = re.findall(r"if (it[^,]*?)(?=,| and «)", other)
        assert first.replace("9", "5") == second


def test_only_the_third_curriculum_uses_them():
    made = make(family_named("filter_numbers"), 4, 1)
    own = {phrase.many for phrase in made.concept.words["t"]}
    plain = Wording(("the numbers in {p0} that {t}",))
    assert not training(2)["filter_numbers"].varied
    assert training(3)["filter_numbers"].varied

    def in_own_words(wording):
        drawn = (render(made.concept, wording, random.Random(n)) for n in range(80))
        return sum(any(each in request for each in own) for request in drawn)

    assert in_own_words(plain) == 80
    assert 20 < in_own_words(Wording(plain.skeletons, varied=True)) < 60
