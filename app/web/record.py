"""How the record of a ruling looks: the tone of a conclusion, the law it rests on, whether it still stands."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for

from app.config import value_list
from app.db.precedent import Precedent
from app.domain.number import EXTERNAL as PREFIX
from app.domain.number import in_path
from app.domain.source import EXTERNAL
from app.domain.workflow import State
from app.services.copied import standings
from app.services.precedent import Citations, Cite
from app.services.work import Work

Coded = Mapping[str, str]
CONCLUSIONS = {"mag": "success", "mag_mits": "warning", "mag_niet": "danger", "mag_niet_wel_via": "danger"}
JUDGEMENTS = {"ja": "success", "ja_mits": "warning", "nee": "danger"}
REACTIONS = {
    "overgenomen": "success",
    "deels_overgenomen": "warning",
    "niet_overgenomen": "danger",
    "niet_van_toepassing": "neutral",
}
ANSWERS = (*REACTIONS, None)
QUESTIONS = {"kan": "Kan het?", "mag": "Mag het?", "wenselijk": "Is het wenselijk?"}
TESTS = {
    "finaliteit": "Doelbinding",
    "proportionaliteit": "Proportionaliteit",
    "subsidiariteit": "Subsidiariteit",
    "transparantie": "Transparantie",
    "beveiliging": "Beveiliging",
}


def concluded(conclusion: Coded | None) -> dict[str, str] | None:
    """A conclusion with its tone."""
    if conclusion is None:
        return None
    return {"label": conclusion["label"], "tone": CONCLUSIONS.get(conclusion["code"], "neutral")}


def weights(weighing: Mapping[str, Any] | None) -> list[tuple[str, str, str, str]]:
    """Can it, may it, should it: the question, the verdict, its tone and its reasons."""
    found = []
    for part, question in QUESTIONS.items():
        judged = (weighing or {}).get(part) or {}
        verdict = judged.get("oordeel")
        if verdict:
            tone = JUDGEMENTS.get(verdict["code"], "neutral")
            found.append((question, verdict["label"], tone, judged.get("tekst") or ""))
    return found


def tests(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The five principles and what was found, without those of which nothing was said."""
    said = record.get("toets") or {}
    return [(label, said[part]) for part, label in TESTS.items() if said.get(part)]


def laws(record: Mapping[str, Any]) -> list[dict[str, str | None]]:
    """The law on which a ruling rests."""
    return [
        {
            "label": row["label"],
            "url": row["url"],
            "jci": row["jci"],
            "note": row["rol"]["label"] if row["rol"] else None,
        }
        for row in record.get("grondslagen") or ()
    ]


def cited(rows: Sequence[Cite]) -> list[dict[str, Any]]:
    """Citations for the picture and for the table."""
    return [
        {
            "number": row.number,
            "url": url_for("ruling.show", number=row.number),
            "title": row.title,
            "relation": row.relation_label,
            "reason": row.reason,
            "adopted_on": row.adopted_on,
            "status": row.status,
            "ended": row.ended,
        }
        for row in rows
    ]


MOST_DRAWN = 8


def picture(
    number: str, status: str | None, *, ended: bool, record: Mapping[str, Any], around: Citations
) -> dict[str, Any]:
    """Where each ruling stands in the picture of citations: the earliest on top, this one where it belongs in time.

    What it rests on outside the commission comes first. Of many only the nearest are drawn; the table has them all.
    """
    sources = [
        {"number": row["label"], "url": row["url"], "relation": "Steunt op", "outside": True}
        for row in (record.get("grondslagen") or ())[:MOST_DRAWN]
    ]
    earlier = sorted(cited(around.cites), key=_in_time)[-MOST_DRAWN:]
    later = sorted(cited(around.cited_by), key=_in_time)[:MOST_DRAWN]
    itself = {"number": number, "status": status, "ended": ended, "self": True}
    return {
        "nodes": [*sources, *earlier, itself, *later],
        "here": len(sources) + len(earlier),
        "left_out": len(around.cites) + len(around.cited_by) - len(earlier) - len(later),
    }


def _in_time(row: Mapping[str, Any]) -> tuple[date, str]:
    return row["adopted_on"] or date.min, row["number"]


def path_of_external(number: str) -> str:
    """Where a decision of another body is shown; its number may hold signs that an address does not."""
    return f"/precedenten/{in_path(number)}"


def path_of_number(number: str) -> str:
    """Where a ruling, or a decision of another body, is shown."""
    if number.startswith(f"{PREFIX}:"):
        return path_of_external(number)
    return url_for("ruling.show", number=number)


def sources(work: Work, record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a ruling rests on outside the rulings of the commission; of a copy with where that stands at its source."""
    rows = record.get("bronnen") or ()
    standing = standings(work, [row["verwijzing"] for row in rows if row["soort"] == EXTERNAL])
    return [
        {
            "status": standing.get(row["verwijzing"], ("", False))[0],
            "ended": standing.get(row["verwijzing"], ("", False))[1],
            "relation": row["relatie"]["label"],
            "reference": row["verwijzing"],
            "title": row["titel"],
            "url": path_of_external(row["verwijzing"]) if row["soort"] == EXTERNAL else row["url"],
            "reason": row["reden"],
        }
        for row in rows
    ]


def state_of(work: Work, version: int, state: str) -> State:
    """What the state of a precedent is called, and what it means."""
    return work.workflows[Precedent.kind_name(), version].states[state]


def standing(state: State, *, is_nuanced: bool, in_force: bool) -> str:
    """The tone of a precedent: whether one may rely on it."""
    if state.final:
        return "danger"
    if is_nuanced:
        return "warning"
    return "success" if in_force else "waiting"


def citation_line(record: Mapping[str, Any], day: str) -> str:
    """How one refers to a ruling."""
    return f"{record['orgaan']} {day}, {record['nummer']} ({record['titel']})"


def reaction(code: str | None) -> dict[str, str]:
    """What an organisation answered to a recommendation, in words and with its tone."""
    if code is None:
        return {"state": "Nog geen reactie", "tone": "waiting"}
    return {"state": value_list("reactie").get(code, code), "tone": REACTIONS.get(code, "neutral")}
