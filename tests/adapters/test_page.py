import pytest
from jinja2 import DictLoader, Environment, UndefinedError

from app.adapters.page import ReadTemplates, Templates


@pytest.fixture
def own(tmp_path):
    (tmp_path / "page.html").write_text("<p>{{ words }}</p>")
    (tmp_path / "letter.txt").write_text(
        "{{ words }}, {{ day | day }}, {{ at | moment }}, {{ n | number }}, {{ who | listing }}"
    )
    return Templates(tmp_path)


def test_a_page_escapes_what_is_put_in_it(own):
    assert own.render("page.html", words="<script>&") == "<p>&lt;script&gt;&amp;</p>"


def test_a_letter_is_plain_text_in_dutch(own):
    letter = own.render(
        "letter.txt", words="Wmo & Jeugdwet", day="2026-11-21", at="2026-07-01T12:05:00Z", n=1396, who=["UWV", "SVB"]
    )

    assert letter == "Wmo & Jeugdwet, 21 november 2026, 1 juli 2026, 14.05 uur, 1.396, UWV en SVB"


def test_a_value_that_was_not_given_is_a_fault(own):
    with pytest.raises(UndefinedError, match="words"):
        own.render("page.html")


def test_a_notice_says_what_happened_and_why_it_came(templates):
    letter = templates.render(
        "mail/bericht.txt",
        name="",
        subject="KNP-2026-00001: in behandeling",
        text="Wijkteam & zorg\n\nStatus: in behandeling.",
        link="https://knelpunten.example/knelpunten/KNP-2026-00001",
        public_url="https://knelpunten.example",
        example=True,
    )

    assert letter.startswith("KNP-2026-00001: in behandeling\n\nBeste collega,\n\nWijkteam & zorg\n\nStatus:")
    assert "Bekijk het hier: https://knelpunten.example/knelpunten/KNP-2026-00001\n\nMet vriendelijke groet" in letter
    assert "omdat u betrokken bent" in letter
    assert letter.endswith("Voorbeeldgegevens – dit bericht gaat over een knelpunt dat niet bestaat.\n")


def test_a_digest_holds_every_notice(templates):
    notices = [
        {"subject": "KNP-2026-00001", "text": "Er is advies gevraagd.", "link": "https://knelpunten.example/1"},
        {"subject": "KNP-2026-00002", "text": "Het knelpunt is gesloten.", "link": None},
    ]

    letter = templates.render(
        "mail/dagbericht.txt", name="Melder", notices=notices, public_url="https://knelpunten.example", example=False
    )

    assert letter.startswith("Uw knelpunten: 2 berichten\n")
    assert "KNP-2026-00001\nEr is advies gevraagd.\nhttps://knelpunten.example/1\n" in letter
    assert "Voorbeeldgegevens" not in letter


def test_a_file_of_reports_gets_one_receipt_with_every_number(templates):
    reports = [
        {"report": "MLD-2026-00001", "case": "KNP-2026-00001", "title": "Wijkteam & zorg", "joins": False},
        {"report": "MLD-2026-00002", "case": "KNP-2025-00007", "title": "Adressen", "joins": True},
    ]

    letter = templates.render(
        "mail/ontvangst_van_meer.txt",
        name="Melder",
        reports=reports,
        link="https://knelpunten.example/meldingen",
        public_url="https://knelpunten.example",
        example=False,
    )

    assert letter.startswith("Wij hebben uw 2 meldingen ontvangen\n\nBeste Melder,\n\nWij hebben uw 2 meldingen")
    assert "\n\nMLD-2026-00001: Wijkteam & zorg\nHoort bij knelpunt KNP-2026-00001.\n" in letter
    assert "\n\nMLD-2026-00002: Adressen\nToegevoegd aan knelpunt KNP-2025-00007.\n" in letter
    assert "Volg ze hier: https://knelpunten.example/meldingen\n\nMet vriendelijke groet" in letter


def kept_by(folder):
    environment = Environment(loader=DictLoader({"page": "{{ 1 + 1 }}"}), bytecode_cache=ReadTemplates(folder))
    return environment.get_template("page").render()


def test_a_template_that_was_read_is_kept_for_the_next_process(tmp_path):
    kept_by(tmp_path)

    assert len(list(tmp_path.glob("templates-*/*.cache"))) == 1
    assert kept_by(tmp_path) == "2"


def test_where_nothing_can_be_written_a_template_is_read_each_time(tmp_path):
    (tmp_path / "file").write_text("no folder")

    assert kept_by(tmp_path / "file") == "2"
