"""Processes as the API shows them: one, a row of a list, what can be done with it and what happened to it."""

from marshmallow import fields

from app.schemas.answer import (
    AnswerSchema,
    LawSchema,
    OrganisationSchema,
    WorkflowKeySchema,
    as_kept,
    collection,
    counted,
    dated,
    one,
    said,
    said_each,
    several,
    timed,
    truth,
)


class PendingSchema(AnswerSchema):
    """The first half of four eyes that waits for a second person."""

    outside = "WachtOpTweede"

    action = said("actie", "De actie waarvan de eerste helft is genomen.")
    role = said("rol", "De rol die de tweede helft neemt.")


class MadeSchema(AnswerSchema):
    """A process that an action made."""

    outside = "Gemaakt"

    kind = said("soort", "Soort proces.")
    number = said("nummer", "Nummer.")


class RelatedSchema(MadeSchema):
    """A process about the same case."""

    outside = "VerwantProces"

    state = said("status", "Status.")
    state_label = said("statusLabel", "De status in woorden.")
    title = said("titel", "Titel.")


class PartySchema(AnswerSchema):
    """An organisation in the exchange of a case."""

    outside = "Partij"

    role = said("rol", "verstrekker, ontvanger, verwerker of partij.")
    organisation = one("organisatie", OrganisationSchema, "De organisatie.")
    agreed = truth("akkoord", "Akkoord met de voorgestelde oplossing; null: nog niet gezegd.", nullable=True)


class DocumentSchema(AnswerSchema):
    """A file with a process."""

    outside = "Document"

    id = counted("id", "Nummer van het document.")
    name = said("naam", "Bestandsnaam.")
    media_type = said("mediaType", "Soort bestand.")
    size = counted("grootte", "Grootte in bytes.")
    digest = said("sha256", "Vingerafdruk van de inhoud (SHA-256).")
    at = timed("op", "Wanneer het is toegevoegd.")


class MessageSchema(AnswerSchema):
    """A note among handlers, or a message that reporters and parties read too."""

    outside = "Bericht"

    internal = truth("intern", "Alleen wie het proces behandelt, leest dit.")
    role = said("rol", "De rol van de schrijver.")
    organisation = one("organisatie", OrganisationSchema, "De organisatie van de schrijver.", nullable=True)
    text = said("tekst", "Wat er staat.")
    at = timed("op", "Wanneer het is geschreven.")


class ProcessSchema(AnswerSchema):
    """What every process shows, in a list and alone."""

    outside = "Proces"

    number = said("nummer", "Nummer.")
    kind = said("soort", "Soort proces.")
    state = said("status", "Status.")
    state_label = said("statusLabel", "De status in woorden.")
    title = said("titel", "Titel.")
    case = said("knelpunt", "Nummer van het knelpunt waar dit over gaat.", nullable=True)
    organisation = one("organisatie", OrganisationSchema, "De organisatie waar dit van of voor is.", nullable=True)
    due = dated("termijn", "De laatste dag van de termijn.")
    late = truth("teLaat", "De laatste dag is voorbij.")
    owner = said("eigenaar", "Wie het nu heeft: een functie, of de rol die aan de beurt is.", nullable=True)
    workflow = one("workflow", WorkflowKeySchema, "De definitie die dit proces volgt.")
    changed_at = timed("gewijzigdOp", "Wanneer dit het laatst veranderde.")
    demonstration = truth("voorbeeld", "Dit zijn voorbeeldgegevens.")


class CaseRowSchema(ProcessSchema):
    """A knelpunt in a list."""

    outside = "KnelpuntInLijst"

    key_question = said("kernvraag", "De vraag waar het om gaat.")
    types = said_each("typen", "Soorten knelpunt.")
    warnings = said_each("waarschuwingen", "Wat er is veranderd aan de precedenten waar het op steunt.")


class MeetingRowSchema(ProcessSchema):
    """A vergadering in a list."""

    outside = "VergaderingInLijst"

    day = dated("datum", "De dag van de vergadering.")
    place = said("plaats", "De plaats.")


class EntitySchema(ProcessSchema):
    """What every process shows alone."""

    outside = "HeelProces"

    pending = one("wachtOpTweede", PendingSchema, "De helft die op een tweede persoon wacht.", nullable=True)
    documents = several("documenten", DocumentSchema, "Bestanden; alleen voor wie betrokken is.")
    messages = several("berichten", MessageSchema, "De dialoog; alleen voor wie betrokken is.")
    related = several("verwant", RelatedSchema, "Processen over hetzelfde knelpunt.")


class SolutionSchema(AnswerSchema):
    """A solution at the work level or the regietafel."""

    outside = "Oplossing"

    text = said("tekst", "De oplossing.")
    weighing = as_kept("weging", "kan, mag en wenselijk, elk met oordeel en tekst.")
    adopted_on = said("vastgesteldOp", "De dag waarop de oplossing is vastgesteld.", nullable=True)


class CompletionPointSchema(AnswerSchema):
    """A point on which the reporter was asked to complete the report."""

    outside = "Aanvulpunt"

    round = counted("ronde", "De hoeveelste keer dat om aanvulling is gevraagd.")
    question = said("vraag", "Wat is gevraagd.")
    answer = said("antwoord", "Het antwoord.", nullable=True)


class StructuralSchema(AnswerSchema):
    """The cause behind a case, and how far its owner is."""

    outside = "StructureleOorzaak"

    owner = said("verantwoordelijke", "De organisatie die de oorzaak kan wegnemen.")
    cause = said("oorzaak", "De oorzaak.")
    phase = said("fase", "Code uit de lijst structurele_fase.")
    organisations = counted("organisaties", "Hoeveel organisaties er last van melden.")
    reports = counted("aantalMeldingen", "Hoe vaak het is gemeld.")
    since = timed("sinds", "Sinds wanneer het als structureel is aangemerkt.")
    ended_at = timed("afgeslotenOp", "Wanneer het is afgesloten.", nullable=True)
    last_at = timed("laatsteVoortgang", "Wanneer er voor het laatst voortgang was.")


class EscalationSchema(AnswerSchema):
    """A question above the commission, with the answer once it is there."""

    outside = "Voorlegging"

    level = said("niveau", "Code uit de lijst escalatieniveau.")
    question = said("vraag", "Wat is gevraagd.")
    asked_at = timed("gesteldOp", "Wanneer het is gevraagd.")
    organ = said("overleg", "Code uit de lijst bestuursorgaan.", nullable=True)
    answered_on = dated("beantwoordOp", "De dag van het antwoord.")
    answer = said("antwoord", "Het antwoord.", nullable=True)
    owner = said("eigenaar", "Wie het uitvoert.", nullable=True)
    due = dated("termijn", "Wanneer het klaar is.")
    parliamentary_paper = said("kamerstuk", "Het Kamerstuk of de brief.", nullable=True)
    consequences = said("gevolgen", "Wat het betekent voor het knelpunt.", nullable=True)


class CaseFileSchema(AnswerSchema):
    """What only those who are involved in a case may read of it."""

    outside = "Dossier"

    description = said("omschrijving", "Wat er aan de hand is.")
    exchange = as_kept("uitwisseling", "De gewenste uitwisseling.")
    tried = said("alGeprobeerd", "Wat al is geprobeerd.")
    societal_effect = said("maatschappelijkEffect", "Wat mensen ervan merken.")
    urgency = said("urgentie", "Hoe dringend de melder het vindt.")
    priority = said("prioriteit", "Hoe dringend het is.", nullable=True)
    domain = said("domein", "Het domein.", nullable=True)
    confidentiality = said("vertrouwelijkheid", "Wie het mag lezen.")
    apparent = truth("schijnbaar", "Een schijnbaar gegevensknelpunt.", nullable=True)
    facets = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        data_key="duiding",
        required=True,
        metadata={"description": "Hoe het knelpunt is geduid: per waardelijst de codes."},
    )
    completion_points = several("aanvulpunten", CompletionPointSchema, "Wat aan de melder is gevraagd.")
    solution = one("oplossing", SolutionSchema, "De voorgestelde oplossing.", nullable=True)
    nomination = as_kept("voordracht", "Wat aan de commissie is gevraagd.")
    main = said("hoofdknelpunt", "Het knelpunt waarmee dit is samengevoegd.", nullable=True)
    precedent = said("precedent", "Het precedent dat is voorgesteld of toegepast.", nullable=True)
    structural = one("structureel", StructuralSchema, "De oorzaak, als die structureel is.", nullable=True)
    reconsideration = as_kept("heroverweging", "Waarom is gevraagd om opnieuw te kijken: grond, toelichting en dag.")
    escalations = several("voorgelegd", EscalationSchema, "Wat aan bestuur of bewindspersoon is voorgelegd.")


class CaseSchema(EntitySchema):
    """A knelpunt."""

    outside = "Knelpunt"

    key_question = said("kernvraag", "De vraag waar het om gaat.")
    types = said_each("typen", "Soorten knelpunt.")
    parties = several("partijen", PartySchema, "De organisaties in de uitwisseling; alleen voor wie betrokken is.")
    laws = several("grondslagen", LawSchema, "De wetten en artikelen die een rol spelen.")
    reports = said_each("meldingen", "De meldingen waar het op rust, voor zover de lezer ze mag zien.")
    ruling = said("uitspraak", "Het nummer van de uitspraak.", nullable=True)
    warnings = said_each("waarschuwingen", "Wat er is veranderd aan de precedenten waar het op steunt.")
    file = one("dossier", CaseFileSchema, "Het dossier; null voor wie niet betrokken is.", nullable=True)


class AdviceSchema(EntitySchema):
    """An adviesaanvraag."""

    outside = "Adviesaanvraag"

    advice_type = said("adviessoort", "Soort advies.")
    adviser = said("deskundige", "Wie het advies geeft.", nullable=True)
    asker = said("aanvrager", "Wie het advies vroeg.", nullable=True)
    question = said("vraag", "Wat is gevraagd.")
    basis = said("grondslag", "Waarop de vraag berust.", nullable=True)
    papers = said("stukken", "De stukken die meegaan.", nullable=True)
    mandatory = truth("verplicht", "Het knelpunt wacht op dit advies.")
    disclosure = said("openbaarheid", "Hoe openbaar het advies is.")
    delivered_at = timed("uitgebrachtOp", "Wanneer het advies is uitgebracht.", nullable=True)
    edition = counted("uitgave", "De hoeveelste keer dat het advies is uitgebracht.")
    result = as_kept("advies", "Het advies.")
    use = as_kept("gebruik", "Wat met het advies is gedaan.")


class AgendaRowSchema(AnswerSchema):
    """An item on the agenda of a meeting."""

    outside = "PuntOpAgenda"

    position = counted("volgorde", "Plaats op de agenda.")
    number = said("nummer", "Nummer van het agendapunt.")
    title = said("titel", "Titel.")
    state = said("status", "Status.")
    state_label = said("statusLabel", "De status in woorden.")


class MeetingSchema(EntitySchema):
    """A vergadering."""

    outside = "Vergadering"

    day = dated("datum", "De dag van de vergadering.")
    starts_at = said("aanvang", "Hoe laat de vergadering begint.", nullable=True)
    place = said("plaats", "De plaats.")
    body = said("orgaan", "Het orgaan dat vergadert.")
    papers_sent_at = timed("stukkenVerzondenOp", "Wanneer de stukken zijn verzonden.", nullable=True)
    invitation = said("toelichting", "Toelichting bij de uitnodiging.", nullable=True)
    minutes = said("verslag", "Het verslag.", nullable=True)
    agenda = several("agenda", AgendaRowSchema, "De punten die de lezer mag zien.")


class VoteRoundSchema(AnswerSchema):
    """A round of votes; its outcome is known when it is closed."""

    outside = "Stemronde"

    number = counted("ronde", "De hoeveelste ronde.")
    proposal = said("voorstel", "Waarover wordt gestemd.", nullable=True)
    opened_at = timed("geopendOp", "Wanneer de stemming begon.")
    closed_at = timed("geslotenOp", "Wanneer de stemming sloot.", nullable=True)
    votes_for = counted("voor", "Stemmen voor.", nullable=True)
    votes_against = counted("tegen", "Stemmen tegen.", nullable=True)
    abstained = counted("onthouding", "Onthoudingen.", nullable=True)
    voted = truth("hebtGestemd", "De lezer heeft in deze ronde gestemd.")


class OpeningSchema(AnswerSchema):
    """A vote in the list of a closed round; whose it is, nobody knows but who has the receipt."""

    outside = "GeopendeStem"

    bewijs = said("bewijs", "De SHA-256 die ook op het ontvangstbewijs staat.")
    zout = said("zout", "Het toeval dat de SHA-256 onraadbaar maakte.")
    keuze = said("keuze", "voor, tegen of onthouding.")


class NamedVoteSchema(AnswerSchema):
    """Who voted what."""

    outside = "StemOpNaam"

    name = said("lid", "Het lid.")
    choice = said("keuze", "voor, tegen of onthouding.")


class ClosedRoundSchema(AnswerSchema):
    """A round that was counted, with what a receipt is checked against."""

    outside = "GeslotenStemronde"

    item = said("agendapunt", "Nummer van het agendapunt.")
    number = counted("ronde", "De hoeveelste ronde.")
    proposal = said("voorstel", "Waarover is gestemd.", nullable=True)
    closed_at = timed("geslotenOp", "Wanneer de stemming sloot.")
    votes_for = counted("voor", "Stemmen voor.")
    votes_against = counted("tegen", "Stemmen tegen.")
    abstained = counted("onthouding", "Onthoudingen.")
    silent = counted("nietGestemd", "Leden die mochten stemmen en dat niet deden.")
    absent = counted("afwezig", "Leden die er bij het openen niet waren.")
    excused = counted("verschoond", "Leden die niet mochten meedoen.")
    quorum = truth("quorum", "Bij het sluiten waren er genoeg leden.")
    digest = said("controlegetal", "De SHA-256 van de lijst; staat ook in het verloop van het agendapunt.")
    openings = several("stemmen", OpeningSchema, "Alle getelde stemmen, zonder namen, op volgorde van bewijs.")
    named = fields.List(
        fields.Nested(NamedVoteSchema),
        data_key="opNaam",
        required=True,
        allow_none=True,
        metadata={"description": "Wie wat stemde; alleen als het reglement dat vraagt."},
    )


class AgendaItemSchema(EntitySchema):
    """An agendapunt."""

    outside = "Agendapunt"

    meeting = said("vergadering", "Nummer van de vergadering.")
    position = counted("volgorde", "Plaats op de agenda.")
    preliminary_advice = said("preadvies", "Het preadvies.")
    urgent = truth("spoed", "Het punt heeft spoed.")
    held_over = truth("wachtOpLatereVergadering", "Het punt wacht op een latere vergadering.")
    interest = said("eigenBelang", "Wat de lezer over een belang heeft verklaard.", nullable=True)
    round = one("stemming", VoteRoundSchema, "De laatste stemronde.", nullable=True)
    dictum = said("dictum", "Het besluit.", nullable=True)
    decided_on = dated("beslotenOp", "De dag van het besluit.")
    consensus = truth("consensus", "Besloten zonder stemming.", nullable=True)
    chair_decided = truth("voorzitterBesliste", "De stem van de voorzitter besliste.")


class RedactionSchema(AnswerSchema):
    """A passage that stays out of the public record."""

    outside = "Weglating"

    passage = said("passage", "De woorden die wegblijven.")
    ground = said("grond", "De grond in de Woo.")
    motivation = said("motivering", "Waarom.")


class ViewSchema(AnswerSchema):
    """What a party thinks of the publication."""

    outside = "Zienswijze"

    organisation = one("organisatie", OrganisationSchema, "De partij.", nullable=True)
    text = said("tekst", "De zienswijze.")
    at = timed("op", "Wanneer die is gegeven.")


class PublicationSchema(EntitySchema):
    """A publicatie."""

    outside = "Publicatie"

    ruling = said("uitspraak", "Het nummer van de uitspraak.", nullable=True)
    issue = counted("uitgave", "De hoeveelste uitgave openbaar is; 0: nog geen.")
    redactions = several("weglatingen", RedactionSchema, "Wat wegblijft; alleen voor wie de publicatie behandelt.")
    views = several("zienswijzen", ViewSchema, "Wat partijen ervan vinden; alleen voor wie de publicatie behandelt.")


class RecommendationSchema(EntitySchema):
    """An aanbeveling."""

    outside = "Aanbeveling"

    ruling = said("uitspraak", "Het nummer van de uitspraak.", nullable=True)
    text = said("tekst", "De aanbeveling.")
    indicator = said("indicator", "Waaraan te zien is dat het is gedaan.", nullable=True)
    reaction = said("reactie", "Het antwoord van de organisatie.", nullable=True)
    motivation = said("motivering", "Waarom.", nullable=True)
    responsible = said("verantwoordelijke", "Wie het uitvoert.", nullable=True)
    planned_on = dated("planning", "Wanneer het klaar is.")
    cost = said("kosten", "Wat het kost.", nullable=True)
    reacted_on = dated("gereageerdOp", "De dag van de reactie.")
    evidence = said("bewijs", "Waar te zien is dat het is gedaan.", nullable=True)
    reported_on = dated("gemeldOp", "De dag waarop de uitvoering is gemeld.")


class NuanceSchema(AnswerSchema):
    """What one later ruling adds to a precedent, or takes away."""

    outside = "Nuance"

    text = said("nuance", "Wanneer het wel geldt en wanneer niet; null tot de uitspraak openbaar is.", nullable=True)
    ruling = said("uitspraak", "De uitspraak waar de nuance uit komt; null tot die openbaar is.", nullable=True)


class PrecedentSchema(EntitySchema):
    """A precedent, in the words of the public record."""

    outside = "Precedent"

    key_question = said("kernvraag", "De vraag die is beantwoord.", nullable=True)
    rule = said("kernregel", "De regel.")
    conclusion = said(
        "conclusie", "Code uit de lijst conclusie; null van een uitspraak die niet meer openbaar is.", nullable=True
    )
    types = said_each("typen", "Soorten knelpunt.")
    bases = as_kept("grondslagen", "De grondslagen, zoals de uitspraak ze noemt.")
    in_force_from = dated("geldigVanaf", "De dag vanaf wanneer het precedent geldt.")
    in_force_until = dated("geldigTot", "De dag waarop het ophield te gelden.")
    ended_because = said("redenEinde", "Waarom het ophield te gelden.", nullable=True)
    replaced_by = said("vervangenDoor", "De uitspraak die ervoor in de plaats komt.", nullable=True)
    review_because = said_each("redenenHerbeoordeling", "Waarom er opnieuw naar wordt gekeken.")
    nuances = several("nuances", NuanceSchema, "Wat latere uitspraken eraan toevoegen.")
    review_on = dated("datumHerbeoordeling", "De dag waarop er opnieuw naar wordt gekeken.")
    to_reassess = truth("teHerbeoordelen", "Er moet opnieuw naar worden gekeken.")
    under_reconsideration = truth("inHeroverweging", "De commissie heroverweegt de uitspraak.")
    used_count = counted("aantalToepassingen", "Hoe vaak er een knelpunt mee is afgedaan.")


class VotedSchema(AgendaItemSchema):
    """An agendapunt after the reader voted, with the receipt."""

    outside = "AgendapuntNaStem"

    receipt = as_kept("ontvangstbewijs", "Het bewijs van uw stem. Alleen het eerste antwoord heeft het; bewaar het.")


ENTITIES: dict[str, type[EntitySchema]] = {
    "knelpunten": CaseSchema,
    "adviesaanvragen": AdviceSchema,
    "vergaderingen": MeetingSchema,
    "agendapunten": AgendaItemSchema,
    "publicaties": PublicationSchema,
    "aanbevelingen": RecommendationSchema,
    "precedenten": PrecedentSchema,
}
"""What one process of each collection shows."""


RECEIPT = "ontvangstbewijs"
_RECEIPT_SAYS = "Na een stem: het bewijs daarvan. Alleen het eerste antwoord heeft het; bewaar het. Anders null."


def taken(entity: type[EntitySchema]) -> type[EntitySchema]:
    """The answer to an action: the process as it is now, what was made, and the receipt of a vote."""
    made = {
        "__doc__": "A process after an action.",
        "outside": f"{entity.outside}NaActie",
        "made": several("gemaakt", MadeSchema, "De processen die de actie maakte."),
    }
    if entity is AgendaItemSchema:
        made["receipt"] = as_kept(RECEIPT, _RECEIPT_SAYS)
    return type(f"Taken{entity.__name__}", (entity,), made)


class FieldSchema(AnswerSchema):
    """A field that an action asks."""

    outside = "Veld"

    name = said("naam", "Naam van het veld.")
    label = said("label", "Wat mensen lezen.")
    shape = said("soort", "tekst, keuze, meerkeuze, datum, getal, jaNee, lijst of verwijzing.")
    required = truth("verplicht", "Zonder dit veld gaat de actie niet door.")
    options = as_kept("waarden", "De waarden waaruit te kiezen is; null: er is geen lijst.")
    parts = as_kept("onderdelen", "Van een lijst van objecten: de velden van één object.")


class ActionSchema(AnswerSchema):
    """What the reader may do now, or what stands in the way."""

    outside = "Actie"

    action = said("actie", "De slug van de actie.")
    label = said("label", "Wat mensen lezen.")
    allowed = truth("uitvoerbaar", "Er staat niets in de weg.")
    reasons = said_each("redenen", "Wat in de weg staat, als zinnen.")
    second = said("tweede", "De rol die na deze actie bevestigt; null: niemand.", nullable=True)
    asked = several("velden", FieldSchema, "Wat de actie vraagt.")


class ActionsSchema(AnswerSchema):
    """Everything that the reader may do now, and what not with the reason."""

    outside = "Acties"

    actions = several("acties", ActionSchema, "De acties.")


class EventSchema(AnswerSchema):
    """A line of the journal."""

    outside = "Verloopregel"

    sequence = counted("volgnummer", "Plaats in het verloop.")
    action = said("actie", "De actie.")
    source = said("van", "De status ervoor.", nullable=True)
    target = said("naar", "De status erna.")
    half = truth("helft", "De eerste helft van een actie met vier ogen.")
    at = timed("op", "Wanneer.")
    role = said("rol", "De rol waarin iemand handelde.")
    stood_in_for = said("namens", "Wiens rol dit was, als iemand een ander verving: een functie.", nullable=True)
    organisation = one("organisatie", OrganisationSchema, "De organisatie van wie handelde.", nullable=True)
    reason = said("reden", "Waarom; null voor wie niet betrokken is.", nullable=True)
    previous_hash = said("vorigeHash", "De hash van de regel ervoor.")
    hash = said("hash", "De hash van deze regel.")


class JournalSchema(AnswerSchema):
    """The lines of the journal that the reader may see."""

    outside = "Verloop"

    results = several("resultaten", EventSchema, "De regels, de oudste eerst.")


ROWS: dict[str, type[AnswerSchema]] = {
    "knelpunten": collection("Knelpunten", CaseRowSchema),
    "vergaderingen": collection("Vergaderingen", MeetingRowSchema),
    "adviesaanvragen": collection("Adviesaanvragen", ProcessSchema),
    "agendapunten": collection("Agendapunten", ProcessSchema),
    "publicaties": collection("Publicaties", ProcessSchema),
    "aanbevelingen": collection("Aanbevelingen", ProcessSchema),
}
"""A stretch of each collection; precedents are searched."""
