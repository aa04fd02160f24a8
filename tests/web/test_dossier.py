"""The file of a closed case for the archive: whole, described, and for nobody but who handles it."""

import io
import json
from hashlib import sha256
from itertools import pairwise
from typing import Any
from zipfile import ZipFile

import pytest
from lxml import etree

from app.db.organisation import Organisation
from app.db.process import Attachment
from app.db.publication import PublicRecord
from app.domain.access import OFFICIALS, organisation_key, role_key
from tests.make import make_case, make_ruling
from tests.site import Site, account_with
from tests.standards import official
from tests.web.commission import SECRETARY, inside

NS = {"m": "https://www.nationaalarchief.nl/mdto"}
LETTER = b"Beste commissie"
ENDED = "gesloten"


@pytest.fixture(scope="module")
def number(site: Site) -> str:
    """A closed case with a ruling that was published, words of which were left out, and two files."""
    return closed(site)


def closed(site: Site, **fields: Any) -> str:
    store = site.app.extensions["store"]
    with site.work() as work:
        case = make_case(
            work, state=ENDED, title="Adressen delen", audience=[role_key("ccg_secretaris"), OFFICIALS], **fields
        )
        ruling = make_ruling(work, case, content={"titel": "Adressen delen", "feiten": "Jan belt aan."})
        record = {
            "nummer": ruling.number,
            "titel": "Adressen delen",
            "feiten": "[5.1.2e] belt aan.",
            "weglatingen": [{"grond": "5.1.2e", "motivering": "Het gaat om één mens."}],
        }
        work.session.add(
            PublicRecord(
                number=ruling.number or "",
                issue=1,
                title="Adressen delen",
                adopted_on=work.today,
                record=record,
                published_at=work.now,
                pdf_digest=store.put(b"%PDF-1.7"),
            )
        )
        for name in ("brief.txt", "../../etc/passwd"):
            work.session.add(
                Attachment(
                    process_id=case.id,
                    name=name,
                    digest=store.put(LETTER),
                    size=len(LETTER),
                    media_type="text/plain",
                    account_id=None,
                    at=work.now,
                )
            )
        return str(case.number)


def files(site: Site, number: str) -> dict[str, bytes]:
    with inside(site, SECRETARY).client.get(f"/knelpunten/{number}/dossier.zip") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "application/zip")
        content = answer.data
    with ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def described(found: dict[str, bytes]) -> dict[str, Any]:
    return {path: etree.fromstring(content) for path, content in found.items() if path.endswith(".mdto.xml")}


def test_the_file_is_a_dossier_with_its_pieces_and_their_files(site: Site, number: str) -> None:
    found = files(site, number)
    top = etree.fromstring(found[f"{number}/{number}.mdto.xml"])

    parts = top.xpath(".//m:bevatOnderdeel/m:verwijzingNaam/text()", namespaces=NS)
    assert parts == [
        f"Knelpunt {number}",
        f"Verloop van {number}",
        f"Berichten bij {number}",
        f"Uitspraak bij {number}",
        *[name for name in parts if name.startswith("Openbare uitspraak")],
        "brief.txt",
        "../../etc/passwd",
    ]
    assert len(parts) == 8
    levels = [tree.findtext(".//m:aggregatieniveau/m:begripLabel", namespaces=NS) for tree in described(found).values()]
    assert (levels.count("Dossier"), levels.count("Archiefstuk"), levels.count(None)) == (1, 8, 8)


def test_each_file_is_what_its_description_says(site: Site, number: str) -> None:
    found = files(site, number)
    by_folder = {path.split("/")[1]: content for path, content in found.items() if path.count("/") == 3}

    for path, tree in described(found).items():
        if path.endswith("/bestand.mdto.xml"):
            content = by_folder[path.split("/")[1]]
            assert tree.findtext(".//m:checksumWaarde", namespaces=NS) == sha256(content).hexdigest()
            assert tree.findtext(".//m:omvang", namespaces=NS) == str(len(content))
    assert list(by_folder.values()).count(LETTER) == 2
    assert by_folder["document"] == b"%PDF-1.7"


def test_what_was_left_out_limits_the_use_of_what_was_published(site: Site, number: str) -> None:
    trees = described(files(site, number))

    def limits(slug: str) -> list[str]:
        codes: list[str] = trees[f"{number}/{slug}.mdto.xml"].xpath(
            ".//m:beperkingGebruikType/m:begripCode/text()", namespaces=NS
        )
        return codes

    assert limits("openbaar/openbaar") == ["openbaar", "5.1.2e"]
    assert limits("uitspraak/uitspraak") == ["intern"]
    assert limits(number) == ["intern", "5.1.2e"]


def test_a_case_with_a_ruling_is_kept_for_ever_and_another_for_ten_years(site: Site, number: str) -> None:
    with site.work() as work:
        plain = str(make_case(work, state=ENDED, audience=[role_key("ccg_secretaris")]).number)

    def valued(number: str) -> tuple[str | None, str | None]:
        tree = described(files(site, number))[f"{number}/{number}.mdto.xml"]
        return (
            tree.findtext(".//m:waardering/m:begripCode", namespaces=NS),
            tree.findtext(".//m:bewaartermijn/m:termijnLooptijd", namespaces=NS),
        )

    assert valued(number) == ("B", None)
    assert valued(plain) == ("V", "P10Y")


def test_the_journal_can_be_checked_by_itself(site: Site, number: str) -> None:
    (lines,) = [json.loads(content) for path, content in files(site, number).items() if path.endswith("verloop.json")]

    assert lines[0]["regel"]["process"] == number
    for before, after in pairwise(lines):
        assert after["vorigeHash"] == before["hash"]


def test_no_path_leads_out_of_the_archive(site: Site, number: str) -> None:
    for path in files(site, number):
        assert path.startswith(f"{number}/")
        assert ".." not in path.split("/")


def test_every_description_is_mdto(site: Site, number: str) -> None:
    (schema,) = official("MDTO*.xsd")
    mdto = etree.XMLSchema(etree.parse(schema))

    for tree in described(files(site, number)).values():
        mdto.assertValid(tree)


def test_the_file_is_for_who_handles_the_case_and_only_when_it_is_closed(site: Site, number: str) -> None:
    with site.work() as work:
        running = make_case(work, state="in_intake", audience=[role_key("ccg_secretaris"), OFFICIALS]).number

    for email in (account_with("melder"), account_with("beheerder"), account_with("ccg_lid")):
        assert inside(site, email).get(f"/knelpunten/{number}/dossier.zip").status == 404, email
    assert site.visitor().get(f"/knelpunten/{number}/dossier.zip").status == 302
    assert inside(site, SECRETARY).get(f"/knelpunten/{running}/dossier.zip").status == 404


def test_a_party_gets_no_file_of_its_case(site: Site) -> None:
    with site.work() as work:
        party = work.session.query(Organisation).filter_by(name="gemeente Utrecht").one()
        case = make_case(work, state=ENDED, audience=[organisation_key(party.id)]).number

    assert inside(site, "melder@utrecht.example").get(f"/knelpunten/{case}/dossier.zip").status == 404


def test_the_page_of_a_closed_case_offers_it_to_who_may_have_it(site: Site, number: str) -> None:
    link = f"/knelpunten/{number}/dossier.zip"

    assert inside(site, SECRETARY).get(f"/knelpunten/{number}").tree.xpath("//a[@href=$url]", url=link)
    assert not inside(site, account_with("melder")).get(f"/knelpunten/{number}").tree.xpath("//a[@href=$url]", url=link)
