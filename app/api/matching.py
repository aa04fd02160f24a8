"""What is suggested to who handles a case, what that person thinks of it, and from when something is suggested."""

from collections.abc import Mapping, Sequence

from app.api.operation import JSON, Answer, Call, operation
from app.api.representation import Values
from app.db.case import Case
from app.db.kind import COLLECTIONS
from app.domain.access import ADMINISTRATOR_ROLE, ANALYST_ROLE, PRECEDENT_KEEPERS, TRIAGE_ROLE
from app.domain.errors import Invalid, NotVisible
from app.domain.matching import percent
from app.schemas.matching import (
    MatchesSchema,
    ThresholdForm,
    ThresholdSchema,
    UsageQuery,
    UsageSchema,
    VerdictForm,
)
from app.services.matching import Match
from app.services.overview import process_numbered, sight_of
from app.services.process import possibilities
from app.services.recognition import answering_precedents, joined_cases, uses_by_year
from app.services.suggestion import MERGES, PROPOSES, judge, judged_by_band, likeness, set_threshold, threshold
from app.services.work import Work

CASES = COLLECTIONS[Case.kind_name()]
SETTERS = (ADMINISTRATOR_ROLE, ANALYST_ROLE)
THRESHOLD = "/instellingen/drempel"
NOT_SUGGESTED = "Dit lijkt niet genoeg op dit knelpunt. Kies een nummer uit de suggesties."


@operation(
    "GET",
    f"/{CASES}/<number>/suggesties",
    name="suggesties",
    summary="Wat op een knelpunt lijkt, en wat u ermee kunt",
    tag=CASES.capitalize(),
    gives=MatchesSchema,
)
def show(call: Call, number: str) -> Answer:
    """The same as the page of the case shows this reader."""
    return Answer(_found(call.work, process_numbered(call.work, Case, number)))


@operation(
    "POST",
    f"/{CASES}/<number>/suggesties",
    name="suggestieBeoordelen",
    summary="Zeggen of een suggestie klopt",
    tag=CASES.capitalize(),
    gives=MatchesSchema,
    body=VerdictForm,
    media=JSON,
    changes=True,
    keyed=True,
)
def verdict(call: Call, number: str) -> Answer:
    """Keep what somebody who handles the case thinks of a suggestion."""
    case = process_numbered(call.work, Case, number)
    call.check_version(case.revision, required=True)
    try:
        judge(call.work, case, call.body["number"], right=call.body["right"])
    except NotVisible:
        raise Invalid({"nummer": [NOT_SUGGESTED]}) from None
    return Answer(_found(call.work, case))


@operation(
    "GET",
    THRESHOLD,
    name="drempel",
    summary="Vanaf hoeveel procent gelijkenis iets een suggestie is, en hoe vaak die klopte",
    tag="Instellingen",
    gives=ThresholdSchema,
    tagged=True,
)
def show_threshold(call: Call) -> Answer:
    """The threshold now."""
    call.check_role(*SETTERS, TRIAGE_ROLE)
    return Answer(_threshold(call.work))


@operation(
    "PUT",
    THRESHOLD,
    name="drempelWijzigen",
    summary="De drempel zetten; hij geldt vanaf nu voor elk knelpunt",
    tag="Instellingen",
    gives=ThresholdSchema,
    body=ThresholdForm,
    media=JSON,
    tagged=True,
    changes=True,
    example={"body": {"procent": 35}},
)
def keep_threshold(call: Call) -> Answer:
    """Set it."""
    call.check_role(*SETTERS)
    call.check_seen(_threshold(call.work), ThresholdSchema)
    set_threshold(call.work, call.body["percents"])
    return Answer(_threshold(call.work))


@operation(
    "GET",
    "/gebruik",
    name="gebruik",
    summary="Welke precedenten meldingen voorkomen, en welke knelpunten worden herkend",
    tag="Precedenten",
    gives=UsageSchema,
    query=UsageQuery,
)
def usage(call: Call) -> Answer:
    """Counts, of one year or of all."""
    call.check_role(*PRECEDENT_KEEPERS)
    year = call.query.get("year")
    return Answer(
        {
            "years": [{"year": one, "use": use, "amount": amount} for one, use, amount in uses_by_year(call.work)],
            "answering": [_used(row) for row in answering_precedents(call.work, year=year)],
            "joined": [_used(row) for row in joined_cases(call.work, year=year)],
        }
    )


def _used(row: object) -> Values:
    return {name: getattr(row, name) for name in ("number", "title", "amount")}


def _found(work: Work, case: Case) -> Values:
    effects: set[str] = set()
    involved, handling = sight_of(work, case)
    if handling:
        effects = {effect for one in possibilities(work, case) if one.allowed for effect in one.transition.effects} & {
            MERGES,
            PROPOSES,
        }
    found = likeness(work, case, effects, involved=involved)
    told = found.verdicts
    return {
        "suggested": _matches(found.suggested, told),
        "refused": _matches(found.refused, told),
        "others": _matches(found.others, told),
    }


def _matches(found: Sequence[Match], verdicts: Mapping[str, bool]) -> list[Values]:
    return [
        {
            "number": one.number,
            "kind": one.process.kind,
            "title": one.title,
            "rule": one.rule,
            "share": percent(one.share),
            "why": one.why,
            "notes": list(one.notes),
            "ended": one.ended,
            "right": verdicts.get(one.number),
        }
        for one in found
    ]


def _threshold(work: Work) -> Values:
    judged = [one._asdict() for one in judged_by_band(work)]
    return {"percents": threshold(work), "judged": judged}
