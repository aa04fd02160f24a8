"""Answers as JSON: what waits for a second person comes back as it was, and the journal is read by people."""

import json
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.domain.answers import pack, plain, unpack
from app.domain.journal import canonical

values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.dates()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=8,
)
answers = st.dictionaries(st.text(), values, max_size=4)


@given(answers)
def test_answers_come_back_as_they_were(given_answers):
    assert unpack(json.loads(json.dumps(pack(given_answers)))) == given_answers


@given(answers)
def test_what_the_journal_keeps_can_be_written_in_one_way(given_answers):
    assert json.loads(canonical(plain(given_answers))) == plain(given_answers)


def test_days_and_numbers_with_a_comma_are_written_for_people():
    assert plain({"dag": date(2026, 11, 23), "bedrag": Decimal("12.50"), "deel": 0.5, "reeks": ({"a"}, ("b",))}) == {
        "dag": "2026-11-23",
        "bedrag": "12.50",
        "deel": "0.5",
        "reeks": [["a"], ["b"]],
    }


def test_a_day_within_a_row_comes_back_as_a_day():
    given_answers = {"conditions": [{"who": "gemeente", "until": date(2027, 1, 1)}]}

    assert unpack(pack(given_answers)) == given_answers
