"""Votes: the receipt that a member sees once, and a closed round in which a receipt is found back."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Blueprint, g, jsonify, render_template
from flask.typing import ResponseReturnValue

from app.config import value_list
from app.db.kind import path_of
from app.db.meeting import AgendaItem
from app.db.process import Process
from app.schemas.process import ClosedRoundSchema
from app.services.overview import process_numbered
from app.services.vote import ClosedRound, closed_round
from app.web.access import LOGGED_IN, access

pages = Blueprint("vote", __name__)


def receipt_page(process: Process, receipt: Mapping[str, Any]) -> str:
    """The receipt of the vote that was just cast; it is shown this once and kept nowhere."""
    text = json.dumps(receipt, ensure_ascii=False, indent=2)
    return render_template(
        "vote/receipt.html",
        process=process,
        path=path_of(process),
        receipt=receipt,
        choice=_word(receipt["keuze"]),
        text=text,
        # A link that holds its own file: what is in it is sent nowhere.
        download=f"data:application/json;charset=utf-8,{quote(text)}",
        name=f"stembewijs-{process.number}-{receipt['ronde']}.json",
    )


@pages.get("/agendapunten/<number>/stemrondes/<int:round_number>")
@access(LOGGED_IN)
def show(number: str, round_number: int) -> ResponseReturnValue:
    """A closed round: the counts, the list, and how to check a receipt."""
    item = process_numbered(g.work, AgendaItem, number)
    closed = closed_round(g.work, item, round_number)
    return render_template(
        "vote/show.html",
        item=item,
        path=path_of(item),
        closed=closed,
        votes=counts_of(closed),
        openings=[{**opening, "keuze": _word(opening["keuze"])} for opening in closed.openings],
        named=[(row["name"], _word(row["choice"])) for row in closed.named or ()],
    )


@pages.get("/agendapunten/<number>/stemrondes/<int:round_number>/ronde.json")
@access(LOGGED_IN)
def data(number: str, round_number: int) -> ResponseReturnValue:
    """The same as data, for the script that checks a receipt."""
    closed = closed_round(g.work, process_numbered(g.work, AgendaItem, number), round_number)
    answer = jsonify(ClosedRoundSchema().dump(closed))
    answer.headers["Content-Disposition"] = f'attachment; filename="stemronde-{closed.item}-{closed.number}.json"'
    return answer


def counts_of(closed: ClosedRound) -> dict[str, int]:
    """The counts by the words that the drawing of a result knows."""
    return {
        "voor": closed.votes_for,
        "tegen": closed.votes_against,
        "onthouding": closed.abstained,
        "verschoond": closed.excused,
        "afwezig": closed.absent,
    }


def _word(choice: str) -> str:
    return value_list("stem").get(choice, choice)
