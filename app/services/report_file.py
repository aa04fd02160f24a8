"""Reports by the file: sent in together or not at all, and each only once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.db.account import Account
from app.db.case import Case
from app.db.report import Report
from app.domain.errors import Invalid
from app.domain.journal import canonical
from app.services.hold import hold_address
from app.services.notice import announce, people_with_role, write_letter
from app.services.report import contents_of, readable, reference_faults, reporting_organisation, take_in
from app.services.work import Work

Answers = Mapping[str, Any]


class Filed(NamedTuple):
    """What became of a line of the file: its report and case, and whether the report was there before."""

    line: int
    report: str
    case: str
    known: bool


class FiledFile(NamedTuple):
    """What became of every line; where there are faults, by line and by path, the transaction must not be kept."""

    filed: list[Filed]
    faults: dict[int, Mapping[str, list[str]]]


def file_reports(work: Work, lines: Sequence[tuple[int, Answers]]) -> FiledFile:
    """Send in every report that the actor's organisation did not send before in the same words.

    `lines` are the numbers of the lines with the values of `ReportSchema`. Each is tried, so that all faults are
    found together. The reporter gets one receipt for all, and who takes them up hears it once. Raises `NotPermitted`
    to who may not report.
    """
    # Two who give the same file at the same time send it in once.
    hold_address(work, f"import/{reporting_organisation(work)}")
    known = _known(work, {answers["title"] for _, answers in lines})
    done, new = FiledFile([], {}), []
    for line, answers in lines:
        try:
            with work.session.begin_nested():
                contents = canonical(contents_of(work, answers))
                if contents not in known:
                    report, case = take_in(work, answers)
                    new.append((report, case))
                    known[contents] = (report.number, case.number, line)
        except Invalid as refused:
            done.faults[line] = {**refused.faults, **reference_faults(work, {}, answers.get("joins"))}
            continue
        number, case_number, first = known[contents]
        done.filed.append(Filed(line, number, case_number, known=first != line))
    if new:
        _receipt(work, new)
    return done


def _known(work: Work, titles: set[str]) -> dict[str, tuple[str, str, int]]:
    """Number and case of the reports of the own organisation with one of these titles, by what they say."""
    query = (
        select(Report)
        .join(Case, Case.id == Report.case_id)
        .where(Report.organisation_id == reporting_organisation(work), Report.title.in_(titles), readable(work))
        .options(contains_eager(Report.case))
        .order_by(Report.id.desc())
    )
    return {
        canonical(_contents(report)): (report.number, report.case.number, 0) for report in work.session.scalars(query)
    }


def _contents(report: Report) -> dict[str, Any]:
    names = (
        *("title", "key_question", "description", "types", "exchange", "laws", "basis_unknown", "tried"),
        *("societal_effect", "urgency", "confidentiality", "personal_data_reason"),
    )
    return {name: getattr(report, name) for name in names}


def _receipt(work: Work, new: Sequence[tuple[Report, Case]]) -> None:
    rows = [
        {"report": report.number, "case": case.number, "title": report.title, "joins": report.joins}
        for report, case in new
    ]
    reporter = work.session.get_one(Account, work.actor.account_id)
    write_letter(work, reporter, template="ontvangst_van_meer", context={"reports": rows, "link": "/meldingen"})
    turns = Counter(case.turn for report, case in new if not report.joins and case.turn is not None)
    for turn, amount in turns.items():
        subject = "Een nieuwe melding" if amount == 1 else f"{amount} nieuwe meldingen"
        text = f"{reporter.name} verstuurde een bestand met meldingen. Ze staan op uw werkvoorraad."
        announce(work, people_with_role(work, turn), subject=subject, text=text, link="/werkvoorraad")
