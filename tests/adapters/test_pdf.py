import functools
import io
import json
import re
from datetime import UTC, datetime

import page as validator
import pikepdf
import pytest

from app.adapters.pdf import Attachment, PdfFailed, render

MOMENT = datetime(2026, 11, 12, 14, 0, tzinfo=UTC)


def draw(html, assets, **options):
    return render(html, title="Proef", moment=MOMENT, assets=assets, **options)


def page(body):
    return f'<!DOCTYPE html><html lang="nl-NL"><head><title>Proef</title></head><body>{body}</body></html>'


@pytest.fixture(scope="module")
def templates_and_assets(templates, assets):
    return templates, assets


@pytest.fixture(scope="module")
def drawn(templates_and_assets):
    """Draw records of a ruling, each once."""
    templates, assets = templates_and_assets
    kept = {}

    def ruling(record):
        content = json.dumps(record, sort_keys=True, ensure_ascii=False).encode()
        if content not in kept:
            data = Attachment("uitspraak.json", "application/json", content, "De uitspraak als gegevens")
            html = templates.render("pdf/ruling.html", record=record)
            title = f"{record['nummer']} – {record['titel']}"
            kept[content] = render(html, title=title, moment=MOMENT, assets=assets, attachments=[data])
        return kept[content]

    return ruling


@pytest.fixture
def ruling(drawn, record):
    return drawn(record)


@pytest.fixture
def pdf(ruling):
    with pikepdf.open(io.BytesIO(ruling)) as opened:
        yield opened


def bare(record):
    """The same ruling with only what every ruling has."""
    lists = ("voorwaarden", "grondslagen", "partijen", "afzonderlijkeNotas", "aanbevelingen", "citaties")
    empty = {key: [] for key in lists}
    none = dict.fromkeys(
        (
            "uri",
            "datumGepubliceerd",
            "geldigVanaf",
            "datumHerbeoordeling",
            "conclusie",
            "weging",
            "toets",
            "stemuitslag",
        )
    )
    return record | empty | none | {"statusPrecedent": None, "juridischKader": "", "verschoond": 0, "voorbeeld": False}


def full(record):
    """A ruling with what the example does not have."""
    return record | {
        "voorbeeld": False,
        "versie": 2,
        "geldigTot": "2027-12-31",
        "titel": "Ambtshalve toekenning aan ouders van thuiswonende kinderen met een intensieve zorgbehoefte " * 2,
        "stemuitslag": {"voor": 4, "tegen": 4, "onthouding": 0},
        "beslissendeStemVoorzitter": True,
        "verschoond": 2,
        "weglatingen": [{"grond": "5.1.2e", "motivering": "De persoonlijke levenssfeer weegt zwaarder."}],
        "afzonderlijkeNotas": [
            {"tekst": "<b>Eén & twee</b> Ελλάδα ✓", "naam": "lid Ş"},
            {"tekst": "Dit teken heeft geen lettertype: \uf8ff", "naam": None},
        ],
        "beschouwing": "\n\n".join([record["beschouwing"]] * 8),
    }


@pytest.mark.parametrize("profile", ["ua1", "3a"])
@pytest.mark.parametrize("variant", [dict, bare, full])
def test_every_ruling_is_for_everybody_and_for_the_archive(drawn, record, variant, profile):
    report = validator.validate_pdf_bytes(drawn(variant(record)), profile=profile)

    assert [failure.message for failure in report.failures] == []
    assert report.rules.passed == report.rules.total > 100


def test_the_metadata_name_both_standards_and_can_be_read_without_unpacking(ruling, pdf):
    with pdf.open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "3"
        assert metadata["pdfaid:conformance"] == "A"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"].startswith("CCG:2026:12 – Integrale aanpak")
    assert b'pdfuaid:part="1"' in ruling
    assert ruling.count(b"<rdf:RDF") == 1


def test_the_document_says_its_language_title_tags_and_colours(pdf):
    assert str(pdf.Root.Lang) == "nl-NL"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
    assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261112140000")


def elements(kids, kind):
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            if kind == kid.S:
                yield kid
            yield from elements(kid.get("/K", pikepdf.Array()), kind)


def test_every_table_header_says_what_it_heads(pdf):
    headers = list(elements(pdf.Root.StructTreeRoot.K, "/TH"))

    assert {str(header.A.Scope) for header in headers} == {"/Column", "/Row"}


def test_there_is_one_first_heading_and_no_level_is_skipped(pdf):
    tree = pdf.Root.StructTreeRoot.K

    assert [len(list(elements(tree, level))) > 0 for level in ("/H1", "/H2", "/H3", "/H4")] == [True, True, True, False]
    assert len(list(elements(tree, "/H1"))) == 1


def test_every_font_is_inside_and_is_the_packaged_one(pdf):
    fonts = [font for sheet in pdf.pages for font in sheet.Resources.Font.values()]
    descriptors = [font.DescendantFonts[0].FontDescriptor for font in fonts]

    assert all("/FontFile2" in descriptor for descriptor in descriptors)
    assert {re.sub(r"^/\w{6}\+", "", str(font.BaseFont)) for font in fonts} == {"Fira-Sans", "Fira-Sans-Bold"}


def test_the_data_of_the_ruling_are_inside(pdf, record):
    file = pdf.attachments["uitspraak.json"]

    assert json.loads(file.get_file().read_bytes()) == record
    assert file.get_file().mime_type == "application/json"
    assert [str(entry.AFRelationship) for entry in pdf.Root.AF] == ["/Data"]


def words(ruling):
    """The text of each page as a reader of the file finds it: the letters that each font gives back."""
    with pikepdf.open(io.BytesIO(ruling)) as pdf:
        return [" ".join("".join(_shown(sheet)).split()) for sheet in pdf.pages]


def _shown(sheet):
    letters = {}
    for operands, operator in pikepdf.parse_content_stream(sheet):
        if str(operator) == "Tf":
            letters = _letters(sheet.Resources.Font[str(operands[0])].ToUnicode.read_bytes())
        if str(operator) in {"Tj", "TJ"}:
            strings = operands[0] if str(operator) == "TJ" else operands
            codes = b"".join(bytes(string) for string in strings if isinstance(string, pikepdf.String))
            yield "".join(letters[codes[at : at + 2].hex()] for at in range(0, len(codes), 2))
        if str(operator) == "ET":
            yield " "


@functools.cache
def _letters(mapping):
    pairs = re.findall(r"<(\w{4})> <(\w+)>", mapping.decode())
    return {code.lower(): bytes.fromhex(letters).decode("utf-16-be") for code, letters in pairs}


def test_an_example_says_on_every_page_that_it_is_one(drawn, record):
    example = words(drawn(record))

    assert len(example) > 3
    assert all("Voorbeeldgegevens – deze uitspraak bestaat niet" in sheet for sheet in example)
    assert f"Pagina 1 van {len(example)}" in example[0]
    assert "Centrale Commissie Gegevensdeling 12 november 2026, CCG:2026:12" in example[-1]


def test_a_real_ruling_does_not_and_shows_text_as_text(drawn, record):
    text = " ".join(words(drawn(full(record))))

    assert "Voorbeeldgegevens" not in text
    assert "<b>Eén & twee</b>" in text
    assert "De stem van de voorzitter heeft de doorslag gegeven." in text
    assert "2 leden waren verschoond en deden niet mee" in text
    assert "Dit teken heeft geen lettertype: [U+F8FF]" in text


def test_the_same_ruling_gives_the_same_bytes(templates, assets):
    html = page("<h1>Eén</h1>")
    data = Attachment("gegevens.json", "application/json", b"{}", "Gegevens")

    first = draw(html, assets, attachments=[data])

    assert draw(html, assets, attachments=[data]) == first
    assert draw(html, assets) != first


@pytest.mark.parametrize(
    "body",
    [
        '<img alt="x" src="file:///etc/passwd">',
        '<a rel="attachment" href="file:///etc/passwd">x</a>',
        '<link rel="stylesheet" href="http://127.0.0.1:9/look.css">',
        '<img alt="x" src="asset:../../setup.cfg">',
        "<style>@import 'file:///etc/passwd';</style>",
    ],
)
def test_a_page_gets_nothing_but_what_is_packaged(body, assets):
    with pytest.raises(PdfFailed, match="not a packaged file"):
        draw(page(body), assets)


def test_a_packaged_file_that_is_missing_is_named(tmp_path):
    with pytest.raises(PdfFailed, match=r"ruling\.css is not there"):
        draw(page('<link rel="stylesheet" href="asset:ruling.css">'), [tmp_path])


def test_a_picture_without_words_in_its_place_is_an_error(assets):
    dot = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"

    assert draw(page(f'<img alt="Een stip" src="{dot}">'), assets).startswith(b"%PDF-")
    with pytest.raises(PdfFailed, match="no required alt"):
        draw(page(f'<img src="{dot}">'), assets)


def test_a_page_that_takes_too_long_is_given_up(assets):
    with pytest.raises(PdfFailed, match="more than 2 seconds"):
        draw(page("<table>" + "<tr><td>x" * 200_000), assets, timeout=2)


def test_a_page_gets_no_more_memory_than_it_is_given(assets):
    with pytest.raises(PdfFailed):
        draw(page("<p>Goed</p>"), assets, megabytes=100)


def test_the_child_knows_none_of_our_secrets(monkeypatch, tmp_path, assets):
    monkeypatch.setenv("SECRET_KEY", "x" * 64)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "weasyprint.py").write_text("raise SystemExit('imported from elsewhere')")

    assert draw(page("<p>Goed</p>"), assets).startswith(b"%PDF-")
