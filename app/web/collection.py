"""Collections: what an analyst keeps together, and shares with colleagues or not."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.db.collection import Collection
from app.domain.errors import Invalid
from app.schemas.collection import CollectionForm, CollectionItemForm
from app.schemas.field import Form
from app.schemas.form import describe, from_html, load, page_faults
from app.services import collection as service
from app.services.annotation import own_annotations
from app.services.choice import options
from app.services.export import table_of_collection
from app.web.access import LOGGED_IN, access
from app.web.record import path_of_number
from app.web.table import csv_response

pages = Blueprint("collection", __name__)


@pages.get("/verzamelingen")
@access(LOGGED_IN)
def index() -> ResponseReturnValue:
    """One's own collections and those of colleagues, and what one remarked at rulings."""
    return render_template(
        "collection/index.html",
        rows=[_row(row) for row in service.collections(g.work)],
        annotations=own_annotations(g.work),
    )


@pages.get("/verzamelingen/nieuw")
@access(LOGGED_IN)
def new() -> ResponseReturnValue:
    """Ask what a new collection is called."""
    return _form_page(CollectionForm, "Nieuwe verzameling", {}, {})


@pages.post("/verzamelingen/nieuw")
@access(LOGGED_IN)
def make() -> ResponseReturnValue:
    """Begin a collection."""
    try:
        answers = load(CollectionForm, from_html(CollectionForm, request.form))
        made = service.make_collection(g.work, **_described(answers))
    except Invalid as error:
        return _form_page(CollectionForm, "Nieuwe verzameling", request.form, error.faults)
    flash("De verzameling is gemaakt.", "success")
    return redirect(url_for("collection.show", identity=made.id), 303)


@pages.get("/verzamelingen/toevoegen")
@access(LOGGED_IN)
def add() -> ResponseReturnValue:
    """Ask where something is kept, and why."""
    return _keeping_page(request.args, {})


@pages.post("/verzamelingen/toevoegen")
@access(LOGGED_IN)
def keep() -> ResponseReturnValue:
    """Keep something in a collection, or in a new one."""
    try:
        answers = load(CollectionItemForm, from_html(CollectionItemForm, request.form))
        with g.work.session.begin_nested():
            kept_in = _collection(answers)
            service.add_to_collection(g.work, kept_in, number=answers["number"], note=answers.get("note") or "")
    except Invalid as error:
        return _keeping_page(request.form, error.faults)
    flash(f"{answers['number']} zit nu in “{kept_in.title}”.", "success")
    return redirect(url_for("collection.show", identity=kept_in.id), 303)


@pages.get("/verzamelingen/<int:identity>")
@access(LOGGED_IN)
def show(identity: int) -> ResponseReturnValue:
    """What is in a collection, with why."""
    found = service.collection_of_reader(g.work, identity)
    return render_template(
        "collection/show.html",
        collection=found,
        own=_is_own(found),
        items=[_item(row) for row in service.items(g.work, found)],
    )


@pages.get("/verzamelingen/<int:identity>.csv")
@access(LOGGED_IN)
def table(identity: int) -> ResponseReturnValue:
    """The same as a file."""
    found = service.collection_of_reader(g.work, identity)
    return csv_response(f"verzameling-{found.id}", table_of_collection(service.items(g.work, found)))


@pages.get("/verzamelingen/<int:identity>/wijzigen")
@access(LOGGED_IN)
def edit(identity: int) -> ResponseReturnValue:
    """Ask how it is called from now on, and who reads it."""
    found = service.collection_of_owner(g.work, identity)
    values = {
        "titel": found.title,
        "omschrijving": found.description,
        "gedeeld": "true" if found.shared else "",
    }
    return _form_page(CollectionForm, "Verzameling wijzigen", values, {})


@pages.post("/verzamelingen/<int:identity>/wijzigen")
@access(LOGGED_IN)
def change(identity: int) -> ResponseReturnValue:
    """Keep how it is called."""
    try:
        answers = load(CollectionForm, from_html(CollectionForm, request.form))
    except Invalid as error:
        return _form_page(CollectionForm, "Verzameling wijzigen", request.form, error.faults)
    service.change_collection(g.work, identity, **_described(answers))
    flash("De verzameling is gewijzigd.", "success")
    return redirect(url_for("collection.show", identity=identity), 303)


@pages.post("/verzamelingen/<int:identity>/verwijderen")
@access(LOGGED_IN)
def drop(identity: int) -> ResponseReturnValue:
    """Throw it away."""
    service.drop_collection(g.work, identity)
    flash("De verzameling is verwijderd. De uitspraken die erin zaten, zijn er nog.", "success")
    return redirect(url_for("collection.index"), 303)


@pages.post("/verzamelingen/<int:identity>/stukken/<int:item_id>/verwijderen")
@access(LOGGED_IN)
def take_out(identity: int, item_id: int) -> ResponseReturnValue:
    """Take one thing out of it."""
    service.take_from_collection(g.work, identity, item_id)
    flash("Het stuk zit niet meer in de verzameling.", "success")
    return redirect(url_for("collection.show", identity=identity), 303)


def _collection(answers: Mapping[str, Any]) -> Collection:
    """The collection that was chosen, or the new one that was named."""
    if answers.get("new"):
        return service.make_collection(g.work, title=answers["new"])
    chosen = next((one for one in service.own_collections(g.work) if str(one.id) == answers["collection"]), None)
    if chosen is None:
        raise Invalid({"verzameling": ["Kies een van uw eigen verzamelingen."]})
    return chosen


def _described(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": answers["title"],
        "description": answers.get("description") or "",
        "shared": answers["shared"],
    }


def _is_own(found: Collection) -> bool:
    return bool(found.account_id == g.work.actor.account_id)


def _row(row: service.CollectionRow) -> dict[str, Any]:
    found = row.collection
    return {
        "url": url_for("collection.show", identity=found.id),
        "title": found.title,
        "description": found.description,
        "amount": row.amount,
        "own": _is_own(found),
        "shared": found.shared,
    }


def _item(row: service.ItemRow) -> dict[str, Any]:
    named = row.named
    return {
        "id": row.item.id,
        "number": row.item.number,
        "url": path_of_number(row.item.number),
        "title": named.title if named else None,
        "source": named.source if named else None,
        "gone": named is None or named.is_gone,
        "day": named.day if named else None,
        "note": row.item.note,
        "added_at": row.item.added_at,
    }


def _keeping_page(values: Mapping[str, str], faults: Any) -> ResponseReturnValue:
    title = f"Bewaar {values.get('nummer', '')} in een verzameling"
    return _form_page(CollectionItemForm, title, values, faults)


def _form_page(form: type[Form], title: str, values: Any, faults: Any) -> ResponseReturnValue:
    """A page with one form, sent to the address where it stands."""
    text = render_template(
        "account/form.html",
        title=title,
        fields=describe(form, options(g.work)),
        values={name: values[name] for name in values},
        errors=page_faults(form, faults),
        action=request.path,
        submit="Bewaren",
    )
    return text, 400 if faults else 200
