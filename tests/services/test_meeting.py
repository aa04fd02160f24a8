"""A meeting: who is invited, the order of its agenda, who was there, its minutes, and what was agreed to do."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.db.body import Substitution
from app.db.meeting import AgendaItem, Attendance, Meeting
from app.db.notice import Outbox
from app.db.vote import VoteRound
from app.domain.errors import Invalid
from app.services.appointment import calendar_file_of
from app.services.choice import options
from app.services.form import initial_answers
from app.services.meeting import action_points, deputies, handled_in, rules_shown, seating
from app.services.minutes import draft_general, draft_items, minutes_of
from app.services.sitting import ItemFacts
from tests.make import acting, make_account, make_item, make_meeting
from tests.services.board import DAY, READERS, Board, make_board


@pytest.fixture
def board(work: Any) -> Board:
    return make_board(work)


@pytest.fixture
def meeting(board: Board) -> Meeting:
    return board.meeting(place="Zaal 3")


def letters(board: Board, meeting: Meeting) -> list[Outbox]:
    query = select(Outbox).where(Outbox.process_id == meeting.id, Outbox.topic == "mail").order_by(Outbox.id)
    return [letter for letter in board.work.session.scalars(query) if "appointment" in letter.payload]


# --- Invitations


def test_everybody_with_a_seat_gets_the_appointment(board: Board, meeting: Meeting) -> None:
    board.does(board.secretary, meeting, "plannen", starts_at="9:30", place="Zaal 4")

    sent = letters(board, meeting)

    everybody = [board.chair, board.secretary, board.deputy, *board.members]
    assert {letter.payload["to"] for letter in sent} == {account.email for account in everybody}
    kept = sent[0].payload["appointment"]
    assert kept["begins_at"] == "2026-12-14T09:30:00+01:00"
    assert kept["ends_at"] == "2026-12-14T11:30:00+01:00"
    assert (kept["place"], kept["sequence"], kept["cancelled"]) == ("Zaal 4", 0, False)
    assert (meeting.starts_at, meeting.state) == ("09.30 uur", "gepland")


def test_without_a_time_the_meeting_begins_at_ten(board: Board, meeting: Meeting) -> None:
    board.does(board.secretary, meeting, "plannen")

    assert letters(board, meeting)[0].payload["appointment"]["begins_at"] == "2026-12-14T10:00:00+01:00"


def test_each_change_replaces_the_appointment_before_it(board: Board, meeting: Meeting) -> None:
    board.does(board.secretary, meeting, "plannen")
    board.does(board.secretary, meeting, "verplaatsen", held_on=date(2026, 12, 16))
    board.does(board.secretary, meeting, "verplaatsen", place="Digitaal")
    board.does(board.secretary, meeting, "annuleren")

    kept = [letter.payload["appointment"] for letter in letters(board, meeting)][::7]

    assert [one["sequence"] for one in kept] == [0, 1, 2, 3]
    assert [one["cancelled"] for one in kept] == [False, False, False, True]
    assert kept[1]["begins_at"].startswith("2026-12-16")


def test_who_was_never_invited_is_not_told_that_it_does_not_take_place(board: Board, meeting: Meeting) -> None:
    board.does(board.secretary, meeting, "annuleren")

    assert letters(board, meeting) == []


def test_nothing_of_an_item_is_in_the_letter(board: Board, meeting: Meeting) -> None:
    board.item(meeting, "Zoeken op adres")
    board.does(board.secretary, meeting, "plannen")

    assert all("Zoeken" not in str(letter.payload) for letter in letters(board, meeting))


def test_who_takes_the_seat_of_another_that_day_is_invited_too(board: Board, meeting: Meeting) -> None:
    stand_in = make_account(board.work.session, "ccg_plv")
    substitute(board, board.members[0].id, stand_in.id)

    board.does(board.secretary, meeting, "plannen")

    assert stand_in.email in {letter.payload["to"] for letter in letters(board, meeting)}


def test_a_meeting_is_not_planned_on_a_day_that_was(board: Board, meeting: Meeting) -> None:
    with pytest.raises(Invalid, match="datum"):
        board.does(board.secretary, meeting, "plannen", held_on=date(2026, 11, 1))


def test_what_waits_for_the_meeting_moves_along(board: Board, meeting: Meeting) -> None:
    item = board.item(meeting)
    board.does(board.secretary, meeting, "plannen")
    board.does(board.secretary, meeting, "verplaatsen", held_on=date(2026, 12, 16))

    assert item.due == date(2026, 12, 16)


# --- The agenda


@pytest.fixture
def items(board: Board, meeting: Meeting) -> list[AgendaItem]:
    return [board.item(meeting, title, position=place) for place, title in enumerate(["Een", "Twee", "Drie"], start=1)]


def row(item: AgendaItem, **given: Any) -> dict[str, Any]:
    return {"item": item.number, **given}


def test_items_stand_in_the_given_order_and_what_was_not_named_comes_last(
    board: Board, meeting: Meeting, items: list[AgendaItem]
) -> None:
    board.does(board.secretary, meeting, "agenda_indelen", items=[row(items[2], duration=30), row(items[0])])

    assert [item.position for item in items] == [2, 3, 1]
    assert [item.starts_at for item in items] == ["10.30 uur", None, "10.00 uur"]
    assert items[2].duration == 30


def test_a_place_says_more_than_the_order_of_the_rows(board: Board, meeting: Meeting, items: list[AgendaItem]) -> None:
    rows = [row(items[0], position=3), row(items[1], position=1), row(items[2], position=2)]

    board.does(board.secretary, meeting, "agenda_indelen", items=rows)

    assert [item.position for item in items] == [3, 1, 2]


@pytest.mark.parametrize(
    ("second", "field"),
    [
        ({"starts_at": "10.20 uur"}, "punten.1.aanvang"),
        ({"starts_at": "09.00 uur"}, "punten.1.aanvang"),
        ({"starts_at": "23.50 uur", "duration": 30}, "punten.1.aanvang"),
    ],
)
def test_time_does_not_go_back(
    board: Board, meeting: Meeting, items: list[AgendaItem], second: dict[str, Any], field: str
) -> None:
    rows = [row(items[0], starts_at="10.00 uur", duration=30), row(items[1], **second)]

    with pytest.raises(Invalid) as refused:
        board.does(board.secretary, meeting, "agenda_indelen", items=rows)

    assert list(refused.value.faults) == [field]


def test_an_item_is_named_once_and_stands_on_this_agenda(
    board: Board, meeting: Meeting, items: list[AgendaItem]
) -> None:
    for rows in ([row(items[0]), row(items[0])], [row(items[0]), {"item": "AGP-1999-00001"}]):
        with pytest.raises(Invalid, match=r"punten.1.agendapunt"):
            board.does(board.secretary, meeting, "agenda_indelen", items=rows)


def test_an_item_without_a_case_is_the_body_s_and_comes_last(
    board: Board, meeting: Meeting, items: list[AgendaItem]
) -> None:
    answers = {"title": "Werkwijze 2027", "explanation": "Hoe we werken."}
    (made,) = board.does(board.secretary, meeting, "punt_toevoegen", **answers).made

    assert (made.title, made.case_id, made.position, made.preliminary_advice) == (
        "Werkwijze 2027",
        None,
        4,
        "Hoe we werken.",
    )
    board.declares(made, board.members[0])
    seen = acting(board.work, board.members[0]).session.scalars(select(AgendaItem.number)).all()
    assert list(seen) == [made.number]


# --- Who is there


def substitute(board: Board, absent_id: int, substitute_id: int) -> None:
    board.work.session.add(
        Substitution(
            body_id=board.body.id,
            absent_id=absent_id,
            substitute_id=substitute_id,
            since=DAY,
            until=DAY,
            reason="Verlof",
            account_id=None,
            at=board.work.now,
        )
    )
    board.work.session.flush()


def opened(board: Board, **answers: Any) -> Meeting:
    meeting = board.meeting(state="stukken_verzonden", day=board.work.today)
    board.does(board.chair, meeting, "openen", **answers)
    return meeting


def attendance(board: Board, meeting: Meeting) -> dict[str, tuple[bool, bool, int | None]]:
    query = select(Attendance).where(Attendance.meeting_id == meeting.id)
    people = {one.id: one.name for one in [board.chair, board.deputy, board.secretary, *board.members]}
    return {
        people[row.account_id]: (row.present, row.apologised, row.replaces_id)
        for row in board.work.session.scalars(query)
    }


def test_the_chair_who_opens_presides_and_notes_who_is_there(board: Board) -> None:
    first, second, *_ = board.members
    meeting = opened(
        board,
        present=[board.chair.email, first.email],
        apologies=[second.email],
        substitutions=[{"member": second.email, "deputy": board.deputy.email}],
    )

    assert meeting.presided_by_id == board.chair.id
    assert attendance(board, meeting) == {
        "Voorzitter": (True, False, None),
        "Lid 1": (True, False, None),
        "Lid 2": (False, True, None),
        "Plaatsvervanger": (True, False, second.id),
    }


def test_a_deputy_counts_for_the_absent_member_and_who_leaves_does_not(board: Board) -> None:
    first, second, *_ = board.members
    substitutions = [{"member": second.email, "deputy": board.deputy.email}]
    meeting = opened(board, present=[board.chair.email, first.email], substitutions=substitutions)
    item = make_item(board.work, board.case("Zoeken"), meeting, audience=READERS)

    before = ItemFacts(board.work, item).members_present
    board.does(board.chair, meeting, "aanwezigheid_bijwerken", present=[board.chair.email], substitutions=substitutions)

    assert before == 3
    assert ItemFacts(board.work, item).members_present == 2


def test_nothing_said_leaves_the_attendance_as_it_was(board: Board) -> None:
    meeting = opened(board, present=[board.chair.email])
    board.does(board.chair, meeting, "schorsen")

    board.does(board.chair, meeting, "hervatten")

    assert attendance(board, meeting) == {"Voorzitter": (True, False, None)}


def test_a_deputy_answers_the_question_of_interests_before_seeing_an_item(board: Board) -> None:
    meeting = board.meeting(state="stukken_verzonden", day=board.work.today)
    item = make_item(board.work, board.case("Zoeken"), meeting, audience=READERS)
    first = board.members[0]

    board.does(
        board.chair,
        meeting,
        "openen",
        present=[board.chair.email],
        substitutions=[{"member": first.email, "deputy": board.deputy.email}],
    )

    query = select(AgendaItem.id).where(AgendaItem.id == item.id)
    assert acting(board.work, board.deputy).session.scalar(query) is None


def test_a_seat_is_taken_by_who_can_take_it(board: Board, meeting: Meeting) -> None:
    first, second, *_ = board.members
    for member, deputy, field in (
        (first, second, "plaatsvervanger"),
        (first, board.secretary, "plaatsvervanger"),
        (board.secretary, board.deputy, "lid"),
    ):
        with pytest.raises(Invalid, match=rf"vervangingen.0.{field}"):
            opened(
                board,
                present=[board.chair.email],
                substitutions=[{"member": member.email, "deputy": deputy.email}],
            )
    assert deputies(board.work, meeting) == {board.deputy.id}


def test_the_form_begins_with_the_deputies_of_that_day(board: Board, meeting: Meeting) -> None:
    substitute(board, board.members[0].id, board.deputy.id)

    assert initial_answers(board.work, meeting, "attendance") == {
        "afwezigMetBericht": [board.members[0].email],
        "vervangingen": [{"lid": board.members[0].email, "plaatsvervanger": board.deputy.email}],
    }


def test_the_form_begins_with_what_was_noted_last(board: Board) -> None:
    meeting = opened(board, present=[board.chair.email, board.members[0].email], apologies=[board.members[1].email])

    known = seating(board.work, meeting)

    assert set(known.present) == {board.chair.email, board.members[0].email}
    assert list(known.apologies) == [board.members[1].email]
    assert list(known.substitutions) == []


# --- The minutes


@pytest.fixture
def closed(board: Board) -> tuple[Meeting, AgendaItem]:
    """A meeting that is over, in which one member was excused and a tie was decided by the chair."""
    first, second, third, fourth = board.members
    meeting = board.meeting(state="stukken_verzonden", day=board.work.today)
    item = board.item(meeting, "Zoeken op adres", dictum="Het mag.", chair_decided=True, held_over_because=None)
    people = [board.chair, first, second, third]
    board.does(
        board.chair,
        meeting,
        "openen",
        present=[account.email for account in people],
        apologies=[fourth.email],
        substitutions=[{"member": fourth.email, "deputy": board.deputy.email}],
    )
    board.does(first, item, "belang_verklaren", interest="belang_gemeld", explanation="Mijn zus werkt daar.")
    board.declares(item, board.chair)
    board.does(board.chair, item, "belang_beoordelen", member=first.email, judgement="verschoond")
    board.work.session.add(
        VoteRound(
            item_id=item.id,
            number=1,
            opened_at=board.work.now,
            closed_at=board.work.now,
            votes_for=2,
            votes_against=2,
            abstained=0,
            quorum_at_close=True,
        )
    )
    board.work.session.flush()
    board.does(board.chair, meeting, "sluiten")
    return meeting, item


def test_the_minutes_begin_with_who_was_there(board: Board, closed: tuple[Meeting, AgendaItem]) -> None:
    text = draft_general(acting(board.work, board.secretary), closed[0])

    assert "Plaatsvervanger (plaatsvervanger van Lid 4)" in text
    assert "Afwezig met bericht: Lid 4." in text
    assert "Voorzitter zat de vergadering voor." in text
    assert "De vergadering werd geopend op 23 november 2026, 10.00 uur." in text


def test_the_minutes_of_an_item_are_made_of_what_was_recorded(board: Board, closed: tuple[Meeting, AgendaItem]) -> None:
    ((_, _, text),) = draft_items(acting(board.work, board.secretary), closed[0])

    assert "Een belang gemeld: één lid." in text
    assert "Verschoond: Lid 1." in text
    assert "zus" not in text
    assert "Stemming 1: 2 voor, 2 tegen, 0 onthouding. Bij het sluiten was het quorum er. De stemmen staakten." in text
    assert "De stem van de voorzitter heeft de doorslag gegeven" in text
    assert "artikel 20, vijfde lid" in text
    assert "Besluit: Het mag." in text


def written(board: Board, meeting: Meeting, item: AgendaItem) -> None:
    board.does(
        board.secretary,
        meeting,
        "verslag_opstellen",
        minutes="De vergadering verliep goed.",
        items=[{"item": item.number, "text": "Besluit over zoeken."}],
        actions=["De secretaris verwerkt het besluit."],
    )


def test_who_is_excused_reads_the_minutes_without_the_item(board: Board, closed: tuple[Meeting, AgendaItem]) -> None:
    meeting, item = closed
    written(board, meeting, item)

    excused = minutes_of(acting(board.work, board.members[0]), meeting, involved=True)
    chair = minutes_of(acting(board.work, board.chair), meeting, involved=True)

    assert excused is not None
    assert chair is not None
    assert [(one.position, one.title, one.excused, one.text) for one in excused.items] == [(1, None, True, None)]
    assert [one.text for one in chair.items] == ["Besluit over zoeken."]


def test_the_public_reads_the_general_text_and_no_item_without_a_public_ruling(
    board: Board, closed: tuple[Meeting, AgendaItem]
) -> None:
    meeting, item = closed
    written(board, meeting, item)

    found = minutes_of(board.work, meeting, involved=False)

    assert found is not None
    assert (found.general, list(found.items), list(found.decisions)) == ("De vergadering verliep goed.", [], [])


def test_what_was_written_comes_back_to_be_edited(board: Board, closed: tuple[Meeting, AgendaItem]) -> None:
    meeting, item = closed
    written(board, meeting, item)

    assert initial_answers(acting(board.work, board.secretary), meeting, "minutes") == {
        "verslag": "De vergadering verliep goed.",
        "punten": [{"agendapunt": item.number, "tekst": "Besluit over zoeken."}],
    }
    board.does(board.secretary, meeting, "verslag_bewerken", minutes="Zij verliep goed.", items=[{"item": item.number}])
    ((_, handling),) = handled_in(acting(board.work, board.secretary), meeting)
    assert (meeting.minutes, handling.minutes) == ("Zij verliep goed.", None)


def test_an_item_that_goes_on_to_a_later_meeting_stays_in_the_minutes_of_this_one(board: Board) -> None:
    meeting = board.meeting(day=board.work.today, state="geopend", sitting=True, began_at=board.work.now)
    item = board.item(meeting, position=2)
    following = board.meeting(number="VERG-2026-88", title="De volgende")
    board.declares(item, *board.members)
    board.does(board.chair, item, "aanhouden", ground="geen_quorum")
    board.does(board.chair, meeting, "sluiten")
    board.does(board.secretary, item, "doorschuiven", meeting=following.number)

    ((found, handling, text),) = draft_items(acting(board.work, board.secretary), meeting)

    assert (found.number, handling.position) == (item.number, 2)
    assert "Het punt is aangehouden: te weinig leden aanwezig." in text
    assert [moved.number for moved, _ in handled_in(acting(board.work, board.secretary), following)] == [item.number]


# --- Action points


def test_an_action_point_is_kept_until_it_is_done(board: Board, closed: tuple[Meeting, AgendaItem]) -> None:
    meeting, _ = closed
    answers = {"text": "Een brief schrijven", "doer": "secretaris", "due": date(2026, 12, 1)}
    board.does(board.secretary, meeting, "actiepunt_toevoegen", **answers)
    ((open_point,), _) = action_points(acting(board.work, board.secretary), meeting)
    ((point, _),) = options(acting(board.work, board.secretary), meeting)("action_points")
    board.does(board.secretary, meeting, "actiepunt_afdoen", point=point, note="Verstuurd")
    ((done,), _) = action_points(acting(board.work, board.secretary), meeting)

    assert (open_point.text, open_point.doer, open_point.due) == (
        "Een brief schrijven",
        "secretaris",
        date(2026, 12, 1),
    )
    assert (done.done_on, done.done_note) == (board.work.today, "Verstuurd")
    with pytest.raises(Invalid, match="actiepunt"):
        board.does(board.secretary, meeting, "actiepunt_afdoen", point=point)


def test_open_points_of_earlier_meetings_stand_at_the_next(board: Board, closed: tuple[Meeting, AgendaItem]) -> None:
    meeting, item = closed
    add = {"doer": "secretaris"}
    board.does(board.secretary, meeting, "actiepunt_toevoegen", text="Voor iedereen", **add)
    board.does(board.secretary, meeting, "actiepunt_toevoegen", text="Over het punt", item=item.number, **add)
    following = board.meeting()
    other_body = make_meeting(board.work, day=DAY, audience=READERS)

    def texts(reader: Any, shown: Meeting) -> list[str]:
        return [point.text for point in action_points(acting(board.work, reader), shown)[1]]

    assert texts(board.secretary, following) == ["Voor iedereen", "Over het punt"]
    assert texts(board.members[0], following) == ["Voor iedereen"]  # who is excused
    assert texts(board.secretary, other_body) == []


# --- The rules


def test_a_meeting_says_by_which_rules_it_is_held(board: Board, meeting: Meeting) -> None:
    shown = rules_shown(board.work, meeting)

    assert (shown.code, shown.version, shown.quorum, shown.members) == ("ccg", None, 3, 5)


def test_a_meeting_that_was_called_off_stays_called_off_in_a_calendar(board: Board, meeting: Meeting) -> None:
    board.does(board.secretary, meeting, "plannen")
    before = calendar_file_of(board.work, meeting, public_url="https://knelpunten.example")
    board.does(board.secretary, meeting, "annuleren")
    after = calendar_file_of(board.work, meeting, public_url="https://knelpunten.example")

    assert b"METHOD:REQUEST" in before
    assert f"UID:{meeting.number}@knelpunten.example".encode() in before
    assert b"METHOD:CANCEL" in after
    assert b"SEQUENCE:1" in after
