import csv
import re
from pathlib import Path

import pytest

from app.schemas.form import load
from app.schemas.organisation import TOOI, OrganisationSettings, party, party_text

LIST = Path(__file__).parents[2] / "workflows" / "lists" / "organisations.csv"


def test_every_address_of_the_list_is_taken():
    with LIST.open(encoding="utf-8", newline="") as file:
        assert [row["tooi_uri"] for row in csv.DictReader(file) if not re.fullmatch(TOOI, row["tooi_uri"])] == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Stichting Voorbeeld, 12345678", {"naam": "Stichting Voorbeeld", "kvkNummer": "12345678"}),
        ("Stichting Voorbeeld (KVK 12345678)", {"naam": "Stichting Voorbeeld", "kvkNummer": "12345678"}),
        ("Stichting Voorbeeld kvk: 12345678", {"naam": "Stichting Voorbeeld", "kvkNummer": "12345678"}),
        ("Bureau 2026, 12345678", {"naam": "Bureau 2026", "kvkNummer": "12345678"}),
        ("gemeente Utrecht", {"naam": "gemeente Utrecht"}),
        ("Vereniging 123456789", {"naam": "Vereniging 123456789"}),
        ("http://voorbeeld.example/x", {"tooiUri": "http://voorbeeld.example/x"}),
    ],
)
def test_what_is_typed_in_one_box_is_parted(typed, meant):
    assert party(typed) == meant
    assert party(party_text(meant)) == meant
    assert party_text(typed) == typed


def test_settings_of_an_organisation():
    assert load(OrganisationSettings, {"doetMee": True, "akkoordNodig": False}) == {
        "joined": True,
        "needs_approval": False,
    }
