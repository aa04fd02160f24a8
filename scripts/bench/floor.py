"""The floor: the least Flask and SQLAlchemy that does the same work, without accounts, rights or a workflow.

It reads and writes the same tables and shows the same facts; its words are found by the engine's own full text.
"""

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, jsonify, request, send_from_directory
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    create_engine,
    event,
    exists,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.engine import make_url
from werkzeug.datastructures import MultiDict

from app.db.account import Account
from app.db.case import TYPE, Application, Case, CaseLaw, CompletionPoint, Facet, Party
from app.db.organisation import Organisation
from app.db.process import Attachment, Counter, Event, Message, Process
from app.db.report import Report

process, case, journal, counter = Process.__table__, Case.__table__, Event.__table__, Counter.__table__
facet, law, party, point = Facet.__table__, CaseLaw.__table__, Party.__table__, CompletionPoint.__table__
message, attachment, report = Message.__table__, Attachment.__table__, Report.__table__
organisation, account, application = Organisation.__table__, Account.__table__, Application.__table__

SHOWN, COUNTED, HITS, MOST = 25, 1001, 10, 10_000
KIND, STATE = "knelpunt", "ingediend"

CASE_PAGE = """<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8"><title>{{ case.title }}</title></head><body>
<h1>{{ case.title }}</h1><blockquote>{{ case.key_question }}</blockquote><p>{{ case.description }}</p>
<dl><dt>Nummer<dd>{{ case.number }}<dt>Status<dd>{{ case.state }}<dt>Termijn<dd>{{ case.due }}
<dt>Gemeld door<dd>{{ case.organisation }}<dt>Eigenaar<dd>{{ case.owner }}<dt>Doel<dd>{{ case.exchange.doel }}
<dt>Al geprobeerd<dd>{{ case.tried }}<dt>Gevolg<dd>{{ case.societal_effect }}
<dt>Type<dd>{{ facets|map(attribute="value")|join(", ") }}</dl>
<h2>Partijen</h2><ul>{% for one in parties %}<li>{{ one.role }}: {{ one.name }}</li>{% endfor %}</ul>
<h2>Wetten</h2><ul>{% for one in laws %}<li>{{ one.identifier }} art. {{ one.article }}</li>{% endfor %}</ul>
<h2>Aanvulling</h2><ol>{% for one in points %}<li>{{ one.question }} {{ one.answer }}</li>{% endfor %}</ol>
<h2>Berichten</h2>{% for one in messages %}<p>{{ one.role }} {{ one.name }} {{ one.at }}: {{ one.text }}</p>{% endfor %}
<h2>Documenten</h2><ul>{% for one in documents %}<li>{{ one.name }} {{ one.size }}</li>{% endfor %}</ul>
<h2>Hoort hierbij</h2><ul>{% for one in related %}<li>{{ one.number }} {{ one.title }}</li>{% endfor %}</ul>
<h2>Meldingen</h2><ul>{% for one in reports %}<li>{{ one.number }} {{ one.name }}</li>{% endfor %}</ul>
<h2>Verloop</h2><ol>{% for one in lines %}<li>{{ one.at }} {{ one.action }} {{ one.source }} {{ one.target }}
{{ one.account }}, {{ one.role }}, {{ one.name }}: {{ one.reason }} <code>{{ one.hash }}</code></li>{% endfor %}</ol>
</body></html>"""
LIST_PAGE = """<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8"><title>Knelpunten</title></head><body>
<h1>Knelpunten</h1><form><input name="status"><input name="type"><button>Toon</button></form>
<p>{{ total }} resultaten</p><table>{% for row in rows %}<tr><td><a href="/{{ row.number }}">{{ row.number }}</a>
<td>{{ row.title }}<td>{{ row.state }}<td>{{ row.due }}<td>{{ row.organisation }}</tr>{% endfor %}</table>
</body></html>"""


def create_floor(url: str, kept: str) -> Flask:
    """Make the application; in the folder are files that it serves as they are."""
    app, engine = Flask(__name__), plain_engine(url)
    case_page, list_page = (app.jinja_env.from_string(page) for page in (CASE_PAGE, LIST_PAGE))

    @app.get("/knelpunten/<number>")
    def show(number: str) -> str:
        with engine.connect() as connection:
            found = facts(connection, number)
            lines = connection.execute(_lines(found["case"].id)).all()
        return case_page.render(lines=lines, **found)

    @app.get("/api/v1/knelpunten/<number>")
    def show_json(number: str) -> Response:
        with engine.connect() as connection:
            found = facts(connection, number)
        one = found.pop("case")
        return jsonify({**one._mapping, **{name: [dict(row._mapping) for row in found[name]] for name in found}})

    @app.get("/knelpunten")
    def index() -> str:
        with engine.connect() as connection:
            rows, total = _stretch(connection, request.args)
        return list_page.render(rows=rows, total=total)

    @app.get("/knelpunten.csv")
    def table() -> Response:
        with engine.connect() as connection:
            rows = connection.execute(_rows(request.args)[0].limit(MOST)).all()
        written = io.StringIO()
        csv.writer(written).writerows((row.number, row.title, row.state, row.organisation, row.due) for row in rows)
        return Response(written.getvalue(), mimetype="text/csv")

    @app.get("/uitspraken/<number>.pdf")
    def document(number: str) -> Response:
        return send_from_directory(kept, f"{number}.pdf", mimetype="application/pdf")

    @app.get("/api/v1/knelpunten")
    def index_json() -> Response:
        with engine.connect() as connection:
            rows, total = _stretch(connection, request.args)
        return jsonify({"results": [dict(row._mapping) for row in rows], "total": total})

    @app.post("/api/v1/meldingen")
    def create() -> tuple[Response, int]:
        with engine.begin() as connection:
            numbers = _file(connection, request.get_json())
        return jsonify(numbers), 201

    @app.post("/api/v1/knelpunten/<number>/acties/<action>")
    def act(number: str, action: str) -> Response:
        with engine.begin() as connection:
            _act(connection, number, action, request.get_json())
            found = facts(connection, number)
        one = found.pop("case")
        return jsonify({**one._mapping, **{name: [dict(row._mapping) for row in found[name]] for name in found}})

    @app.post("/api/v1/precedenten/gelijkende")
    def find() -> Response:
        with engine.connect() as connection:
            rows = connection.execute(FIND[engine.dialect.name], {"words": _asked(request.get_json(), engine)}).all()
        return jsonify({"results": [dict(row._mapping) for row in rows]})

    return app


def plain_engine(url: str) -> Engine:
    """The database with the same promise to keep what was committed."""
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        return create_engine(address.set(drivername="postgresql+psycopg"))
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def keep(connection: Any, _: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    return engine


def facts(connection: Connection, number: str) -> dict[str, Any]:
    """What is known of a case, its history left out."""
    one = connection.execute(_one(number)).one()
    return {"case": one, **{name: connection.execute(query).all() for name, query in _beside(one.id).items()}}


def _one(number: str) -> Select[Any]:
    columns = (process.c.id, process.c.number, process.c.state, process.c.title, process.c.due, process.c.changed_at)
    long = (case.c.key_question, case.c.description, case.c.exchange, case.c.tried, case.c.societal_effect)
    names = (organisation.c.name.label("organisation"), account.c.name.label("owner"))
    joined = process.join(case, case.c.id == process.c.id).outerjoin(
        organisation, organisation.c.id == process.c.organisation_id
    )
    joined = joined.outerjoin(account, account.c.id == process.c.owner_id)
    return select(*columns, *long, *names).select_from(joined).where(process.c.number == number)


def _beside(identity: int) -> dict[str, Select[Any]]:
    named = organisation.c.name
    parties = party.join(organisation, organisation.c.id == party.c.organisation_id)
    messages = message.outerjoin(organisation, organisation.c.id == message.c.organisation_id)
    reports = report.join(organisation, organisation.c.id == report.c.organisation_id)
    applied = application.join(process, process.c.id == application.c.precedent_id)
    return {
        "facets": select(facet.c.facet, facet.c.value).where(facet.c.case_id == identity),
        "laws": select(law.c.system, law.c.identifier, law.c.article).where(law.c.case_id == identity),
        "points": select(point.c.question, point.c.answer).where(point.c.case_id == identity),
        "parties": select(party.c.role, named).select_from(parties).where(party.c.case_id == identity),
        "messages": select(message.c.role, message.c.at, message.c.text, named)
        .select_from(messages)
        .where(message.c.process_id == identity)
        .order_by(message.c.id),
        "documents": select(attachment.c.name, attachment.c.size).where(attachment.c.process_id == identity),
        "related": select(process.c.number, process.c.title, process.c.state).where(process.c.case_id == identity),
        "reports": select(report.c.number, named).select_from(reports).where(report.c.case_id == identity),
        "precedent": select(process.c.number).select_from(applied).where(application.c.case_id == identity),
    }


def _lines(identity: int) -> Select[Any]:
    columns = (journal.c.at, journal.c.action, journal.c.source, journal.c.target, journal.c.role, journal.c.reason)
    who = journal.outerjoin(organisation, organisation.c.id == journal.c.organisation_id)
    who = who.outerjoin(account, account.c.id == journal.c.account_id)
    return (
        select(*columns, journal.c.hash, organisation.c.name, account.c.name.label("account"))
        .select_from(who)
        .where(journal.c.process_id == identity)
        .order_by(journal.c.sequence.desc())
    )


def _stretch(connection: Connection, asked: MultiDict[str, str]) -> tuple[Any, int]:
    rows, everything = _rows(asked)
    found = connection.execute(rows.offset(asked.get("overslaan", 0, int)).limit(SHOWN)).all()
    counted = select(func.count()).select_from(everything.limit(COUNTED).subquery())
    return found, connection.scalar(counted) or 0


def _rows(asked: MultiDict[str, str]) -> tuple[Select[Any], Select[tuple[int]]]:
    """The rows of a list, and the ids of all that are in it."""
    chosen: list[ColumnElement[bool]] = [process.c.kind == KIND]
    order = [process.c.changed_at.desc(), process.c.id.desc()]
    if "status" in asked:
        typed = exists().where(facet.c.case_id == process.c.id, facet.c.facet == TYPE, facet.c.value == asked["type"])
        chosen += [process.c.state == asked["status"], process.c.due.is_not(None), typed]
        order = [process.c.due, process.c.id]
    if "grondslag" in asked:
        chosen.append(exists().where(law.c.case_id == process.c.id, law.c.identifier == asked["grondslag"]))
    columns = (process.c.id, process.c.number, process.c.title, process.c.state, process.c.due, process.c.changed_at)
    joined = process.outerjoin(organisation, organisation.c.id == process.c.organisation_id)
    rows = select(*columns, organisation.c.name.label("organisation")).select_from(joined).where(*chosen)
    return rows.order_by(*order), select(process.c.id).where(*chosen)


def _file(connection: Connection, given: Mapping[str, Any]) -> dict[str, str]:
    now = datetime.now(UTC)
    exchange = given["uitwisseling"]
    addresses = [one["tooiUri"] for one in (*exchange["verstrekkers"], *exchange["ontvangers"])]
    query = select(organisation.c.id).where(organisation.c.tooi_uri.in_(addresses))
    parties = connection.scalars(query).all()
    numbers = {kind: f"{kind}-{now.year}-F{_next(connection, kind)}" for kind in ("KNP", "MLD")}
    columns = {"kind": KIND, "version": 1, "state": STATE, "number": numbers["KNP"], "title": given["titel"]}
    hashed = _hash("", {**columns, "at": now.isoformat()})
    identity = connection.execute(
        insert(process)
        .values(
            **columns,
            organisation_id=parties[0],
            opened_at=now,
            changed_at=now,
            entered_on=now.date(),
            revision=1,
            last_sequence=1,
            last_hash=hashed,
        )
        .returning(process.c.id)
    ).scalar_one()
    texts = {
        "key_question": given["kernvraag"],
        "description": given["omschrijving"],
        "exchange": exchange,
        "tried": given["alGeprobeerd"],
        "societal_effect": given["maatschappelijkEffect"],
        "urgency": given["urgentie"],
    }
    connection.execute(insert(case).values(id=identity, sources=[], **texts))
    rows = {
        facet: [{"case_id": identity, "facet": TYPE, "value": value} for value in given["typen"]],
        law: [{"case_id": identity, "system": one["stelsel"], "identifier": one["id"]} for one in given["grondslagen"]],
        party: [{"case_id": identity, "organisation_id": one, "role": "verstrekker"} for one in parties],
    }
    for table, values in rows.items():
        connection.execute(insert(table), values)
    connection.execute(
        insert(report).values(
            number=numbers["MLD"],
            case_id=identity,
            organisation_id=parties[0],
            title=given["titel"],
            types=given["typen"],
            laws=[],
            similar_shown=[],
            confidentiality=given["vertrouwelijkheid"],
            filed_at=now,
            **texts,
        )
    )
    _write(connection, identity, 1, "indienen", None, STATE, "", now, "0" * 64, hashed)
    words = " ".join((given["titel"], given["kernvraag"], given["omschrijving"]))
    connection.execute(INDEX[connection.dialect.name], {"id": identity, "words": words})
    return numbers


def _act(connection: Connection, number: str, action: str, given: Mapping[str, Any]) -> None:
    now = datetime.now(UTC)
    columns = (process.c.id, process.c.state, process.c.revision, process.c.last_sequence, process.c.last_hash)
    one = connection.execute(select(*columns).where(process.c.number == number).with_for_update()).one()
    sequence = one.last_sequence + 1
    hashed = _hash(one.last_hash, {"number": number, "action": action, **given})
    _write(connection, one.id, sequence, action, one.state, one.state, given["reden"], now, one.last_hash, hashed)
    connection.execute(
        insert(message).values(process_id=one.id, role="triagist", internal=True, text=given["tekst"], at=now)
    )
    values = {"revision": one.revision + 1, "last_sequence": sequence, "last_hash": hashed, "changed_at": now}
    same = (process.c.id == one.id, process.c.revision == one.revision)
    connection.execute(update(process).where(*same).values(**values))


def _write(
    connection: Connection,
    identity: int,
    sequence: int,
    action: str,
    source: str | None,
    target: str,
    reason: str,
    at: datetime,
    previous: str,
    hashed: str,
) -> None:
    connection.execute(
        insert(journal).values(
            process_id=identity,
            sequence=sequence,
            version=1,
            action=action,
            source=source,
            target=target,
            at=at,
            role="triagist",
            reason=reason,
            answers={},
            previous_hash=previous,
            hash=hashed,
        )
    )


def _next(connection: Connection, kind: str) -> int:
    raised = update(counter).where(counter.c.kind == kind).values(last=counter.c.last + 1).returning(counter.c.last)
    return int(connection.execute(raised).scalar_one())


def _hash(previous: str, line: Mapping[str, Any]) -> str:
    return hashlib.sha256(f"{previous}\n{json.dumps(line, sort_keys=True)}".encode()).hexdigest()


def _asked(given: Mapping[str, Any], engine: Engine) -> str:
    return {"sqlite": " OR ", "postgresql": " | "}[engine.dialect.name].join(given["tekst"].split())


# What each engine has of its own to find words with.
PREPARE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE floor_text USING fts5(words, content='')",
        """INSERT INTO floor_text (rowid, words) SELECT process.id, title || ' ' || key_question || ' ' || description
           FROM process JOIN "case" ON "case".id = process.id""",
    ),
    "postgresql": (
        """CREATE TABLE floor_text AS
           SELECT process.id, to_tsvector('dutch', title || ' ' || key_question || ' ' || description) AS words
           FROM process JOIN "case" ON "case".id = process.id""",
        "CREATE INDEX ix_floor_text ON floor_text USING gin (words)",
    ),
}
INDEX = {
    "sqlite": text("INSERT INTO floor_text (rowid, words) VALUES (:id, :words)"),
    "postgresql": text("INSERT INTO floor_text (id, words) VALUES (:id, to_tsvector('dutch', :words))"),
}
FIND = {
    "sqlite": text(
        f"""SELECT number, title, state, key_question, bm25(floor_text) AS score
            FROM floor_text JOIN process ON process.id = floor_text.rowid JOIN "case" ON "case".id = process.id
            WHERE floor_text MATCH :words ORDER BY score LIMIT {HITS}"""
    ),
    "postgresql": text(
        f"""SELECT number, title, state, key_question, score FROM (
              SELECT id, ts_rank(words, asked) AS score FROM floor_text, to_tsquery('dutch', :words) asked
              WHERE words @@ asked ORDER BY score DESC LIMIT {HITS}
            ) best JOIN process USING (id) JOIN "case" USING (id)"""
    ),
}


def prepare(url: str) -> None:
    """Put the words and the counters of the floor in the database that was filled."""
    engine = plain_engine(url)
    with engine.begin() as connection:
        for statement in PREPARE[engine.dialect.name]:
            connection.exec_driver_sql(statement)
        connection.execute(insert(counter), [{"kind": kind, "year": 0, "last": 0} for kind in ("KNP", "MLD")])
    engine.dispose()
