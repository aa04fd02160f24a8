"""The words of a file: what one reads in it, and nothing of what stands around it."""

import io
import zipfile

import pikepdf
import pytest

from app.adapters import extract
from app.adapters.extract import NO_TEXT, NO_TEXT_KIND, TOO_LONG, words_of_file
from app.domain.package import ACTIVE, DAMAGED, Unsafe

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def docx(body, **more):
    return zipped(word__document_xml=f"<w:document {W}><w:body>{body}</w:body></w:document>", **more)


def odt(body, **more):
    content = f"<office:document-content {ODF}><office:body><office:text>{body}</office:text></office:body>"
    return zipped(mimetype=ODT, content_xml=f"{content}</office:document-content>", **more)


def pdf(text="", pages=1):
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page = made.pages[0].obj
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = made.make_stream(f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode())
    made.docinfo["/Author"] = "Een auteur"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def refusal(content, media_type):
    with pytest.raises(Unsafe) as refused:
        words_of_file(content, media_type)
    return refused.value.sentence


def test_of_word_the_paragraphs_are_read():
    body = (
        '<w:p><w:r><w:t>Eerste</w:t><w:tab/><w:t xml:space="preserve"> regel</w:t></w:r></w:p>'
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>In een cel</w:t><w:br/><w:t>verder</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )

    assert words_of_file(docx(body), DOCX) == "Eerste regel\nIn een cel\nverder"


def test_of_word_nothing_is_read_that_is_not_shown():
    body = (
        "<w:p><w:r><w:t>Te lezen</w:t></w:r>"
        "<w:del><w:r><w:delText>Geschrapt</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>Verplaatst</w:t></w:r></w:moveFrom>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Verborgen</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t> en dit</w:t></w:r>'
        "<w:r><w:instrText>AUTHOR</w:instrText></w:r></w:p>"
    )
    around = {"word__comments_xml": "<w>Opmerking</w>", "docProps__core_xml": "<c>Auteur</c>"}

    assert words_of_file(docx(body, **around), DOCX) == "Te lezen en dit"


def test_of_open_document_the_paragraphs_are_read_and_no_remarks():
    body = (
        "<text:tracked-changes><text:p>Geschrapt</text:p></text:tracked-changes>"
        "<text:h>Kop</text:h>"
        '<text:p>Een<text:s text:c="3"/>zin <text:span>met <text:a>woorden</text:a></text:span> erin'
        "<office:annotation><dc:creator>Auteur</dc:creator><text:p>Opmerking</text:p></office:annotation>.</text:p>"
    )

    assert words_of_file(odt(body, meta_xml="<m>Auteur</m>"), ODT) == "Kop\nEen zin met woorden erin."


def test_of_a_pdf_the_text_is_read_and_not_its_author():
    assert words_of_file(pdf("Een nota."), PDF) == "Een nota."


@pytest.mark.parametrize(
    "content", [b"Caf\xc3\xa9\r\n\r\n\r\n\r\nna", b"\xef\xbb\xbfCaf\xc3\xa9\n\nna", b"Caf\xe9\n\nna"]
)
def test_plain_text_is_read_as_it_is_written(content):
    assert words_of_file(content, "text/plain") == "Café\n\nna"


def test_signs_that_nobody_sees_do_not_come_along():
    assert words_of_file("Jan\u00ad\u200bsen\u202e\tb".encode(), "text/csv") == "Jansen b"


@pytest.mark.parametrize(
    ("content", "media_type", "sentence"),
    [
        (b"x", "image/png", NO_TEXT_KIND),
        (pdf(), PDF, NO_TEXT),
        (docx("<w:p/>"), DOCX, NO_TEXT),
        (b" \n.", "text/plain", NO_TEXT),
        (b"%PDF-1.7 stuk", PDF, DAMAGED),
        (docx("<w:p>"), DOCX, DAMAGED),
        (zipped(a="b"), DOCX, DAMAGED),
        (b"stuk", ODT, DAMAGED),
        (b"a" * (extract.MOST_SIGNS + 1), "text/plain", TOO_LONG),
        (pdf("x", pages=extract.MOST_PAGES + 1), PDF, TOO_LONG),
        (zipped(word__document_xml='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), DOCX, ACTIVE),
    ],
    ids=["kind", "pdf", "docx", "text", "pdf2", "docx2", "zip", "odt", "long", "pages", "entity"],
)
def test_a_file_without_text_or_with_too_much_says_so(content, media_type, sentence):
    assert refusal(content, media_type) == sentence


def test_markup_that_goes_very_deep_is_refused():
    deep = "<w:p>" * 5000 + "</w:p>" * 5000

    assert refusal(docx(deep), DOCX) == DAMAGED


def test_a_file_that_keeps_its_reader_busy_is_refused(monkeypatch):
    monkeypatch.setattr(extract, "SECONDS", 0.001)

    assert refusal(pdf("Woorden"), PDF) == DAMAGED
