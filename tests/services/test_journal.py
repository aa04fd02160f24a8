"""The whole journal: what does not hold is found and named, and an auditor can check a copy without us."""

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import update

from app.db.process import Process
from app.domain.journal import GENESIS, canonical
from app.services.feed import number_lines
from app.services.journal import journal_faults, journal_lines
from app.services.process import advance
from tests.make import acting, later, make_account, make_case, make_organisation, make_report


def a_case_with_two_lines(work: Any) -> Process:
    case = make_case(work, organisation=make_organisation(work.session))
    make_report(work, case)
    triagist = acting(later(work, work.now + timedelta(hours=1)), make_account(work.session, "triagist"))
    advance(triagist, case, action="oppakken", reason="Ik pak het op.")
    work.session.info["reader"] = work.actor
    return case


def test_a_journal_that_was_left_alone_holds(work: Any) -> None:
    a_case_with_two_lines(work)

    assert list(journal_faults(work)) == []


def test_a_state_that_was_changed_outside_the_journal_is_named(work: Any) -> None:
    case = a_case_with_two_lines(work)
    with work.session.begin_nested() as attempt:
        _change(work, case, state="gesloten")

        faults = list(journal_faults(work))
        attempt.rollback()

    assert faults == [f"{case.number}: de laatste regel zegt in_intake, het proces staat op gesloten."]


def test_a_number_that_was_changed_breaks_the_chain(work: Any) -> None:
    case = a_case_with_two_lines(work)
    with work.session.begin_nested() as attempt:
        _change(work, case, number="KNP-2026-99999")

        faults = list(journal_faults(work))
        attempt.rollback()

    assert faults == ["KNP-2026-99999: regel 1 past niet in de keten."]


def test_lines_that_were_cut_off_are_missed(work: Any) -> None:
    case = a_case_with_two_lines(work)
    with work.session.begin_nested() as attempt:
        _change(work, case, last_sequence=3)

        faults = list(journal_faults(work))
        attempt.rollback()

    assert faults == [f"{case.number}: aan het einde ontbreken regels."]


def test_a_copy_can_be_checked_with_nothing_of_ours(work: Any) -> None:
    case = a_case_with_two_lines(work)
    number_lines(work)

    copied = [json.loads(canonical(line)) for line in journal_lines(work)]

    ours = [line for line in copied if line["regel"]["process"] == case.number]
    before = GENESIS
    for line in ours:
        written = json.dumps(line["regel"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert line["vorigeHash"] == before
        assert line["hash"] == sha256(f"{before}\n{written}".encode()).hexdigest()
        before = line["hash"]
    assert [line["regel"]["action"] for line in ours] == ["beginnen", "oppakken"]
    assert ours[-1]["regel"]["reason"] == "Ik pak het op."


def _change(work: Any, case: Process, **values: Any) -> None:
    work.session.execute(update(Process.__table__).where(Process.__table__.c.id == case.id).values(**values))
    work.session.expire_all()
