"""What another installation says: read with the limits of a form, and nothing of it kept that we do not know."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast

from marshmallow import EXCLUDE, fields

from app.adapters.peer import AT_ONCE
from app.schemas.answer import AnswerSchema, counted, said, several, timed, truth
from app.schemas.field import Form, Kind
from app.schemas.form import load
from app.schemas.kind import Day, LongText, Matches, Number, Text, YesNo
from app.schemas.several import Lines, Rows
from app.services.listener import Heard, Reading, Stretch

LONGEST_TEXT, MOST_ROWS = 200_000, 500
CODE = Matches(r"[A-Za-z0-9_.-]{1,60}", "Een code heeft letters, cijfers, streepjes en punten.")
NUMBER = Matches(r"[A-Za-z0-9:.-]{1,60}", "Een nummer heeft letters, cijfers, streepjes, punten en dubbele punten.")
ADDRESS = Matches(
    r"https?://[^\s<>\"/?#@\\]+/?", "Vul alleen het adres van de installatie in, zoals https://knelpunten.example."
)
SOURCE = Matches(
    r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}", "Gebruik letters, cijfers, punten en streepjes; begin met een letter of cijfer."
)


class Moment(Kind):
    """A moment with its time zone."""

    wrong = "“{label}” is geen moment met een tijdzone."

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
            return moment.astimezone(UTC) if moment.tzinfo else self._refuse()
        except (TypeError, ValueError, OverflowError):
            return self._refuse()

    def _refuse(self) -> datetime:
        raise self.make_error("invalid")


class PeerForm(Form):
    """Part of what another installation sends; a newer one may say more than we know."""

    class Meta:
        unknown = EXCLUDE


class FollowForm(Form):
    """Which installation to follow, and by which name its rulings are known here."""

    url = Text(
        "adres",
        "Adres",
        missing="Vul het adres van de installatie in.",
        hint="Zoals https://knelpunten.example, zonder iets erachter.",
        longest=300,
        checks=[ADDRESS],
    )
    source = Text(
        "bron",
        "Naam van de bron",
        hint="Staat in de nummers hier, zoals EXT:naam:CCG:2026:12. Laat dit leeg voor de naam van de computer.",
        longest=60,
        checks=[SOURCE],
    )


class PeerSchema(AnswerSchema):
    """An installation that is or was followed."""

    outside = "GevolgdeInstantie"

    source = said("bron", "De naam van de bron in de nummers hier.")
    url = said("adres", "Het adres van de installatie.")
    followed = truth("gevolgd", "De installatie wordt nog gevolgd.")
    copies = counted("uitspraken", "Hoeveel uitspraken er zijn overgenomen.")
    faults = counted("nietGelezen", "Hoeveel gebeurtenissen gaan over een uitspraak die niet te lezen was.")
    added_at = timed("sinds", "Sinds wanneer de installatie hier bekend is.")
    heard_at = timed("gehoordOp", "Wanneer de installatie voor het laatst antwoord gaf.", nullable=True)
    tried_at = timed("gevraagdOp", "Wanneer het voor het laatst is geprobeerd.", nullable=True)
    failures = counted("mislukt", "Hoe vaak achter elkaar het niet lukte.")
    trouble = said("fout", "Wat er de laatste keer misging.", nullable=True)


class PeersSchema(AnswerSchema):
    """The installations that are or were followed."""

    outside = "GevolgdeInstanties"

    results = several("resultaten", PeerSchema, "De installaties, de eerste eerst.")


class HappeningForm(PeerForm):
    """One event, by the profile for CloudEvents."""

    identity = Text("id", "Nummer", missing="Een gebeurtenis heeft een “id”.", longest=200)
    type = Text("type", "Soort", missing="Een gebeurtenis heeft een “type”.", longest=200)
    subject = Text("subject", "Onderwerp", longest=200)
    at = Moment("time", "Moment", missing="Een gebeurtenis heeft een “time”.")


class StretchForm(PeerForm):
    """A stretch of the events, and where the next begins."""

    # No more than was asked for.
    happenings = Rows("resultaten", "Gebeurtenissen", HappeningForm, most=AT_ONCE)
    following = Text("volgende", "Volgende", longest=200)


class Inside(Kind, fields.Nested):
    """An object that may be absent."""

    def __init__(self, key: str, label: str, form: type[Form], *, missing: str | None = None) -> None:
        super().__init__(key, label, nested=form, missing=missing)


class CodedForm(PeerForm):
    """A code with what people read."""

    code = Text("code", "Code", missing="Een waarde heeft een “code”.", checks=[CODE])
    label = Text("label", "Label", missing="Een waarde heeft een “label”.", longest=200)


class BasisForm(PeerForm):
    """A law on which a ruling rests, in words and as an address."""

    label = Text("label", "Grondslag", longest=500)
    jci = Text("jci", "Juriconnect", longest=500)
    url = Text("url", "Adres", longest=2000)


class PartyForm(PeerForm):
    """Who takes part in the exchange."""

    role = Text("rol", "Rol")
    name = Text("naam", "Naam")


class JudgementForm(PeerForm):
    """A judgement with its reasons."""

    verdict = Inside("oordeel", "Oordeel", CodedForm)
    text = LongText("tekst", "Tekst")


class WeighingForm(PeerForm):
    """Can it, may it, is it desirable."""

    can = Inside("kan", "Kan", JudgementForm)
    may = Inside("mag", "Mag", JudgementForm)
    desirable = Inside("wenselijk", "Wenselijk", JudgementForm)


class TestsForm(PeerForm):
    """What was found of each principle."""

    purpose = LongText("finaliteit", "Finaliteit")
    proportionality = LongText("proportionaliteit", "Proportionaliteit")
    subsidiarity = LongText("subsidiariteit", "Subsidiariteit")
    transparency = LongText("transparantie", "Transparantie")
    security = LongText("beveiliging", "Beveiliging")


class ConditionForm(PeerForm):
    """A safeguard."""

    who = Text("wie", "Wie", longest=1000)
    what = LongText("wat", "Wat")
    check = LongText("toetsbaar", "Hoe te controleren")


class CitationForm(PeerForm):
    """What a ruling cites."""

    number = Text("nummer", "Nummer", missing="Een verwijzing heeft een “nummer”.", checks=[NUMBER])
    relation = Inside("relatie", "Relatie", CodedForm, missing="Een verwijzing heeft een “relatie”.")
    title = Text("titel", "Titel", longest=1000)
    reason = LongText("reden", "Reden")


class RulingForm(PeerForm):
    """A public ruling, as its own register has it."""

    number = Text("nummer", "Nummer", missing="Een uitspraak heeft een “nummer”.", checks=[NUMBER])
    title = Text("titel", "Titel", missing="Een uitspraak heeft een “titel”.", longest=1000)
    summary = LongText("samenvatting", "Samenvatting")
    body = Text("orgaan", "Orgaan")
    decided_on = Day("datumVastgesteld", "Vastgesteld")
    published_on = Day("datumGepubliceerd", "Gepubliceerd")
    key_question = LongText("kernvraag", "Kernvraag")
    rule = LongText("kernregel", "Kernregel", longest=LONGEST_TEXT)
    facts = LongText("feiten", "Feiten", longest=LONGEST_TEXT)
    legal_framework = LongText("juridischKader", "Juridisch kader", longest=LONGEST_TEXT)
    considerations = LongText("beschouwing", "Beschouwing", longest=LONGEST_TEXT)
    conclusion = Inside("conclusie", "Conclusie", CodedForm)
    weighing = Inside("weging", "Weging", WeighingForm)
    tests = Inside("toets", "Toets", TestsForm)
    purpose = Text("doel", "Doel", longest=1000)
    data_categories = Lines("gegevenscategorieen", "Gegevens")
    parties = Rows("partijen", "Partijen", PartyForm, most=MOST_ROWS)
    conditions = Rows("voorwaarden", "Voorwaarden", ConditionForm, most=MOST_ROWS)
    bases = Rows("grondslagen", "Grondslagen", BasisForm, most=MOST_ROWS)
    types = Rows("typen", "Soort knelpunt", CodedForm)
    citations = Rows("citaties", "Verwijzingen", CitationForm, most=MOST_ROWS)
    issue = Number("versie", "Versie")
    correction = LongText("correctie", "Correctie")
    demonstration = YesNo("voorbeeld", "Voorbeeldgegevens")


class LaterForm(PeerForm):
    """What a later ruling adds."""

    text = LongText("nuance", "Nuance")
    ruling = Text("uitspraak", "Uitspraak", checks=[NUMBER])


class PrecedentForm(PeerForm):
    """Where a precedent stands, and what became of it."""

    title = Text("titel", "Titel", longest=1000)
    state = Text("status", "Status", missing="Een precedent heeft een “status”.", checks=[CODE])
    state_label = Text("statusLabel", "De status in woorden", longest=100)
    conclusion = Text("conclusie", "Conclusie", checks=[CODE])
    in_force_from = Day("geldigVanaf", "Geldig vanaf")
    in_force_until = Day("geldigTot", "Geldig tot")
    ended_because = LongText("redenEinde", "Waarom het niet meer geldt")
    replaced_by = Text("vervangenDoor", "Vervangen door", checks=[NUMBER])
    nuances = Rows("nuances", "Nuances", LaterForm, most=MOST_ROWS)
    to_reassess = YesNo("teHerbeoordelen", "Wordt opnieuw bekeken")
    under_reconsideration = YesNo("inHeroverweging", "Wordt heroverwogen")
    demonstration = YesNo("voorbeeld", "Voorbeeldgegevens")
    review_because = Lines("redenenHerbeoordeling", "Waarom", longest=2000)


def _stretch(data: object) -> Stretch:
    read = load(StretchForm, data)
    rows = [
        Heard(row["identity"], row["type"], row.get("subject") or "", row["at"]) for row in read.get("happenings") or ()
    ]
    return Stretch(rows, read.get("following"))


def _both(form: type[Form], data: object) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The answers, and the same under the names of the register, as they can be kept."""
    read = load(form, data)
    return read, cast(Mapping[str, Any], form().dump(read))


READING = Reading(stretch=_stretch, ruling=partial(_both, RulingForm), precedent=partial(_both, PrecedentForm))
"""How what comes in is read; each raises `Invalid` with what is wrong."""
