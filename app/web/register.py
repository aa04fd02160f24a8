"""What leaves the register for machines and archives: formats of a ruling, feeds, sitemap, catalogue, bulk files."""

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from flask import Blueprint, Response, abort, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.config import Config, value_list
from app.db.case import Case
from app.db.engine import open_session
from app.domain.access import PUBLIC
from app.domain.errors import NotVisible
from app.domain.law import system_of
from app.domain.register import law_subject, type_subject
from app.schemas import atom, diwoo, jsonld, mdto
from app.schemas.open_data import TABLES, Table, as_csv, as_json_lines, data_of
from app.schemas.xml import record_document
from app.services.dossier import Dossier, dossier_of
from app.services.overview import process_numbered
from app.services.register import (
    Entry,
    Stamp,
    entry_of,
    feed,
    map_of_register,
    maps_of_register,
    stamp_of_register,
)
from app.services.work import Work
from app.web.access import EVERYBODY, LOGGED_IN, access

pages = Blueprint("register", __name__)

XML, TEXT, CSV = "application/xml", "text/plain", "csv"
MEDIA_TYPES = {CSV: "text/csv", "jsonl": "application/jsonl"}
# A file up to this size is made in memory, a larger one on disk.
IN_MEMORY, CHUNK = 16 * 2**20, 2**16


# --- one ruling, in other formats ------------------------------------------------------------------------------------


@pages.get("/uitspraken/<number>.xml")
@pages.get("/uitspraken/<number>/versies/<int:issue>.xml", endpoint="xml_version")
@access(EVERYBODY)
def xml(number: str, issue: int | None = None) -> ResponseReturnValue:
    """The whole public record as XML."""
    return _format(number, issue, XML, lambda entry: record_document(data_of(entry, site())), record_document)


@pages.get("/uitspraken/<number>.jsonld")
@pages.get("/uitspraken/<number>/versies/<int:issue>.jsonld", endpoint="jsonld_version")
@access(EVERYBODY)
def linked_data(number: str, issue: int | None = None) -> ResponseReturnValue:
    """The ruling as linked data."""
    return _format(number, issue, jsonld.MEDIA_TYPE, lambda entry: _json(jsonld.linked_data(entry, site())), _json)


@pages.get("/uitspraken/<number>.mdto.xml")
@access(EVERYBODY)
def archive(number: str) -> ResponseReturnValue:
    """What an archive has to know of a ruling."""
    return _format(number, None, XML, _described, record_document)


@pages.get("/uitspraken/<number>.<any(pdf, json):ending>.mdto.xml")
@access(EVERYBODY)
def archived_file(number: str, ending: str) -> ResponseReturnValue:
    """What an archive has to know of a file of a ruling; of a document that was not drawn yet, that it is to come."""
    return _format(number, None, XML, lambda entry: _file_description(entry, ending), record_document)


@pages.get("/id/precedent/<body>/<int:year>/<int:sequence>")
@access(EVERYBODY)
def identity(body: str, year: int, sequence: int) -> ResponseReturnValue:
    """The permanent address of a precedent leads to its page."""
    return redirect(url_for("precedent.show", number=f"{body}:{year}:{sequence}"), 303)


def addresses(number: str) -> dict[str, Any]:
    """The permanent address of a ruling, and where else than on its page it can be had."""
    return {
        "canonical": f"{site()}{url_for('ruling.show', number=number)}",
        "formats": [
            ("application/pdf", url_for("ruling.document", number=number)),
            ("application/json", url_for("ruling.data", number=number)),
            (XML, url_for("register.xml", number=number)),
            (jsonld.MEDIA_TYPE, url_for("register.linked_data", number=number)),
        ],
    }


def json_answer(number: str) -> ResponseReturnValue:
    """The public record as data."""
    return _format(number, None, "application/json", json_of, _json)


# --- feeds -----------------------------------------------------------------------------------------------------------


@pages.get("/feeds/uitspraken.atom")
@access(EVERYBODY)
def feed_of_all() -> ResponseReturnValue:
    """What changed in the register."""
    return _feed(None, "Uitspraken over het delen van gegevens")


@pages.get("/feeds/wet/<path:identifier>.atom")
@access(EVERYBODY)
def feed_of_law(identifier: str) -> ResponseReturnValue:
    """What changed in the rulings that rest on one law."""
    if system_of(identifier) is None:
        raise NotVisible(identifier)
    return _feed(law_subject(identifier), f"Uitspraken over {identifier}")


@pages.get("/feeds/type/<code>.atom")
@access(EVERYBODY)
def feed_of_type(code: str) -> ResponseReturnValue:
    """What changed in the rulings about one type of bottleneck."""
    label = value_list("knelpunttype").get(code)
    if label is None:
        raise NotVisible(code)
    return _feed(type_subject(code), f"Uitspraken over knelpunten: {label.lower()}")


# --- sitemap and catalogue -------------------------------------------------------------------------------------------


@pages.get("/robots.txt")
@access(EVERYBODY)
def robots() -> ResponseReturnValue:
    """Where a harvester begins."""
    return Response(f"User-agent: *\nAllow: /\n\nSitemap: {site()}{url_for('register.sitemap_index')}\n", mimetype=TEXT)


@pages.get("/sitemap.xml")
@access(EVERYBODY)
def sitemap_index() -> ResponseReturnValue:
    """The maps of the register."""
    return _fresh(XML, lambda: diwoo.sitemap_index(maps_of_register(g.work), site()))


@pages.get("/sitemap/uitspraken-<int:place>.xml")
@access(EVERYBODY)
def sitemap(place: int) -> ResponseReturnValue:
    """One map: each published ruling in it, with what the Woo asks to say of it."""
    if place < 1:
        raise NotVisible(str(place))
    return _fresh(XML, lambda: diwoo.sitemap(map_of_register(g.work, place), site()))


@pages.get("/catalog.<any(ttl, jsonld):ending>")
@access(EVERYBODY)
def catalogue(ending: str) -> ResponseReturnValue:
    """The catalogue of what anybody may download."""
    # Nobody else needs rdflib, and a server starts faster without it.
    from app.schemas import dcat  # noqa: PLC0415

    write, media_type = {"ttl": (dcat.turtle, "text/turtle"), "jsonld": (dcat.jsonld, jsonld.MEDIA_TYPE)}[ending]
    return _fresh(media_type, lambda: write(dcat.catalogue(site(), modified=_changed_at(g.work))))


@pages.get("/catalog")
@pages.get("/catalog/<path:_dataset>", endpoint="catalogue_part")
@access(EVERYBODY)
def catalogue_page(_dataset: str = "") -> ResponseReturnValue:
    """What the catalogue names has an address; a person reads there what it is."""
    return redirect(url_for("register.open_data"), 303)


# --- bulk ------------------------------------------------------------------------------------------------------------


@pages.get("/open-data")
@access(EVERYBODY)
def open_data() -> ResponseReturnValue:
    """What there is to download, what it is for and under which licence."""
    return render_template(
        "register/open_data.html",
        tables=TABLES.values(),
        types=value_list("knelpunttype"),
        signed=config().signing_key is not None,
        publisher=value_list("uitgever"),
    )


@pages.get("/open-data/<name>.<any(csv, jsonl):ending>")
@access(EVERYBODY)
def download(name: str, ending: str) -> ResponseReturnValue:
    """A whole table, for who wants all of it."""
    table = TABLES.get(name)
    if table is None:
        raise NotVisible(name)
    tag = f"{name}-{ending}-{stamp_of_register(g.work)}" if table.stands_with_register else None
    if tag is not None and request.if_none_match.contains(tag):
        return _unchanged(tag)
    response = _made_whole(partial(_fill_table, table, ending), MEDIA_TYPES[ending])
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{ending}")
    if tag is not None:
        response.set_etag(tag)
    return _for_machines(response)


# --- a closed case, for the archive ---------------------------------------------------------------------------------


@pages.get("/knelpunten/<number>/dossier.zip")
@access(LOGGED_IN)
def dossier(number: str) -> ResponseReturnValue:
    """The whole file of a case that is at its end, with its description for the archive."""
    found = dossier_of(g.work, process_numbered(g.work, Case, number))
    response = _made_whole(partial(_fill_archive, found), "application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=f"{number}.zip")
    return response


# --- what they share -------------------------------------------------------------------------------------------------


def config() -> Config:
    """The configuration of the installation."""
    found: Config = current_app.extensions["config"]
    return found


def site() -> str:
    """With what a whole address begins: never what a request says of its host."""
    return config().public_url.rstrip("/")


def json_of(entry: Entry) -> bytes:
    """The file at `.json`, whose digest the archive's description tells."""
    return _json(data_of(entry, site()))


def _format(
    number: str,
    issue: int | None,
    media_type: str,
    write: Callable[[Entry], bytes],
    write_gone: Callable[[Mapping[str, Any]], bytes],
) -> ResponseReturnValue:
    """A ruling in one format; of one that was withdrawn, in the same format, that it was and why."""
    entry = entry_of(g.work, number, issue)
    if entry is None:
        raise NotVisible(number)
    if entry.withdrawn_at is not None:
        gone = {"nummer": entry.number, "titel": entry.title, "reden": entry.withdrawn_because}
        return Response(write_gone(gone), 410, mimetype=media_type)
    return _conditional(Response(write(entry), mimetype=media_type))


def _described(entry: Entry) -> bytes:
    return mdto.information_object(mdto.ruling_object(entry, site()))


def _file_description(entry: Entry, ending: str) -> bytes:
    address = f"{site()}/uitspraken/{entry.number}.{ending}"
    represents = mdto.Name(entry.number, entry.title)
    if ending == "json":
        return mdto.file_description(
            mdto.file_of(
                json_of(entry), f"{entry.number}.json", "application/json", represents, entry.changed_at, address
            )
        )
    if entry.pdf_digest is None:
        abort(503)
    content = current_app.extensions["store"].read(entry.pdf_digest)
    return mdto.file_description(
        mdto.file_of(content, f"{entry.number}.pdf", "application/pdf", represents, entry.published_at, address)
    )


def _feed(subject: str | None, title: str) -> ResponseReturnValue:
    said = atom.Feed(
        title=title,
        address=site() + request.path,
        page=site() + url_for("ruling.index"),
        author=value_list("uitgever")["naam"],
        updated=g.work.now,
    )
    return _fresh(atom.MEDIA_TYPE, lambda: atom.atom(said, feed(g.work, subject), site()))


def _fresh(media_type: str, write: Callable[[], bytes]) -> Response:
    """An answer that is made only for who does not have it yet, as the stamp of the register tells."""
    tag = str(stamp_of_register(g.work))
    if request.if_none_match.contains(tag):
        return _unchanged(tag)
    response = Response(write(), mimetype=media_type)
    response.set_etag(tag)
    return _for_machines(response)


def _unchanged(tag: str) -> Response:
    response = Response(status=304)
    response.set_etag(tag)
    return _for_machines(response)


def _conditional(response: Response) -> Response:
    response.add_etag()
    return _for_machines(response.make_conditional(request))  # type: ignore[arg-type]


def _for_machines(response: Response) -> Response:
    """Anybody may use it from any page; who kept it asks whether it still is what there is."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _made_whole(fill: Callable[[IO[bytes]], None], media_type: str) -> Response:
    """A file that is there whole before any of it is sent: what goes wrong is an error, and never half a file.

    A slow reader keeps no transaction open, and a long file is on disk and not in memory.
    """
    with ExitStack() as stack:
        kept = stack.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
        fill(kept)
        size = kept.tell()
        kept.seek(0)
        response = Response(iter(partial(kept.read, CHUNK), b""), mimetype=media_type)
        response.content_length = size
        # It is closed when it was sent, or here when it could not be made.
        response.call_on_close(stack.pop_all().close)
    return response


def _fill_table(table: Table, ending: str, file: IO[bytes]) -> None:
    """Write a table as everybody may see it, whoever asks."""
    with open_session(current_app.extensions["engine"], PUBLIC, writes=False) as session:
        rows = table.rows(Work(session, PUBLIC, g.work.now, g.work.workflows), site())
        for line in as_csv(table, rows) if ending == CSV else as_json_lines(rows):
            file.write(line.encode())


def _fill_archive(found: Dossier, file: IO[bytes]) -> None:
    with ZipFile(file, "w", ZIP_DEFLATED) as packed:
        for path, content in mdto.dossier_files(found, current_app.extensions["store"].read):
            packed.writestr(path, content)


def _changed_at(work: Work) -> Any:
    stamp: Stamp = stamp_of_register(work)
    return stamp.changed_at or work.now


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str).encode() + b"\n"
