"""What a demonstration begins with: loaded when it is missing, and left alone when it is there."""

from typing import Any

from sqlalchemy import func, select

from app.db.account import Account, Grant
from app.db.body import Body, Membership, OtherPosition, RulesOfProcedure
from app.db.notice import Notice, Outbox
from app.db.organisation import Organisation
from app.db.token import Token
from app.services import demo
from app.services.notice import DOCUMENT, notify, put_in_outbox
from app.services.organisation import add_known_parties
from tests.make import make_account, make_case, make_organisation

UTRECHT = "https://identifier.overheid.nl/tooi/id/gemeente/gm0344"


def account(work: Any, **fields: Any) -> None:
    given = {
        "email": "melder@utrecht.example",
        "name": "Melder",
        "organisation": "gemeente Utrecht",
        "roles": ["melder", "respondent"],
        "password_hash": "hash",
        "totp_secret": None,
        "token": "sleutel",
    }
    demo.open_account(work, **{**given, **fields})


def test_an_organisation_of_the_list_joins_and_one_without_an_address_is_made(work: Any) -> None:
    make_organisation(work.session, "gemeente Utrecht", tooi_uri=UTRECHT, joined=False)

    for _ in range(2):
        demo.join(work, tooi_uri=UTRECHT, name="gemeente Utrecht")
        demo.join(work, tooi_uri=None, name="gemeente Nergens")

    found = {row.name: row for row in work.session.scalars(select(Organisation))}
    assert found["gemeente Utrecht"].joined
    assert (found["gemeente Nergens"].kind, found["gemeente Nergens"].tooi_uri) == ("voorbeeld", None)
    assert len(found) == 2


def test_an_account_is_made_once_and_keeps_what_its_owner_changed(work: Any) -> None:
    make_organisation(work.session, "gemeente Utrecht")
    account(work)
    work.session.scalars(select(Account)).one().password_hash = "gewijzigd"

    account(work, roles=["melder", "respondent", "fg"])

    assert work.session.scalars(select(Account.password_hash)).all() == ["gewijzigd"]
    assert sorted(work.session.scalars(select(Grant.role))) == ["fg", "melder", "respondent"]
    assert work.session.scalar(select(func.count(Token.id))) == 1


RULES = {
    "since": 1,
    "quorum": "helft",
    "excused_count": False,
    "tie": "verworpen",
    "papers_days": 7,
    "note_days": 7,
    "note_length": 6000,
    "written_days": 0,
    "names_in_result": False,
    "source": "Verordening",
}


def test_a_body_is_seated_once(work: Any) -> None:
    make_organisation(work.session, "Kiesraad")
    chair, member = make_account(work.session, "ccg_voorzitter"), make_account(work.session)
    seats = [
        {"email": chair.email, "place": "voorzitter", "since": 2, "until": 1},
        {"email": member.email, "place": "plv_lid", "since": 1},
        {"email": member.email, "place": "lid", "since": 5, "until": -2},
    ]
    positions = [{"email": member.email, "organisation": "Kiesraad", "title": "Adviseur", "since": 3}]

    for _ in range(2):
        demo.seat_body(
            work,
            code="ethiek",
            name="Commissie",
            kind="ethiekcommissie",
            central=False,
            seats=seats,
            rules=RULES,
            positions=positions,
        )

    body = work.session.scalars(select(Body)).one()
    found = [
        (seat.account_id, seat.role, seat.votes, seat.since.isoformat(), str(seat.until))
        for seat in work.session.scalars(select(Membership).order_by(Membership.id))
    ]
    assert found == [
        (chair.id, "ccg_voorzitter", True, "2024-01-01", "2027-12-31"),
        (member.id, "ccg_plv", False, "2025-01-01", "None"),
        (member.id, "ccg_lid", True, "2021-01-01", "2024-12-31"),
    ]
    given = work.session.execute(select(Grant.account_id, Grant.role).where(Grant.body_id == body.id)).all()
    assert [tuple(row) for row in given] == [(chair.id, "ccg_voorzitter"), (member.id, "ccg_plv")]
    assert work.session.scalars(select(RulesOfProcedure.tie)).all() == ["verworpen"]
    assert work.session.scalars(select(OtherPosition.position_title)).all() == ["Adviseur"]


def test_known_parties_are_added_once(work: Any) -> None:
    add_known_parties(work, ["Woningcorporaties"])
    add_known_parties(work, ["Woningcorporaties", "Zorgverzekeraars"])

    assert sorted(work.session.scalars(select(Organisation.name))) == ["Woningcorporaties", "Zorgverzekeraars"]


def test_a_story_is_told_when_there_is_an_example(work: Any) -> None:
    make_case(work)
    assert not demo.is_told(work)

    make_case(work, demonstration=True)

    assert demo.is_told(work)


def test_letters_of_a_story_are_put_away_and_documents_are_still_drawn(work: Any) -> None:
    case = make_case(work)
    notify(work, [make_account(work.session, "triagist")], case, subject="Onderwerp", text="Tekst.")
    put_in_outbox(work, DOCUMENT, {"record": 1}, process=case)

    demo.put_away_letters(work)

    done = {job.topic: job.error for job in work.session.scalars(select(Outbox)) if job.done_at}
    assert done == {"mail": "voorbeeldgegevens: niet verstuurd"}
    assert work.session.scalars(select(Notice.read_at)).one() == work.now
