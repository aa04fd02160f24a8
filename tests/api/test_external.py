"""Decisions of other bodies in the API: found, shown and cited as what they are."""

import pytest

from app.db.publication import PublicRecord
from app.domain.errors import Invalid
from app.domain.ruling import public_record
from app.domain.source import OF_OURS
from app.schemas.form import load_action
from app.services.external import keep_decisions, sources_of_draft
from app.services.record import record_of
from tests.api.stage import Stage
from tests.make import make_case, make_precedent, make_ruling

LAW = {
    "system": "bwb",
    "identifier": "BWBR0031331",
    "article": "3",
    "paragraph": None,
    "part": None,
    "valid_on": None,
}
NUMBER, PATH = "EXT:Raad van State:W13/III", "/precedenten/EXT:Raad%20van%20State:W13%2FIII"


@pytest.fixture
def kept(stage: Stage) -> Stage:
    """A stage that took in one decision."""
    with stage.work() as work:
        keep_decisions(
            work,
            [
                {
                    "source": "Raad van State",
                    "source_id": "W13/III",
                    "text": "De sluiswachter telt de schepen.",
                    "title": "Sluizen",
                    "types": ["juridisch"],
                    "laws": [LAW],
                    "url": "https://raadvanstate.example/W13",
                }
            ],
        )
    return stage


def test_it_is_a_hit_without_a_status_of_the_commission(kept: Stage) -> None:
    found = kept.get("/precedenten?q=sluiswachter").json

    (hit,) = found["resultaten"]
    assert (hit["nummer"], hit["soort"], hit["status"], hit["bron"]) == (NUMBER, "extern", None, "Raad van State")
    assert "<em>sluiswachter</em>" in hit["fragment"]
    assert found["facetten"]["bron"] == [{"waarde": "Raad van State", "label": "Raad van State", "aantal": 1}]
    assert found["facetten"]["status"] == []


def test_it_looks_like_a_text(kept: Stage) -> None:
    asked = {"tekst": "Mag een sluiswachter schepen tellen?", "grondslagen": [{"stelsel": "bwb", "id": "BWBR0031331"}]}

    (hit,) = kept.post("/precedenten/gelijkende", None, asked).json["resultaten"]

    assert hit["nummer"] == NUMBER
    assert any(reason.startswith("artikel: artikel 3") for reason in hit["waarom"])


def test_without_words_it_is_there_for_who_asks_for_its_body(kept: Stage) -> None:
    assert kept.get("/precedenten").json["resultaten"] == []
    found = kept.get("/precedenten?bron=Raad+van+State").json
    assert [hit["nummer"] for hit in found["resultaten"]] == [NUMBER]


def test_it_is_shown_by_its_number(kept: Stage) -> None:
    shown = kept.get(PATH).json

    assert (shown["nummer"], shown["soort"], shown["bron"], shown["bronId"]) == (
        *(NUMBER, "extern", "Raad van State", "W13/III"),
    )
    assert shown["tekst"] == "De sluiswachter telt de schepen."
    assert shown["grondslagen"][0]["id"] == "BWBR0031331"
    assert kept.get(f"{PATH}/verwijzingen").json == {"verwijstNaar": [], "verwezenDoor": []}
    assert kept.get("/precedenten/EXT:Raad%20van%20State:W14").status_code == 404


def test_a_ruling_that_cites_it_is_seen_from_both_sides(kept: Stage) -> None:
    with kept.work() as work:
        case = make_case(work)
        ruling = make_ruling(work, case)
        precedent = make_precedent(work, case, ruling, public=True, state="geldend")
        ruling.content = {
            "titel": "Sluizen tellen",
            "typen": ["juridisch"],
            "grondslagen": [{"system": "bwb", "id": "BWBR0031331", "article": "3", "role": "draagt"}],
            "bronnen": sources_of_draft(
                work, ruling, [{"relation": "steunt_op", "reference": NUMBER, "reason": "Zelfde sluis."}]
            ),
        }
        record = public_record(record_of(work, ruling, case), [])
        work.session.add(
            PublicRecord(
                number=precedent.number,
                issue=1,
                title="Sluizen tellen",
                adopted_on=work.today,
                record=record | {"datumGepubliceerd": "2026-11-23"},
                published_at=work.now,
            )
        )
        number = precedent.number

    cited_by = kept.get(f"{PATH}/verwijzingen").json["verwezenDoor"]
    cites = kept.get(f"/precedenten/{number}/verwijzingen").json["verwijstNaar"]
    ruling_now = kept.get(f"/uitspraken/{number}").json

    assert cited_by == [{"nummer": number, "relatie": "steunt_op", "reden": "Zelfde sluis.", "titel": "Sluizen tellen"}]
    assert cites == [{"nummer": NUMBER, "relatie": "steunt_op", "reden": "Zelfde sluis.", "titel": "Sluizen"}]
    assert ruling_now["bronnen"][0]["relatie"] == {"code": "steunt_op", "label": "Steunt op"}
    assert [
        kept.get(f"/uitspraken{query}").json["totaal"] for query in ("", "?jaar=2026&status=geldend", "?jaar=2025")
    ] == [*(1, 1, 0)]
    narrow = "type=juridisch&wet=BWBR0031331&orgaan=Centrale+Commissie+Gegevensgebruik"
    assert kept.get(f"/uitspraken?{narrow}").json["totaal"] == 1
    assert kept.get("/uitspraken?type=ethisch").json["totaal"] == 0
    assert kept.get("/uitspraken?status=onzin").status_code == 400


def test_a_draft_says_which_source_is_none(kept: Stage) -> None:
    fields = load_faults([{"relatie": "steunt_op", "verwijzing": "CCG:2026:1"}, {"relatie": "volgt"}])

    assert fields == {
        "bronnen.0.verwijzing": [OF_OURS],
        "bronnen.1.relatie": ["Kies bij “Relatie” een waarde uit de lijst."],
        "bronnen.1.verwijzing": ["Vul in om welke bron het gaat."],
    }


def load_faults(rows: list[dict[str, str]]) -> dict[str, list[str]]:
    """What is wrong with the sources of a draft."""
    with pytest.raises(Invalid) as refused:
        load_action("ruling_text", {"bronnen": rows})
    return refused.value.faults


def test_a_citation_that_was_left_out_of_the_publication_stands_on_neither_side(kept: Stage) -> None:
    with kept.work() as work:
        case = make_case(work)
        ruling = make_ruling(work, case)
        make_precedent(work, case, ruling, state="geldend", public=True)
        source = {"relation": "steunt_op", "reference": NUMBER, "reason": "Daar staat het."}
        ruling.content = {**ruling.content, "bronnen": sources_of_draft(work, ruling, [source])}
        record = public_record(record_of(work, ruling, case), [("bronnen", "Raad van State", "5.1.2e")])
        moment = {"adopted_on": work.today, "published_at": work.now}
        work.session.add(PublicRecord(number=ruling.number or "", issue=1, title="", record=record, **moment))

    assert kept.get(f"{PATH}/verwijzingen").json["verwezenDoor"] == []
