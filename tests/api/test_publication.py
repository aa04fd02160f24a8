"""What is left out of a ruling, or taken back, is in no answer to whoever only reads what is public."""

import pytest

from tests.api.stage import Stage
from tests.api.street import whole_street
from tests.filled_in import APPLICABLE

SECRET = "Jan de Vries"


@pytest.fixture
def paths(stage: Stage) -> dict[str, str]:
    return whole_street(
        stage,
        passages=[SECRET],
        titel=f"De SVB mag leveren, zegt {SECRET}",
        kernregel=f"Volgens {SECRET} mag de SVB deze gegevens aan een gemeente geven.",
        aanbevelingen=[
            {
                "tekst": f"Laat {SECRET} een werkafspraak maken.",
                "geadresseerden": ["https://identifier.overheid.nl/tooi/id/zbo/zb000081"],
                "indicator": "De afspraak.",
            }
        ],
    )


def everything_public(stage: Stage, paths: dict[str, str], who: str | None) -> str:
    addresses = [
        paths["ruling"],
        paths["precedent"],
        f"{paths['precedent']}/verwijzingen",
        "/uitspraken",
        "/precedenten",
        "/precedenten?q=Vries",
        "/precedenten?q=SVB",
        "/navolging",
    ]
    if who is not None:
        addresses += [paths["publication"], "/publicaties", f"{paths['precedent']}/verloop"]
        addresses += [f"{paths['publication']}/verloop"]
    answers = [stage.get(address, who) for address in addresses]
    similar = stage.post("/precedenten/gelijkende", who, {"tekst": f"Wat zegt {SECRET} van de SVB?"})
    return "".join(answer.text for answer in (*answers, similar))


def test_a_passage_that_was_left_out_is_nowhere(stage: Stage, paths: dict[str, str]) -> None:
    for who in (None, "zwolle"):
        text = everything_public(stage, paths, who)
        assert "[5.1.2e]" in text
        assert not [word for word in ("Jan", "Vries") if word in text.replace("?q=Vries", "")]
    assert stage.get("/precedenten?q=Vries").json["totaal"] == 0


def test_a_ruling_that_was_taken_back_says_that_it_was_and_why(stage: Stage, paths: dict[str, str]) -> None:
    why = {"grond": "persoonsgegevens", "reden": "Er stond een naam in."}
    stage.does("publicatieredacteur", paths["publication"], "depubliceren", **why)
    stage.does("ccg_secretaris", paths["publication"], "depubliceren")

    answer = stage.get(paths["ruling"])

    assert answer.status_code == 410
    assert "Er stond een naam in." in answer.json["detail"]
    assert stage.get("/uitspraken").json["totaal"] == 0
    assert stage.get("/navolging").json["resultaten"] == []
    assert stage.get("/precedenten?q=gemeente").json["totaal"] == 0
    assert "gemeente geven" not in stage.get(paths["precedent"]).text


def test_the_next_report_is_settled_with_the_precedent_and_followed_up(stage: Stage, paths: dict[str, str]) -> None:
    advice = paths["recommendation"]
    stage.does("svb", advice, "ontvangst_bevestigen")
    reaction = {"reactie": "deels_overgenomen", "motivering": "Wij maken een begin.", "eigenaar": "Directeur"}
    stage.does("svb", advice, "reageren", **reaction, planning="2027-03-01", indicator="Getekend.")

    found = stage.get("/navolging").json
    assert found["totalen"] == {
        "geadviseerd": 1,
        "opgevolgd": 0,
        "deels": 1,
        "nietOpgevolgd": 0,
        "geenReactie": 0,
    }
    (row,) = found["resultaten"]
    assert (row["reactie"], row["motivering"], row["planning"]) == (
        "deels_overgenomen",
        "Wij maken een begin.",
        "2027-03-01",
    )

    case = stage.case("zwolle")
    ruling = paths["precedent"].rpartition("/")[2]
    stage.does("triagist", case, "oppakken")
    stage.does("triagist", case, "precedent_voorstellen", precedent=ruling, toepassingstoets=APPLICABLE)
    assert stage.get(case, "zwolle").json["dossier"]["precedent"] == ruling
    stage.does("zwolle", case, "precedent_aanvaarden")
    assert stage.act("triagist", case, "precedent_aanvaarden").status_code == 409
    assert stage.does("collega", case, "precedent_aanvaarden")["status"] == "afgedaan_met_precedent"
    assert stage.get(paths["precedent"]).json["aantalToepassingen"] == 1
    # Whose case it settled is for nobody else to know.
    made = stage.does("navolgingscoordinator", case, "navolging_openen")["gemaakt"]
    assert [one["soort"] for one in made] == ["aanbeveling"]
    assert stage.get("/navolging").json["totalen"]["geadviseerd"] == 1
