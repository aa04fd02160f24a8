"""Votes through the API: the receipt that is given once, the round that it is checked against, and what is kept."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from app.db.body import Body
from app.db.interest import Interest
from app.db.meeting import Attendance
from app.db.notice import Idempotency
from app.db.tables import METADATA
from app.db.vote import Ballot, VoteRound
from app.domain.access import role_key
from tests.api.stage import MEMBERS, SECRETARIAT, Stage
from tests.make import make_account, make_case, make_item, make_meeting, make_seat

SCRIPT = Path(__file__).parents[2] / "docs" / "examples" / "verify_receipt.py"
READERS = [role_key(role) for role in ("ccg_voorzitter", "ccg_lid", "ccg_secretaris", "auditor", "beheerder")]
CHAIR = "ccg_voorzitter"
# What is an item's own: its number, those of its case and meeting, and digests.
OWN = re.compile("(AGP|KNP|VERG)-2026-[0-9]+|[0-9a-f]{16,}")
EVERYBODY = (CHAIR, *MEMBERS)


def voting(stage: Stage, *more: str) -> str:
    """The path of an item of which the vote was opened just now, for the chair, the members, and some more."""
    with stage.work() as work:
        session = work.session
        body = session.scalars(select(Body)).one()
        for name in more:
            account = make_account(session, "ccg_lid", name=name, email=f"{name}@knelpunt.example")
            stage.token(work, account, name)
            make_seat(work, body, account)
        case = make_case(work, state="in_beraadslaging", audience=READERS)
        meeting = make_meeting(work, body, day=work.today, state="geopend", sitting=True, audience=READERS)
        item = make_item(work, case, meeting, state="open", audience=READERS)
        for name in (*EVERYBODY, *more):
            who: dict[str, Any] = {"account_id": stage.accounts[name]}
            session.add(Attendance(meeting_id=meeting.id, present=True, **who))
            session.add(Interest(item_id=item.id, declared="geen_belang", explanation="", at=work.now, **who))
        path = f"/agendapunten/{item.number}"
    stage.does(CHAIR, path, "stemming_openen", voorstel="Leveren mag.")
    return path


def voted(stage: Stage, item: str, *choices: str) -> list[dict[str, Any]]:
    """The chair and the members vote in their order; their receipts."""
    receipts = []
    for name, choice in zip(EVERYBODY, choices, strict=False):
        answer = stage.post(f"{item}/stemmen", name, {"stem": choice})
        assert answer.status_code == 201, answer.json
        receipts.append(answer.json["ontvangstbewijs"])  # type: ignore[index]
    return receipts


def closed(stage: Stage, item: str) -> dict[str, Any]:
    """The vote is closed, and somebody reads the round."""
    stage.does(CHAIR, item, "stemming_sluiten")
    answer = stage.get(f"{item}/stemrondes/1", "lid1")
    assert answer.status_code == 200, answer.json
    found: dict[str, Any] = answer.json  # type: ignore[assignment]
    return found


def test_who_votes_gets_a_receipt_and_nobody_reads_a_vote_before_the_closing(stage: Stage) -> None:
    item = voting(stage)

    receipts = voted(stage, item, "voor", "tegen", "onthouding")

    assert [receipt["keuze"] for receipt in receipts] == ["voor", "tegen", "onthouding"]
    assert all(receipt["agendapunt"] == item.rpartition("/")[2] for receipt in receipts)
    for who in (CHAIR, "lid1", "ccg_secretaris", "auditor", "beheerder"):
        for path in (item, f"{item}/acties", f"{item}/verloop", f"{item}/stemrondes/1"):
            answer = stage.get(path, who)
            assert not any(receipt["bewijs"] in answer.text or receipt["zout"] in answer.text for receipt in receipts)
    refused = stage.get(f"{item}/stemrondes/1", "lid1")
    assert (refused.status_code, refused.json["detail"]) == (
        409,
        "De stemming is nog open. De uitslag is er als de stemming is gesloten.",
    )


def test_before_the_closing_every_role_reads_the_same_whatever_was_voted(stage: Stage) -> None:
    one, other = voting(stage), voting(stage)
    voted(stage, one, "voor", "voor", "voor")
    voted(stage, other, "tegen", "onthouding", "tegen")

    for who in (*SECRETARIAT, *MEMBERS, "utrecht", "svb", "niemand"):
        for path in ("", "/acties", "/verloop", "/stemrondes/1"):
            answers = [stage.get(f"{item}{path}", who) for item in (one, other)]
            assert len({answer.status_code for answer in answers}) == 1
            assert len({OWN.sub("", answer.text) for answer in answers}) == 1, (who, path)


def test_an_action_gives_the_same_receipt_as_the_call_of_its_own(stage: Stage) -> None:
    item = voting(stage)

    taken = stage.does("lid1", item, "stemmen", stem="voor")

    assert taken["ontvangstbewijs"]["keuze"] == "voor"
    assert stage.does(CHAIR, item, "stemming_sluiten")["ontvangstbewijs"] is None


def test_after_the_closing_the_round_holds_every_vote_and_no_name(stage: Stage) -> None:
    item = voting(stage)
    receipts = voted(stage, item, "voor", "voor", "tegen", "onthouding")

    found = closed(stage, item)

    assert [found[name] for name in ("voor", "tegen", "onthouding", "nietGestemd")] == [2, 1, 1, 1]
    assert found["opNaam"] is None
    assert {row["bewijs"] for row in found["stemmen"]} == {receipt["bewijs"] for receipt in receipts}
    lines = stage.get(f"{item}/verloop", "lid1").json["resultaten"]
    assert found["controlegetal"] in json.dumps(lines)
    assert stage.get(f"{item}/stemrondes/2", "lid1").status_code == 404
    assert stage.get(f"{item}/stemrondes/1", "utrecht").status_code == 404
    assert stage.get(f"{item}/stemrondes/1").status_code == 401


@pytest.mark.parametrize("call", ["stemmen", "acties/stemmen"])
def test_a_vote_that_is_sent_twice_counts_once_and_nothing_of_it_is_kept(stage: Stage, call: str) -> None:
    item = voting(stage)
    path = f"{item}/{call}"
    seen = stage.get(item, "lid1").headers["ETag"]
    sent: dict[str, Any] = {"if_match": seen, "idempotency_key": "stem-1"}

    first = stage.post(path, "lid1", {"stem": "voor"}, **sent)
    again = stage.post(path, "lid1", {"stem": "voor"}, **sent)

    assert first.status_code == again.status_code in (200, 201)
    receipt = first.json["ontvangstbewijs"]
    assert again.json.get("ontvangstbewijs") is None
    assert first.headers["ETag"] == again.headers["ETag"]
    with stage.work() as work:
        assert work.session.scalar(select(func.count()).select_from(Ballot)) == 1
        kept = work.session.scalars(select(Idempotency)).all()
        everything = "".join(
            str(row) for table in METADATA.sorted_tables for row in work.session.execute(select(table)).all()
        )
    # What is kept is the same, whatever the vote was.
    assert len({one.request_digest for one in kept if one.key == "stem-1"}) == 1
    assert receipt["zout"] not in everything
    assert receipt["bewijs"] not in everything
    other = stage.post(path, "lid1", {"stem": "tegen"}, **sent)
    assert other.json == again.json


def test_late_double_and_foreign_votes_are_refused_with_the_rule(stage: Stage) -> None:
    item = voting(stage)
    voted(stage, item, "voor", "voor", "voor")

    double = stage.post(f"{item}/stemmen", "lid1", {"stem": "tegen"})
    foreign = stage.post(f"{item}/stemmen", "ccg_secretaris", {"stem": "tegen"})
    stage.does(CHAIR, item, "stemming_sluiten")
    late = stage.post(f"{item}/stemmen", "lid3", {"stem": "tegen"})

    assert (double.status_code, double.json["redenen"]) == (
        409,
        ["U hebt in deze ronde al gestemd. Ieder lid stemt één keer, en een stem kan niet meer veranderen."],
    )
    assert foreign.status_code == 403
    assert late.status_code == 409
    assert "In stemming" in late.json["detail"]


def test_of_sixteen_votes_sent_while_the_chair_closes_each_is_counted_or_refused(stage: Stage) -> None:
    names = [f"extra{number}" for number in range(16)]
    item = voting(stage, *names)
    start = Barrier(17)

    def send(place: int) -> tuple[bool, int, str]:
        start.wait()
        if place == 16:
            seen = stage.get(item, CHAIR).headers["ETag"]
            answer = stage.post(f"{item}/acties/stemming_sluiten", CHAIR, {}, if_match=seen)
            while answer.status_code in (409, 412):
                seen = stage.get(item, CHAIR).headers["ETag"]
                answer = stage.post(f"{item}/acties/stemming_sluiten", CHAIR, {}, if_match=seen)
            return True, answer.status_code, ""
        answer = stage.post(f"{item}/stemmen", names[place], {"stem": ("voor", "tegen", "onthouding")[place % 3]})
        return False, answer.status_code, answer.json.get("detail", "")

    with ThreadPoolExecutor(17) as pool:
        answers = list(pool.map(send, range(17)))

    counted = Counter(status for closes, status, _ in answers if not closes)
    assert [status for closes, status, _ in answers if closes] == [200]
    assert set(counted) <= {201, 409}
    assert all("stemming" in sentence for closes, status, sentence in answers if status == 409)
    with stage.work() as work:
        found = work.session.scalars(select(VoteRound)).one()
        assert sum((found.votes_for or 0, found.votes_against or 0, found.abstained or 0)) == counted[201]
        assert work.session.scalar(select(func.count()).select_from(Ballot)) == 0


# --- The script that anybody can run


@pytest.fixture
def verify(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    def run(receipt: Any, found: Any) -> tuple[int, str]:
        files = [tmp_path / "stembewijs.json", tmp_path / "stemronde.json"]
        for path, content in zip(files, (receipt, found), strict=True):
            path.write_text(json.dumps(content))
        # Isolated, so that nothing but the standard library can be imported.
        done = subprocess.run([sys.executable, "-I", "-S", SCRIPT, *files], capture_output=True, text=True, check=False)
        return done.returncode, (done.stdout + done.stderr).strip()

    return run


def test_a_receipt_verifies_with_a_short_script_of_the_standard_library(
    stage: Stage, verify: Callable[..., tuple[int, str]]
) -> None:
    item = voting(stage)
    receipts = voted(stage, item, "voor", "tegen", "onthouding", "voor")
    found = closed(stage, item)

    for receipt in receipts:
        code, sentence = verify(receipt, found)
        assert (code, sentence.split(".")[0]) == (0, f"Klopt: uw stem ({receipt['keuze']}) is meegeteld")
    assert len(SCRIPT.read_text("utf-8").splitlines()) < 60


def test_the_script_says_what_was_tampered_with(stage: Stage, verify: Callable[..., tuple[int, str]]) -> None:
    item = voting(stage)
    first, second, _ = voted(stage, item, "voor", "tegen", "voor")
    found = closed(stage, item)
    rows = found["stemmen"]
    without = [row for row in rows if row["bewijs"] != first["bewijs"]]
    turned = [{**row, "keuze": "voor"} if row["bewijs"] == second["bewijs"] else row for row in rows]

    tampered = {
        "Dit stembewijs klopt niet in zichzelf: het is veranderd.": ({**first, "keuze": "tegen"}, found),
        "Dit stembewijs hoort niet bij deze stemronde.": ({**first, "ronde": 2}, found),
        "Uw stem staat niet in de lijst van deze stemronde.": (first, {**found, "stemmen": without}),
        "In de lijst staat een stem waarvan het bewijs niet klopt.": (first, {**found, "stemmen": turned}),
        "In de lijst staat een stem twee keer.": (first, {**found, "stemmen": [*rows, rows[0]]}),
        "De lijst en de uitslag verschillen.": (first, {**found, "tegen": 2}),
        "Het controlegetal hoort niet bij de lijst.": (first, {**found, "controlegetal": "0" * 64}),
        "Een van de bestanden is geen stembewijs of geen stemronde.": (found, first),
    }

    assert {sentence: verify(*files) for sentence, files in tampered.items()} == {
        sentence: (1, sentence) for sentence in tampered
    }
