"""The form of the draft ruling: the fields of the register, all of which may still be empty."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.errors import Invalid
from app.domain.law import LawReference
from app.domain.precedent import REASONS_OF_RELATION, WHOLE, Relation
from app.domain.source import parse as parse_source
from app.schemas.field import Form, FormPart
from app.schemas.kind import Choice, Day, LongText, Reference, Text, YesNo
from app.schemas.law import LawForm
from app.schemas.organisation import OrganisationNames, Organisations
from app.schemas.several import Choices, Lines, Rows
from app.schemas.weighing import weighed

REPLACES_PART = f"Schrijf welk deel u herziet, of “{WHOLE}”."


class ConditionForm(Form):
    """A safeguard: who does what, and how one can check it."""

    who = Text("wie", "Wie?", missing="Vul in wie aan de voorwaarde moet voldoen.", hint="Een organisatie of een rol.")
    what = Text("wat", "Wat?", missing="Schrijf wat er moet gebeuren.", longest=1000)
    check = Text(
        "toetsbaar", "Hoe is dat te controleren?", missing="Schrijf hoe iemand dit kan controleren.", longest=1000
    )


class BasisForm(LawForm):
    """A law that carries, hinders or limits what is ruled."""

    role = Choice("rol", "Rol", list="grondslagrol")

    def kept(self, reference: LawReference, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The reference with its role, under the names of the record."""
        return {
            "system": reference.system,
            "id": reference.identifier,
            "article": reference.article,
            "paragraph": reference.paragraph,
            "part": reference.part,
            "valid_on": reference.valid_on,
            "role": answers.get("role"),
        }


class RecommendationForm(Form):
    """What is advised, to whom."""

    text = LongText("tekst", "Aanbeveling", missing="Schrijf wat u aanbeveelt.", longest=5000, shown={"rows": 3})
    addressees = OrganisationNames(
        "geadresseerden", "Aan welke organisaties?", missing="Kies ten minste één organisatie."
    )
    owner = Text("eigenaar", "Wie zorgt er daar voor?", hint="Een functie of afdeling, geen naam.", longest=200)
    due = Day("termijn", "Reactie voor", hint="Laat dit leeg voor drie maanden.")
    indicator = Text("indicator", "Waaraan is te zien dat het is gedaan?", longest=1000)


class CitationForm(Form):
    """An earlier ruling, and how this one treats it."""

    target = Reference("doel", "Uitspraak", source="precedents", missing="Kies de uitspraak waarnaar u verwijst.")
    relation = Choice("relatie", "Relatie", list="citatierelatie", missing="Kies hoe deze uitspraak zich verhoudt.")
    reason = Text("reden", "Reden", longest=5000)
    part = Text("deel", "Welk deel?", hint=f"Alleen bij herzien: het deel, of “{WHOLE}”.", longest=1000)
    general = YesNo(
        "algemeen",
        "Geldt dit verschil ook voor andere zaken?",
        hint="Alleen bij onderscheiden. Bij ja wordt de eerdere uitspraak preciezer: de reden komt erbij te staan.",
    )

    def gaps(self, answers: Mapping[str, Any], given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Some relations need their reason, and replacing needs its part."""
        relation = answers.get("relation")
        if relation in REASONS_OF_RELATION:
            yield "reden", REASONS_OF_RELATION[Relation(relation)]
        if relation == Relation.REPLACES:
            yield "deel", REPLACES_PART


class SourceForm(Form):
    """A source outside the rulings of the commission, and how this ruling treats it."""

    relation = Choice("relatie", "Relatie", list="bronrelatie", missing="Kies hoe de uitspraak zich verhoudt.")
    reference = Text(
        "verwijzing",
        "Bron",
        missing="Vul in om welke bron het gaat.",
        hint="Een nummer dat met EXT begint, een ECLI, een CELEX-nummer, een Kamerstuk of een adres op internet.",
        longest=500,
    )
    reason = Text("reden", "Reden", longest=5000)

    def clashes(self, answers: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """The reference has to be one that can be looked up."""
        if "reference" in answers:
            try:
                parse_source(answers["reference"])
            except Invalid as refused:
                yield "verwijzing", refused.faults["verwijzing"][0]


PARTS = (
    FormPart(
        "kern", "Kern", frozenset({"titel", "samenvattingB1", "typeUitspraak", "kernvraag", "kernregel", "conclusie"})
    ),
    FormPart(
        "feiten", "Feiten en beschouwing", frozenset({"feiten", "juridischKader", "beschouwing", "afwijkingAdvies"})
    ),
    FormPart(
        "weging",
        "Weging en toets",
        frozenset(
            {
                *("kanOordeel", "kanTekst", "magOordeel", "magTekst", "wenselijkOordeel", "wenselijkTekst"),
                *("toetsFinaliteit", "toetsProportionaliteit", "toetsSubsidiariteit"),
                *("toetsTransparantie", "toetsBeveiliging"),
            }
        ),
    ),
    FormPart("grondslagen", "Voorwaarden en grondslagen", frozenset({"voorwaarden", "grondslagen"})),
    FormPart(
        "navolging",
        "Aanbevelingen en verwijzingen",
        frozenset({"aanbevelingen", "citaties", "bronnen", "interventies"}),
    ),
    FormPart(
        "gegevens",
        "Gegevens",
        frozenset(
            {
                *("doel", "gegevenscategorieen", "bijzondereCategorieen", "betrokkenengroepen"),
                *("verstrekkers", "ontvangers", "verwerkers"),
                *("knelpunttypen", "interoperabiliteitslagen", "gdiKnelpunten"),
            }
        ),
    ),
    FormPart(
        "geldigheid",
        "Geldigheid",
        frozenset({"geldigVanaf", "geldigTot", "datumHerbeoordeling", "feitencontroleAfgerond"}),
    ),
)


def _tested(key: str, label: str, hint: str) -> LongText:
    return LongText(f"toets{key}", label, hint=hint, group="Toets", shown={"rows": 4})


class RulingTextForm(Form):
    """The draft; what is given is kept, what is emptied is taken away, and what is left out stays."""

    clears = True
    parts = PARTS

    title = Text("titel", "Titel", hint="Kort: wie deelt wat met wie, en waarvoor.")
    summary = LongText(
        "samenvattingB1",
        "Samenvatting",
        hint="In gewone taal, voor iemand die de zaak niet kent. Begin met de conclusie.",
        longest=5000,
    )
    kind = Choice("typeUitspraak", "Type uitspraak", list="uitspraaktype")
    key_question = Text("kernvraag", "Kernvraag", hint="De vraag die de uitspraak beantwoordt, als één vraag.")
    dictum = LongText(
        "kernregel",
        "Kernregel",
        hint="De regel die ook voor een volgende zaak geldt. Eén of twee zinnen.",
        longest=5000,
        shown={"rows": 4},
    )
    facts = LongText("feiten", "Feiten", hint="Alleen wat nodig is om de uitspraak te begrijpen, zonder personen.")
    legal_framework = LongText("juridischKader", "Juridisch kader", hint="Hoe de wetten samenhangen.")
    considerations = LongText(
        "beschouwing", "Beschouwing", hint="Hoe de commissie van de feiten tot de conclusie komt.", shown={"rows": 12}
    )
    conclusion = Choice("conclusie", "Conclusie", list="conclusie")
    can_judgement, can_text = weighed("kan", required=False)
    may_judgement, may_text = weighed("mag", required=False)
    desirable_judgement, desirable_text = weighed("wenselijk", required=False)
    test_purpose = _tested("Finaliteit", "Finaliteit", "Past het delen bij het doel waarvoor de gegevens er zijn?")
    test_proportionality = _tested("Proportionaliteit", "Proportionaliteit", "Weegt het doel op tegen de inbreuk?")
    test_subsidiarity = _tested("Subsidiariteit", "Subsidiariteit", "Kan het doel niet met minder worden bereikt?")
    test_transparency = _tested("Transparantie", "Transparantie", "Hoe weten mensen dat hun gegevens worden gedeeld?")
    test_security = _tested("Beveiliging", "Beveiliging", "Hoe zijn de gegevens onderweg en bij de ontvanger veilig?")
    conditions = Rows("voorwaarden", "Voorwaarde", ConditionForm)
    bases = Rows("grondslagen", "Grondslag", BasisForm)
    purpose = Text("doel", "Doel", hint="Waarvoor de ontvanger de gegevens gebruikt.", longest=1000)
    data_categories = Lines("gegevenscategorieen", "Soorten gegevens", hint="Eén soort per regel.")
    special_categories = Lines(
        "bijzondereCategorieen", "Bijzondere gegevens", hint="Bijvoorbeeld gezondheid, strafbare feiten of het BSN."
    )
    groups = Lines("betrokkenengroepen", "Over welke mensen gaat het?", hint="Groepen, geen personen.")
    providers = Organisations("verstrekkers", "Verstrekkers")
    receivers = Organisations("ontvangers", "Ontvangers")
    processors = Organisations("verwerkers", "Verwerkers")
    types = Choices("knelpunttypen", "Soort knelpunt", list="knelpunttype")
    layers = Choices("interoperabiliteitslagen", "Interoperabiliteitslagen", list="interoperabiliteitslaag")
    gdi = Choices("gdiKnelpunten", "Knelpunten in de GDI-architectuur", list="gdi_knelpunt")
    interventions = Choices("interventies", "Interventies", list="interventie")
    recommendations = Rows("aanbevelingen", "Aanbeveling", RecommendationForm)
    citations = Rows("citaties", "Verwijzing", CitationForm)
    sources = Rows("bronnen", "Andere bron", SourceForm)
    deviation = LongText(
        "afwijkingAdvies",
        "Afwijking van een advies",
        hint="Wijkt de uitspraak af van een advies? Leg dan uit waarom (Awb 3:50).",
    )
    valid_from = Day("geldigVanaf", "Geldig vanaf")
    valid_until = Day("geldigTot", "Geldig tot", hint="Alleen als de uitspraak op een dag ophoudt te gelden.")
    review_on = Day("datumHerbeoordeling", "Opnieuw bekijken op", hint="Hoogstens twee jaar na vaststelling.")
    fact_check_closed = YesNo(
        "feitencontroleAfgerond",
        "Is de controle van de feiten afgerond?",
        hint="Kies ja als alle partijen de feiten hebben bekeken.",
    )

    def clashes(self, answers: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """It ends after it begins."""
        begins, ends = answers.get("valid_from"), answers.get("valid_until")
        if begins and ends and ends < begins:
            yield "geldigTot", "Deze dag ligt voor de dag waarop de uitspraak gaat gelden. Kies een latere dag."
