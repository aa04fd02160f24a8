"""How the record of a ruling looks: the tone of a conclusion, the law it rests on, whether it still stands."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from app.config import value_list
from app.db.precedent import Precedent
from app.domain.workflow import State
from app.services.precedent import Cite
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


def cited(rows: Sequence[Cite]) -> list[dict[str, str | None]]:
    """Citations for the picture and for the table."""
    return [
        {
            "number": row.number,
            "url": url_for("ruling.show", number=row.number),
            "title": row.title,
            "relation": row.relation_label,
            "reason": row.reason,
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
