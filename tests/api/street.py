"""The way of a report through the API: each function goes on where the one before it stopped."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from tests.api.stage import MEMBERS, SVB, Stage
from tests.filled_in import (
    ADVICE,
    DECISION,
    DOSSIER,
    ESCALATION,
    NOMINATION,
    PROPOSAL,
    SOLUTION,
    advice_request,
    ruling_text,
    taken_on,
)

TAKE_ON = taken_on("behandelaar@knelpunt.example")


def advised(stage: Stage, case: str) -> list[str]:
    """From intake to two pieces of advice, and their requests."""
    stage.does("triagist", case, "oppakken")
    stage.does("triagist", case, "in_behandeling_nemen", **TAKE_ON)
    requests = []
    for kind, expert in (("juridisch", "jurist"), ("ethisch", "ethicus")):
        asked = stage.does(
            "behandelaar",
            case,
            "advies_vragen",
            **advice_request(kind, f"{expert}@knelpunt.example"),
        )
        request = f"/adviesaanvragen/{asked['gemaakt'][0]['nummer']}"
        stage.does(expert, request, "accepteren")
        requests.append(request)
    for expert, request in zip(("jurist", "ethicus"), requests, strict=True):
        stage.does(expert, request, "uitbrengen", **ADVICE)
    return requests


def nominated(stage: Stage, case: str) -> None:
    """From the work level to the commission, with the first half of its admission."""
    stage.does("behandelaar", case, "oplossing_voorstellen", **SOLUTION)
    stage.does("svb", case, "niet_akkoord", reden="Wij zien geen grondslag.")
    stage.does("behandelaar", case, "opschalen_tactisch", **ESCALATION)
    stage.does("regielid", case, "voordragen", **NOMINATION)
    stage.does("ccg_secretaris", case, "toelaten", rapporteur="lid1@knelpunt.example", dossier=DOSSIER)


def called(stage: Stage) -> str:
    """A meeting, two weeks from now."""
    day = (stage.today + timedelta(days=14)).isoformat()
    answer = stage.post("/vergaderingen", "ccg_secretaris", {"datum": day, "plaats": "Den Haag"})
    assert answer.status_code == 201, answer.json
    meeting = f"/vergaderingen/{answer.json['nummer']}"
    assert answer.headers["Location"] == f"/api/v1{meeting}"
    stage.does("ccg_secretaris", meeting, "plannen", aanvang="10.00 uur")
    return meeting


def on_agenda(stage: Stage, case: str, meeting: str) -> str:
    """An agenda item in a meeting that has begun."""
    scheduled = stage.does(
        "ccg_secretaris", case, "agenderen", vergadering=meeting.rpartition("/")[2], preadvies="Leveren mag, mits."
    )
    item = f"/agendapunten/{scheduled['gemaakt'][0]['nummer']}"
    stage.does("ccg_secretaris", meeting, "stukken_verzenden")
    stage.set_clock(stage.now + timedelta(days=14))
    present = [f"{name}@knelpunt.example" for name in ("ccg_voorzitter", *MEMBERS)]
    stage.does("ccg_voorzitter", meeting, "openen", aanwezig=present)
    return item


def decided(stage: Stage, item: str) -> None:
    """From interests to the decision, by the calls that members have of their own."""
    for name in ("ccg_voorzitter", *MEMBERS):
        answer = stage.post(f"{item}/belangen", name, {"belang": "geen_belang", "toelichting": ""})
        assert answer.status_code == 201, answer.json
    stage.does("ccg_voorzitter", item, "openen")
    stage.does("ccg_voorzitter", item, "stemming_openen", voorstel=PROPOSAL)
    votes = ("voor", "voor", "voor", "tegen", "onthouding")
    for name, vote in zip(("ccg_voorzitter", *MEMBERS), votes, strict=True):
        answer = stage.post(f"{item}/stemmen", name, {"stem": vote})
        assert answer.status_code == 201, answer.json
        assert answer.json["stemming"]["hebtGestemd"] is True
        assert answer.json["stemming"]["voor"] is None
    stage.does("ccg_voorzitter", item, "stemming_sluiten")
    stage.does("ccg_voorzitter", item, "besluit_vastleggen", **DECISION)
    answer = stage.post(f"{item}/notas", "lid3", {"tekst": "Ik zie geen grondslag."})
    assert answer.status_code == 201, answer.json


def written(stage: Stage, case: str, **other: Any) -> None:
    """The text of the ruling."""
    text = ruling_text(addressee=SVB, valid_on="2026-11-23", **other)
    stage.does("ccg_secretaris", case, "tekst_bijwerken", **text)


def adopted(stage: Stage, case: str) -> tuple[str, str]:
    """The number of the ruling, and the path of its publication."""
    stage.does("ccg_voorzitter", case, "vaststellen")
    made = stage.does("ccg_secretaris", case, "vaststellen")["gemaakt"]
    by_kind = {one["soort"]: one["nummer"] for one in made}
    return by_kind["precedent"], f"/publicaties/{by_kind['publicatie']}"


def published(stage: Stage, publication: str, passages: Sequence[str] = ()) -> None:
    """From preparation to the public record, without these passages."""
    if passages:
        rows = [
            {"passage": words, "grond": "5.1.2e", "motivering": "De persoonlijke levenssfeer."} for words in passages
        ]
        stage.does("publicatieredacteur", publication, "lakken", passages=rows)
    stage.does("publicatieredacteur", publication, "zienswijze_vragen")
    stage.does("svb", publication, "zienswijze_geven", tekst="Geen bezwaar.")
    stage.does("publicatieredacteur", publication, "ter_vrijgave_leggen")
    stage.does("ccg_secretaris", publication, "vrijgeven")
    stage.does("publicatieredacteur", publication, "publiceren")
    stage.does("ccg_secretaris", publication, "publiceren")


def whole_street(stage: Stage, *, passages: Sequence[str] = (), **text: Any) -> dict[str, str]:
    """A report that became a precedent; the paths of all that was made."""
    case = stage.case()
    requests = advised(stage, case)
    nominated(stage, case)
    stage.does("ccg_voorzitter", case, "toelaten")
    meeting = called(stage)
    item = on_agenda(stage, case, meeting)
    decided(stage, item)
    written(stage, case, **text)
    ruling, publication = adopted(stage, case)
    published(stage, publication, passages)
    (advice,) = stage.get("/aanbevelingen", "svb").json["resultaten"]
    return {
        "case": case,
        "advice": requests[0],
        "meeting": meeting,
        "item": item,
        "publication": publication,
        "ruling": f"/uitspraken/{ruling}",
        "precedent": f"/precedenten/{ruling}",
        "recommendation": f"/aanbevelingen/{advice['nummer']}",
    }
