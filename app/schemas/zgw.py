"""A case in the words of the Dutch standard for case systems (ZGW); an export, and no claim to that standard."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from app.config import resource, value_list
from app.db.organisation import Organisation
from app.db.process import Attachment, Event
from app.domain.calendar import amsterdam_day
from app.schemas.answer import AnswerSchema, as_kept, counted, dated, one, said, several, timed, truth
from app.schemas.mdto import valuation_of
from app.services.handover import Decision, Handover

Values = dict[str, Any]
LONGEST_NAME, LONGEST_STATUS = 80, 1000
TERM = re.compile(r"([0-9]+) (day|week|month|year)s?")
ORGANISATION, STAFF = "niet_natuurlijk_persoon", "medewerker"


class StatusTypeSchema(AnswerSchema):
    """What kind of status it is."""

    outside = "ZgwStatustype"

    name = said("omschrijving", "De status zoals hij hier heet.")
    general = said("omschrijvingGeneriek", "Waar de status in het algemeen voor staat.")
    sequence = counted("volgnummer", "De plaats in de volgorde van de definitie, vanaf 1.")
    final = truth("isEindstatus", "Met deze status is de zaak afgerond.")


class StatusSchema(AnswerSchema):
    """A status that the case got."""

    outside = "ZgwStatus"

    kind = one("statustype", StatusTypeSchema, "Welke status.")
    at = timed("datumStatusGezet", "Wanneer de zaak deze status kreeg.")
    note = said("statustoelichting", "Waarom.")


class ResultTypeSchema(AnswerSchema):
    """What kind of result it is."""

    outside = "ZgwResultaattype"

    name = said("omschrijving", "Wat ervan is gekomen.")


class ResultSchema(AnswerSchema):
    """What came of the case."""

    outside = "ZgwResultaat"

    kind = one("resultaattype", ResultTypeSchema, "Welk resultaat.")
    note = said("toelichting", "Waarom.")


class RoleTypeSchema(AnswerSchema):
    """What kind of role it is."""

    outside = "ZgwRoltype"

    name = said("omschrijving", "De rol zoals hij hier heet.")
    general = said("omschrijvingGeneriek", "De rol in het algemeen, zoals initiator of behandelaar.")


class ConcernedSchema(AnswerSchema):
    """Who had a role: an organisation, or for its staff the function."""

    outside = "ZgwBetrokkene"

    name = said("naam", "Naam van de organisatie, of de functie.")
    tooi_uri = said("tooiUri", "Adres in de lijst van overheidsorganisaties (TOOI).", nullable=True)


class RoleSchema(AnswerSchema):
    """A role that somebody had in the case."""

    outside = "ZgwRol"

    kind = said("betrokkeneType", f"{ORGANISATION} of {STAFF}.")
    concerned = one("betrokkeneIdentificatie", ConcernedSchema, "Wie.")
    role = one("roltype", RoleTypeSchema, "Welke rol.")


class DecisionTypeSchema(AnswerSchema):
    """What kind of decision it is."""

    outside = "ZgwBesluittype"

    name = said("omschrijving", "Soort besluit.")


class DecisionSchema(AnswerSchema):
    """A ruling on the case."""

    outside = "ZgwBesluit"

    number = said("identificatie", "Nummer van de uitspraak.")
    kind = one("besluittype", DecisionTypeSchema, "Welk besluit.")
    adopted_on = dated("datum", "De dag waarop de uitspraak is vastgesteld.", nullable=False)
    begins_on = dated("ingangsdatum", "De dag waarop de uitspraak is vastgesteld.", nullable=False)
    published_on = dated("publicatiedatum", "De dag van publicatie.")
    withdrawn_on = dated("vervaldatum", "De dag waarop de uitspraak is ingetrokken.")
    withdrawn_because = said("vervalreden", "Waarom zij is vervallen.", nullable=True)
    note = said("toelichting", "De kernregel, zodra die openbaar is.")


class SuspensionSchema(AnswerSchema):
    """Whether the term stands still."""

    outside = "ZgwOpschorting"

    held = truth("indicatie", "De termijn staat stil.")
    reason = said("reden", "Waarop de zaak wacht.")


class ExtensionSchema(AnswerSchema):
    """By how much the term was extended."""

    outside = "ZgwVerlenging"

    reason = said("reden", "Waarom.")
    term = said("duur", "Hoelang, als duur in ISO 8601.")


class OtherCaseSchema(AnswerSchema):
    """Another case that this one has to do with."""

    outside = "ZgwAndereZaak"

    number = said("identificatie", "Nummer van het andere knelpunt.")
    relation = said("aardRelatie", "Wat het ermee te maken heeft.")


class MarkSchema(AnswerSchema):
    """A number under which the case is known elsewhere."""

    outside = "ZgwKenmerk"

    number = said("kenmerk", "Het nummer.")
    source = said("bron", "Waarvan dat het nummer is.")


class DocumentSchema(AnswerSchema):
    """A file of the case."""

    outside = "ZgwInformatieobject"

    title = said("titel", "Wat het is.")
    name = said("bestandsnaam", "Bestandsnaam.")
    media_type = said("formaat", "Soort bestand.")
    size = counted("bestandsomvang", "Grootte in bytes.")
    made_on = dated("creatiedatum", "De dag waarop het is toegevoegd.", nullable=False)
    confidentiality = said("vertrouwelijkheidaanduiding", "Hoe vertrouwelijk het is.")
    integrity = as_kept("integriteit", "algoritme en waarde van de vingerafdruk.")
    content = said("inhoud", "Het volledige adres waar de API het bestand geeft.")


class CaseTypeSchema(AnswerSchema):
    """What kind of case it is."""

    outside = "ZgwZaaktype"

    number = said("identificatie", "Hoe het zaaktype heet.")
    name = said("omschrijving", "Soort zaak.")
    version = counted("versie", "Versie van de definitie die de zaak volgt.")


class CaseSchema(AnswerSchema):
    """A case, with its statuses, its result, who took part, its rulings and its files."""

    outside = "ZgwZaak"

    number = said("identificatie", "Nummer van het knelpunt.")
    kind = one("zaaktype", CaseTypeSchema, "Welke zaak.")
    title = said("omschrijving", "Titel, ten hoogste 80 tekens.")
    note = said("toelichting", "De kernvraag.")
    registered_on = dated("registratiedatum", "De dag van de melding.", nullable=False)
    began_on = dated("startdatum", "De dag van de melding.", nullable=False)
    ended_on = dated("einddatum", "De dag waarop de zaak is afgerond.")
    due = dated("einddatumGepland", "De laatste dag van de termijn die nu loopt.")
    confidentiality = said("vertrouwelijkheidaanduiding", "Hoe vertrouwelijk de zaak is.")
    suspension = one("opschorting", SuspensionSchema, "Of de termijn stilstaat.")
    extension = one("verlenging", ExtensionSchema, "Of de termijn is verlengd.", nullable=True)
    others = several("relevanteAndereZaken", OtherCaseSchema, "Andere knelpunten waar dit bij hoort.")
    marks = several("kenmerken", MarkSchema, "Nummers van meldingen, adviezen en wat er nog meer bij hoort.")
    appraisal = said("archiefnominatie", "Blijvend bewaren of vernietigen; pas als de zaak is afgerond.", nullable=True)
    kept_for = said("archiefactietermijn", "Hoelang de zaak blijft, als duur in ISO 8601.", nullable=True)
    status = one("status", StatusSchema, "De status van nu.")
    history = several("statussen", StatusSchema, "Elke status die de zaak had, de oudste eerst.")
    result = one("resultaat", ResultSchema, "Wat ervan is gekomen; pas als de zaak is afgerond.", nullable=True)
    roles = several("rollen", RoleSchema, "Wie wat deed, voor zover u dat mag weten.")
    decisions = several("besluiten", DecisionSchema, "De uitspraken over de zaak, voor zover u die mag weten.")
    documents = several("zaakinformatieobjecten", DocumentSchema, "De bestanden bij de zaak.")


@cache
def counterparts() -> Mapping[str, Mapping[str, str]]:
    """What our words are in that standard: data in `workflows/lists/zgw.toml`, by the name of the list."""
    with open(resource("workflows") / "lists" / "zgw.toml", "rb") as file:
        return {name: told for name, told in tomllib.load(file).items() if isinstance(told, dict)}


def zaak(found: Handover, address: str) -> Values:
    """What `CaseSchema` reads; `address` is where the API has the case, with its host."""
    case, workflow = found.case, found.workflow
    level = counterparts()["vertrouwelijkheidaanduiding"][case.confidentiality]
    opened = amsterdam_day(case.opened_at)
    history = [_status(found, line) for line in found.moves]
    return {
        "number": case.number,
        "kind": {**_named("zaaktype"), "version": workflow.version},
        "title": case.title[:LONGEST_NAME],
        "note": case.key_question,
        "registered_on": opened,
        "began_on": opened,
        "ended_on": found.closed_on,
        "due": case.due,
        "confidentiality": level,
        "suspension": _suspension(found),
        "extension": _extension(found),
        "others": [{"number": found.main, "relation": counterparts()["aardrelatie"]["hoofdknelpunt"]}]
        if found.main
        else [],
        "marks": [
            *({"number": report.number, "source": "melding"} for report in found.reports),
            *({"number": one.number, "source": one.kind} for one in found.related),
        ],
        **_appraisal(found),
        "status": history[-1],
        "history": history,
        "result": _result(found),
        "roles": list(_roles(found)),
        "decisions": [_decision(decision) for decision in found.decisions],
        "documents": [_document(one, level, address) for one in found.documents],
    }


def _named(name: str) -> Values:
    told = counterparts()[name]
    return {"number": told.get("identificatie", ""), "name": told["omschrijving"]}


def _status(found: Handover, line: Event) -> Values:
    state = found.workflow.states.get(line.target)
    known = list(found.workflow.states)
    return {
        "kind": {
            "name": state.label if state else line.target,
            "general": counterparts()["statustype"][line.target],
            "sequence": known.index(line.target) + 1 if state else 0,
            "final": state is not None and state.final,
        },
        "at": line.at,
        "note": line.reason[:LONGEST_STATUS],
    }


def _result(found: Handover) -> Values | None:
    name = counterparts()["resultaattype"].get(found.case.state)
    return {"kind": {"name": name}, "note": found.moves[-1].reason} if name else None


def _suspension(found: Handover) -> Values:
    held = found.case.held_state is not None
    return {"held": held, "reason": found.workflow.states[found.case.state].label if held else ""}


def _extension(found: Handover) -> Values | None:
    term = TERM.fullmatch(found.workflow.states[found.case.state].extend or "")
    if not found.case.extended or term is None:
        return None
    return {"reason": found.workflow.states[found.case.state].label, "term": f"P{term[1]}{term[2][0].upper()}"}


def _appraisal(found: Handover) -> Values:
    if found.closed_on is None:
        return {"appraisal": None, "kept_for": None}
    said = valuation_of(has_ruling=bool(found.decisions), closed_on=found.closed_on)
    return {"appraisal": counterparts()["archiefnominatie"][said.code], "kept_for": said.term}


def _roles(found: Handover) -> Iterator[Values]:
    """Reporters, parties, and everybody who did something in a role; each of them once."""
    seen: set[tuple[str, str, str]] = set()
    for role in (*_reporters(found), *_parties(found), *_actors(found)):
        key = (role["kind"], role["concerned"]["name"], role["role"]["general"])
        if key not in seen:
            seen.add(key)
            yield role


def _reporters(found: Handover) -> Iterator[Values]:
    names = counterparts()["melding"]
    for place, organisation in enumerate(found.reporters):
        yield _role(ORGANISATION, organisation, "Melder", names["volgende" if place else "eerste"])


def _parties(found: Handover) -> Iterator[Values]:
    labels = value_list("partijrol")
    for party in found.case.parties:
        yield _role(ORGANISATION, party.organisation, labels[party.role], counterparts()["partijrol"][party.role])


def _actors(found: Handover) -> Iterator[Values]:
    """Who acted, by role and organisation; a journal names no persons to who reads it."""
    labels = value_list("rol")
    for line in found.lines:
        general = counterparts()["roltype"].get(line.role)
        if general:
            yield _role(STAFF, line.organisation, labels[line.role], general)


def _role(kind: str, organisation: Organisation | None, name: str, general: str) -> Values:
    of_staff = kind == STAFF
    concerned = name if of_staff else organisation.name if organisation else ""
    return {
        "kind": kind,
        "concerned": {
            "name": f"{concerned}, {organisation.name}" if of_staff and organisation else concerned,
            "tooi_uri": organisation.tooi_uri if organisation else None,
        },
        "role": {"name": name, "general": general},
    }


def _decision(decision: Decision) -> Values:
    ended: date | None = decision.withdrawn_on
    return {
        "number": decision.number,
        "kind": _named("besluittype"),
        "adopted_on": decision.adopted_on,
        "begins_on": decision.adopted_on,
        "published_on": decision.published_on,
        "withdrawn_on": ended,
        "withdrawn_because": next(iter(counterparts()["vervalreden"].values())) if ended else None,
        "note": decision.rule or "",
    }


def _document(file: Attachment, level: str, address: str) -> Values:
    return {
        "title": file.title or file.name,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "made_on": amsterdam_day(file.at),
        "confidentiality": level,
        "integrity": {"algoritme": "sha_256", "waarde": file.digest},
        "content": f"{address}/documenten/{file.id}",
    }
