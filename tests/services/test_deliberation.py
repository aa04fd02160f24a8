"""The closed deliberation: who reads which opinion, what changed in a text, and who may add a separate note."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.db.account import Account
from app.db.case import Case
from app.db.meeting import AgendaItem, Attendance, Meeting
from app.db.ruling import SeparateNote
from app.db.vote import Ballot, VoteRound
from app.domain.access import role_key
from app.domain.errors import GuardFailed, Invalid, NotVisible
from app.services.deliberation import comparison, deviating_members, opinions, versions
from app.services.facts import facts_of
from app.services.process import advance, follow
from app.services.work import Work
from tests.make import acting, later, make_account, make_body, make_case, make_item, make_meeting, make_seat

READERS = [role_key(role) for role in ("ccg_voorzitter", "ccg_secretaris", "ccg_lid")]


@dataclass
class Room:
    """An item that is being dealt with, by a chair, a secretary and three members who are there."""

    work: Work
    case: Case
    item: AgendaItem
    meeting: Meeting
    chair: Account
    secretary: Account
    members: list[Account]

    def does(self, who: Account, action: str, **answers: Any) -> None:
        advance(acting(self.work, who), self.item, action=action, answers=answers)

    def sees(self, who: Account) -> Work:
        return acting(self.work, who)


@pytest.fixture
def room(work: Work) -> Room:
    body = make_body(work)
    chair, secretary = make_account(work.session, "ccg_voorzitter"), make_account(work.session, "ccg_secretaris")
    members = [make_account(work.session, "ccg_lid", name=f"Lid {number}") for number in range(1, 4)]
    make_seat(work, body, chair, role="ccg_voorzitter")
    for member in members:
        make_seat(work, body, member)
    case = make_case(work, state="in_beraadslaging", audience=READERS)
    meeting = make_meeting(work, body, day=work.today, state="geopend", sitting=True, began_at=work.now)
    item = make_item(work, case, meeting, state="open", audience=READERS)
    for account in (chair, *members):
        work.session.add(Attendance(meeting_id=meeting.id, account_id=account.id, present=True))
    work.session.flush()
    return Room(work, case, item, meeting, chair, secretary, members)


def test_an_opinion_is_sealed_for_a_member_who_has_not_given_one(room: Room) -> None:
    first, second, _ = room.members
    room.does(first, "standpunt_geven", leaning="voor", text="De wet laat het toe.")

    unread = opinions(room.sees(second), room.item)
    room.does(second, "standpunt_geven", leaning="tegen", text="De wet laat het niet toe.")
    read = opinions(room.sees(second), room.item)

    assert (list(unread.open), unread.sealed) == ([], 1)
    assert [(one.text, one.own) for one in read.open] == [
        ("De wet laat het toe.", False),
        ("De wet laat het niet toe.", True),
    ]


def test_the_chair_opens_the_opinions_for_everybody_once(room: Room) -> None:
    first, second, _ = room.members
    room.does(first, "standpunt_geven", leaning="voor", text="De wet laat het toe.")
    room.does(room.chair, "standpunten_openen")

    assert [one.text for one in opinions(room.sees(second), room.item).open] == ["De wet laat het toe."]
    with pytest.raises(GuardFailed, match="al open"):
        room.does(room.chair, "standpunten_openen")


def test_a_second_opinion_of_a_member_takes_the_place_of_the_first(room: Room) -> None:
    first, *_ = room.members
    room.does(first, "standpunt_geven", leaning="voor", text="De wet laat het toe.")
    room.does(first, "standpunt_geven", leaning="tegen", text="Bij nader inzien niet.")

    assert [one.text for one in opinions(room.sees(first), room.item).open] == ["Bij nader inzien niet."]


def test_every_version_of_a_text_is_kept_and_two_can_be_compared(room: Room) -> None:
    room.does(room.secretary, "besluittekst_bijwerken", text="De gemeente mag dit.")
    room.does(room.secretary, "besluittekst_bijwerken", text="De gemeente mag dit niet.")

    found = comparison(room.sees(room.chair), room.item, 1, 2)

    assert [version.version for version in versions(room.work, room.item)] == [2, 1]
    assert [(one.kind, one.text) for one in found.stretches if one.kind != "same"] == [
        ("removed", "dit."),
        ("added", "dit niet."),
    ]


def test_a_version_that_is_not_there_is_not_compared(room: Room) -> None:
    room.does(room.secretary, "besluittekst_bijwerken", text="De gemeente mag dit.")

    with pytest.raises(NotVisible):
        comparison(room.sees(room.chair), room.item, 1, 7)


def test_the_same_text_is_no_new_version(room: Room) -> None:
    room.does(room.secretary, "besluittekst_bijwerken", text="De gemeente mag dit.")

    with pytest.raises(Invalid, match="dezelfde tekst"):
        room.does(room.secretary, "besluittekst_bijwerken", text="De gemeente mag dit.")


def test_a_note_is_of_who_argued_the_view_once_somebody_noted_who_did(room: Room) -> None:
    first, second, _ = room.members
    room.does(room.chair, "afwijkend_standpunt_aantekenen", members=[first.email])
    _decide(room)

    room.does(first, "nota_toevoegen", text="Ik zie geen grondslag.")
    with pytest.raises(GuardFailed, match="afwijkend standpunt"):
        room.does(second, "nota_toevoegen", text="Ik ook niet.")

    assert deviating_members(room.work, room.item) == [("Lid 1", False)]
    assert room.work.session.scalars(select(SeparateNote.text)).all() == ["Ik zie geen grondslag."]


def test_where_nobody_noted_it_a_member_who_took_part_may_add_a_note(room: Room) -> None:
    _decide(room)

    room.does(room.members[1], "nota_toevoegen", text="Ik zie geen grondslag.")

    assert room.work.session.scalars(select(SeparateNote.text)).all() == ["Ik zie geen grondslag."]


def test_a_member_gives_one_note_of_a_length_that_the_rules_allow(room: Room) -> None:
    first, *_ = room.members
    _decide(room)

    with pytest.raises(Invalid, match="ten hoogste 6000 tekens"):
        room.does(first, "nota_toevoegen", text="x" * 6001)
    room.does(first, "nota_toevoegen", text="Ik zie geen grondslag.")
    with pytest.raises(Invalid, match="al een nota"):
        room.does(first, "nota_toevoegen", text="Nog iets.")


def test_a_note_comes_within_a_week_and_not_later(room: Room) -> None:
    first, *_ = room.members
    _decide(room)
    last, too_late = (room.work.now + timedelta(days=days) for days in (7, 8))

    with pytest.raises(GuardFailed, match="geen afzonderlijke nota meer"):
        advance(later(room.sees(first), too_late), room.item, action="nota_toevoegen", answers={"text": "Te laat."})
    advance(later(room.sees(first), last), room.item, action="nota_toevoegen", answers={"text": "Op tijd."})


@pytest.mark.parametrize("ends", ["a note", "a waiver", "a week"])
def test_a_ruling_waits_for_a_note_until_there_is_one_or_it_will_not_come(room: Room, ends: str) -> None:
    first, *_ = room.members
    room.does(room.chair, "afwijkend_standpunt_aantekenen", members=[first.email])
    _decide(room)
    assert facts_of(room.work, room.case).waiting_notes == 1

    now = room.work
    if ends == "a note":
        room.does(first, "nota_toevoegen", text="Ik zie geen grondslag.")
    elif ends == "a waiver":
        room.does(first, "afzien_van_nota")
    else:
        now = later(room.work, room.work.now + timedelta(days=8))

    assert facts_of(now, room.case).waiting_notes == 0


def test_only_who_takes_part_can_have_argued_a_view(room: Room) -> None:
    outsider = make_account(room.work.session, "ccg_lid", name="Lid van elders")

    with pytest.raises(Invalid, match="doet niet mee"):
        room.does(room.chair, "afwijkend_standpunt_aantekenen", members=[outsider.email])


def test_a_tie_of_an_earlier_meeting_has_no_part_in_a_decision_by_consensus(room: Room) -> None:
    earlier = make_meeting(room.work)
    tied = VoteRound(item_id=room.item.id, number=1, meeting_id=earlier.id, opened_at=room.work.now)
    tied.closed_at, tied.votes_for, tied.votes_against, tied.abstained = room.work.now, 2, 2, 0
    room.work.session.add(tied)
    room.work.session.flush()
    _decide(room)

    assert (room.item.consensus, room.item.chair_decided) == (True, False)


@pytest.mark.parametrize("action", ["besluit_vastleggen", "bestuurlijk_voorleggen"])
def test_nothing_is_decided_by_consensus_while_somebody_there_has_not_answered(room: Room, action: str) -> None:
    answers = {"dictum": "Het mag.", "interventions": ["verbinden"], "question": "Wie betaalt?", "ground": "kosten"}

    with pytest.raises(GuardFailed, match="belang"):
        room.does(room.chair, action, **answers)


def test_an_item_that_goes_off_the_agenda_during_its_vote_does_not_keep_the_meeting_open(room: Room) -> None:
    for account in (room.chair, *room.members):
        room.does(account, "belang_verklaren", interest="geen_belang", explanation="")
    room.does(room.chair, "stemming_openen", proposal="Het mag.", undelayable=False)
    room.does(room.members[0], "stemmen", vote="voor")
    room.work.session.info["reader"] = room.work.actor
    follow(room.work, room.item, "afvoeren")

    assert room.work.session.scalars(select(Ballot)).all() == []
    assert facts_of(room.work, room.meeting).running_votes == 0


def test_who_sent_word_is_not_there(room: Room) -> None:
    for row in room.work.session.scalars(select(Attendance)):
        row.present, row.apologised = False, True
    for account in (room.chair, *room.members):
        room.does(account, "belang_verklaren", interest="geen_belang", explanation="")

    with pytest.raises(GuardFailed, match="te weinig leden"):
        room.does(room.chair, "stemming_openen", proposal="Het mag.", undelayable=False)


def _decide(room: Room) -> None:
    """By consensus, which needs no vote."""
    for account in (room.chair, *room.members):
        room.does(account, "belang_verklaren", interest="geen_belang", explanation="")
    room.does(room.chair, "besluit_vastleggen", dictum="Het mag.", interventions=["verbinden"])
    room.work.session.info["reader"] = room.work.actor
