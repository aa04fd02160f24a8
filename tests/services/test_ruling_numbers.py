"""The numbers of rulings: one after another without a gap, whoever adopts at the same moment and whatever fails."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import select

from app.db.case import Case
from app.db.engine import open_session
from app.db.ruling import Ruling
from app.domain.access import SYSTEM
from app.domain.errors import GuardFailed
from app.services.process import advance, process_for_action
from tests.make import acting, actor_of, make_account, make_case, make_precedent, make_ruling, work_of

AT_ONCE = 16
WHOLE = {
    "titel": "De gemeente mag de gegevens krijgen",
    "samenvatting": "Het mag.",
    "typeUitspraak": "inhoudelijk",
    "kernvraag": "Mag de gemeente deze gegevens krijgen?",
    "kernregel": "De gemeente mag de gegevens krijgen.",
    "feiten": "De gemeente krijgt de gegevens niet.",
    "beschouwing": "De wet laat ruimte.",
    "conclusie": "mag",
    "weging": {part: {"oordeel": "ja", "tekst": "Ja."} for part in ("kan", "mag", "wenselijk")},
    "grondslagen": [{"system": "bwb", "id": "BWBR0015703", "article": "64", "role": "draagt"}],
    "typen": ["juridisch"],
    "doel": "Inwoners wijzen op hun recht",
    "gegevenscategorieen": ["inkomen"],
}


def test_sixteen_at_once_get_numbers_without_a_gap_also_when_some_fail(own_engine: Any) -> None:
    with open_session(own_engine, SYSTEM, writes=True) as session:
        work = work_of(session)
        chair, secretary = make_account(session, "ccg_voorzitter"), make_account(session, "ccg_secretaris")
        numbers = []
        for place in range(AT_ONCE):
            case = make_case(work, state="uitspraak_concept", audience=["role:ccg_secretaris", "role:ccg_voorzitter"])
            content = WHOLE if place % 4 != 1 else {**WHOLE, "kernregel": ""}
            make_ruling(work, case, adopted=False, content=content, fact_check_done_on=work.today)
            numbers.append(case.number)
            if place % 4 != 1:
                advance(acting(work, chair), case, action="vaststellen")
                acting(work, SYSTEM)
        session.commit()
        completing = actor_of(secretary)
    start = Barrier(AT_ONCE)

    def adopt(place: int) -> str:
        start.wait()
        with open_session(own_engine, completing, writes=True) as session:
            work = work_of(session, completing)
            try:
                case = process_for_action(work, Case, numbers[place])
                advance(work, case, action="vaststellen")
                if place % 4 == 3:
                    # Something goes wrong after the number was given, and before the end of the transaction.
                    return "undone"
                session.commit()
            except Exception as error:  # noqa: BLE001 - what went wrong is the answer
                return type(error).__name__
        return "adopted"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(adopt, range(AT_ONCE)))

    assert answers.count("adopted") == 8
    assert answers.count("undone") == 4
    assert answers.count("NotPermitted") == 4
    with open_session(own_engine, SYSTEM, writes=False) as session:
        found = session.scalars(select(Ruling.number).where(Ruling.number.is_not(None))).all()
        assert sorted(found) == [f"CCG:2026:{sequence}" for sequence in range(1, 9)]


def test_a_ruling_that_is_not_whole_takes_no_number(work: Any) -> None:
    case = make_case(work, state="uitspraak_concept")
    make_precedent(work, make_case(work))
    make_ruling(work, case, adopted=False, content={**WHOLE, "kernregel": ""}, fact_check_done_on=work.today)
    chair = make_account(work.session, "ccg_voorzitter")

    refused = ""
    try:
        advance(acting(work, chair), case, action="vaststellen")
    except GuardFailed as error:
        refused = str(error)

    assert "ontbreken" in refused or "compleet" in refused or "verplicht" in refused, refused
