"""Hostile files are made here, and none of them may get in."""

import contextlib
import io
import random
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.adapters.upload import accept
from app.domain import attachment, package
from app.domain.errors import Invalid

WORDS = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CELLS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def zipped(parts, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(*, kind=WORDS, **more):
    """A document of Word with these parts beside the usual ones."""
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{kind}.main+xml"/></Types>'
    return zipped({"[Content_Types].xml": types, "_rels/.rels": "<Relationships/>", "word/document.xml": "<w/>"} | more)


def xlsx():
    types = f'<Types><Override PartName="/xl/workbook.xml" ContentType="{CELLS}.main+xml"/></Types>'
    return zipped({"[Content_Types].xml": types, "_rels/.rels": "<Relationships/>", "xl/workbook.xml": "<x/>"})


def noise(length):
    """Bytes that do not pack, the same each time, and letters and digits only."""
    return random.Random(1).randbytes(length // 2).hex().encode()


def odt(**more):
    return zipped({"mimetype": ODT, "content.xml": "<office/>"} | more)


def picture(form, size=(30, 20)):
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, form)
    return out.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, *chunks):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunks) + chunk(b"IEND", b"")


def jpeg(width, height):
    """The picture of Pillow with another size in its frame."""
    content = picture("JPEG")
    frame = content.index(b"\xff\xc0")
    return content[: frame + 5] + struct.pack(">HH", height, width) + content[frame + 9 :]


def refusal(name, content, **options):
    with pytest.raises(Invalid) as refused:
        accept(name, content, **options)
    assert set(refused.value.faults) == {"bestand"}
    (sentence,) = refused.value.faults["bestand"]
    return sentence


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("brief.pdf", PDF, "application/pdf"),
        ("BRIEF.DOCX", docx(), WORDS),
        ("lijst.xlsx", xlsx(), CELLS),
        ("nota.odt", odt(), ODT),
        (
            "lijst.ods",
            zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}),
            "application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("scan.png", picture("PNG"), "image/png"),
        ("scan.jpg", picture("JPEG"), "image/jpeg"),
        ("scan.jpeg", picture("JPEG"), "image/jpeg"),
        ("notitie.txt", "Eén regel.\r\n".encode(), "text/plain"),
        ("notitie.txt", "Eén regel.\n".encode("cp1252"), "text/plain"),
        ("notitie.txt", b"\xef\xbb\xbfMet een teken vooraan.", "text/plain"),
        ("a.txt", b"a", "text/plain"),
        ("lijst.csv", b"naam;aantal\nUtrecht;3\n", "text/csv"),
    ],
)
def test_an_honest_file_is_taken_as_it_is(name, content, media_type):
    upload = accept(name, content)

    assert (upload.name, upload.media_type) == (name, media_type)
    assert upload.content == content
    assert len(upload.digest) == 64


def test_a_document_that_was_written_as_a_stream_is_taken():
    class Stream(io.BytesIO):
        def seekable(self):
            return False

    out = Stream()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"mimetype": ODT, "Configurations2/": "", "content.xml": "<office/>"}.items():
            archive.writestr(name, content)

    assert accept("nota.odt", out.getvalue()).media_type == ODT


@pytest.mark.parametrize("name", ["virus.exe", "tekening.svg", "pagina.html", "macro.docm", "pdf", "", "brief.pdf.exe"])
def test_a_kind_that_is_not_on_the_list_is_refused(name):
    assert refusal(name, PDF) == attachment.NOT_ALLOWED


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("brief.pdf", docx()),
        ("brief.docx", PDF),
        ("brief.docx", docx(kind=CELLS)),
        ("brief.docx", xlsx()),
        ("brief.docx", odt()),
        ("brief.odt", docx()),
        ("brief.docx", zipped({"geheim.txt": "x"})),
        ("scan.png", picture("JPEG")),
        ("scan.jpg", picture("PNG")),
        ("scan.png", b"MZ" + bytes(200)),
        ("notitie.txt", b"#!/bin/sh\nrm -rf /\n"),
        ("notitie.txt", b"<html><script>alert(1)</script></html>"),
        ("lijst.csv", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("lijst.csv", b'\xef\xbb\xbf  <?xml version="1.0"?><!DOCTYPE x>'),
    ],
)
def test_content_that_is_something_else_is_refused(name, content):
    assert refusal(name, content) in {package.NOT_AS_NAMED, package.DAMAGED}


@pytest.mark.parametrize(
    "content", [b"\0\1\2\3 binair", "Eén regel".encode("utf-16"), b"kleur \x1b[31m rood", b"tekst \x81\x8d"]
)
def test_text_is_text(content):
    assert refusal("notitie.txt", content) in {attachment.NOT_TEXT, package.NOT_AS_NAMED}


def test_an_empty_file_and_a_large_one_are_refused():
    assert refusal("brief.pdf", b"") == attachment.EMPTY
    assert refusal("brief.txt", b"x" * (attachment.MAX_BYTES + 1)) == attachment.TOO_LARGE
    assert accept("brief.txt", b"x" * attachment.MAX_BYTES).name == "brief.txt"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("brief.txt", package.EICAR),
        ("brief.pdf", PDF.replace(b"%%EOF", package.EICAR + b"\n%%EOF")),
        ("brief.docx", docx(**{"word/media/image1.png": package.EICAR})),
        ("brief.docx", docx(**{"word/media/image1.png": noise(package.MEGABYTE - 10) + package.EICAR})),
        ("brief.docx", docx(**{"docProps/app.xml": b"<x>" + package.EICAR})),
    ],
)
def test_the_test_virus_is_found_also_inside_a_document(name, content):
    assert refusal(name, content) == package.HARMFUL


@pytest.mark.parametrize(
    "part",
    ["word/vbaProject.bin", "word/vbaData.xml", "xl/macrosheets/sheet1.xml", "word/activeX/activeX1.bin"],
)
def test_macros_are_refused(part):
    assert refusal("brief.docx", docx(**{part: "x"})) == package.MACROS


def test_macros_are_refused_in_every_other_guise():
    assert refusal("brief.odt", odt(**{"Basic/Standard/Module1.xml": "<x/>"})) == package.MACROS
    renamed = docx(kind="application/vnd.ms-word.document.macroEnabled")
    assert refusal("brief.docx", renamed) == package.MACROS


@pytest.mark.parametrize(
    "markup",
    [
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w>&e;</w>',
        b'<?xml version="1.0"?><!--' + noise(package.MEGABYTE - 30) + b"-->" + b'<!doctype x [<!entity a "aaaa">]><w/>',
        '<?xml version="1.0"?><!DOCTYPE x><w/>'.encode("utf-16"),
    ],
)
def test_markup_that_declares_entities_is_refused(markup):
    assert refusal("brief.docx", docx(**{"word/document.xml": markup})) == package.ACTIVE


def test_a_part_that_comes_from_elsewhere_is_refused_and_a_link_is_not():
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relation = (
        '<Relationships><Relationship Id="1" Type="{}/{}" Target="https://kwaad.example/" TargetMode="External"/>'
    )

    outside = docx(**{"word/_rels/document.xml.rels": relation.format(base, "oleObject")})
    assert refusal("brief.docx", outside) == package.ACTIVE
    assert accept("brief.docx", docx(**{"word/_rels/document.xml.rels": relation.format(base, "hyperlink")}))


def test_a_program_inside_a_document_is_refused():
    assert refusal("brief.docx", docx(**{"word/embeddings/start.exe": "MZ"})) == package.ACTIVE


def test_a_zip_bomb_is_refused_before_it_goes_off():
    assert refusal("brief.docx", docx(**{"word/bomb.bin": bytes(60 * package.MEGABYTE)})) == package.TOO_MUCH_INSIDE


def test_many_small_bombs_and_many_parts_are_refused_too():
    part = bytes(package.MEGABYTE)
    parts = {f"word/media/{number}": part for number in range(201)}
    assert refusal("brief.docx", docx(**parts)) == package.TOO_MUCH_INSIDE
    assert refusal("brief.docx", docx(**{f"word/{number}": "" for number in range(2_001)})) == package.TOO_MUCH_INSIDE


def test_a_bomb_that_lies_about_its_size_is_refused():
    honest = docx(**{"word/bomb.bin": bytes(3 * package.MEGABYTE)})
    lying = honest.replace(struct.pack("<I", 3 * package.MEGABYTE), struct.pack("<I", 1_000))

    assert refusal("brief.docx", lying) == package.TOO_MUCH_INSIDE


def test_parts_that_overlap_are_refused():
    content = bytearray(docx())
    directory = content.index(b"PK\x01\x02")
    second = content.index(b"PK\x01\x02", directory + 4)
    # The second entry claims to start where the first one lies.
    content[second + 42 : second + 46] = struct.pack("<I", 4)

    assert refusal("brief.docx", bytes(content)) in {package.TWO_FILES, package.DAMAGED}


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "word\\..\\x", "C:x"])
def test_a_part_that_points_outside_is_refused(name):
    assert refusal("brief.docx", docx(**{name: "x"})) == package.DAMAGED


def test_a_link_to_a_file_of_ours_is_refused():
    out = io.BytesIO(docx())
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("word/media/image1.png")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")

    assert refusal("brief.docx", out.getvalue()) == package.DAMAGED


def test_a_document_behind_a_password_is_refused():
    content = docx()
    locked = content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")

    assert locked != content
    assert refusal("brief.docx", locked) == package.LOCKED


def test_other_ways_to_pack_are_refused():
    out = io.BytesIO(docx())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/x.bin", b"x" * 100, zipfile.ZIP_BZIP2)

    assert refusal("brief.docx", out.getvalue()) == package.DAMAGED


@pytest.mark.parametrize("cut", [10, 60, 200])
def test_a_document_that_was_cut_off_is_refused(cut):
    assert refusal("brief.docx", docx()[:-cut]) in {package.DAMAGED, package.TWO_FILES}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("brief.docx", b"MZ" + docx()),
        ("brief.docx", docx() + b"meer"),
        ("brief.docx", docx() + docx()),
        ("brief.pdf", PDF[:-6] + docx() + b"%%EOF\n"),
        ("scan.png", picture("PNG") + PDF),
        ("scan.png", picture("PNG") + docx()),
        ("scan.jpg", picture("JPEG") + docx()),
        ("scan.png", png(3, 2, chunk(b"tEXt", b"Comment\0%PDF-1.4"))),
        ("scan.png", png(3, 2, chunk(b"tEXt", b"Comment\0<script>alert(1)</script>"))),
    ],
)
def test_a_file_that_is_two_files_is_refused(name, content):
    assert refusal(name, content) in {package.TWO_FILES, package.NOT_AS_NAMED}


@pytest.mark.parametrize("sign", [b"/JavaScript", b"/Launch", b"/RichMedia"])
def test_a_pdf_that_acts_is_refused(sign):
    assert refusal("brief.pdf", PDF.replace(b"/Type", sign + b" 2 0 R /Type")) == package.ACTIVE


def test_a_pdf_that_was_cut_off_or_starts_late_is_refused():
    assert refusal("brief.pdf", PDF[:40]) == package.DAMAGED
    assert refusal("brief.pdf", b"\n\n" + PDF) in {package.DAMAGED, package.NOT_AS_NAMED}


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (20_001, 1), (10_000, 5_001)])
def test_a_flood_of_pixels_is_refused_by_the_header_alone(width, height):
    assert refusal("scan.png", png(width, height)) == attachment.TOO_MANY_PIXELS
    assert refusal("scan.jpg", jpeg(width, height)) == attachment.TOO_MANY_PIXELS


def test_a_picture_without_a_size_or_with_half_a_header_is_refused():
    assert refusal("scan.png", png(0, 5)) == package.DAMAGED
    assert refusal("scan.png", picture("PNG")[:30]) in {package.DAMAGED, package.NOT_AS_NAMED}
    assert refusal("scan.png", picture("PNG")[:-8]) == package.DAMAGED
    assert refusal("scan.jpg", picture("JPEG")[:60]) == package.DAMAGED


def test_huge_metadata_are_refused():
    assert refusal("scan.png", png(3, 2, chunk(b"tEXt", bytes(3_000_000)))) == attachment.TOO_MUCH_METADATA


def test_the_name_that_is_shown_is_harmless():
    assert accept("../..\\map/nota\u202efdp.txt", b"tekst").name == "notafdp.txt"
    assert len(accept("n" * 500 + ".txt", b"tekst").name) == attachment.MAX_NAME
    assert accept("cafe\u0301.txt", b"tekst").name == "café.txt"


def clean(content):
    return None


def harmful(content):
    return "Eicar"


def test_a_scanner_has_the_last_word():
    assert accept("brief.txt", b"tekst", scan=clean).name == "brief.txt"
    assert refusal("brief.txt", b"tekst", scan=harmful) == package.HARMFUL


def test_a_scanner_that_fails_refuses():
    def silent(content):
        raise TimeoutError

    assert "Probeer het later opnieuw" in refusal("brief.txt", b"tekst", scan=silent)


HONEST = {"brief.pdf": PDF, "brief.docx": docx(), "nota.odt": odt(), "a.png": picture("PNG"), "a.jpg": picture("JPEG")}


@settings(max_examples=400)
@given(st.data())
def test_a_file_with_any_damage_is_taken_or_refused_and_never_an_accident(data):
    name = data.draw(st.sampled_from(sorted(HONEST)))
    content = bytearray(HONEST[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))

    # Anything but a refusal fails the test by itself.
    with contextlib.suppress(Invalid):
        accept(name, bytes(content))
