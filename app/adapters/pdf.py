"""HTML becomes a PDF that is PDF/UA-1 and PDF/A-3a at once; the only door to WeasyPrint, pikepdf and pyHanko.

The drawing is done by a child process: this same file, run on its own. It gets a limit on time and
memory, none of the secrets in our environment, and a fetcher that knows nothing but `data:` and the
packaged files that a page names as `asset:ruling.css`. What the renderer calls an error, as a picture
without a text in its place, is one. A character that no font has is shown by its number: [U+1F600].

The same page, title, moment and attachments give the same bytes, so that a digest can be published.
A signature (PAdES) is put on afterwards, by `sign` on what `render` returns, and only where a key is
configured. That is another child, so that the key is never where a page is drawn.
"""

import base64
import hashlib
import io
import json
import logging
import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

SIGN = "--sign"

if TYPE_CHECKING or __name__ == "__main__":
    # Only a child draws or signs: a web server that imports this module loads no renderer and needs no Pango.
    import pikepdf

    if TYPE_CHECKING or SIGN in sys.argv:
        from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign.fields import SigSeedSubFilter
        from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
        from pyhanko_certvalidator.registry import SimpleCertificateStore
    if TYPE_CHECKING or SIGN not in sys.argv:
        from weasyprint import HTML
        from weasyprint import Attachment as Embedded
        from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

Relationship = Literal["Alternative", "Data", "Source", "Supplement", "Unspecified"]

# All that the child needs of our environment: where programs, fonts and temporary files are.
PASSED_ON = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME")
SECONDS = 60
# Measured: six pages ask 80 MB, two hundred 105 MB, and 256 MB of addresses is enough for both.
MEGABYTES = 768
LARGEST_TEMPORARY_FILE = 32 * 2**20

ASSET = re.compile(r"asset:([a-z0-9][a-z0-9._-]*\.(?:css|woff2?|ttf|png|jpe?g))", re.ASCII)

# PDF/A knows no PDF/UA, so its identification comes with a description of itself.
UA_IDENTIFICATION = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the document conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>"""


KEY = re.compile(rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----.+?-----END (?:[A-Z]+ )?PRIVATE KEY-----", re.DOTALL)
CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
FIELD = "Handtekening"
PRINTED_AND_LOCKED = 4 + 128


class PdfFailed(Exception):
    """The document could not be drawn or signed; the message says what the child said last."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the PDF, with what it is to the document (ISO 32000-2, 7.11.3)."""

    name: str
    media_type: str
    content: bytes
    description: str
    relationship: Relationship = "Data"


def render(
    html: str,
    *,
    title: str,
    moment: datetime,
    assets: Sequence[Path],
    attachments: Sequence[Attachment] = (),
    timeout: float = SECONDS,
    megabytes: int = MEGABYTES,
) -> bytes:
    """Draw a page as a PDF, or raise `PdfFailed`.

    `moment` is the date that the document itself carries; `assets` are the folders in which a name
    after `asset:` is looked up, the first that has it wins. The page says its language on `<html>`.
    """
    job = {
        "html": html,
        "title": title,
        "moment": moment.isoformat(timespec="seconds"),
        "assets": [str(folder) for folder in assets],
        "attachments": [_as_json(attachment) for attachment in attachments],
        "seconds": int(timeout) + 1,
        "bytes": megabytes * 2**20,
    }
    return _done_by_child(job, timeout)


def sign(pdf: bytes, key: bytes) -> bytes:
    """Sign what `render` returned, or raise `PdfFailed`; it stays PDF/UA-1 and PDF/A-3a.

    `key` is PEM: a private key without a password, and its certificate before those of whoever issued it. The
    signature stands on no page: a reader of the file shows it beside the document.
    """
    job = {"pdf": base64.b64encode(pdf).decode(), "key": key.decode("ascii", errors="replace")}
    return _done_by_child(job, SECONDS, SIGN)


def is_signing_key(content: bytes) -> bool:
    """Is there a private key and a certificate in this PEM?"""
    return KEY.search(content) is not None and CERTIFICATE.search(content) is not None


def _done_by_child(job: Mapping[str, Any], timeout: float, *arguments: str) -> bytes:
    # -I: the child finds what is installed, and nothing in a folder that happens to be current.
    command = [sys.executable, "-I", "-X", "utf8", __file__, *arguments]
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    try:
        child = subprocess.run(  # noqa: S603  the command is our own file
            command, input=json.dumps(job).encode(), capture_output=True, timeout=timeout, env=environment, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise PdfFailed(f"the renderer took more than {timeout:g} seconds") from error
    if child.returncode:
        said = child.stderr.decode(errors="replace").strip().splitlines()
        raise PdfFailed(said[-1][:300] if said else f"the renderer stopped with {child.returncode}")
    return child.stdout


def _as_json(attachment: Attachment) -> dict[str, str]:
    return {
        "name": attachment.name,
        "media_type": attachment.media_type,
        "content": base64.b64encode(attachment.content).decode(),
        "description": attachment.description,
        "relationship": attachment.relationship,
    }


# From here on: what runs in the child.


def main() -> None:
    """Read a job from standard input and write its PDF to standard output, within the job's limits."""
    job = json.load(sys.stdin.buffer)
    if SIGN in sys.argv:
        sys.stdout.buffer.write(_signed(base64.b64decode(job["pdf"]), job["key"].encode()))
        return
    for limit, value in (
        (resource.RLIMIT_AS, job["bytes"]),
        (resource.RLIMIT_CPU, job["seconds"]),
        (resource.RLIMIT_FSIZE, LARGEST_TEMPORARY_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    heard = _Heard(logging.WARNING)
    logging.getLogger("weasyprint").addHandler(heard)
    drawn = _draw(job)
    if heard.missing:
        # An empty box says nothing, and both standards forbid it: show the number of the character.
        shown = {character: f"[U+{ord(character):04X}]" for character in heard.missing}
        drawn = _draw({**job, "html": job["html"].translate(str.maketrans(shown))})
    if heard.errors:
        sys.exit("; ".join(heard.errors))
    sys.stdout.buffer.write(drawn)


class _Heard(logging.Handler):
    """Keep what the renderer only mentions, and would go on without."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.errors: list[str] = []
        self.missing: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR:
            self.errors.append(record.getMessage())
        elif str(record.msg).startswith(".notdef") and isinstance(record.args, tuple):
            self.missing.add(str(record.args[0]))


def _draw(job: Mapping[str, Any]) -> bytes:
    moment = datetime.fromisoformat(job["moment"])
    embedded = [
        Embedded(
            string=base64.b64decode(attachment["content"]),
            name=attachment["name"],
            description=attachment["description"],
            relationship=attachment["relationship"],
            created=moment,
            modified=moment,
        )
        for attachment in job["attachments"]
    ]
    document = HTML(string=job["html"], url_fetcher=_fetcher(job["assets"])).render(pdf_variant="pdf/a-3a")
    document.metadata.title = job["title"]
    document.metadata.created = document.metadata.modified = job["moment"]
    drawn = document.write_pdf(attachments=embedded, pdf_identifier=_identifier(job), pdf_variant="pdf/a-3a")
    return _finish(drawn, {attachment["name"]: attachment["media_type"] for attachment in job["attachments"]})


def _fetcher(folders: Sequence[str]) -> "URLFetcher":
    """A fetcher of `data:` and packaged files; anything else stops the drawing, so that it is noticed."""

    class Packaged(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> "URLFetcherResponse":
            if url.startswith("data:"):
                return super().fetch(url, headers)
            if not (asset := ASSET.fullmatch(url)):
                raise FatalURLFetchingError(f"not a packaged file: {url[:200]}")
            for folder in folders:
                path = Path(folder, asset[1])
                if path.is_file():
                    kind = "text/css" if path.suffix == ".css" else "application/octet-stream"
                    return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})
            raise FatalURLFetchingError(f"packaged file {asset[1]} is not there; build the look first")

    return Packaged(allowed_protocols=["data"], allow_redirects=False)


def _identifier(job: Mapping[str, Any]) -> bytes:
    """An identifier that follows from what is drawn, in place of chance."""
    drawn = {key: job[key] for key in ("html", "title", "moment", "attachments")}
    return hashlib.sha256(json.dumps(drawn, sort_keys=True).encode()).digest()[:16]


LINE_ENDS = (b"\n", b"\r")


def _finish(drawn: bytes, media_types: Mapping[str, str]) -> bytes:
    """Add to the PDF/A what PDF/UA asks beside it."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        metadata = pdf.Root.Metadata.read_bytes().replace(b"</rdf:RDF>", UA_IDENTIFICATION)
        pdf.Root.Metadata = pdf.make_indirect(
            pikepdf.Stream(pdf, metadata, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
        )
        for element, ancestors in _elements(pdf.Root.StructTreeRoot.K, ()):
            # The renderer does not say whether a table header heads a column or a row.
            if element.S == "/TH":
                element.A.Scope = pikepdf.Name("/Column" if "/THead" in ancestors else "/Row")
        for name, file in pdf.attachments.items():
            file.obj.EF.F.Subtype = pikepdf.Name("/" + media_types[name])
        # The renderer lists each attachment twice.
        if "/AF" in pdf.Root:
            pdf.Root.AF = pikepdf.Array(list({file.objgen: file for file in pdf.Root.AF}.values()))
        for found in pdf.objects:
            if isinstance(found, pikepdf.Stream) and "/Filter" in found and found.read_raw_bytes()[-1:] in LINE_ENDS:
                _end_visibly(found)
        # An archive must be able to read the metadata without unpacking them.
        pdf.save(out, deterministic_id=True, compress_streams=False)
    return out.getvalue()


def _end_visibly(stream: "pikepdf.Stream") -> None:
    """Encode a stream once more, so that it does not end in a line end, which a validator takes for the next one."""
    inner, parameters = stream.Filter, stream.get("/DecodeParms")
    filters = pikepdf.Array([pikepdf.Name("/ASCII85Decode"), inner])
    packed = base64.a85encode(stream.read_raw_bytes()) + b"~>"
    if parameters is None:
        stream.write(packed, filter=filters)
    else:
        stream.write(packed, filter=filters, decode_parms=pikepdf.Array([None, parameters]))


def _elements(kids: "pikepdf.Object", ancestors: tuple[str, ...]) -> "Iterator[tuple[pikepdf.Object, tuple[str, ...]]]":
    """Each element of the structure below these kids, with the kinds of those above it."""
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid, ancestors
            if "/K" in kid:
                yield from _elements(kid.K, (*ancestors, str(kid.S)))


def _signed(pdf: bytes, key: bytes) -> bytes:
    """Add an empty field that the structure knows, and then nothing but the signature in it."""

    class Untouched(IncrementalPdfFileWriter):
        """A writer that leaves the metadata as they were drawn, since a change would have to be told twice."""

        def _update_meta(self) -> None:
            pass

    certificate, *issuers = load_certs_from_pemder_data(b"\n".join(CERTIFICATE.findall(key)))
    (private,) = KEY.findall(key)[:1]
    signer = SimpleSigner(
        signing_cert=certificate,
        signing_key=load_private_key_from_pemder_data(private, passphrase=None),
        cert_registry=SimpleCertificateStore.from_certs(issuers),  # type: ignore[no-untyped-call]
    )
    said = PdfSignatureMetadata(field_name=FIELD, subfilter=SigSeedSubFilter.PADES)
    writer = Untouched(io.BytesIO(_with_field(pdf)))
    signed: bytes = sign_pdf(writer, said, signer=signer, existing_fields_only=True).getvalue()
    return signed


def _with_field(drawn: bytes) -> bytes:
    """The document with a place for a signature, which a screen reader finds as a form."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        sheet, tree = pdf.pages[-1].obj, pdf.Root.StructTreeRoot
        top = tree.K[0] if isinstance(tree.K, pikepdf.Array) else tree.K
        numbers = tree.ParentTree.Nums
        place = max((int(number) for number in list(numbers)[::2]), default=-1) + 1
        field = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Sig,
                T=pikepdf.String(FIELD),
                TU=pikepdf.String("Digitale handtekening van de uitgever"),
                Rect=[0, 0, 0, 0],
                F=PRINTED_AND_LOCKED,
                P=sheet,
                StructParent=place,
            )
        )
        form = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.StructElem,
                S=pikepdf.Name.Form,
                P=top,
                K=pikepdf.Dictionary(Type=pikepdf.Name.OBJR, Obj=field, Pg=sheet),
            )
        )
        top.K = pikepdf.Array([*(top.K if isinstance(top.K, pikepdf.Array) else [top.K]), form])
        tree.ParentTree.Nums = pikepdf.Array([*numbers, place, form])
        tree.ParentTreeNextKey = place + 1
        sheet.Annots = pikepdf.Array([*sheet.get("/Annots", []), field])
        sheet.Tabs = pikepdf.Name.S
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[field], SigFlags=3)
        pdf.save(out, deterministic_id=True, compress_streams=False)
    return out.getvalue()


if __name__ == "__main__":
    main()
