"""Reports: sending one in, and reading what was sent."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.api.operation import JSON, Answer, Call, operation
from app.api.process import address_of, next_link
from app.api.representation import Values, law, organisation
from app.db.report import Report
from app.domain.law import LawReference
from app.schemas.filed_report import FiledReportSchema, FiledReportsSchema, ReceiptSchema
from app.schemas.query import PageQuery
from app.schemas.report import ReportSchema
from app.services.particulars import numbers_of
from app.services.report import file_report, readable_reports, report_numbered
from app.services.search import hits, similar_numbers

COLLECTION, TAG = "meldingen", "Meldingen"
EXAMPLE = {
    "body": {
        "titel": "AIO-aanvulling: pensioengegevens van inwoners",
        "kernvraag": "Mag de SVB de gemeente zeggen wie recht heeft op een AIO-aanvulling?",
        "omschrijving": "Veel mensen met een klein pensioen vragen de aanvulling niet aan.",
        "typen": ["juridisch", "ethisch"],
        "uitwisseling": {
            "verstrekkers": [{"tooiUri": "https://identifier.overheid.nl/tooi/id/zbo/zb000143"}],
            "ontvangers": [{"naam": "Stichting Voorbeeld", "kvkNummer": "12345678"}],
            "gegevenscategorieen": ["AOW-uitkering"],
            "doel": "Inwoners wijzen op hun recht",
        },
        "grondslagen": [
            {
                "stelsel": "bwb",
                "id": "BWBR0015703",
                "artikel": "64",
                "lid": None,
                "onderdeel": None,
                "geldigOp": "2026-11-21",
            }
        ],
        "grondslagOnbekend": False,
        "alGeprobeerd": "Overleg met de SVB.",
        "maatschappelijkEffect": "Ouderen leven onder het bestaansminimum.",
        "urgentie": "normaal",
        "vertrouwelijkheid": "intern",
        "persoonsgegevensReden": None,
        "sluitAanBij": None,
    },
    "answer": {"nummer": "MLD-2026-00001", "knelpunt": "KNP-2026-00001", "gelijkende": ["CCG:2026:3"]},
}
MOST_SIMILAR = 10


@operation(
    "POST",
    f"/{COLLECTION}",
    name="melden",
    summary="Een knelpunt melden; de melding wordt meteen verstuurd",
    tag=TAG,
    gives=ReceiptSchema,
    body=ReportSchema,
    media=JSON,
    status=201,
    keyed=True,
    example=EXAMPLE,
)
def send(call: Call) -> Answer:
    """Send a report; what looks like it is found first, and kept with it as shown."""
    answers = call.body
    text = " ".join((answers["title"], answers["key_question"], answers["description"]))
    similar = similar_numbers(hits(call.work, text, cases=True, limit=MOST_SIMILAR))
    filed = file_report(call.work, answers, shown=similar)
    case = numbers_of(call.work, [filed.case_id])[filed.case_id]
    receipt = {"number": filed.number, "case": case, "similar": similar}
    return Answer(receipt, headers={"Location": address_of(COLLECTION, filed.number)})


@operation(
    "GET",
    f"/{COLLECTION}",
    name="meldingenLijst",
    summary="De meldingen die u mag lezen, de nieuwste eerst",
    tag=TAG,
    gives=FiledReportsSchema,
    query=PageQuery,
    paged=True,
)
def index(call: Call) -> Answer:
    """A stretch of the reports."""
    stretch = readable_reports(call.work, after=call.query.get("after"), amount=call.query["amount"])
    body = {
        "results": [_row(report) for report in stretch.rows],
        "total": stretch.total + stretch.capped,
        "capped": stretch.capped,
    }
    return Answer(body, headers=next_link(stretch.following))


@operation(
    "GET",
    f"/{COLLECTION}/<number>",
    name="meldingenEen",
    summary="Eén melding, zoals die is verstuurd",
    tag=TAG,
    gives=FiledReportSchema,
    tagged=True,
)
def show(call: Call, number: str) -> Answer:
    """One report, as it was sent."""
    report = report_numbered(call.work, number)
    names = (
        *("key_question", "description", "types", "exchange", "basis_unknown", "tried", "societal_effect"),
        *("urgency", "confidentiality", "personal_data_reason"),
    )
    laws = [law(LawReference(**_read(row))) for row in report.laws]
    told = {name: getattr(report, name) for name in names}
    return Answer({**_row(report), **told, "laws": laws, "similar": report.similar_shown})


def _row(report: Report) -> Values:
    return {
        "number": report.number,
        "case": report.case.number,
        "title": report.title,
        "organisation": organisation(report.organisation),
        "joins": report.joins,
        "filed_at": report.filed_at,
    }


def _read(row: Mapping[str, Any]) -> dict[str, Any]:
    """A law as the report keeps it, with its day as a day again."""
    return {**row, "valid_on": date.fromisoformat(row["valid_on"]) if row["valid_on"] else None}
