import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.spreadsheet import STARTERS, cell, csv_text


@pytest.mark.parametrize("sign", STARTERS)
def test_no_text_starts_as_a_formula(sign):
    assert cell(f"{sign}1+1") == f"'{sign}1+1"
    assert cell(f"  {sign}1+1").startswith("'")
    assert cell(f"a{sign}1") == f"a{sign}1"


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1)))
def test_every_text_comes_back_as_its_own_cell(rows):
    written = csv_text(["kop"], rows)

    read = list(csv.reader(io.StringIO(written, newline="")))
    assert read == [["kop"], *[[cell(text) for text in row] for row in rows]]


def test_numbers_stay_numbers_and_nothing_stays_empty():
    assert csv_text(["a", "b"], [[-5, None]]) == '"a","b"\r\n-5,""\r\n'
