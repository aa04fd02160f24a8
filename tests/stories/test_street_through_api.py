"""The whole street through the API alone, with the accounts of the demonstration.

Nothing of the application is used here but what it answers: commands to begin, and then HTTP. Numbers, versions, who
can be chosen and what an action asks, all of it is read from answers, as anybody has to who only knows the contract.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

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
    WEIGHED,
    advice_request,
    ruling_text,
    taken_on,
)
from tests.stories.installation import A_DAY, Installation, wait_until
from tests.stories.outsider import Api, Cast, Person

SVB, UTRECHT, ZWOLLE = "Sociale Verzekeringsbank", "gemeente Utrecht", "gemeente Zwolle"
UNTIL_THE_MEETING = 14
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
KEYS = ("email", "name", "roles", "organisation", "password", "totpSecret", "token")
# Nobody in the demonstration told of this before.
STORY = {
    "titel": "Zwemlessen: wie krijgt korting?",
    "kernvraag": "Mag de SVB de gemeente zeggen welke gezinnen recht hebben op korting op zwemlessen?",
    "omschrijving": "Veel gezinnen met een laag inkomen vragen de korting op zwemlessen niet aan.",
}
RULE = "De SVB mag een gemeente zeggen welke gezinnen recht hebben op korting op zwemlessen."


@dataclass
class Stage:
    """An installation with the demonstration in it, and the people of the story."""

    installation: Installation
    api: Api
    cast: Cast

    def __post_init__(self) -> None:
        one, everybody = self.cast.one, self.cast.everybody
        self.reporter, self.neighbour = one("melder", UTRECHT), one("melder", ZWOLLE)
        self.party, self.respondent = one("orgcoordinator", SVB), one("respondent", SVB)
        self.triagist, self.colleague = everybody("triagist")
        self.handler, self.table = one("behandelaar"), one("regielid")
        self.experts = {kind: one("deskundige", kind) for kind in ("juridisch", "ethisch")}
        self.secretary, self.chair = one("ccg_secretaris"), one("ccg_voorzitter")
        self.members = everybody("ccg_lid")
        self.editor, self.coordinator = one("publicatieredacteur"), one("navolgingscoordinator")
        self.board, self.cabinet = one("bestuurssecretaris"), one("kabinetscontact")
        self.auditor = one("auditor")

    @property
    def today(self) -> date:
        """The day where the commission sits, by the clock of the installation."""
        return (datetime.now(AMSTERDAM) + timedelta(seconds=self.installation.clock_offset)).date()

    def later(self, days: int) -> None:
        """Some days pass: the server is told to stop, and starts again with another clock."""
        self.installation.stop()
        self.installation.clock_offset += days * A_DAY
        self.installation.start()

    def report(self, receiver: str) -> dict[str, Any]:
        provider, address = self.cast.address(SVB), self.cast.address(receiver)
        return filled_in.report(provider=provider, receiver=address, valid_on=self.today.isoformat(), **STORY)

    def similar(self, who: Person | None = None) -> list[dict[str, Any]]:
        """What looks like the story, the best first."""
        body = {"tekst": " ".join(STORY.values()), "grondslagen": [], "aantal": 5}
        key = who.key if who else None
        found = self.api.send("POST", "/precedenten/gelijkende", key, json=body).json()["resultaten"]
        assert all(hit["waarom"] for hit in found)
        return list(found)


@pytest.fixture
def stage(empty_database_url: str, tmp_path: Path) -> Iterator[Stage]:
    """What an operator does on a fresh machine, as the contract says it."""
    installation = Installation(empty_database_url, tmp_path / "var")
    installation.command("migrate")
    document = json.loads(installation.command("demo", "load", "--json"))
    try:
        installation.start()
        api = Api(f"{installation.url}/api/v1")
        yield Stage(installation, api, Cast(document, api))
    finally:
        installation.kill()


def test_from_a_report_to_a_precedent_to_its_revision(stage: Stage) -> None:
    document = stage.cast.document
    assert document.keys() == {"organisations", "accounts"}
    assert all(set(KEYS) <= row.keys() for row in document["accounts"])
    _, heard = stage.api.events()

    case = reported(stage)
    taken_in(stage, case)
    advised(stage, case)
    nominated(stage, case)
    meeting, item = called(stage, case)
    stage.later(UNTIL_THE_MEETING)
    voted(stage, meeting, item)
    publication, number = adopted(stage, case)
    published(stage, publication, number)
    found(stage, case, number)
    second = settled_with(stage, number)
    recommendation = followed_up(stage, case, number)
    escalated(stage, case)
    closed(stage, case)
    later_number = revised(stage, case, number, second)

    told = heard_of(stage, heard, (later_number, "geldend-worden"))
    assert [one for one in told if one[0] in (number, recommendation, later_number)] == [
        (number, "publiceren"),
        (recommendation, "publiceren"),
        (number, "geldend-worden"),
        (recommendation, "ontvangst-bevestigen"),
        (recommendation, "reageren"),
        (recommendation, "uitvoering-melden"),
        (recommendation, "uitvoering-bevestigen"),
        (number, "markeren"),
        (number, "vervangen-worden"),
        (later_number, "publiceren"),
        (later_number, "geldend-worden"),
    ]
    # What is public says nothing of the case, of its advice or of its meeting.
    assert not [one for one in told if one[0].startswith(("KNP", "ADV", "VERG", "AGP", "MLD"))]
    # Who reported it hears of the case too, from its beginning.
    own, _ = stage.api.events(heard, stage.reporter.key)
    steps = [one["type"].split(".")[-2] for one in own if one["subject"] == case.rpartition("/")[2]]
    assert (steps[0], steps[-1]) == ("indienen", "publiceren")
    in_the_journal(stage, case)


def reported(stage: Stage) -> str:
    """A municipality looks first, finds nothing, and reports; others see nothing of it."""
    reporter = stage.reporter
    assert stage.api.read("/precedenten?q=zwemlessen")["totaal"] == 0
    assert not [hit for hit in stage.similar(reporter) if "zwem" in hit["fragment"].lower()]

    refused = reporter.post("/meldingen", {"titel": STORY["titel"]}, 400).json()
    assert {"kernvraag", "omschrijving", "typen", "uitwisseling.doel"} <= {one["veld"] for one in refused["errors"]}

    told = stage.report(UTRECHT)
    first, again = (reporter.post("/meldingen", told, Idempotency_Key="zaak-17").json() for _ in range(2))
    assert first == again
    assert first["nummer"].startswith("MLD-")
    reporter.post("/meldingen", {**told, "titel": "Iets anders"}, 400, Idempotency_Key="zaak-17")

    case = f"/knelpunten/{first['knelpunt']}"
    stage.api.send("GET", case, expect=(401,))
    stage.api.send("GET", case, stage.neighbour.key, expect=(404,))
    assert reporter.read("/meldingen")["resultaten"][0]["knelpunt"] == first["knelpunt"]
    return case


def taken_in(stage: Stage, case: str) -> None:
    """The triagist finds it, asks what is missing, and gives it to a handler."""
    triagist, reporter = stage.triagist, stage.reporter
    waiting = triagist.read("/knelpunten?status=ingediend&aantal=100")["resultaten"]
    assert case.rpartition("/")[2] in [row["nummer"] for row in waiting]
    # A change asks the version that was seen.
    triagist.post(f"{case}/acties/oppakken", {}, 428)
    triagist.post(f"{case}/acties/oppakken", {}, 412, If_Match='"een oude versie"')
    assert reporter.actions(case).get("oppakken") is None
    triagist.does(case, "oppakken")

    questions = ["Hoeveel gezinnen?", "Sinds wanneer?"]
    triagist.does(case, "aanvulling_vragen", punten=questions)
    (asked, *_) = reporter.actions(case)["aanvullen"]["velden"]
    assert asked["waarden"] == questions
    reporter.does(case, "aanvullen", antwoorden=["Ongeveer 900.", "Sinds 2021."])
    file = stage.api.send(
        "POST",
        f"{case}/documenten",
        reporter.key,
        expect=(201,),
        data={"titel": "Brief van het college"},
        files={"bestand": ("brief.txt", b"De brief van het college.", "text/plain")},
    ).headers["Location"]

    given = triagist.does(case, "in_behandeling_nemen", **taken_on(stage.handler.email))
    assert given["eigenaar"] == stage.handler.name
    assert stage.api.send("GET", file.removeprefix("/api/v1"), stage.handler.key).text == "De brief van het college."


def advised(stage: Stage, case: str) -> None:
    """Two experts advise; the case waits for both."""
    handler = stage.handler
    requests: dict[str, str] = {}
    for kind, expert in stage.experts.items():
        (made,) = handler.does(case, "advies_vragen", **advice_request(kind, expert.email))["gemaakt"]
        requests[kind] = f"/adviesaanvragen/{made['nummer']}"
    for kind, expert in stage.experts.items():
        assert handler.read(case)["status"] == "wacht_op_advies"
        expert.does(requests[kind], "accepteren")
        expert.does(requests[kind], "uitbrengen", **ADVICE)
        handler.does(requests[kind], "betrekken", **USE_OF_ADVICE)
    assert handler.read(case)["status"] == "in_behandeling"


def nominated(stage: Stage, case: str) -> None:
    """The parties do not agree, so it goes up: to the tactical level, and from there to the commission."""
    assert "spoed" in stage.handler.hindrance(case, "voordragen")
    stage.handler.does(case, "oplossing_voorstellen", **SOLUTION)
    stage.party.does(case, "niet_akkoord", reden="Wij zien geen grondslag.")
    stage.handler.does(case, "opschalen_tactisch", **ESCALATION)
    stage.table.does(case, "voordragen", **NOMINATION)
    half = stage.secretary.does(case, "toelaten", rapporteur=stage.members[0].email, dossier=DOSSIER)
    assert (half["status"], half["wachtOpTweede"]) == (
        "voorgedragen_ccg",
        {"actie": "toelaten", "rol": "ccg_voorzitter"},
    )
    stage.secretary.post(f"{case}/acties/toelaten", {}, 403, If_Match=version(stage.secretary, case))
    assert stage.chair.does(case, "toelaten")["status"] == "in_voorbereiding_ccg"


def called(stage: Stage, case: str) -> tuple[str, str]:
    """The secretary plans a meeting, puts the case on its agenda, and sends the papers."""
    secretary = stage.secretary
    meeting = meeting_on(stage, stage.today + timedelta(days=UNTIL_THE_MEETING))
    item = on_agenda(stage, case, meeting)
    secretary.does(meeting, "punt_toevoegen", titel="Rondvraag", toelichting="Wie iets wil vragen.")
    order = [row["nummer"] for row in reversed(secretary.read(meeting)["agenda"])]
    places = [{"agendapunt": number, "volgorde": place} for place, number in enumerate(order, 1)]
    arranged = secretary.does(meeting, "agenda_indelen", punten=places)
    assert [row["nummer"] for row in arranged["agenda"]] == order
    secretary.does(meeting, "stukken_verzenden")
    # Who did not say whether there is an interest reads nothing of it yet.
    assert STORY["titel"] not in stage.api.send("GET", item, stage.members[0].key).text
    return meeting, item


def voted(stage: Stage, meeting: str, item: str) -> None:
    """The meeting: interests, a quorum, one who is excused, a deliberation, votes, and a note of who differs."""
    chair, secretary, members = stage.chair, stage.secretary, stage.members
    *voters, excused, absent = members
    apart = voters[-1]
    chair.does(meeting, "openen", aanwezig=[one.email for one in (chair, *members[:3])])
    assert "te weinig leden" in chair.hindrance(item, "openen")
    present = [one.email for one in (chair, *voters, excused)]
    secretary.does(meeting, "aanwezigheid_bijwerken", aanwezig=present, afwezigMetBericht=[absent.email])

    assert "belang" in chair.hindrance(item, "openen")
    for one in (chair, *voters):
        one.post(f"{item}/belangen", {"belang": "geen_belang", "toelichting": ""})
    excused.post(f"{item}/belangen", {"belang": "belang_gemeld", "toelichting": "Mijn vorige werkgever."})
    chair.does(item, "belang_beoordelen", lid=excused.email, oordeel="verschoond")
    card = excused.read(item)
    assert card["titel"] == "U bent verschoond van dit agendapunt."
    assert (excused.actions(item), excused.read(f"{item}/verloop")["resultaten"]) == ({}, [])

    chair.does(item, "openen")
    apart.does(item, "standpunt_geven", neiging="tegen", standpunt="Ik zie geen grondslag.")
    chair.does(item, "standpunten_openen")
    assert [one["neiging"] for one in voters[0].read(f"{item}/beraad")["standpunten"]] == ["tegen"]
    secretary.does(item, "afwijkend_standpunt_aantekenen", leden=[apart.email])

    chair.does(item, "stemming_openen", voorstel=PROPOSAL)
    receipts = cast_votes(stage, item, voters, apart)
    excused.post(f"{item}/stemmen", {"stem": "voor"}, 403)
    refused = chair.post(f"{item}/stemmen", {"stem": "tegen"}, 409).json()
    assert refused["redenen"][0].startswith("U hebt in deze ronde al gestemd.")
    chair.does(item, "stemming_sluiten")
    count = voters[0].read(f"{item}/stemrondes/1")
    assert [count[name] for name in ("voor", "tegen", "onthouding", "verschoond", "quorum")] == [
        len(voters) - 1,
        1,
        1,
        1,
        True,
    ]
    assert {one["bewijs"] for one in count["stemmen"]} == receipts

    chair.does(item, "besluit_vastleggen", **DECISION)
    apart.post(f"{item}/notas", {"tekst": "Ik zie geen grondslag."})
    chair.does(meeting, "sluiten")
    secretary.does(meeting, "verslag_opstellen", verslag="De voorzitter opent de vergadering.")
    chair.does(meeting, "verslag_vaststellen")
    secretary.does(meeting, "verslag_vaststellen")
    assert secretary.does(meeting, "verslag_publiceren")["status"] == "gepubliceerd"


def cast_votes(stage: Stage, item: str, voters: Sequence[Person], apart: Person) -> set[str]:
    """Everybody votes, with a key that may; what each receipt says of the vote."""
    member = voters[0]
    plain = member.post("/sleutels", {"naam": "Zonder bevestiging", "bevestigt": False}).json()["sleutel"]
    told = stage.api.send("POST", f"{item}/stemmen", plain, expect=(403,), json={"stem": "voor"}).json()
    assert "wachtwoord" in told["detail"]

    votes = {one.email: "voor" for one in (stage.chair, *voters)}
    votes |= {apart.email: "tegen", voters[-2].email: "onthouding"}
    receipts = set()
    for one in (stage.chair, *voters):
        answer = one.post(f"{item}/stemmen", {"stem": votes[one.email]}).json()
        assert answer["stemming"]["voor"] is None
        receipts.add(answer["ontvangstbewijs"]["bewijs"])
    return receipts


def adopted(stage: Stage, case: str) -> tuple[str, str]:
    """The ruling is written until nothing is missing, the parties read its facts, and two people adopt it."""
    secretary, chair = stage.secretary, stage.chair
    assert "nog niet compleet" in chair.hindrance(case, "vaststellen")
    assert {"samenvatting", "feiten"} <= set(secretary.read(f"{case}/uitspraak")["ontbreekt"])
    text = ruling_text(
        addressee=stage.cast.address(SVB),
        valid_on=stage.today.isoformat(),
        titel="De SVB mag gemeenten zeggen wie korting op zwemlessen krijgt",
        kernregel=RULE,
    )
    secretary.does(case, "tekst_bijwerken", **{**text, "feitencontroleAfgerond": False})
    assert secretary.read(f"{case}/uitspraak")["ontbreekt"] == []
    assert "nog controleren" in chair.hindrance(case, "vaststellen")
    stage.party.does(case, "feiten_nakijken", akkoord=True)
    secretary.does(case, "tekst_bijwerken", feitencontroleAfgerond=True)
    return adopted_by_two(stage, case)


def published(stage: Stage, publication: str, number: str) -> None:
    """The parties are asked, and nothing is public before the second person says so."""
    editor, secretary = stage.editor, stage.secretary
    editor.does(publication, "zienswijze_vragen")
    stage.party.does(publication, "zienswijze_geven", tekst="Geen bezwaar.")
    released(stage, publication)
    editor.does(publication, "publiceren")
    stage.api.send("GET", f"/uitspraken/{number}", expect=(404,))
    (made,) = secretary.does(publication, "publiceren")["gemaakt"]
    assert made["soort"] == "aanbeveling"

    first = stage.api.send("GET", f"/uitspraken/{number}")
    told = first.json()
    assert told["kernregel"] == RULE
    assert [note["tekst"] for note in told["afzonderlijkeNotas"]] == ["Ik zie geen grondslag."]
    assert told["stemuitslag"] == {"voor": len(stage.members) - 3, "tegen": 1, "onthouding": 1}
    again = {"If-None-Match": first.headers["ETag"]}
    stage.api.send("GET", f"/uitspraken/{number}", expect=(304,), headers=again)


def found(stage: Stage, case: str, number: str) -> None:
    """The precedent is there for everybody; the case only for who is in it."""
    assert stage.api.read(f"/precedenten/{number}")["status"] == "geldend"
    assert number in [row["nummer"] for row in stage.api.read("/uitspraken")["resultaten"]]
    (hit,) = stage.api.read("/precedenten?q=zwemlessen")["resultaten"]
    assert (hit["nummer"], hit["soort"], hit["status"]) == (number, "uitspraak", "geldend")
    assert "<em>" in hit["fragment"]

    assert stage.similar()[0]["nummer"] == number
    own = case.rpartition("/")[2]
    assert own in [one["nummer"] for one in stage.similar(stage.reporter)]
    assert own not in [one["nummer"] for one in stage.similar(stage.neighbour)]
    seen = stage.reporter.read(case)
    assert (seen["status"], seen["uitspraak"]) == ("in_navolging", number)


def settled_with(stage: Stage, number: str) -> str:
    """Another municipality reports the same, and it is settled with the precedent; its condition is followed up."""
    neighbour, triagist = stage.neighbour, stage.triagist
    receipt = neighbour.post("/meldingen", stage.report(ZWOLLE)).json()
    assert receipt["gelijkende"][0] == number
    case = f"/knelpunten/{receipt['knelpunt']}"
    triagist.does(case, "oppakken")
    suggested = triagist.read(f"{case}/suggesties")
    assert number in [one["nummer"] for one in suggested["suggesties"] + suggested["overige"]]
    triagist.does(case, "precedent_voorstellen", precedent=number, toepassingstoets=APPLICABLE)
    neighbour.does(case, "precedent_aanvaarden")
    assert "zelf voorgesteld" in triagist.hindrance(case, "precedent_aanvaarden")
    assert stage.colleague.does(case, "precedent_aanvaarden")["status"] == "afgedaan_met_precedent"
    (made,) = stage.coordinator.does(case, "navolging_openen")["gemaakt"]
    assert neighbour.read(f"/aanbevelingen/{made['nummer']}")["tekst"] == CONDITION["wat"]
    assert stage.api.read(f"/precedenten/{number}")["aantalToepassingen"] == 1
    return case


def followed_up(stage: Stage, case: str, number: str) -> str:
    """The addressee says what it does with the recommendation, and then that it did it."""
    respondent, coordinator = stage.respondent, stage.coordinator
    rows = respondent.read(f"/aanbevelingen?knelpunt={case.rpartition('/')[2]}")["resultaten"]
    (recommendation,) = (f"/aanbevelingen/{row['nummer']}" for row in rows)
    own = recommendation.rpartition("/")[2]
    assert outcome(stage, number, own) == "geen_reactie"
    assert "aanbevelingen" in coordinator.hindrance(case, "afsluiten")
    respondent.does(recommendation, "ontvangst_bevestigen")
    respondent.does(recommendation, "reageren", **{**REACTION, "planning": stage.today.isoformat()})
    respondent.does(recommendation, "uitvoering_melden", **EVIDENCE)
    assert coordinator.does(recommendation, "uitvoering_bevestigen")["status"] == "uitgevoerd"
    assert outcome(stage, number, own) == "opgevolgd"
    assert stage.reporter.does(case, "uitkomst_melden", weg="ja")["status"] == "in_navolging"
    return own


def escalated(stage: Stage, case: str) -> None:
    """What the parties cannot do themselves goes to the board, and from there to the minister."""
    stage.coordinator.does(case, "escaleren", escalatienota="Er is geld nodig.")
    decision = {"besluit": "Wij betalen de helft.", "eigenaar": "Directeur", "orgaan": "obdo"}
    days = {"datum": stage.today.isoformat(), "termijn": (stage.today + timedelta(days=60)).isoformat()}
    assert stage.board.does(case, "bestuurlijk_besluiten", **decision, **days)["status"] == "in_navolging"
    stage.chair.does(case, "escaleren", escalatienota="De andere helft ontbreekt.")
    stage.board.does(case, "politiek_voorleggen", vraag="Betaalt het kabinet mee?", stukken="De uitspraak.")
    position = {"brief": "Brief aan de Kamers", "standpunt": "Het kabinet betaalt mee.", "gevolgen": "Geen."}
    assert stage.cabinet.does(case, "standpunt_opvolgen", **position)["status"] == "in_navolging"


def closed(stage: Stage, case: str) -> None:
    assert stage.coordinator.does(case, "afsluiten")["status"] == "gesloten"


def revised(stage: Stage, case: str, number: str, second: str) -> str:
    """New facts: the commission looks again, in haste and by consensus, and its new ruling replaces the old one."""
    chair, secretary, members = stage.chair, stage.secretary, stage.members
    stage.reporter.does(case, "heroverweging_vragen", grond="nieuwe_feiten", toelichting="De wet is gewijzigd.")
    chair.does(case, "opnieuw_behandelen", reden="Er zijn nieuwe feiten.", rapporteur=members[1].email)
    assert stage.api.read(f"/precedenten/{number}")["inHeroverweging"] is True

    meeting = meeting_on(stage, stage.today)
    place = {"vergadering": meeting.rpartition("/")[2], "preadvies": "Herzien."}
    late = secretary.post(f"{case}/acties/agenderen", place, 400, If_Match=version(secretary, case)).json()
    assert "7 dagen" in late["errors"][0]["melding"]
    item = on_agenda(stage, case, meeting, spoed=True, toestemmingVoorzitter=True)
    secretary.does(meeting, "stukken_verzenden")
    there = (chair, *members[:6])
    chair.does(meeting, "openen", aanwezig=[one.email for one in there])
    for one in there:
        one.post(f"{item}/belangen", {"belang": "geen_belang", "toelichting": ""})
    chair.does(item, "openen")
    chair.does(item, "besluit_vastleggen", **{**DECISION, "dictum": "De SVB mag deze gegevens geven."})
    chair.does(meeting, "sluiten")

    secretary.does(
        case,
        "tekst_bijwerken",
        titel="De SVB mag gemeenten altijd zeggen wie korting op zwemlessen krijgt",
        samenvattingB1="De SVB mag dit.",
        typeUitspraak="inhoudelijk",
        kernregel="De SVB mag een gemeente zeggen welke gezinnen korting op zwemlessen krijgen, zonder voorwaarden.",
        feiten="De wet is gewijzigd.",
        beschouwing="De wet zegt het nu zelf.",
        conclusie="mag",
        citaties=[{"doel": number, "relatie": "herziet", "deel": "geheel", "reden": "De wet is gewijzigd."}],
        feitencontroleAfgerond=True,
        **WEIGHED,
    )
    publication, later_number = adopted_by_two(stage, case)
    released(stage, publication)
    stage.editor.does(publication, "publiceren")
    secretary.does(publication, "publiceren")

    old = stage.api.read(f"/precedenten/{number}")
    assert (old["status"], old["vervangenDoor"]) == ("achterhaald", later_number)
    (cited,) = stage.api.read(f"/precedenten/{number}/verwijzingen")["verwezenDoor"]
    assert (cited["nummer"], cited["relatie"]) == (later_number, "herziet")
    assert stage.similar()[0]["nummer"] == later_number
    # Who was settled with the old one is told, and does not have to follow it any more.
    assert number in " ".join(stage.neighbour.read(second)["waarschuwingen"])
    (row,) = stage.neighbour.read(f"/aanbevelingen?knelpunt={second.rpartition('/')[2]}")["resultaten"]
    assert row["status"] == "vervallen"
    return later_number


def in_the_journal(stage: Stage, case: str) -> None:
    """All that happened is in the journal of the case, and its lines hang together; the operator can check them all."""
    lines = stage.auditor.read(f"{case}/verloop")["resultaten"]
    assert [line["volgnummer"] for line in lines] == list(range(1, len(lines) + 1))
    assert [line["vorigeHash"] for line in lines[1:]] == [line["hash"] for line in lines[:-1]]
    seen = [line["actie"] for line in stage.reporter.read(f"{case}/verloop")["resultaten"]]
    way = ("indienen", "oppakken", "aanvullen", "advies_vragen", "voordragen", "toelaten", "agenderen")
    way += ("besluit_vastleggen", "vaststellen", "publiceren", "escaleren", "standpunt_opvolgen", "afsluiten")
    way += ("heroverweging_vragen", "opnieuw_behandelen")
    places = [seen.index(action) for action in way]
    assert places == sorted(places)
    assert stage.installation.command("journal", "verify")


# --- what is done more than once


def version(who: Person, path: str) -> str:
    return who.api.send("GET", path, who.key).headers["ETag"]


def meeting_on(stage: Stage, day: date) -> str:
    """A meeting of the commission that is planned."""
    asked = {"datum": day.isoformat(), "plaats": "Den Haag", "orgaan": "ccg"}
    made = stage.secretary.post("/vergaderingen", asked).json()
    meeting = f"/vergaderingen/{made['nummer']}"
    assert stage.secretary.does(meeting, "plannen", aanvang="10.00 uur")["datum"] == day.isoformat()
    return meeting


def on_agenda(stage: Stage, case: str, meeting: str, **other: Any) -> str:
    fields = {"vergadering": meeting.rpartition("/")[2], "preadvies": "Leveren mag, mits.", **other}
    (made,) = stage.secretary.does(case, "agenderen", **fields)["gemaakt"]
    return f"/agendapunten/{made['nummer']}"


def adopted_by_two(stage: Stage, case: str) -> tuple[str, str]:
    """The path of the publication, and the number of the ruling."""
    assert stage.chair.does(case, "vaststellen")["wachtOpTweede"]["rol"] == "ccg_secretaris"
    stage.chair.post(f"{case}/acties/vaststellen", {}, 403, If_Match=version(stage.chair, case))
    made = {one["soort"]: one["nummer"] for one in stage.secretary.does(case, "vaststellen")["gemaakt"]}
    return f"/publicaties/{made['publicatie']}", made["precedent"]


def released(stage: Stage, publication: str) -> None:
    stage.editor.does(publication, "ter_vrijgave_leggen")
    stage.secretary.does(publication, "vrijgeven")


def outcome(stage: Stage, number: str, recommendation: str) -> str:
    """What everybody reads of what became of a recommendation."""
    told = stage.api.read(f"/navolging?uitspraak={number}")
    assert sum(told["totalen"][name] for name in ("opgevolgd", "deels", "nietOpgevolgd", "geenReactie")) == len(
        told["resultaten"]
    )
    (row,) = (row for row in told["resultaten"] if row["nummer"] == recommendation)
    return str(row["uitkomst"])


def heard_of(stage: Stage, after: str | None, last: tuple[str, str]) -> list[tuple[str, str]]:
    """What everybody can hear since then, in order, once the worker has numbered the last of it."""
    told: list[tuple[str, str]] = []
    events: list[dict[str, Any]] = []

    def is_told() -> bool:
        nonlocal after
        new, after = stage.api.events(after)
        events.extend(new)
        told.extend((one["subject"], one["type"].split(".")[-2]) for one in new)
        return last in told

    wait_until(is_told)
    for one in events:
        # It says where to read about it, and nothing of what it was about.
        assert "data" not in one
        if one["subject"] == last[0]:
            assert stage.api.session.get(one["dataref"]).status_code == 200
    return told
