"""A signature on a document: anyone can check it, and the document stays for everybody and for the archive."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import page as validator
import pikepdf
import pytest
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from app.adapters.page import Templates
from app.adapters.pdf import Attachment, PdfFailed, is_signing_key, render, sign
from tests.keys import signing_key

MOMENT = datetime(2026, 11, 12, 14, 0, tzinfo=UTC)
MINUTES = {
    "orgaan": "Centrale Commissie Gegevensgebruik",
    "nummer": "VERG-2026-04",
    "titel": "Vergadering van november",
    "dag": "2026-11-12",
    "plaats": "Zaal 3",
    "stand": "Vastgesteld",
    "verslag": "Er waren negen leden.\n\nDe voorzitter opende de vergadering.",
    "punten": [
        {"position": 1, "title": "Adressen delen", "text": "Aangenomen.", "excused": False},
        {"position": 2, "title": None, "text": "", "excused": True},
    ],
    "besluiten": [{"number": "CCG:2026:12", "title": "Adressen delen", "rule": "Ja, mits."}],
}


@pytest.fixture(scope="module")
def drawn(templates: Templates, assets: list[Path]) -> dict[str, bytes]:
    """The minutes of a meeting, and those of an example, each drawn once."""
    pages = {
        "verslag": templates.render("pdf/minutes.html", minutes={**MINUTES, "voorbeeld": False}, moment=MOMENT),
        "voorbeeld": templates.render("pdf/minutes.html", minutes={**MINUTES, "voorbeeld": True}, moment=MOMENT),
    }
    data = Attachment("gegevens.json", "application/json", b"{}", "De gegevens")
    return {
        name: render(html, title=name, moment=MOMENT, assets=assets, attachments=[data]) for name, html in pages.items()
    }


@pytest.fixture
def ruling(templates: Templates, assets: list[Path], record: dict[str, Any]) -> bytes:
    html = templates.render("pdf/ruling.html", record=record)
    return render(html, title=record["titel"], moment=MOMENT, assets=assets)


def assert_for_everybody_and_the_archive(content: bytes) -> None:
    for profile in ("ua1", "3a"):
        report = validator.validate_pdf_bytes(content, profile=profile)
        assert [failure.message for failure in report.failures] == []
        assert report.rules.passed == report.rules.total > 100


def assert_signed(content: bytes) -> None:
    reader = PdfFileReader(io.BytesIO(content))
    (signature,) = reader.embedded_signatures
    (certificate,) = load_certs_from_pemder_data(signing_key())
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[certificate], allow_fetching=False))
    assert status.intact
    assert status.valid
    assert status.trusted
    assert status.coverage.name == "ENTIRE_FILE"
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


@pytest.mark.parametrize("name", ["verslag", "voorbeeld"])
def test_minutes_are_for_everybody_and_for_the_archive_signed_or_not(drawn: dict[str, bytes], name: str) -> None:
    assert_for_everybody_and_the_archive(drawn[name])
    assert_for_everybody_and_the_archive(sign(drawn[name], signing_key()))


def test_a_signed_ruling_is_still_for_everybody_and_for_the_archive_and_can_be_checked(ruling: bytes) -> None:
    signed = sign(ruling, signing_key())

    assert_for_everybody_and_the_archive(signed)
    assert_signed(signed)


def test_what_was_changed_after_signing_is_noticed(ruling: bytes) -> None:
    signed = sign(ruling, signing_key())
    place = signed.index(b"/CreationDate")
    changed = signed[:place] + signed[place:].replace(b"2026", b"2027", 1)

    (signature,) = PdfFileReader(io.BytesIO(changed)).embedded_signatures
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[], allow_fetching=False))

    assert not status.intact


def test_the_metadata_and_the_pages_stay_as_they_were_drawn(ruling: bytes) -> None:
    with pikepdf.open(io.BytesIO(ruling)) as before, pikepdf.open(io.BytesIO(sign(ruling, signing_key()))) as after:
        assert before.Root.Metadata.read_bytes() == after.Root.Metadata.read_bytes()
        for old, new in zip(before.pages, after.pages, strict=True):
            assert old.Contents.read_bytes() == new.Contents.read_bytes()


def test_a_key_without_its_certificate_is_no_key() -> None:
    private = signing_key().partition(b"-----BEGIN CERTIFICATE")[0]

    assert is_signing_key(signing_key())
    assert not is_signing_key(private)
    assert not is_signing_key(b"")


def test_a_key_that_cannot_sign_is_named_and_not_shown(ruling: bytes) -> None:
    broken = signing_key().replace(b"PRIVATE KEY-----\n", b"PRIVATE KEY-----\nAAAA", 1)

    with pytest.raises(PdfFailed) as failed:
        sign(ruling, broken)

    assert "PRIVATE" not in str(failed.value)
