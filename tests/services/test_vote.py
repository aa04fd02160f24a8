"""Votes: who may, once, sealed until the count, and what a member finds back afterwards."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, inspect, select
from sqlalchemy.orm.exc import StaleDataError

from app.adapters.ballot_box import BallotUnreadable
from app.db.account import Account
from app.db.body import RulesOfProcedure
from app.db.engine import open_session
from app.db.interest import Interest
from app.db.meeting import AgendaItem, Attendance
from app.db.notice import Notice
from app.db.process import Event
from app.db.tables import METADATA
from app.db.vote import Ballot, Elector, VoteRound
from app.domain.access import SYSTEM, role_key
from app.domain.ballot import Receipt, result_digest
from app.domain.errors import GuardFailed, Invalid, NotPermitted, NotVisible, UnknownAction
from app.domain.meeting import KADERWET
from app.services.process import Outcome, advance, process_for_action
from app.services.vote import closed_round
from app.services.work import Work
from tests.make import (
    NOW,
    acting,
    actor_of,
    later,
    make_account,
    make_body,
    make_case,
    make_item,
    make_meeting,
    make_seat,
    work_of,
)

READERS = [role_key(role) for role in ("ccg_voorzitter", "ccg_lid", "ccg_plv", "ccg_secretaris")]
FOR, AGAINST, ABSTAINED = "voor", "tegen", "onthouding"


@dataclass(frozen=True, slots=True)
class Board:
    """A body that sits, with one item; the first member is the chair, the second the deputy chair."""

    work: Work
    item: AgendaItem
    members: list[Account]

    def does(self, who: Account, action: str, **answers: Any) -> Outcome:
        return advance(acting(self.work, who), self.item, action=action, answers=answers)

    def votes(self, *choices: str | None) -> list[dict[str, Any]]:
        """The members vote in their order; None for who does not."""
        return [
            dict(self.does(who, "stemmen", vote=choice).receipt)
            for who, choice in zip(self.members, choices, strict=False)
            if choice is not None
        ]

    def opens(self, **answers: Any) -> VoteRound:
        self.does(self.members[0], "stemming_openen", **answers)
        return self.round

    def closes(self) -> VoteRound:
        self.does(self.members[0], "stemming_sluiten")
        return self.round

    @property
    def round(self) -> VoteRound:
        query = select(VoteRound).where(VoteRound.item_id == self.item.id).order_by(VoteRound.number.desc()).limit(1)
        return self.work.session.scalars(query).one()

    @property
    def ballots(self) -> list[Ballot]:
        return list(self.work.session.scalars(select(Ballot).where(Ballot.round_id == self.round.id)))

    def excuses(self, member: Account) -> None:
        interest = self.work.session.scalars(select(Interest).filter_by(account_id=member.id)).one()
        interest.judgement = "verschoond"
        self.work.session.flush()


def make_board(work: Work, members: int = 5, *, present: int | None = None, state: str = "open", **rules: Any) -> Board:
    session = work.session
    people = [make_account(session, "ccg_voorzitter" if number < 2 else "ccg_lid") for number in range(members)]
    body = make_body(work)
    for number, account in enumerate(people):
        role = "ccg_voorzitter" if number < 2 else "ccg_lid"
        make_seat(work, body, account, role=role, deputy=number == 1)
    kept = RulesOfProcedure(
        **{**KADERWET._asdict(), **rules},
        body_id=body.id,
        version=1,
        since=date(2026, 1, 1),
        source="Kaderwet adviescolleges",
        at=work.now,
    )
    session.add(kept)
    session.flush()
    meeting = make_meeting(
        work,
        body,
        day=work.today,
        state="geopend" if state == "open" else None,
        sitting=state == "open",
        rules_id=kept.id,
        audience=READERS,
    )
    item = make_item(work, make_case(work, state="in_beraadslaging"), meeting, state=state, audience=READERS)
    if state != "open":
        item.case_id = None
    for account in people if state != "open" else people[:present]:
        session.add(
            Interest(item_id=item.id, account_id=account.id, declared="geen_belang", explanation="", at=work.now)
        )
        if state == "open":
            session.add(Attendance(meeting_id=meeting.id, account_id=account.id, present=True))
    session.flush()
    return Board(work, item, people)


def counts(counted: VoteRound) -> tuple[Any, ...]:
    return (counted.votes_for, counted.votes_against, counted.abstained)


# --- In a meeting


def test_a_round_is_opened_for_who_is_there_and_counted_when_it_closes(work: Any) -> None:
    board = make_board(work, 7, present=5)

    board.opens(proposal="Leveren mag.")
    board.votes(FOR, FOR, AGAINST, ABSTAINED)
    counted = board.closes()

    assert counts(counted) == (2, 1, 1)
    assert (counted.silent, counted.absent, counted.excused) == (1, 2, 0)
    assert counted.quorum_at_close
    assert not counted.members_complete
    assert board.item.state == "gestemd"
    assert board.ballots == []


def test_who_was_not_there_at_the_opening_has_no_vote(work: Any) -> None:
    board = make_board(work, 5, present=4)
    board.opens()
    late = board.members[4]
    session = work.session
    session.add(Attendance(meeting_id=board.item.meeting_id, account_id=late.id, present=True))
    session.flush()

    with pytest.raises(GuardFailed, match="afwezig, verschoond of geen lid"):
        board.does(late, "stemmen", vote=FOR)


def test_who_has_no_seat_has_no_vote(work: Any) -> None:
    board = make_board(work)
    board.opens()
    stranger = make_account(work.session, "ccg_lid")

    with pytest.raises(GuardFailed, match="geen lid"):
        board.does(stranger, "stemmen", vote=FOR)


def test_nobody_votes_twice(work: Any) -> None:
    board = make_board(work)
    board.opens()
    board.votes(FOR)

    with pytest.raises(GuardFailed, match="één keer"):
        board.does(board.members[0], "stemmen", vote=AGAINST)

    assert len(board.ballots) == 1


def test_nobody_votes_after_the_closing(work: Any) -> None:
    board = make_board(work)
    board.opens()
    board.closes()

    with pytest.raises(UnknownAction):
        board.does(board.members[0], "stemmen", vote=FOR)


def test_who_is_excused_while_the_vote_runs_has_none_and_the_one_they_cast_is_void(work: Any) -> None:
    board = make_board(work, 5)
    board.opens()
    board.votes(FOR, FOR, AGAINST)

    board.excuses(board.members[2])
    board.excuses(board.members[3])
    with pytest.raises(NotPermitted):
        board.does(board.members[3], "stemmen", vote=FOR)
    counted = board.closes()

    assert counts(counted) == (2, 0, 0)
    assert (counted.excused, counted.silent) == (2, 1)
    assert counted.openings is not None
    assert len(counted.openings) == 2


def test_the_quorum_is_looked_at_again_at_the_closing(work: Any) -> None:
    board = make_board(work, 5, present=3)
    board.opens()
    board.votes(FOR, FOR, FOR)
    work.session.scalars(select(Attendance).filter_by(account_id=board.members[2].id)).one().present = False
    work.session.flush()

    counted = board.closes()

    assert counted.votes_for == 3
    assert not counted.quorum_at_close


def test_the_vote_of_the_chair_is_kept_only_when_it_decides(work: Any) -> None:
    complete, first = make_board(work, 4), make_board(work, 5, present=4)
    for board in (complete, first):
        board.opens()
        board.votes(FOR, AGAINST, FOR, AGAINST)
        board.closes()

    assert (complete.round.chair_vote, complete.round.deputy_vote) == (True, None)
    assert (first.round.chair_vote, first.round.deputy_vote) == (None, None)


def test_the_deputy_chair_decides_when_the_chair_abstained(work: Any) -> None:
    board = make_board(work, 4)
    board.opens(undelayable=True)
    board.votes(ABSTAINED, AGAINST, FOR)

    counted = board.closes()

    assert (counted.chair_vote, counted.deputy_vote) == (None, False)


def test_a_second_round_leaves_the_first_as_it_was(work: Any) -> None:
    board = make_board(work)
    board.opens()
    board.votes(FOR, AGAINST)
    first = board.closes()

    board.does(board.members[0], "herstemmen")
    board.votes(FOR, FOR, FOR)
    second = board.closes()

    assert (first.number, counts(first)) == (1, (1, 1, 0))
    assert (second.number, counts(second)) == (2, (3, 0, 0))


# --- In writing


def written(board: Board, days: int = 5) -> VoteRound:
    board.does(board.members[0], "schriftelijk_voorleggen", proposal="Toepassen.", subject="herstel", days=days)
    return board.round


def test_a_round_in_writing_lasts_so_many_working_days_and_is_of_every_member(work: Any) -> None:
    board = make_board(work, 4, state="geagendeerd")

    opened = written(board)

    assert opened.written
    assert opened.closes_on == board.item.due == date(2026, 11, 30)
    assert set(work.session.scalars(select(Elector.account_id))) >= {one.id for one in board.members}


@pytest.mark.parametrize(("days", "least"), [(4, 5), (0, 5), (10**9, 5), (5, 0)])
def test_the_rules_of_procedure_say_how_long_a_round_in_writing_lasts_and_whether_there_is_one(
    work: Any, days: int, least: int
) -> None:
    board = make_board(work, 4, state="geagendeerd", written_days=least)

    with pytest.raises(Invalid) as refused:
        written(board, days)

    assert "reglement" in refused.value.faults["werkdagen"][0]


def test_one_member_breaks_a_round_in_writing_off_and_nothing_is_counted(work: Any) -> None:
    board = make_board(work, 4, state="geagendeerd")
    written(board)
    board.votes(FOR, FOR)

    board.does(board.members[3], "ronde_afbreken", text="Dit is nieuw.")

    broken = board.round
    assert (broken.broken_off_by_id, broken.votes_for, broken.digest) == (board.members[3].id, None, None)
    assert broken.closed_at is not None
    assert board.ballots == []
    assert board.item.state == "aangehouden"
    assert board.item.held_over


def test_a_round_in_writing_closes_when_everybody_voted_and_not_before(work: Any) -> None:
    board = make_board(work, 3, state="geagendeerd")
    written(board)
    board.votes(FOR, ABSTAINED)
    with pytest.raises(GuardFailed, match="niet iedereen"):
        board.does(board.members[0], "ronde_sluiten")

    board.does(board.members[2], "stemmen", vote=FOR)
    board.does(board.members[0], "ronde_sluiten")

    assert counts(board.round) == (2, 0, 1)
    assert board.round.quorum_at_close
    assert board.round.members_complete


def test_after_the_last_day_nobody_votes_and_the_clock_counts_who_did(work: Any) -> None:
    board = make_board(work, 4, state="geagendeerd")
    written(board)
    board.votes(FOR)
    after = replace(board, work=later(work, NOW + timedelta(days=8)))

    with pytest.raises(GuardFailed, match="termijn van de schriftelijke ronde is voorbij"):
        after.does(board.members[1], "stemmen", vote=FOR)
    advance(after.work, board.item, action="ronde_sluiten")

    assert counts(board.round) == (1, 0, 0)
    assert board.round.silent == 3
    assert not board.round.quorum_at_close


def test_the_electorate_is_told_the_number_and_the_last_day_and_nothing_else(work: Any) -> None:
    board = make_board(work, 3, state="geagendeerd")
    board.item.title = "Zaak van de buurman"
    work.session.flush()

    written(board)

    told = work.session.scalars(select(Notice).where(Notice.process_id == board.item.id)).all()
    assert {one.account_id for one in told} == {one.id for one in board.members[1:]}
    assert {one.text for one in told} == {f"Stem over agendapunt {board.item.number} uiterlijk 30 november 2026."}


# --- Secrecy


def test_a_ballot_says_nothing_of_who_cast_it_what_it_is_or_when(work: Any) -> None:
    board = make_board(work)
    board.opens()
    receipts = board.votes(FOR, AGAINST, ABSTAINED)

    columns = {column.name for column in inspect(Ballot).columns}
    assert columns == {"round_id", "key", "sealed"}
    assert len({len(ballot.sealed) for ballot in board.ballots}) == 1
    rows = " ".join(f"{ballot.key} {ballot.sealed}" for ballot in board.ballots)
    assert not any(str(receipt[part]) in rows for receipt in receipts for part in ("zout", "bewijs", "keuze"))


def test_no_table_holds_a_vote_or_a_receipt_while_the_round_is_open(work: Any) -> None:
    board = make_board(work)
    board.opens()
    receipts = board.votes(FOR, AGAINST)

    everything = "".join(
        str(row) for table in METADATA.sorted_tables for row in work.session.execute(select(table)).all()
    )

    for receipt in receipts:
        assert receipt["zout"] not in everything
        assert receipt["bewijs"] not in everything
    assert "'stem'" not in everything
    assert "'keuze'" not in everything


def test_a_ballot_opens_with_the_own_key_in_the_own_round_alone(work: Any) -> None:
    board = make_board(work)
    board.opens()
    board.votes(FOR)
    (ballot,) = board.ballots
    box = work.session.info["ballots"]

    assert box.open(ballot.sealed, place=f"{board.item.number}/1")["choice"] == FOR
    with pytest.raises(BallotUnreadable):
        box.open(ballot.sealed, place=f"{board.item.number}/2")
    with pytest.raises(BallotUnreadable):
        type(box)(bytes(32)).open(ballot.sealed, place=f"{board.item.number}/1")


def test_with_another_key_nothing_is_counted_and_nothing_is_lost(work: Any) -> None:
    board = make_board(work)
    board.opens()
    board.votes(FOR)
    box = work.session.info["ballots"]
    work.session.info["ballots"] = type(box)(bytes(32))

    with pytest.raises(GuardFailed, match="andere sleutel"), work.session.begin_nested():
        board.closes()

    work.session.info["ballots"] = box
    work.session.expire_all()
    assert len(board.ballots) == 1
    assert counts(board.closes()) == (1, 0, 0)


def test_names_stand_in_the_result_only_where_the_rules_of_procedure_want_them(work: Any) -> None:
    quiet, named = make_board(work), make_board(work, names_in_result=True)
    for board in (quiet, named):
        board.opens()
        board.votes(FOR, AGAINST)
        board.closes()

    assert quiet.round.by_name is None
    assert closed_round(work, quiet.item, 1).named is None
    assert closed_round(work, named.item, 1).named == [
        {"name": named.members[0].name, "choice": FOR},
        {"name": named.members[1].name, "choice": AGAINST},
    ]
    assert named.round.by_name == [
        {"account": named.members[0].id, "keuze": FOR},
        {"account": named.members[1].id, "keuze": AGAINST},
    ]


# --- What a member can check


def test_a_receipt_is_in_the_list_of_the_closed_round_and_the_list_is_in_the_journal(work: Any) -> None:
    board = make_board(work)
    board.opens()
    receipts = board.votes(FOR, AGAINST, ABSTAINED)
    board.closes()

    closed = closed_round(work, board.item, 1)

    listed = list(closed.openings)
    assert listed == sorted(listed, key=lambda opening: opening["bewijs"])
    assert listed == sorted(
        ({name: receipt[name] for name in ("bewijs", "zout", "keuze")} for receipt in receipts),
        key=lambda opening: opening["bewijs"],
    )
    for receipt in receipts:
        known = Receipt(board.item.number, 1, receipt["keuze"], receipt["zout"])
        assert receipt == known.as_json()
    digest = result_digest(board.item.number, 1, listed)
    lines = work.session.scalars(select(Event).where(Event.process_id == board.item.id)).all()
    assert lines[-1].answers["controlegetal"] == digest == board.round.digest
    assert (lines[-1].action, lines[-1].answers["voor"]) == ("uitslag_vastgesteld", 1)
    assert json.dumps(receipts[0]["zout"]) not in json.dumps([line.answers for line in lines])


def test_an_open_round_has_no_list(work: Any) -> None:
    board = make_board(work)
    board.opens()
    board.votes(FOR)

    with pytest.raises(GuardFailed, match="nog open"):
        closed_round(work, board.item, 1)
    with pytest.raises(NotVisible):
        closed_round(work, board.item, 2)


def test_a_round_that_was_broken_off_has_no_list(work: Any) -> None:
    board = make_board(work, 3, state="geagendeerd")
    written(board)
    board.does(board.members[1], "ronde_afbreken", text="Dit is nieuw.")

    with pytest.raises(GuardFailed, match="zonder telling"):
        closed_round(work, board.item, 1)


# --- Many at once


def test_of_sixteen_who_vote_while_the_chair_closes_each_is_counted_or_refused(own_engine: Any) -> None:
    with open_session(own_engine, SYSTEM, writes=True) as session:
        board = make_board(work_of(session), 17)
        board.opens()
        number, item_id = board.item.number, board.item.id
        people = [actor_of(one) for one in board.members]
        session.commit()
    start = Barrier(len(people))

    def act(place: int) -> str:
        start.wait()
        closes = place == 0
        with open_session(own_engine, people[place], writes=True) as session:
            work = work_of(session, people[place])
            try:
                item = process_for_action(work, AgendaItem, number)
                if closes:
                    advance(work, item, action="stemming_sluiten")
                else:
                    advance(work, item, action="stemmen", answers={"vote": (FOR, AGAINST, ABSTAINED)[place % 3]})
                session.commit()
            except UnknownAction:
                return "late"
            except (GuardFailed, StaleDataError) as error:
                return type(error).__name__
        return "closed" if closes else "counted"

    with ThreadPoolExecutor(len(people)) as pool:
        answers = Counter(pool.map(act, range(len(people))))

    assert answers["closed"] == 1
    assert answers["counted"] + answers["late"] == 16
    with open_session(own_engine, SYSTEM, writes=False) as session:
        counted = session.scalars(select(VoteRound).where(VoteRound.item_id == item_id)).one()
        assert sum(counts(counted)) == answers["counted"]
        assert counted.silent == 17 - answers["counted"]
        assert session.scalar(select(func.count()).where(Elector.voted)) == answers["counted"]
        assert session.scalar(select(func.count()).select_from(Ballot)) == 0


def test_of_one_member_who_votes_sixteen_times_at_once_one_vote_counts(own_engine: Any) -> None:
    with open_session(own_engine, SYSTEM, writes=True) as session:
        board = make_board(work_of(session), 3)
        board.opens()
        number, actor = board.item.number, actor_of(board.members[2])
        session.commit()
    start = Barrier(16)

    def vote(_: int) -> str:
        start.wait()
        with open_session(own_engine, actor, writes=True) as session:
            work = work_of(session, actor)
            try:
                advance(work, process_for_action(work, AgendaItem, number), action="stemmen", answers={"vote": FOR})
                session.commit()
            except GuardFailed as error:
                return " ".join(error.sentences)
        return "counted"

    with ThreadPoolExecutor(16) as pool:
        answers = Counter(pool.map(vote, range(16)))

    assert answers.pop("counted") == 1
    assert [sentence.startswith("U hebt in deze ronde al gestemd") for sentence in answers] == [True]
    with open_session(own_engine, SYSTEM, writes=False) as session:
        assert session.scalar(select(func.count()).select_from(Ballot)) == 1
