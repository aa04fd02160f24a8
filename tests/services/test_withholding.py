"""Interests: asked before anything is shown, judged by others than oneself, and withheld until it is known."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.db.account import Account
from app.db.body import Body
from app.db.case import Case
from app.db.interest import Challenge, Interest, Withheld
from app.db.meeting import AgendaItem, Meeting
from app.db.notice import Idempotency, Notice, Outbox
from app.db.organisation import Organisation
from app.db.process import Process
from app.domain.access import role_key
from app.domain.errors import GuardFailed, Invalid, NotPermitted, NotVisible, WithheldFromMember
from app.services.notice import notify
from app.services.process import advance, process_for_action
from app.services.withholding import ask_for_interests, card_of, cards
from app.services.work import Work
from tests.make import (
    acting,
    make_account,
    make_advice,
    make_body,
    make_case,
    make_item,
    make_meeting,
    make_organisation,
    make_party,
    make_seat,
)

READERS = [role_key(role) for role in ("ccg_voorzitter", "ccg_secretaris", "ccg_lid")]
NONE, SOME = {"interest": "geen_belang", "explanation": ""}, {"interest": "belang_gemeld", "explanation": "Ik ken hen."}


@dataclass
class Agenda:
    """A case that was just put on the agenda of a meeting in two weeks."""

    work: Work
    body: Body
    case: Case
    advice: Process
    item: AgendaItem
    meeting: Meeting
    chair: Account
    deputy: Account
    secretary: Account
    member: Account
    party: Account

    def does(self, who: Account, action: str, on: Process | None = None, **answers: Any) -> Any:
        work = acting(self.work, who)
        target = on or self.item
        found = process_for_action(work, type(target), target.number, action)
        return advance(work, found, action=action, answers=answers)

    def sees(self, who: Account) -> set[str]:
        """The numbers of what somebody can find."""
        return set(acting(self.work, who).session.scalars(select(Process.number)))

    @property
    def all(self) -> set[str]:
        return {self.case.number, self.item.number, self.advice.number}


@pytest.fixture
def agenda(work: Work) -> Iterator[Agenda]:
    session = work.session
    body = make_body(work)
    chair, secretary = make_account(session, "ccg_voorzitter"), make_account(session, "ccg_secretaris")
    deputy, member = make_account(session, "ccg_lid", name="Plaatsvervanger"), make_account(session, "ccg_lid")
    make_seat(work, body, chair, role="ccg_voorzitter")
    make_seat(work, body, deputy)
    make_seat(work, body, deputy, role="ccg_voorzitter", votes=False, deputy=True)
    make_seat(work, body, member)
    home = make_organisation(session)
    party = make_account(session, "melder", organisation=home)
    case = make_case(work, state="in_voorbereiding_ccg", audience=[*READERS, f"org:{home.id}"])
    make_party(work, case, home)
    advice = make_advice(work, case, make_account(session, "deskundige"), audience=READERS)
    meeting = make_meeting(
        work, body, day=work.today + timedelta(days=14), state="gepland", audience=[*READERS, "official"]
    )
    made = advance(
        acting(work, secretary),
        case,
        action="agenderen",
        answers={"meeting": meeting.number, "preadvice": "Het mag.", "urgent": False, "consent": False},
    )
    (item,) = made.made
    assert isinstance(item, AgendaItem)
    yield Agenda(work, body, case, advice, item, meeting, chair, deputy, secretary, member, party)
    session.info["reader"] = work.actor


def test_a_member_sees_nothing_of_an_item_before_the_question_is_answered(agenda: Agenda) -> None:
    assert not agenda.all & agenda.sees(agenda.member)

    agenda.does(agenda.member, "belang_verklaren", **NONE)

    assert agenda.all <= agenda.sees(agenda.member)


def test_until_then_there_is_a_card_with_the_question(agenda: Agenda) -> None:
    work = acting(agenda.work, agenda.member)

    (card,) = cards(work)

    assert (card.number, card.position, card.declared, card.excused) == (agenda.item.number, 1, False, False)
    assert card_of(work, agenda.item.number) == card
    assert cards(work, agenda.meeting) == [card]


def test_who_prepares_the_meeting_is_not_kept_from_it(agenda: Agenda) -> None:
    for who in (agenda.chair, agenda.secretary):
        assert agenda.all <= agenda.sees(who)


def test_no_other_action_can_be_taken_on_what_is_not_shown(agenda: Agenda) -> None:
    with pytest.raises(WithheldFromMember):
        agenda.does(agenda.member, "notitie", text="Ik zeg er vast iets van.")
    with pytest.raises(WithheldFromMember) as refused:
        agenda.does(agenda.member, "notitie", on=agenda.case, text="Ook hier.")

    assert refused.value.item == agenda.item.number


def test_who_reports_an_interest_waits_until_it_is_judged(agenda: Agenda) -> None:
    agenda.does(agenda.member, "belang_verklaren", **SOME)
    assert not agenda.all & agenda.sees(agenda.member)

    agenda.does(
        agenda.chair,
        "belang_beoordelen",
        member=agenda.member.email,
        judgement="toegelaten_met_motivering",
        motivation="Het is een verre kennis.",
    )

    assert agenda.all <= agenda.sees(agenda.member)


def test_who_is_excused_stays_out_also_of_what_begins_later(agenda: Agenda) -> None:
    agenda.does(agenda.member, "belang_verklaren", **SOME)
    agenda.does(agenda.chair, "belang_beoordelen", member=agenda.member.email, judgement="verschoond", motivation=None)

    later = make_advice(
        acting_as_system(agenda), agenda.case, make_account(agenda.work.session, "deskundige"), audience=READERS
    )

    assert not {*agenda.all, later.number} & agenda.sees(agenda.member)
    assert later.number in agenda.sees(agenda.chair)
    with pytest.raises(NotVisible):
        agenda.does(agenda.member, "belang_verklaren", **NONE)


def test_an_excused_member_sees_nothing_by_another_way_in(agenda: Agenda) -> None:
    """The same person may answer for a party as well."""
    home = agenda.work.session.get_one(Organisation, agenda.party.organisation_id)
    both = make_account(agenda.work.session, "ccg_lid", "melder", organisation=home)
    make_seat(agenda.work, agenda.body, both)
    assert agenda.case.number in agenda.sees(both)

    agenda.does(both, "belang_verklaren", **SOME)

    assert not agenda.all & agenda.sees(both)


def test_nobody_judges_an_own_interest_so_the_deputy_chair_does_the_chairs(agenda: Agenda) -> None:
    agenda.does(agenda.chair, "belang_verklaren", **SOME)
    agenda.does(agenda.deputy, "belang_verklaren", **NONE)
    answers = {"member": agenda.chair.email, "judgement": "verschoond", "motivation": None}

    with pytest.raises((Invalid, NotPermitted, NotVisible)):
        agenda.does(agenda.chair, "belang_beoordelen", **answers)
    done = agenda.does(agenda.deputy, "belang_beoordelen", **answers)

    assert (done.event.role, done.event.for_account_id) == ("ccg_voorzitter", agenda.chair.id)
    assert not agenda.all & agenda.sees(agenda.chair)


def test_a_party_challenges_a_member_and_the_others_decide(agenda: Agenda) -> None:
    agenda.does(agenda.member, "belang_verklaren", **NONE)
    agenda.does(agenda.party, "wraken", on=agenda.case, member=agenda.member.email, reason="Hij werkte bij ons.")
    answers = {"member": agenda.member.email, "motivation": "Dat is te kort geleden."}

    with pytest.raises(Invalid, match="andere leden"):
        agenda.does(agenda.chair, "wraking_beslissen", **answers, votes_for=3, votes_against=0)
    agenda.does(agenda.chair, "wraking_beslissen", **answers, votes_for=2, votes_against=0)

    found = agenda.work.session.scalars(select(Challenge)).one()
    assert (found.granted, found.votes_for, found.votes_against) == (True, 2, 0)
    assert agenda.work.session.scalars(select(Interest.judgement)).all() == ["verschoond"]
    assert not agenda.all & agenda.sees(agenda.member)


def test_a_challenge_with_as_many_for_as_against_is_not_granted(agenda: Agenda) -> None:
    agenda.does(agenda.party, "wraken", on=agenda.case, member=agenda.member.email, reason="Hij werkte bij ons.")

    agenda.does(
        agenda.chair,
        "wraking_beslissen",
        member=agenda.member.email,
        votes_for=1,
        votes_against=1,
        motivation="Verdeeld.",
    )

    assert agenda.work.session.scalars(select(Challenge.granted)).one() is False


def test_a_challenge_is_not_decided_by_who_was_challenged(agenda: Agenda) -> None:
    agenda.does(agenda.party, "wraken", on=agenda.case, member=agenda.chair.email, reason="Zij werkte bij ons.")
    answers = {"member": agenda.chair.email, "votes_for": 0, "votes_against": 2, "motivation": "Lang geleden."}

    with pytest.raises((Invalid, NotPermitted)):
        agenda.does(agenda.chair, "wraking_beslissen", **answers)
    agenda.does(agenda.deputy, "belang_verklaren", **NONE)
    agenda.does(agenda.deputy, "wraking_beslissen", **answers)


def test_an_item_does_not_open_while_a_challenge_waits(agenda: Agenda) -> None:
    agenda.does(agenda.party, "wraken", on=agenda.case, member=agenda.member.email, reason="Hij werkte bij ons.")

    with pytest.raises(GuardFailed, match="wraking"):
        agenda.does(agenda.chair, "openen")


def test_what_the_system_knew_stands_beside_the_answer_and_the_chair_may_still_excuse(agenda: Agenda) -> None:
    home = agenda.work.session.get_one(Account, agenda.party.id).organisation_id
    agenda.member.organisation_id = home
    agenda.work.session.flush()

    agenda.does(agenda.member, "belang_verklaren", interest="geen_belang", explanation="Ik werk daar niet aan mee.")
    assert agenda.work.session.scalars(select(Interest.prompts)).one() == ["organisatie_is_partij"]
    agenda.does(agenda.chair, "belang_beoordelen", member=agenda.member.email, judgement="verschoond", motivation=None)

    assert not agenda.all & agenda.sees(agenda.member)


def test_letters_that_wait_are_not_sent_to_who_is_kept_out(agenda: Agenda) -> None:
    agenda.does(agenda.member, "belang_verklaren", **NONE)
    system = acting_as_system(agenda)
    notify(system, [agenda.member], agenda.case, subject="Er is een stuk bij", text="Lees het.")
    agenda.work.session.flush()

    agenda.does(agenda.member, "belang_verklaren", **SOME)
    notify(acting_as_system(agenda), [agenda.member], agenda.case, subject="Er is nog een stuk bij", text="Lees het.")
    agenda.work.session.flush()

    letters = agenda.work.session.scalars(select(Outbox).where(Outbox.process_id == agenda.case.id)).all()
    assert [(letter.payload["context"], letter.done_at is not None) for letter in letters] == [({}, True)]
    assert agenda.work.session.scalars(select(Notice.subject).where(Notice.process_id == agenda.case.id)).all() == [
        "Er is een stuk bij"
    ]


def test_who_has_the_role_without_a_seat_that_day_is_asked_as_well(agenda: Agenda) -> None:
    leaving = make_account(agenda.work.session, "ccg_lid")
    ask_for_interests(acting_as_system(agenda), agenda.item, agenda.meeting)

    assert not agenda.all & agenda.sees(leaving)


def test_a_meeting_that_is_moved_asks_who_has_a_seat_by_then(agenda: Agenda) -> None:
    late = make_account(agenda.work.session, "ccg_plv")
    make_seat(agenda.work, agenda.body, late, role="ccg_plv", votes=False, since=agenda.work.today + timedelta(days=20))
    agenda.does(agenda.secretary, "verplaatsen", on=agenda.meeting, held_on=agenda.work.today + timedelta(days=30))

    kept = select(Withheld.item_id).where(Withheld.account_id == late.id)
    assert agenda.item.id in set(agenda.work.session.scalars(kept))


def test_the_question_about_an_earlier_item_does_not_stand_in_the_way_of_a_later_one(agenda: Agenda) -> None:
    """The member was absent the first time, and the case comes back in another meeting."""
    system = acting_as_system(agenda)
    following = make_meeting(system, agenda.body, day=system.today + timedelta(days=60), audience=READERS)
    again = make_item(system, agenda.case, following, audience=READERS)
    ask_for_interests(system, again, following)

    agenda.does(agenda.member, "belang_verklaren", on=again, **NONE)

    assert {again.number, agenda.case.number} <= agenda.sees(agenda.member)


def test_who_was_excused_from_an_earlier_item_is_admitted_to_a_later_one_by_the_chair_alone(agenda: Agenda) -> None:
    agenda.does(agenda.member, "belang_verklaren", **SOME)
    agenda.does(agenda.chair, "belang_beoordelen", member=agenda.member.email, judgement="verschoond", motivation=None)
    system = acting_as_system(agenda)
    following = make_meeting(system, agenda.body, day=system.today + timedelta(days=60), audience=READERS)
    again = make_item(system, agenda.case, following, audience=READERS)
    ask_for_interests(system, again, following)

    agenda.does(agenda.member, "belang_verklaren", on=again, **NONE)
    assert not {again.number, agenda.case.number} & agenda.sees(agenda.member)

    agenda.does(
        agenda.chair,
        "belang_beoordelen",
        on=again,
        member=agenda.member.email,
        judgement="toegelaten_met_motivering",
        motivation="Het is voorbij.",
    )
    assert {again.number, agenda.case.number} <= agenda.sees(agenda.member)


def test_a_party_challenges_a_member_once(agenda: Agenda) -> None:
    challenge = {"member": agenda.member.email, "reason": "Hij werkte bij ons."}
    agenda.does(agenda.party, "wraken", on=agenda.case, **challenge)
    agenda.does(
        agenda.chair,
        "wraking_beslissen",
        member=agenda.member.email,
        votes_for=0,
        votes_against=2,
        motivation="Lang geleden.",
    )

    with pytest.raises(Invalid, match="al beslist"):
        agenda.does(agenda.party, "wraken", on=agenda.case, **challenge)


def test_an_answer_that_was_kept_for_a_repeated_request_goes(agenda: Agenda) -> None:
    agenda.work.session.add(
        Idempotency(
            account_id=agenda.member.id,
            key="een",
            request_digest="a",
            status=201,
            body={"titel": agenda.case.title},
            headers={},
            at=agenda.work.now,
        )
    )
    agenda.work.session.flush()
    agenda.does(agenda.member, "belang_verklaren", **SOME)

    assert agenda.work.session.scalars(select(Idempotency.key)).all() == []


def acting_as_system(agenda: Agenda) -> Work:
    agenda.work.session.info["reader"] = agenda.work.actor
    return agenda.work
