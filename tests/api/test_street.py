"""The whole street through the API, and what everybody then sees of it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from app.api.operation import OPERATIONS, Operation
from app.db.engine import open_session
from app.db.process import Process
from app.db.tables import METADATA
from app.domain.access import SYSTEM
from tests.api.conftest import Street
from tests.api.stage import SVB

READERS = {
    "case": "triagist",
    "advice": "jurist",
    "meeting": "ccg_secretaris",
    "item": "ccg_voorzitter",
    "publication": "publicatieredacteur",
    "recommendation": "svb",
    "precedent": "ccg_secretaris",
}
NUMBER, COUNT, NAME = re.compile(r"<(?:\w+:)?number>"), re.compile(r"<int[^>]*>"), re.compile(r"<[^>]*>")
"""What is left to fill in of an address."""
OPEN = frozenset({"precedenten", "publicaties", "uitspraken"})
"""The collections of which something was published on this street."""


def paths_of(made: Operation, street: Street) -> str:
    """The address of a call with the things of the street in it."""
    collection = made.path.split("/")[1]
    numbers = {path.split("/")[1]: path.split("/")[2] for path in street.paths.values()}
    numbers["meldingen"] = "MLD-2026-00001"
    path = NUMBER.sub(numbers.get(collection, ""), made.path).replace("<action>", "notitie")
    path = path.replace("<path:external>", "AP:z1").replace("<name>", "knelpunt")
    return NAME.sub("geen", COUNT.sub("1", path))


def call(street: Street, made: Operation, who: str | None) -> int:
    path = paths_of(made, street)
    if made.method == "GET":
        return street.stage.get(path, who).status_code
    if made.method == "DELETE":
        return street.stage.delete(path, who, if_match="*").status_code
    if made.method == "PUT":
        return street.stage.put(path, who, {}, if_match="*").status_code
    if made.media == "multipart/form-data":
        return street.stage.send_file(path, who, "a.txt", b"tekst").status_code
    return street.stage.post(path, who, {}, if_match="*").status_code


def rows_of_all_tables(street: Street) -> dict[str, Any]:
    with open_session(street.stage.engine, SYSTEM, writes=False) as session:
        counts = {
            name: session.scalar(select(func.count()).select_from(table)) for name, table in METADATA.tables.items()
        }
        return {**counts, "revisions": session.scalar(select(func.sum(Process.revision)))}


def test_each_process_can_be_read_with_its_actions_and_its_journal(street: Street) -> None:
    for name, who in READERS.items():
        path = street.paths[name]
        shown = street.stage.get(path, who)

        assert shown.status_code == 200, (name, shown.json)
        assert shown.json["nummer"] == path.rpartition("/")[2]
        assert street.stage.get(f"{path}/acties", who).status_code == 200
        assert street.stage.get(f"{path}/verloop", who).json["resultaten"][0]["volgnummer"] == 1
        assert street.stage.get(path.rpartition("/")[0], who).json["resultaten"][0]["nummer"] == shown.json["nummer"]


def test_what_is_public_needs_no_token_and_nothing_else_goes_without(street: Street) -> None:
    for made in OPERATIONS:
        status = call(street, made, None)
        # A system that asks for a key brings a form and no JSON.
        expected = {415} if made.by_statement else {200, 400} if made.public else {401}
        # No clerk sealed anything on this street.
        expected |= {404} if made.name == "journaalCheckpoint" else set()
        assert status in expected, (made.name, status)


def test_a_token_that_is_not_valid_is_refused_everywhere(street: Street) -> None:
    for path in ("/precedenten", "/knelpunten", "/openapi.json"):
        for header in ("Bearer token-van-niemand", "Bearer ", "Basic dXRyZWNodDp4"):
            answer = street.stage.get(path, authorization=header)
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("who", ["zwolle", "niemand", "beheerder"])
def test_who_is_not_in_it_finds_nothing_by_any_address(street: Street, who: str) -> None:
    closed = [made for made in OPERATIONS if "<number>" in made.path and not OPEN & {made.path.split("/")[1]}]

    told = {made.name: call(street, made, who) for made in closed}
    # What is wrong with a body is told first, whether the thing is there or not.
    assert {name: status for name, status in told.items() if status not in (404, 400)} == {}
    assert {made.name for made in closed if told[made.name] == 400} <= {made.name for made in closed if made.body}
    for collection in ("knelpunten", "adviesaanvragen", "vergaderingen", "agendapunten", "aanbevelingen", "meldingen"):
        assert street.stage.get(f"/{collection}", who).json == {
            "resultaten": [],
            "totaal": 0,
            "totaalBegrensd": False,
        }


def test_a_number_that_does_not_exist_answers_as_one_that_may_not_be_seen(street: Street) -> None:
    hidden = street.stage.get(street.paths["case"], "zwolle").json
    unknown = street.stage.get("/knelpunten/KNP-2026-99999", "zwolle").json

    differ = {"instance", "requestId"}
    assert {name: value for name, value in hidden.items() if name not in differ} == {
        name: value for name, value in unknown.items() if name not in differ
    }
    assert street.stage.get("/knelpunten/KNP%00", "zwolle").status_code == 404


def test_reading_writes_nothing(street: Street) -> None:
    before = rows_of_all_tables(street)

    for made in OPERATIONS:
        if made.method == "GET":
            for who in (None, "triagist", "ccg_voorzitter", "svb", "utrecht"):
                call(street, made, who)

    assert rows_of_all_tables(street) == before


def test_the_ruling_is_read_from_its_public_record(street: Street) -> None:
    answer = street.stage.get(street.paths["ruling"])

    assert answer.json["kernregel"].startswith("De SVB mag deze gegevens")
    assert answer.json["conclusie"] == {"code": "mag_mits", "label": answer.json["conclusie"]["label"]}
    assert answer.json["stemuitslag"] == {"voor": 3, "tegen": 1, "onthouding": 1}
    assert "omschrijving" not in answer.json
    assert street.stage.get(street.paths["ruling"], if_none_match=answer.headers["ETag"]).status_code == 304
    (row,) = street.stage.get("/uitspraken").json["resultaten"]
    assert row["nummer"] == answer.json["nummer"]
    assert street.stage.get("/uitspraken/CCG:2026:99").status_code == 404


def test_the_precedent_is_found_with_the_reason_and_counted(street: Street) -> None:
    found = street.stage.get("/precedenten?q=AIO+gemeente+%22recht%22").json

    (hit,) = found["resultaten"]
    assert hit["nummer"] == street.paths["precedent"].rpartition("/")[2]
    assert hit["soort"] == "uitspraak"
    assert "<em>gemeente</em>" in hit["fragment"]
    assert hit["waarom"][0].startswith("woorden: ")
    facets = {name: [one["waarde"] for one in values] for name, values in found["facetten"].items()}
    assert facets["type"] == ["ethisch", "juridisch"]
    assert facets["wet"] == ["BWBR0015703"]
    assert facets["status"] == ["geldend"]
    assert facets["conclusie"] == ["mag_mits"]
    assert facets["jaar"] == ["2026"]
    assert facets["bron"] == ["Centrale Commissie Gegevensgebruik"]


@pytest.mark.parametrize(
    ("asked", "amount"),
    [
        ("", 1),
        ("?type=ethisch&status=geldend&wet=BWBR0015703&jaar=2026&conclusie=mag_mits", 1),
        ("?type=technisch", 0),
        ("?jaar=2025", 0),
        ("?q=belasting", 0),
        ("?q=AIO&status=achterhaald", 0),
    ],
)
def test_the_search_is_narrowed_by_its_filters(street: Street, asked: str, amount: int) -> None:
    answer = street.stage.get(f"/precedenten{asked}")

    assert answer.status_code == 200, answer.json
    assert len(answer.json["resultaten"]) == answer.json["totaal"] == amount


def test_a_text_finds_what_looks_like_it_and_known_cases_only_for_who_sees_them(street: Street) -> None:
    text = {
        "tekst": "Inwoners met recht op een AIO-aanvulling",
        "grondslagen": [{"stelsel": "bwb", "id": "BWBR0015703", "artikel": "64"}],
    }
    found = {
        who: {hit["nummer"] for hit in street.stage.post("/precedenten/gelijkende", who, text).json["resultaten"]}
        for who in (None, "zwolle", "utrecht")
    }

    precedent = street.paths["precedent"].rpartition("/")[2]
    case = street.paths["case"].rpartition("/")[2]
    assert found == {None: {precedent}, "zwolle": {precedent}, "utrecht": {precedent, case}}
    (hit,) = street.stage.post("/precedenten/gelijkende", None, text).json["resultaten"]
    assert [why for why in hit["waarom"] if why.startswith("artikel: artikel 64")]


def test_nobody_cites_the_only_precedent(street: Street) -> None:
    answer = street.stage.get(f"{street.paths['precedent']}/verwijzingen")

    assert answer.json == {"verwijstNaar": [], "verwezenDoor": []}


@pytest.mark.parametrize(
    ("asked", "amount"),
    [
        ("", 1),
        (f"?organisatie={SVB}&jaar=2026", 1),
        ("?jaar=2025", 0),
        ("?uitspraak=CCG:2026:1", 1),
        ("?organisatie=UWV", 0),
    ],
)
def test_the_follow_up_says_what_became_of_it(street: Street, asked: str, amount: int) -> None:
    found = street.stage.get(f"/navolging{asked}").json

    assert len(found["resultaten"]) == amount
    assert found["totalen"] == {
        "geadviseerd": amount,
        "opgevolgd": 0,
        "deels": 0,
        "nietOpgevolgd": 0,
        "geenReactie": amount,
    }


def test_the_organisations_are_listed_a_stretch_at_a_time(street: Street) -> None:
    names: list[str] = []
    path = "/organisaties?aantal=3"
    while path:
        answer = street.stage.get(path)
        names += [row["naam"] for row in answer.json["resultaten"]]
        link = answer.headers.get("Link", "")
        path = link.partition(">")[0].removeprefix("</api/v1")

    assert names == ["gemeente Utrecht", "gemeente Zwolle", "Sociale Verzekeringsbank", "secretariaat"]
    assert [row["naam"] for row in street.stage.get("/organisaties?q=svb").json["resultaten"]] == []
    assert street.stage.get("/organisaties?q=utrecht").json["totaal"] == 1


def test_the_definitions_are_given_as_data(street: Street) -> None:
    names = {(row["naam"], row["versie"]) for row in street.stage.get("/workflows").json["resultaten"]}
    found = street.stage.get("/workflows/knelpunt/1").json

    assert names == set(street.stage.app.extensions["workflows"])
    assert found["begin"] == "ingediend"
    assert {"status": "in_intake", "label": "In intake", "eind": False, "termijn": "2 weeks"}.items() <= next(
        one for one in found["statussen"] if one["status"] == "in_intake"
    ).items()
    taking = next(one for one in found["overgangen"] if one["actie"] == "oppakken")
    assert (taking["van"], taking["naar"], taking["rollen"]) == (["ingediend"], "in_intake", ["triagist"])
    assert street.stage.get("/workflows/knelpunt/99").status_code == 404
    assert street.stage.get("/workflows/onbekend/1").status_code == 404


def test_sub_processes_are_found_by_their_case(street: Street) -> None:
    number = street.paths["case"].rpartition("/")[2]

    assert street.stage.get(f"/adviesaanvragen?knelpunt={number}", "ccg_secretaris").json["totaal"] == 2
    assert street.stage.get("/adviesaanvragen?knelpunt=KNP-2026-00099", "ccg_secretaris").json["totaal"] == 0
    assert street.stage.get(f"/publicaties?knelpunt={number}", "zwolle").json["totaal"] == 0


def test_a_party_reads_the_case_and_not_what_another_organisation_wrote(street: Street) -> None:
    assert street.stage.get(street.paths["case"], "svb").json["meldingen"] == []
    assert street.stage.get("/meldingen/MLD-2026-00001", "svb").status_code == 404
    for who in ("utrecht", "utrecht2", "triagist", "ccg_secretaris"):
        assert street.stage.get(street.paths["case"], who).json["meldingen"] == ["MLD-2026-00001"]
        report = street.stage.get("/meldingen/MLD-2026-00001", who)
        assert report.json["omschrijving"].startswith("Veel mensen")
        assert street.stage.get("/meldingen", who).json["resultaten"][0]["nummer"] == "MLD-2026-00001"


def test_the_members_votes_are_nowhere(street: Street) -> None:
    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            yield from value
            for item in value.values():
                yield from texts(item)
        elif isinstance(value, list):
            for item in value:
                yield from texts(item)
        else:
            yield str(value)

    for who in ("ccg_voorzitter", "ccg_secretaris", "lid1"):
        shown = street.stage.get(f"{street.paths['item']}/verloop", who).json
        lines = [line for line in shown["resultaten"] if line["actie"] == "stemmen"]
        assert len(lines) == 5
        assert not {"voor", "tegen", "onthouding"} & set(texts(lines))
