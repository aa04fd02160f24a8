"""What a form offers: nothing is offered as what it is joined with, or as what qualifies it."""

from typing import Any

from app.services.choice import options
from tests.make import make_case, make_precedent


def test_a_case_and_a_precedent_are_not_offered_to_themselves(work: Any) -> None:
    case, other = make_case(work), make_case(work)
    precedent, later = make_precedent(work, case), make_precedent(work, other)

    assert [number for number, _ in options(work, case)("cases")] == [other.number]
    assert [number for number, _ in options(work, precedent)("rulings")] == [later.number]
    assert {number for number, _ in options(work)("cases")} == {case.number, other.number}
