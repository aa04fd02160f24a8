"""The follow-up for machines: the totals of the contract, and filters that leave exactly what a total counts."""

from app.db.publication import PublicRecord
from tests.api.stage import Stage
from tests.make import make_case, make_organisation, make_recommendation, make_ruling


def follow_up(stage: Stage) -> None:
    with stage.work() as work:
        case = make_case(work, state="in_navolging")
        ruling = make_ruling(work, case)
        record = {"aanbevelingen": [{"tekst": "Maak een formulier."}]}
        work.session.add(
            PublicRecord(
                number=ruling.number or "",
                issue=1,
                title="Wijkteam",
                adopted_on=work.today,
                record=record,
                published_at=work.now,
            )
        )
        for reaction, state in (
            ("overgenomen", "gereageerd"),
            ("overgenomen", "uitgevoerd"),
            ("niet_overgenomen", "gereageerd"),
            (None, "geen_reactie"),
        ):
            make_recommendation(work, case, ruling, make_organisation(work.session), reaction=reaction, state=state)


def test_a_filter_leaves_what_a_total_counts(stage: Stage) -> None:
    follow_up(stage)

    totals = stage.get("/navolging").json["totalen"]
    found = {
        name: stage.get(f"/navolging?uitkomst={name}").json for name in ("opgevolgd", "deels", "niet", "geen_reactie")
    }

    assert totals == {"geadviseerd": 4, "opgevolgd": 2, "deels": 0, "nietOpgevolgd": 1, "geenReactie": 1}
    assert [len(one["resultaten"]) for one in found.values()] == [2, 0, 1, 1]
    assert [one["totalen"]["geadviseerd"] for one in found.values()] == [2, 0, 1, 1]


def test_what_was_seen_is_told_from_what_was_promised(stage: Stage) -> None:
    follow_up(stage)

    (seen,) = stage.get("/navolging?uitvoering=gecontroleerd").json["resultaten"]
    (promised,) = stage.get("/navolging?uitvoering=toegezegd").json["resultaten"]

    assert (seen["status"], seen["uitkomst"], seen["uitvoering"]) == ("uitgevoerd", "opgevolgd", "gecontroleerd")
    assert (promised["status"], promised["uitvoering"]) == ("gereageerd", "toegezegd")


def test_a_class_that_does_not_exist_is_refused_at_its_field(stage: Stage) -> None:
    answer = stage.get("/navolging?uitkomst=misschien")

    assert answer.status_code == 400
    assert [fault["veld"] for fault in answer.json["errors"]] == ["uitkomst"]
