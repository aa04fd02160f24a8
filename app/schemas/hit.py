"""What a search finds: the hits with why, and the facets; and what cites what."""

from marshmallow import fields

from app.schemas.answer import AnswerSchema, counted, one, said, said_each, several, truth


class HitSchema(AnswerSchema):
    """A precedent or case that was found."""

    outside = "Treffer"

    number = said("nummer", "Nummer.")
    kind = said("soort", "uitspraak, extern of knelpunt.")
    title = said("titel", "Titel.")
    source = said("bron", "Bij extern: de instantie die het besluit nam.", nullable=True)
    state = said("status", "Status; een besluit van een andere instantie heeft er geen.", nullable=True)
    state_label = said("statusLabel", "De status in woorden.", nullable=True)
    score = fields.Float(
        required=True, metadata={"description": "Hoe goed het past; alleen te vergelijken binnen één antwoord."}
    )
    fragment = said("fragment", "Een stuk tekst als HTML; wat overeenkomt, staat in em.")
    why = said_each("waarom", "Waarom dit is gevonden.")


class FacetSchema(AnswerSchema):
    """How many of what was found have a value."""

    outside = "Facet"

    value = said("waarde", "De waarde, zoals het filter die neemt.")
    label = said("label", "Wat mensen lezen.")
    amount = counted("aantal", "Hoe vaak.")


class FacetsSchema(AnswerSchema):
    """What was found, counted."""

    outside = "Facetten"

    types = several("type", FacetSchema, "Naar soort knelpunt.")
    conclusions = several("conclusie", FacetSchema, "Naar conclusie.")
    can = several("kan", FacetSchema, "Naar het antwoord op: kan het?")
    may = several("mag", FacetSchema, "Naar het antwoord op: mag het?")
    should = several("wenselijk", FacetSchema, "Naar het antwoord op: is het wenselijk?")
    states = several("status", FacetSchema, "Naar status.")
    laws = several("wet", FacetSchema, "Naar wet die wordt genoemd.")
    articles = several("artikel", FacetSchema, "Naar artikel dat wordt genoemd.")
    sectors = several("sector", FacetSchema, "Naar soort organisatie.")
    parties = several("partij", FacetSchema, "Naar partij.")
    years = several("jaar", FacetSchema, "Naar jaar.")
    sources = several("bron", FacetSchema, "Naar wie besliste.")
    whose = several("van", FacetSchema, "Naar de commissie en andere instanties.")


class SearchSchema(AnswerSchema):
    """A ranked search."""

    outside = "Zoekresultaat"

    results = several("resultaten", HitSchema, "Wat is gevonden, het beste eerst.")
    total = counted("totaal", "Hoeveel er is gevonden, tot 1.000.")
    capped = truth("totaalBegrensd", "Er is meer dan geteld is.")
    every = truth("alleWoorden", "Elke treffer heeft alle woorden; anders een deel ervan.")
    missing = said_each("nietsMet", "De woorden die in geen enkele openbare tekst staan.")
    notes = said_each(
        "opmerkingen", "Wat er in de zoekvraag staat en niet bestaat, of maar voor een deel is gelezen, in zinnen."
    )
    meant = said_each("bedoelde", "Woorden die er wel staan en er het meest op lijken.")
    facets = one("facetten", FacetsSchema, "Wat is gevonden, geteld; van een gekozen facet alsof het niet gekozen was.")


class SimilarSchema(AnswerSchema):
    """What looks like a text."""

    outside = "Gelijkende"

    results = several("resultaten", HitSchema, "Wat erop lijkt, het beste eerst.")


class CiteSchema(AnswerSchema):
    """A citation, seen from either side."""

    outside = "Verwijzing"

    number = said("nummer", "Het nummer aan de andere kant.")
    relation = said("relatie", "Code uit de lijst citatierelatie; bij een extern besluit uit bronrelatie.")
    reason = said("reden", "Waarom.", nullable=True)
    title = said("titel", "De titel aan de andere kant.")


class CitationsSchema(AnswerSchema):
    """What a precedent cites, and what cites it."""

    outside = "Verwijzingen"

    cites = several("verwijstNaar", CiteSchema, "Wat dit precedent aanhaalt.")
    cited_by = several("verwezenDoor", CiteSchema, "De openbare uitspraken die dit precedent aanhalen.")
