"""The whole street: a report becomes a ruling, the ruling a precedent, and the next report is settled with it.

It reads as the manual: who does what, in which order, and what others see of it.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.db.engine import make_engine
from app.db.process import Process
from app.db.publication import PublicRecord
from app.domain.access import PUBLIC
from app.domain.errors import GuardFailed, NotPermitted, NotVisible
from app.services.meeting import call_meeting
from tests import filled_in
from tests.filled_in import (
    ADVICE,
    APPLICABLE,
    CONDITION,
    DECISION,
    DOSSIER,
    ESCALATION,
    EVIDENCE,
    NOMINATION,
    PROPOSAL,
    REACTION,
    SOLUTION,
    USE_OF_ADVICE,
    advice_request,
    ruling_text,
    taken_on,
)
from tests.stories.play import Play

SVB, UTRECHT, ZWOLLE = (
    "https://identifier.overheid.nl/tooi/id/zbo/zb000081",
    "https://identifier.overheid.nl/tooi/id/gemeente/gm0344",
    "https://identifier.overheid.nl/tooi/id/gemeente/gm0193",
)
MEMBERS = tuple(f"lid{number}" for number in range(1, 9))


@pytest.fixture
def play(own_database_url: str) -> Iterator[Play]:
    engine = make_engine(own_database_url)
    play = Play(engine, date(2026, 11, 23))
    for name, uri in (("gemeente Utrecht", UTRECHT), ("gemeente Zwolle", ZWOLLE), ("SVB", SVB)):
        play.organisation(name, uri=uri)
    play.organisation("secretariaat", uri="https://identifier.overheid.nl/tooi/id/oorg/oorg10001")
    play.person("utrecht", "gemeente Utrecht", "melder")
    play.person("zwolle", "gemeente Zwolle", "melder")
    play.person("svb", "SVB", "orgcoordinator", "respondent")
    for role in (
        "triagist",
        "behandelaar",
        "regielid",
        "ccg_secretaris",
        "publicatieredacteur",
        "navolgingscoordinator",
    ):
        play.person(role, "secretariaat", role)
    play.person("collega", "secretariaat", "triagist")
    play.person("jurist", "secretariaat", "deskundige")
    play.person("ethicus", "secretariaat", "deskundige")
    play.person("voorzitter", "secretariaat", "ccg_voorzitter")
    for member in MEMBERS:
        play.person(member, "secretariaat", "ccg_lid")
    play.body("Centrale Commissie Gegevensgebruik", chair="voorzitter", members=MEMBERS)
    yield play
    engine.dispose()


def report(**other: Any) -> dict[str, Any]:
    """What a reporter filled in."""
    return filled_in.report(**{"provider": SVB, "receiver": UTRECHT, "valid_on": "2026-11-23", **other})


def test_from_report_to_precedent(play: Play) -> None:
    # The reporter of a municipality sends in what does not work.
    filed = play.reports("utrecht", report())
    case = play.look("KNP-2026-00001").number
    assert filed.number == "MLD-2026-00001"
    assert play.state(case) == "ingediend"
    with pytest.raises(NotVisible):
        play.does("zwolle", "antwoorden", case, tekst="Wij ook!")

    # Intake: the triagist takes it up, asks what is missing, and gives it to a handler.
    play.does("triagist", "oppakken", case)
    assert play.due(case) == date(2026, 12, 7)
    play.does("triagist", "aanvulling_vragen", case, punten=["Hoeveel inwoners?", "Sinds wanneer?"])
    play.days_later(7)
    play.does("utrecht", "aanvullen", case, antwoorden=["Ongeveer 900.", "Sinds 2021."])
    # The clock stood still for six days, and a term ends on no Sunday.
    assert play.due(case) == date(2026, 12, 14)
    play.does("triagist", "in_behandeling_nemen", case, **taken_on("behandelaar@knelpunt.example"))
    assert play.look(case).owner_id == play.people["behandelaar"]

    # Work level: two experts advise; the case waits for both, and its term goes on afterwards.
    requests = [
        play.does("behandelaar", "advies_vragen", case, **advice_request(kind, f"{expert}@knelpunt.example"))
        .made[0]
        .number
        for kind, expert in (("juridisch", "jurist"), ("ethisch", "ethicus"))
    ]
    for expert, number in zip(("jurist", "ethicus"), requests, strict=True):
        assert play.state(case) == "wacht_op_advies"
        play.does(expert, "accepteren", number)
        play.does(expert, "uitbrengen", number, **ADVICE)
    assert play.state(case) == "in_behandeling"
    for number in requests:
        play.does("behandelaar", "betrekken", number, **USE_OF_ADVICE)

    # The parties do not agree, so it goes up: to the tactical level, and from there to the commission.
    play.does("behandelaar", "oplossing_voorstellen", case, **SOLUTION)
    play.does("svb", "niet_akkoord", case, reden="Wij zien geen grondslag.")
    play.does("behandelaar", "opschalen_tactisch", case, **ESCALATION)
    play.does("regielid", "voordragen", case, **NOMINATION)
    # The second half is the chair's, and not the same person's.
    admission = {"rapporteur": "lid1@knelpunt.example", "dossier": DOSSIER}
    play.does("ccg_secretaris", "toelaten", case, **admission)
    with pytest.raises(NotPermitted):
        play.does("ccg_secretaris", "toelaten", case, **admission)
    assert play.look(case).pending_action == "toelaten"
    play.does("voorzitter", "toelaten", case, **admission)
    assert play.state(case) == "in_voorbereiding_ccg"

    # The secretary calls a meeting and puts the case on its agenda.
    meeting = play.calls(
        "ccg_secretaris", call_meeting, held_on=play.today + timedelta(days=14), place="Den Haag"
    ).number
    play.does("ccg_secretaris", "plannen", meeting, aanvang="10.00 uur")
    item = (
        play.does("ccg_secretaris", "agenderen", case, vergadering=meeting, preadvies="Leveren mag, mits.")
        .made[0]
        .number
    )
    assert play.due(case) == play.today + timedelta(days=14)
    play.does("ccg_secretaris", "stukken_verzenden", meeting)
    play.days_later(14)

    # The meeting: who is there says whether there is an interest, one is excused, the others vote.
    present = ["voorzitter", *MEMBERS[:7]]
    play.does("voorzitter", "openen", meeting, aanwezig=[f"{name}@knelpunt.example" for name in present])
    with pytest.raises(GuardFailed, match="belang"):
        play.does("voorzitter", "openen", item)
    for name in present:
        interest = "belang_gemeld" if name == "lid7" else "geen_belang"
        play.does(name, "belang_verklaren", item, belang=interest)
    play.does("voorzitter", "belang_beoordelen", item, lid="lid7@knelpunt.example", oordeel="verschoond")
    play.does("voorzitter", "openen", item)
    assert play.state(case) == "in_beraadslaging"
    play.does("voorzitter", "stemming_openen", item, voorstel=PROPOSAL)
    with pytest.raises((GuardFailed, NotPermitted, NotVisible)):
        play.does("lid7", "stemmen", item, stem="voor")
    votes = dict(zip(present, ["voor"] * 4 + ["tegen"] * 2 + ["onthouding"], strict=False))
    for name, vote in votes.items():
        play.does(name, "stemmen", item, stem=vote)
    play.does("voorzitter", "stemming_sluiten", item)
    play.does("voorzitter", "besluit_vastleggen", item, **DECISION)
    play.does("lid6", "nota_toevoegen", item, tekst="Ik zie geen grondslag.")
    assert play.state(case) == "uitspraak_concept"
    play.does("voorzitter", "sluiten", meeting)
    assert play.state(item) == "besloten"

    # The ruling: written, checked on its facts, adopted by two people, and then it has a number.
    with pytest.raises(GuardFailed):
        play.does("voorzitter", "vaststellen", case)
    play.does("ccg_secretaris", "tekst_bijwerken", case, **ruling_text(addressee=SVB, valid_on="2026-11-23"))
    play.does("voorzitter", "vaststellen", case)
    made = play.does("ccg_secretaris", "vaststellen", case).made
    ruling, publication = (process.number for process in made)
    assert ruling == "CCG:2026:1"

    # Publication: the parties are asked, and nothing is public before the second person says so.
    assert play.seen(PUBLIC, select(PublicRecord)) == []
    play.does("publicatieredacteur", "zienswijze_vragen", publication)
    play.does("svb", "zienswijze_geven", publication, tekst="Geen bezwaar.")
    play.does("publicatieredacteur", "ter_vrijgave_leggen", publication)
    play.does("ccg_secretaris", "vrijgeven", publication)
    play.does("publicatieredacteur", "publiceren", publication)
    assert play.state(ruling) == "aanstaand"
    play.does("ccg_secretaris", "publiceren", publication)
    (record,) = play.seen(PUBLIC, select(PublicRecord))
    assert record.number == ruling
    assert (play.state(ruling), play.state(case)) == ("geldend", "in_navolging")
    assert sorted(process.number for process in play.seen(PUBLIC, select(Process))) == [ruling, publication]

    # The addressee answers what it does with the recommendation; when all is done, the case closes.
    (advice,) = play.numbers("aanbeveling")
    play.does("svb", "ontvangst_bevestigen", advice)
    play.does("svb", "reageren", advice, **REACTION)
    with pytest.raises(GuardFailed):
        play.does("navolgingscoordinator", "afsluiten", case)
    play.does("svb", "uitvoering_melden", advice, **EVIDENCE)
    play.does("navolgingscoordinator", "uitvoering_bevestigen", advice)
    play.does("navolgingscoordinator", "afsluiten", case)
    assert play.state(case) == "gesloten"

    # Another municipality reports the same, and is settled with the precedent.
    play.days_later(30)
    play.reports("zwolle", report(receiver=ZWOLLE))
    again = "KNP-2027-00001"
    play.does("triagist", "oppakken", again)
    play.does("triagist", "precedent_voorstellen", again, precedent=ruling, toepassingstoets=APPLICABLE)
    play.does("zwolle", "precedent_aanvaarden", again)
    with pytest.raises(GuardFailed, match="zelf voorgesteld"):
        play.does("triagist", "precedent_aanvaarden", again)
    play.does("collega", "precedent_aanvaarden", again)
    assert play.state(again) == "afgedaan_met_precedent"
    assert play.look(ruling).used_count == 1
    made = play.does("navolgingscoordinator", "navolging_openen", again).made
    assert [process.text for process in made] == [CONDITION["wat"]]

    # What happened is in the journal; after every test it is checked that the chain holds.
    assert play.journal(again) == [
        "indienen",
        "oppakken",
        "precedent_voorstellen",
        "precedent_aanvaarden",
        "precedent_aanvaarden",
        "navolging_openen",
    ]
