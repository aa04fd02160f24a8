"""The report of a bottleneck: one schema for the short steps on the web and for the JSON of machines."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, validate

from app.domain import personal_data
from app.domain.errors import Invalid
from app.schemas.field import Fault, FieldDescription, Form, Options, Posted, kinds, read
from app.schemas.form import describe, load
from app.schemas.kind import LONG, Choice, LongText, Reference, Text, Tick
from app.schemas.law import Laws
from app.schemas.organisation import Organisations
from app.schemas.several import Choices, Lines, Part

PERSONAL_DATA_REASON = "persoonsgegevensReden"
NO_BASIS = "Noem ten minste één wet, of geef aan dat u niet weet welke wet geldt."
REASON_NEEDED = (
    "In uw melding staan misschien gegevens van burgers. Haal ze weg. Moeten ze blijven staan? Schrijf dan hier waarom."
)


class OneQuestion(validate.Validator):
    """Exactly one question: one question mark, at the end."""

    def __call__(self, value: str) -> str:
        """Let through one question."""
        marks = value.count("?")
        if marks == 0:
            raise ValidationError([Fault("Maak van de kernvraag één vraag, met een vraagteken aan het einde.")])
        if marks > 1:
            sentence = f"Stel één vraag. Er staan nu {marks} vraagtekens. Zet andere vragen in de omschrijving."
            raise ValidationError([Fault(sentence)])
        if not value.endswith("?"):
            raise ValidationError([Fault("Zet het vraagteken aan het einde. Zet uitleg in de omschrijving.")])
        return value


class ExchangeForm(Form):
    """Who would give which data to whom, and what for."""

    providers = Organisations(
        "verstrekkers",
        "Wie verstrekt de gegevens?",
        missing="Noem ten minste één organisatie die de gegevens verstrekt.",
        hint="Kies een naam uit de lijst. Staat de organisatie er niet in? Vul dan de naam en het KVK-nummer in, "
        "zoals “Stichting Voorbeeld, 12345678”.",
    )
    receivers = Organisations(
        "ontvangers",
        "Wie ontvangt de gegevens?",
        missing="Noem ten minste één organisatie die de gegevens ontvangt.",
        hint="Op dezelfde manier: een naam uit de lijst, of een naam met KVK-nummer.",
    )
    data_categories = Lines(
        "gegevenscategorieen",
        "Om welke soorten gegevens gaat het?",
        missing="Noem ten minste één soort gegevens.",
        hint="Eén soort per regel, bijvoorbeeld “hoogte van de betalingsachterstand”. "
        "Noem soorten, geen gegevens van mensen.",
    )
    purpose = LongText(
        "doel",
        "Waarvoor zijn de gegevens nodig?",
        missing="Schrijf waarvoor de ontvanger de gegevens nodig heeft.",
        hint="Schrijf wat de ontvanger ermee doet en wie daar beter van wordt.",
        shown={"rows": 4},
    )


class ReportSchema(Form):
    """What one organisation reports; the keys are those of `POST /meldingen`."""

    title = Text(
        "titel",
        "Titel",
        missing="Vul een titel in.",
        hint="In een paar woorden: welke gegevens, van wie naar wie. Zo herkent een ander uw melding in een lijst.",
    )
    key_question = Text(
        "kernvraag",
        "Kernvraag",
        missing="Vul de kernvraag in.",
        hint="Eén vraag, zo precies dat het antwoord ja of nee kan zijn. Bijvoorbeeld: “Mag een woningcorporatie "
        "zonder toestemming aan de gemeente melden dat een huurder een betalingsachterstand heeft?”",
        checks=[OneQuestion()],
    )
    types = Choices(
        "typen",
        "Wat voor knelpunt is het?",
        list="knelpunttype",
        missing="Kies ten minste één soort knelpunt.",
        hint="Kies alles wat speelt. Twijfelt u? Kies wat het dichtst bij komt; wij kijken het na.",
    )
    exchange = Part("uitwisseling", "Gewenste uitwisseling", ExchangeForm)
    laws = Laws(
        "grondslagen",
        "Welke wetten en artikelen spelen een rol?",
        hint="Plak het adres van het artikel op wetten.overheid.nl, of vul de wet en het artikel in. "
        "Noem zowel wat helpt als wat in de weg staat.",
    )
    basis_unknown = Tick(
        "grondslagOnbekend",
        "Ik weet niet welke wet geldt",
        hint="Dan zoeken wij het uit. Noem gerust wat u wel weet.",
    )
    description = LongText(
        "omschrijving",
        "Wat is er aan de hand?",
        missing="Beschrijf wat er aan de hand is.",
        hint="Beschrijf een situatie uit de praktijk: wat wilt u doen, wat houdt u tegen, en hoe vaak gebeurt dat? "
        "Noem geen namen of nummers van burgers.",
        shown={"rows": 10},
    )
    tried = LongText(
        "alGeprobeerd",
        "Wat hebt u al geprobeerd?",
        missing="Schrijf wat u al hebt geprobeerd. Nog niets? Schrijf dan dat.",
        hint="Met wie hebt u gesproken, en wat was het antwoord? Denk aan uw jurist en uw FG.",
    )
    societal_effect = LongText(
        "maatschappelijkEffect",
        "Wat merken mensen ervan?",
        missing="Schrijf wat mensen merken van dit knelpunt.",
        hint="Wat gaat er mis zolang dit niet is opgelost, voor wie, en om hoeveel mensen gaat het ongeveer?",
    )
    urgency = Choice(
        "urgentie",
        "Heeft het spoed?",
        list="urgentie",
        missing="Kies of het spoed heeft.",
        hint="Kies spoed als wachten mensen nu schade doet. Schrijf in de vorige stap waarom.",
    )
    confidentiality = Choice(
        "vertrouwelijkheid",
        "Wie mag uw melding lezen?",
        list="vertrouwelijkheid",
        missing="Kies wie uw melding mag lezen.",
        hint="Bij “Intern” lezen uw eigen organisatie en de behandelaars mee. Bij “Openbaar” en “Beperkt openbaar” kan "
        "elke ambtenaar met een account het knelpunt vinden. Vanaf “Vertrouwelijk” ziet in uw organisatie alleen uw "
        "coördinator het ook.",
    )
    personal_data_reason = LongText(
        PERSONAL_DATA_REASON,
        "Waarom moeten deze gegevens blijven staan?",
        hint="Alleen als er gegevens van burgers in uw melding staan die echt nodig zijn.",
        longest=2000,
        shown={"rows": 4},
    )
    joins = Reference(
        "sluitAanBij",
        "Hoort uw melding bij een bekend knelpunt?",
        source="cases",
        hint="Het nummer, zoals KNP-2026-00001. Dan sluit uw melding daarbij aan en volgt u de zaak.",
    )

    def gaps(self, answers: Mapping[str, Any], given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """A law or the word that none is known; and a reason where citizens' data were seen."""
        if not answers.get("basis_unknown"):
            yield "grondslagen", NO_BASIS
        if findings(given):
            yield PERSONAL_DATA_REASON, REASON_NEEDED


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the web form: its name in the address, its title, and the inputs on it."""

    slug: str
    title: str
    inputs: tuple[str, ...]


STEPS = (
    Step("vraag", "De vraag", ("titel", "kernvraag", "typen")),
    Step("uitwisseling", "De uitwisseling", ("verstrekkers", "ontvangers", "gegevenscategorieen", "doel")),
    Step("wet", "De wet", ("grondslagen", "grondslagOnbekend")),
    Step("situatie", "Wat er aan de hand is", ("omschrijving", "alGeprobeerd", "maatschappelijkEffect")),
    Step("afspraken", "Afspraken", ("urgentie", "vertrouwelijkheid")),
)
CHECK = Step("controle", "Controleren en versturen", (PERSONAL_DATA_REASON, "sluitAanBij"))
"""The last page: everything in one view, attachments, what looks alike, and the button that sends."""

# The inputs that a key of the JSON has on the page.
INPUTS = {
    kind.key: frozenset(inner.key for inner in kinds(kind.form)) if isinstance(kind, Part) else frozenset({kind.key})
    for kind in kinds(ReportSchema)
}

# What a person wrote in words of their own, where citizens' data may have come along.
FREE_TEXT = (
    *("titel", "kernvraag", "omschrijving", "alGeprobeerd", "maatschappelijkEffect"),
    *("uitwisseling.doel", "uitwisseling.gegevenscategorieen"),
)


def step_fields(step: Step, options: Options, sources: Mapping[str, str] | None = None) -> list[FieldDescription]:
    """What the form macro shows on the page of a step."""
    return [field for field in describe(ReportSchema, options, sources) if field.name in step.inputs]


def step_answers(step: Step, posted: Posted) -> dict[str, Any]:
    """What was posted for a step, right or wrong, to lay over the draft; what is empty is none, so that it goes."""
    typed = read(ReportSchema, posted)
    return {kind.key: typed.get(kind.key) for kind in kinds(ReportSchema) if step_of(kind.key) is step}


def step_faults(draft: Mapping[str, Any], step: Step) -> dict[str, list[str]]:
    """What sending would say about the inputs of a step."""
    return {path: texts for path, texts in faults_of(draft).items() if step_of(path) is step}


def faults_of(draft: Mapping[str, Any]) -> Mapping[str, list[str]]:
    """What sending would say of a draft, by path."""
    try:
        load(ReportSchema, {key: value for key, value in draft.items() if not key.startswith("_")})
    except Invalid as refused:
        return refused.faults
    return {}


def step_of(path: str) -> Step:
    """The step on which a fault can be mended; what stands on none of them is mended where one sends."""
    inputs = INPUTS.get(path.split(".", maxsplit=1)[0], frozenset())
    return next((step for step in STEPS if inputs & set(step.inputs)), CHECK)


def findings(values: Mapping[str, Any]) -> dict[str, list[str]]:
    """What looks like citizens' data, masked, by the path of the field in which it stands.

    >>> findings({"titel": "Het BSN is 123456782"})
    {'titel': ['•••••••82']}
    """
    texts = ((path, text) for path in FREE_TEXT for text in _texts(values, path.split(".")))
    found: dict[str, list[str]] = {}
    for path, text in texts:
        for one in personal_data.findings(text[:LONG]):
            found.setdefault(path, []).append(one.excerpt)
    return found


def _texts(values: object, path: Sequence[str]) -> Iterator[str]:
    """The texts at a path, of a draft that may hold anything."""
    if path:
        if isinstance(values, Mapping):
            yield from _texts(values.get(path[0]), path[1:])
    elif isinstance(values, str):
        yield values
    elif isinstance(values, list):
        yield from (value for value in values if isinstance(value, str))
