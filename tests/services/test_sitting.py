"""A body as it sits: who presides, who stands in for whom, and whose roles hold where."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from app.db.account import Account
from app.db.account import Grant as GrantRow
from app.db.body import Body, RulesOfProcedure, Substitution
from app.db.interest import Challenge, Interest
from app.db.meeting import AgendaItem, Attendance, Meeting
from app.db.process import Process
from app.domain.access import Grant, roles_in, stands_in_for
from app.services.facts import scope_of
from app.services.meeting import call_meeting
from app.services.sitting import in_office, rules_in_force, rules_of
from tests.make import (
    NOW,
    acting,
    actor_of,
    make_account,
    make_body,
    make_case,
    make_item,
    make_meeting,
    make_seat,
)

CHAIR, MEMBER, DEPUTY, SECRETARY = "ccg_voorzitter", "ccg_lid", "ccg_plv", "ccg_secretaris"
TODAY = date(2026, 11, 23)


@dataclass
class Commission:
    """A body with a chair, a deputy chair who is a member, three members, a deputy member and a secretary."""

    work: Any
    body: Body
    people: dict[str, Account]
    meeting: Meeting
    item: AgendaItem

    def presiding(self, process: Process | None = None) -> set[str]:
        """Who has the role of the chair here."""
        return {name for name in self.people if CHAIR in self.roles(name, process or self.item)}

    def roles(self, name: str, process: Process) -> set[str]:
        account = self.people[name]
        work = acting(self.work, account)
        return set(roles_in(scope_of(work, process), actor_of(account)))

    def absent(self, name: str, role: str, process: Process | None = None) -> str | None:
        """For whom somebody fills a role here."""
        account = self.people[name]
        scope = scope_of(acting(self.work, account), process or self.item)
        found = stands_in_for(scope, actor_of(account), role)
        return next((other for other, one in self.people.items() if one.id == found), None)

    def opened(self, by: str, *present: str) -> None:
        self.meeting.sitting, self.meeting.began_at = True, NOW
        self.meeting.presided_by_id = self.people[by].id
        for name, account in self.people.items():
            row = Attendance(meeting_id=self.meeting.id, account_id=account.id, present=name in present)
            self.work.session.add(row)
        self.work.session.flush()

    def declared(self, name: str, belang: str, judgement: str | None = None) -> None:
        self.work.session.add(
            Interest(
                item_id=self.item.id,
                account_id=self.people[name].id,
                declared=belang,
                explanation="",
                judgement=judgement,
                at=NOW,
            )
        )
        self.work.session.flush()

    def substituted(self, absent: str, substitute: str, since: date = TODAY, until: date = TODAY) -> None:
        self.work.session.add(
            Substitution(
                body_id=self.body.id,
                absent_id=self.people[absent].id,
                substitute_id=self.people[substitute].id,
                since=since,
                until=until,
                reason="verlof",
                account_id=None,
                at=NOW,
            )
        )
        self.work.session.flush()


def commission(work: Any, *, central: bool = True) -> Commission:
    body = make_body(work, central=central)
    scope = None if central else body.id
    people = {}
    seats = (
        ("chair", CHAIR, True, 2020),
        ("deputy", MEMBER, True, 2023),
        ("oldest", MEMBER, True, 2021),
        ("member", MEMBER, True, 2022),
        ("reserve", DEPUTY, False, 2020),
        ("secretary", SECRETARY, False, 2020),
        ("adjunct", SECRETARY, False, 2021),
    )
    for name, role, votes, year in seats:
        account = make_account(work.session, name=name)
        account.__dict__["made_with"] = frozenset({Grant(role, None, scope)})
        work.session.add(GrantRow(account_id=account.id, role=role, body_id=scope, granted_at=NOW))
        people[name] = account
        make_seat(work, body, account, role=role, votes=votes, deputy=name == "adjunct", since=date(year, 1, 1))
    make_seat(work, body, people["deputy"], role=CHAIR, votes=False, deputy=True, since=date(2023, 1, 1))
    meeting = make_meeting(work, body, day=TODAY)
    item = make_item(work, make_case(work), meeting)
    return Commission(work, body, people, meeting, item)


@pytest.fixture
def ccg(work: Any) -> Commission:
    return commission(work)


def test_the_chair_presides_when_there(ccg: Commission) -> None:
    ccg.opened("chair", *ccg.people)

    assert ccg.presiding() == {"chair"}
    assert ccg.presiding(ccg.meeting) == {"chair"}
    assert ccg.absent("chair", CHAIR) is None


def test_before_the_opening_the_deputy_may_open_as_well(ccg: Commission) -> None:
    assert ccg.presiding(ccg.meeting) == {"chair", "deputy"}
    assert ccg.absent("deputy", CHAIR, ccg.meeting) == "chair"
    assert ccg.presiding() == {"chair"}


def test_an_excused_chair_leaves_the_item_to_the_deputy(ccg: Commission) -> None:
    ccg.opened("chair", *ccg.people)
    ccg.declared("chair", "belang_gemeld", "verschoond")

    assert ccg.presiding() == {"deputy"}
    assert ccg.absent("deputy", CHAIR) == "chair"
    # Of the meeting the chair stays the chair, and of the case the deputy signs.
    assert ccg.presiding(ccg.meeting) == {"chair"}
    case = ccg.work.session.get(Process, ccg.item.case_id)
    assert ccg.presiding(case) == {"deputy"}


def test_about_an_interest_of_the_chair_the_deputy_decides(ccg: Commission) -> None:
    ccg.opened("chair", *ccg.people)
    ccg.declared("chair", "belang_gemeld")

    assert "deputy" in ccg.presiding()
    assert ccg.absent("deputy", CHAIR) == "chair"


def test_an_interest_that_was_no_hindrance_leaves_the_chair_in_place(ccg: Commission) -> None:
    ccg.opened("chair", *ccg.people)
    ccg.declared("chair", "belang_gemeld", "toegelaten_met_motivering")

    assert ccg.presiding() == {"chair"}


def test_about_a_challenge_of_the_chair_the_deputy_decides(ccg: Commission) -> None:
    ccg.opened("chair", *ccg.people)
    challenge = Challenge(
        item_id=ccg.item.id,
        account_id=ccg.people["chair"].id,
        organisation_id=None,
        reason="Eerder uitgelaten.",
        at=NOW,
    )
    ccg.work.session.add(challenge)
    ccg.work.session.flush()
    assert "deputy" in ccg.presiding()

    challenge.granted = False
    ccg.work.session.flush()

    assert ccg.presiding() == {"chair"}


def test_who_opened_in_the_absence_of_the_chair_goes_on_presiding(ccg: Commission) -> None:
    ccg.opened("deputy", "deputy", "oldest", "member")

    assert "deputy" in ccg.presiding()
    assert "deputy" in ccg.presiding(ccg.meeting)
    assert "oldest" not in ccg.presiding()


def test_after_the_meeting_who_presided_still_settles_it(ccg: Commission) -> None:
    ccg.opened("deputy", "deputy", "oldest", "member")
    ccg.meeting.sitting = False
    ccg.work.session.flush()

    assert "deputy" in ccg.presiding(ccg.meeting)


def test_a_deputy_who_is_excused_too_leaves_it_to_who_is_longest_in_office(ccg: Commission) -> None:
    ccg.opened("chair", *ccg.people)
    ccg.declared("chair", "belang_gemeld", "verschoond")
    ccg.declared("deputy", "belang_gemeld", "verschoond")

    assert ccg.presiding() == {"oldest"}


def test_who_is_longest_in_office_has_to_be_there(ccg: Commission) -> None:
    ccg.opened("chair", "chair", "member")
    ccg.declared("chair", "belang_gemeld", "verschoond")

    assert ccg.presiding() == {"member"}


def test_who_is_not_noted_is_not_there_when_others_are(ccg: Commission) -> None:
    ccg.meeting.sitting, ccg.meeting.began_at = True, NOW
    ccg.meeting.presided_by_id = ccg.people["chair"].id
    for name in ("chair", "member"):
        row = Attendance(meeting_id=ccg.meeting.id, account_id=ccg.people[name].id, present=True)
        ccg.work.session.add(row)
    ccg.declared("chair", "belang_gemeld", "verschoond")

    assert ccg.presiding() == {"member"}


def test_a_deputy_presides_while_nobody_is_chair(ccg: Commission) -> None:
    seats = {seat.role: seat for seat in _seats(ccg) if not seat.deputy}
    seats[CHAIR].until = date(2026, 11, 22)
    ccg.people.pop("chair")
    ccg.work.session.flush()

    assert ccg.presiding() == {"deputy"}
    assert ccg.absent("deputy", CHAIR) is None


def test_a_substitute_has_the_role_in_the_period_and_the_record_names_both(ccg: Commission) -> None:
    ccg.substituted("chair", "member")

    assert "member" in ccg.presiding()
    assert ccg.absent("member", CHAIR) == "chair"


@pytest.mark.parametrize(
    ("since", "until"), [(date(2026, 11, 20), date(2026, 11, 22)), (date(2026, 11, 24), date(2026, 11, 30))]
)
def test_a_substitute_has_no_role_outside_the_period(ccg: Commission, since: date, until: date) -> None:
    ccg.substituted("chair", "member", since, until)

    assert ccg.presiding() == {"chair"}


def test_a_substitute_who_is_excused_leaves_it_to_the_deputy(ccg: Commission) -> None:
    ccg.opened("member", "deputy", "oldest", "member")
    ccg.substituted("chair", "member")
    ccg.declared("member", "belang_gemeld", "verschoond")

    assert "member" not in ccg.presiding()
    assert "deputy" in ccg.presiding()


def test_a_deputy_member_fills_the_seat_of_a_member(ccg: Commission) -> None:
    ccg.substituted("oldest", "reserve")

    assert ccg.roles("reserve", ccg.item) == {DEPUTY, MEMBER}
    assert ccg.absent("reserve", MEMBER) == "oldest"


def test_who_fills_the_seat_of_the_deputy_chair_is_no_deputy_chair(ccg: Commission) -> None:
    ccg.substituted("deputy", "reserve")

    assert ccg.roles("reserve", ccg.item) == {DEPUTY, MEMBER}
    assert ccg.roles("reserve", ccg.meeting) == {DEPUTY, MEMBER}


def test_a_deputy_secretary_acts_for_the_secretary_who_is_away(ccg: Commission) -> None:
    assert ccg.absent("adjunct", SECRETARY) is None

    ccg.substituted("secretary", "adjunct")

    assert ccg.absent("adjunct", SECRETARY) == "secretary"
    # Also where there is no meeting yet.
    case = make_case(ccg.work)
    assert ccg.absent("adjunct", SECRETARY, case) == "secretary"


def test_who_left_the_body_substitutes_nobody(ccg: Commission) -> None:
    ccg.substituted("oldest", "reserve")
    for seat in _seats(ccg):
        if seat.account_id == ccg.people["reserve"].id:
            seat.until = date(2026, 11, 22)
    ccg.work.session.flush()

    assert ccg.roles("reserve", ccg.item) == {DEPUTY}


def test_a_body_has_a_chair_of_its_own(work: Any, ccg: Commission) -> None:
    utrecht = commission(work, central=False)

    for mine, other in ((ccg, utrecht), (utrecht, ccg)):
        assert mine.presiding(mine.item) == {"chair"}
        assert mine.presiding(other.item) == set()
        assert mine.presiding(other.meeting) == set()


def test_what_another_body_does_with_a_case_gives_nobody_a_role_in_it(work: Any, ccg: Commission) -> None:
    utrecht = commission(work, central=False)
    utrecht.opened("deputy", "deputy", "member")
    utrecht.declared("chair", "belang_gemeld", "verschoond")
    case = work.session.get(Process, utrecht.item.case_id)

    assert utrecht.presiding(utrecht.item) == {"deputy"}
    assert utrecht.presiding(case) == set()
    assert ccg.presiding(case) == {"chair"}


def test_a_meeting_keeps_the_rules_with_which_it_was_called(ccg: Commission) -> None:
    first = _rules(ccg, 1, date(2026, 1, 1), tie="voorzitter")
    secretary = acting(ccg.work, ccg.people["secretary"])
    before = call_meeting(secretary, held_on=date(2026, 12, 20), body=ccg.body.code)

    second = _rules(ccg, 2, date(2026, 12, 1), tie="verworpen")
    after = call_meeting(secretary, held_on=date(2026, 12, 20), body=ccg.body.code)
    early = call_meeting(secretary, held_on=date(2026, 11, 30), body=ccg.body.code)

    assert [one.rules_id for one in (before, after, early)] == [first.id, second.id, first.id]
    assert [rules_of(ccg.work, one).tie for one in (before, after)] == ["voorzitter", "verworpen"]
    assert rules_in_force(ccg.work, ccg.body.id, date(2025, 12, 31)) is None
    assert rules_of(ccg.work, ccg.meeting).tie == "voorzitter"


def _rules(ccg: Commission, version: int, since: date, *, tie: str) -> RulesOfProcedure:
    row = RulesOfProcedure(
        body_id=ccg.body.id,
        version=version,
        since=since,
        quorum="helft",
        excused_count=True,
        tie=tie,
        papers_days=7,
        note_days=7,
        note_length=6000,
        written_days=5,
        names_in_result=False,
        source="Eigen besluit",
        at=NOW,
    )
    ccg.work.session.add(row)
    ccg.work.session.flush()
    return row


def _seats(ccg: Commission) -> list[Any]:
    return list(in_office(ccg.work, ccg.body.id, TODAY))
