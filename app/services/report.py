"""Reports: drafts, what looks alike, and sending one in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from app.db.account import Account
from app.db.case import TYPE, Case, CaseLaw, Facet, Party
from app.db.organisation import Organisation
from app.db.process import Audience, Follower
from app.db.report import Draft, Report
from app.domain.access import (
    COORDINATOR_ROLE,
    OFFICIALS,
    ORGANISATION_ROLES,
    REPORTER_ROLE,
    Grant,
    account_key,
    handling_keys,
    organisation_key,
    reader_keys,
    reporting_audience,
)
from app.domain.errors import Invalid, NotPermitted, NotVisible, Stale
from app.services.index import index_case
from app.services.lifecycle import beginning, opened, show_to
from app.services.notice import notify, people_with_role, write_letter
from app.services.number import next_number
from app.services.reference import organisation_named, process_named
from app.services.session import new_token
from app.services.withholding import not_withheld
from app.services.work import Work

FILE = "indienen"
REPORTING = (REPORTER_ROLE, COORDINATOR_ROLE)
STRETCH, COUNTED = 25, 1000
PROVIDER, RECEIVER, PROCESSOR = "verstrekker", "ontvanger", "verwerker"


def start_draft(work: Work, answers: Mapping[str, Any] | None = None) -> Draft:
    """Begin a draft for the actor's organisation; only a reporter or a coordinator may."""
    organisation_id = reporting_organisation(work)
    draft = Draft(
        key=new_token()[:22],
        account_id=work.actor.account_id or 0,
        organisation_id=organisation_id,
        answers=dict(answers or {}),
        created_at=work.now,
        changed_at=work.now,
    )
    work.session.add(draft)
    work.session.flush()
    return draft


def reporting_organisation(work: Work) -> int:
    """The organisation for which the actor may report; raises `NotPermitted` where there is none."""
    for grant in sorted(work.actor.grants, key=str):
        if grant.role in REPORTING and grant.organisation_id is not None:
            return grant.organisation_id
    raise NotPermitted("only a reporter or a coordinator of an organisation can report")


def draft_of(work: Work, key: str) -> Draft:
    """The actor's own draft, or one that waits for the actor's approval as coordinator."""
    draft = work.session.scalars(select(Draft).filter_by(key=key)).one_or_none()
    if draft is None:
        raise NotVisible(key)
    approves = draft.awaits_approval and Grant(COORDINATOR_ROLE, draft.organisation_id) in work.actor.grants
    if draft.account_id != work.actor.account_id and not approves:
        raise NotVisible(key)
    return draft


def drafts_of(work: Work) -> Sequence[Draft]:
    """The actor's drafts, the last one changed first."""
    query = select(Draft).filter_by(account_id=work.actor.account_id).order_by(Draft.changed_at.desc())
    return work.session.scalars(query).all()


def drafts_for_approval(work: Work) -> Sequence[Draft]:
    """Drafts of the actor's organisation that wait for its coordinator."""
    organisations = [grant.organisation_id for grant in work.actor.grants if grant.role == COORDINATOR_ROLE]
    query = select(Draft).where(Draft.awaits_approval, Draft.organisation_id.in_(organisations))
    return work.session.scalars(query.order_by(Draft.changed_at)).all()


def keep_draft(work: Work, draft: Draft, answers: Mapping[str, Any], *, revision: int | None = None) -> None:
    """Keep what was typed, right or wrong; two tabs that overtake each other are told."""
    if revision is not None and revision != draft.revision:
        raise Stale(draft.key)
    draft.answers = {**draft.answers, **answers}
    draft.changed_at = work.now
    work.session.flush()


def remember_shown(work: Work, draft: Draft, numbers: Sequence[str]) -> None:
    """Keep which precedents and cases were shown before sending."""
    draft.shown = list(dict.fromkeys([*draft.shown, *numbers]))


def delete_draft(work: Work, draft: Draft) -> None:
    """Throw a draft away; it used no number and stands in no journal."""
    work.session.delete(draft)


def ask_approval(work: Work, draft: Draft) -> None:
    """Lay a draft before the coordinator, where the organisation wants that."""
    draft.awaits_approval = True
    draft.changed_at = work.now
    coordinators = [
        account
        for account in people_with_role(work, COORDINATOR_ROLE)
        if account.organisation_id == draft.organisation_id
    ]
    for account in coordinators:
        link = f"/meldingen/concept/{draft.key}/controle"
        write_letter(work, account, template="goedkeuring", context={"link": link})


def needs_approval(work: Work, organisation_id: int) -> bool:
    """Does this organisation want its coordinator to send reports, and is the actor not the coordinator?"""
    organisation = work.session.get_one(Organisation, organisation_id)
    return organisation.needs_approval and Grant(COORDINATOR_ROLE, organisation_id) not in work.actor.grants


def file_report(
    work: Work,
    answers: Mapping[str, Any],
    *,
    shown: Sequence[str] = (),
    demonstration: bool = False,
    sources: Sequence[Mapping[str, str]] = (),
) -> Report:
    """Send a report in: attach it to a known case, or open one with it.

    `answers` are the values of `ReportSchema`. The report gets its number here, and the reporter a receipt.
    """
    report, case = take_in(work, answers, shown=shown, demonstration=demonstration, sources=sources)
    _receipt(work, report, case)
    return report


def take_in(
    work: Work,
    answers: Mapping[str, Any],
    *,
    shown: Sequence[str] = (),
    demonstration: bool = False,
    sources: Sequence[Mapping[str, str]] = (),
) -> tuple[Report, Case]:
    """A report that was sent in, with its case, of which nobody was told yet."""
    organisation_id = reporting_organisation(work)
    organisation = work.session.get_one(Organisation, organisation_id)
    if not organisation.joined:
        raise NotPermitted("the organisation has not joined")
    if needs_approval(work, organisation_id):
        raise NotPermitted("in this organisation the coordinator sends reports")
    exchange = _exchange(work, answers)
    known = answers.get("joins")
    case = (
        _join(work, known, organisation_id)
        if known
        else _open(work, answers, exchange, organisation_id, demonstration=demonstration, sources=sources)
    )
    report = Report(
        number=next_number(work, "melding"),
        case_id=case.id,
        organisation_id=organisation_id,
        account_id=work.actor.account_id,
        joins=bool(known),
        **_contents(answers, exchange),
        similar_shown=list(shown),
        filed_at=work.now,
    )
    work.session.add(report)
    work.session.flush()
    _follow(work, case)
    return report, case


def contents_of(work: Work, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What a report with these answers says, as its record has it; raises `Invalid` as sending it would."""
    return _contents(answers, _exchange(work, answers))


def reference_faults(work: Work, parties: Mapping[str, Mapping[str, Any]], joins: str | None) -> dict[str, list[str]]:
    """What is wrong with the organisations, by their paths, and the case that a report names."""
    faults: dict[str, list[str]] = {}
    for path, party in parties.items():
        try:
            _organisation(work, path, party)
        except Invalid as refused:
            faults |= refused.faults
    try:
        _case_to_join(work, joins) if joins else None
    except Invalid as refused:
        faults |= refused.faults
    return faults


def own_reports(work: Work, amount: int = 100) -> Sequence[Report]:
    """The reports of the actor's own organisations, the newest first, as far as their cases may be seen."""
    organisations = [grant.organisation_id for grant in work.actor.grants if grant.role in REPORTING]
    query = (
        select(Report)
        .join(Case, Case.id == Report.case_id)
        .where(Report.organisation_id.in_(organisations))
        .options(contains_eager(Report.case))
        .order_by(Report.id.desc())
        .limit(amount)
    )
    return work.session.scalars(query).all()


# Each page of a case asks it, so it is made once.
_REPORTED = select(Report.organisation_id).where(Report.case_id == bindparam("case"))


def can_join(work: Work, case: Case) -> bool:
    """May the actor report for an organisation that has not reported this case yet?"""
    own = {grant.organisation_id for grant in work.actor.grants if grant.role in REPORTING}
    if not own:
        return False
    reported = set(work.session.scalars(_REPORTED, {"case": case.id}))
    return bool(own - reported)


def joinable(work: Work, cases: Sequence[Case]) -> set[int]:
    """The ids of the cases that still run and that an organisation of the actor has not reported yet."""
    own = {grant.organisation_id for grant in work.actor.grants if grant.role in REPORTING}
    running = {case.id for case in cases if not work.workflows[case.kind, case.version].states[case.state].final}
    if not own or not running:
        return set()
    query = select(Report.case_id, Report.organisation_id).where(Report.case_id.in_(running))
    reported = {tuple(row) for row in work.session.execute(query.where(Report.organisation_id.in_(own)))}
    return {case for case in running if any((case, organisation) not in reported for organisation in own)}


def report_numbered(work: Work, number: str) -> Report:
    """The report with this number, with its case; `NotVisible` to whom it is not `readable`."""
    query = select(Report).where(Report.number == number, readable(work)).join(Case, Case.id == Report.case_id)
    query = query.options(joinedload(Report.organisation), contains_eager(Report.case))
    report = work.session.scalars(query).one_or_none()
    if report is None:
        raise NotVisible(number)
    return report


@dataclass(frozen=True, slots=True)
class ReportStretch:
    """A stretch of the reports, newest first, the number after which the next begins, and the capped count."""

    rows: Sequence[Report]
    following: str | None
    total: int
    capped: bool


def readable_reports(work: Work, *, after: str | None = None, amount: int = STRETCH) -> ReportStretch:
    """The reports that the actor may read; raises `Invalid` for a place that is not in the list."""
    query = select(Report).join(Case, Case.id == Report.case_id).where(readable(work))
    stretch = query.options(joinedload(Report.organisation), contains_eager(Report.case)).order_by(Report.id.desc())
    if after is not None:
        stretch = stretch.where(Report.id < _place_of(work, after))
    rows = work.session.scalars(stretch.limit(amount + 1)).all()
    counted = query.with_only_columns(Report.id).limit(COUNTED + 1).subquery()
    total = work.session.scalar(select(func.count()).select_from(counted)) or 0
    following = rows[amount - 1].number if len(rows) > amount else None
    return ReportStretch(rows[:amount], following, min(total, COUNTED), total > COUNTED)


def readable(work: Work) -> ColumnElement[bool]:
    """The condition on `Report` for what the actor may read as it was sent.

    Within an organisation that is whoever its confidentiality reaches; beyond it, whoever handles the case or was
    asked about it. A party, or who reported the same, reads the case and not what another organisation wrote.
    """
    actor = work.actor
    if actor.is_system:
        return true()
    keys = reader_keys(actor) - {OFFICIALS}
    handling = set(handling_keys(actor))
    if handling and actor.account_id is not None:
        handling.add(account_key(actor.account_id))
    own = [grant.organisation_id for grant in actor.grants if grant.role in ORGANISATION_ROLES]
    shown = or_(_case_shown_to(handling), Report.organisation_id.in_(own) & _case_shown_to(keys))
    return shown & not_withheld(work, Report.case_id.expression)


def _case_shown_to(keys: Iterable[str]) -> ColumnElement[bool]:
    query = select(Audience.process_id).where(Audience.process_id == Report.case_id, Audience.key.in_(sorted(keys)))
    return exists(query)


def _place_of(work: Work, number: str) -> int:
    identity = work.session.scalar(select(Report.id).where(Report.number == number, readable(work)))
    if identity is None:
        raise Invalid({"na": ["Dit is geen plaats in deze lijst. Begin bij de eerste bladzijde."]})
    return identity


_OF_CASE = (
    select(Report)
    # As in `facts.reporting_cases`, but of the cases merged into it only those that the reader may see.
    .where(
        Report.case_id.in_(select(Case.id).where(or_(Case.id == bindparam("case"), Case.main_id == bindparam("case"))))
    )
    .options(joinedload(Report.organisation))
    .order_by(Report.id)
)


def reports_of(work: Work, case: Case) -> Sequence[Report]:
    """The reports that a case rests on, with those of the cases merged into it, oldest first."""
    return work.session.scalars(_OF_CASE, {"case": case.id}).all()


def _open(
    work: Work,
    answers: Mapping[str, Any],
    exchange: Mapping[str, Any],
    organisation_id: int,
    *,
    demonstration: bool,
    sources: Sequence[Mapping[str, str]],
) -> Case:
    kind = Case.kind_name()
    case = Case(
        **beginning(work, kind, next_number(work, kind)),
        title=answers["title"],
        organisation_id=organisation_id,
        confidentiality=answers["confidentiality"],
        demonstration=demonstration,
        key_question=answers["key_question"],
        description=answers["description"],
        exchange=exchange["text"],
        tried=answers["tried"],
        societal_effect=answers["societal_effect"],
        urgency=answers["urgency"],
        sources=[dict(source) for source in sources],
        facets=[Facet(facet=TYPE, value=value) for value in dict.fromkeys(answers["types"])],
        parties=[Party(organisation_id=party, role=role) for role, party in exchange["parties"]],
        laws=[CaseLaw(**_law_columns(row)) for row in answers.get("laws") or ()],
    )
    audience = reporting_audience(
        answers["confidentiality"], organisation_id=organisation_id, account_id=work.actor.account_id
    )
    role = next(
        grant.role
        for grant in sorted(work.actor.grants, key=str)
        if grant.organisation_id == organisation_id and grant.role in REPORTING
    )
    opened(work, case, action=FILE, role=role, audience=audience)
    index_case(work, case)
    return case


def _join(work: Work, number: str, organisation_id: int) -> Case:
    """Attach to a known case that the reporter may see; its people see the file from now on."""
    case = _case_to_join(work, number)
    show_to(work, case, [organisation_key(organisation_id), account_key(work.actor.account_id or 0)])
    return case


def _case_to_join(work: Work, number: str) -> Case:
    case = process_named(work, "sluitAanBij", Case, number)
    workflow = work.workflows[case.kind, case.version]
    if workflow.states[case.state].final:
        raise Invalid({"sluitAanBij": [f"{number} is afgesloten. Verstuur uw melding als een nieuwe."]})
    return case


def _contents(answers: Mapping[str, Any], exchange: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a report that hold what it says."""
    return {
        "title": answers["title"],
        "key_question": answers["key_question"],
        "description": answers["description"],
        "types": list(answers["types"]),
        "exchange": exchange["text"],
        "laws": [_law(row) for row in answers.get("laws") or ()],
        "basis_unknown": bool(answers.get("basis_unknown")),
        "tried": answers["tried"],
        "societal_effect": answers["societal_effect"],
        "urgency": answers["urgency"],
        "confidentiality": answers["confidentiality"],
        "personal_data_reason": answers.get("personal_data_reason"),
    }


def _exchange(work: Work, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The exchange as text for the record, and the parties in it as organisations of the list."""
    given = answers["exchange"]
    parties: list[tuple[str, int]] = []
    named: dict[str, list[dict[str, Any]]] = {}
    faults: dict[str, list[str]] = {}
    for field, key, role in (
        ("providers", "verstrekkers", PROVIDER),
        ("receivers", "ontvangers", RECEIVER),
    ):
        for place, party in enumerate(given.get(field) or ()):
            try:
                organisation = _organisation(work, f"uitwisseling.{key}.{place}", party)
            except Invalid as refused:
                faults |= refused.faults
                continue
            parties.append((role, organisation.id))
            named.setdefault(key, []).append(
                {"tooiUri": organisation.tooi_uri, "naam": organisation.name, "kvkNummer": organisation.kvk_number}
            )
    if faults:
        raise Invalid(faults)
    text = {
        **{key: named.get(key, []) for key in ("verstrekkers", "ontvangers")},
        "gegevenscategorieen": list(given.get("data_categories") or ()),
        "doel": given.get("purpose") or "",
    }
    return {"text": text, "parties": list(dict.fromkeys(parties))}


def _organisation(work: Work, path: str, party: Mapping[str, Any]) -> Organisation:
    return organisation_named(
        work, path, tooi_uri=party.get("tooi_uri"), name=party.get("name"), kvk_number=party.get("kvk_number")
    )


def _law_columns(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row.get(name) for name in ("system", "identifier", "article", "paragraph", "part", "valid_on")}


def _law(row: Mapping[str, Any]) -> dict[str, Any]:
    columns = _law_columns(row)
    valid_on = columns["valid_on"]
    return {**columns, "valid_on": valid_on.isoformat() if valid_on else None}


def _follow(work: Work, case: Case) -> None:
    account_id = work.actor.account_id
    if account_id is not None and work.session.get(Follower, (case.id, account_id)) is None:
        work.session.add(Follower(process_id=case.id, account_id=account_id))


def _receipt(work: Work, report: Report, case: Case) -> None:
    """Confirm at once that the report came in (Awb 4:3a by analogy), and tell who takes it up."""
    if work.actor.account_id is not None:
        write_letter(
            work,
            work.session.get_one(Account, work.actor.account_id),
            template="ontvangst",
            context={
                "report": report.number,
                "case": case.number,
                "title": report.title,
                "joins": report.joins,
                "number": case.number,
                "kind": case.kind,
            },
            process=case,
        )
    turn = case.turn
    if turn is not None and not report.joins:
        notify(
            work,
            people_with_role(work, turn),
            case,
            subject=f"Nieuwe melding: {report.number}",
            text=f"{case.title}\n\n{case.key_question}",
        )
