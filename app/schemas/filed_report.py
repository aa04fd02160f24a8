"""Reports as they were sent in, and the receipt."""

from app.schemas.answer import (
    AnswerSchema,
    LawSchema,
    OrganisationSchema,
    as_kept,
    collection,
    one,
    said,
    said_each,
    several,
    timed,
    truth,
)


class ReceiptSchema(AnswerSchema):
    """What the sender of a report gets back at once."""

    outside = "Ontvangst"

    number = said("nummer", "Het nummer van de melding.")
    case = said("knelpunt", "Het nummer van het knelpunt waar de melding bij hoort.")
    similar = said_each("gelijkende", "Precedenten en bekende knelpunten die erop lijken, de beste eerst.")


class FiledReportRowSchema(AnswerSchema):
    """A melding in a list."""

    outside = "MeldingInLijst"

    number = said("nummer", "Nummer.")
    case = said("knelpunt", "Het knelpunt waar de melding bij hoort.")
    title = said("titel", "Titel.")
    organisation = one("organisatie", OrganisationSchema, "De organisatie die meldde.")
    joins = truth("slootAan", "De melding sloot aan bij een bekend knelpunt.")
    filed_at = timed("verstuurdOp", "Wanneer de melding is verstuurd.")


class FiledReportSchema(FiledReportRowSchema):
    """A melding, as it was sent; it never changes."""

    outside = "Melding"

    key_question = said("kernvraag", "De kernvraag.")
    description = said("omschrijving", "Wat er aan de hand is.")
    types = said_each("typen", "Soorten knelpunt.")
    exchange = as_kept("uitwisseling", "De gewenste uitwisseling.")
    laws = several("grondslagen", LawSchema, "De wetten en artikelen.")
    basis_unknown = truth("grondslagOnbekend", "De melder weet niet welke wet geldt.")
    tried = said("alGeprobeerd", "Wat al is geprobeerd.")
    societal_effect = said("maatschappelijkEffect", "Wat mensen ervan merken.")
    urgency = said("urgentie", "Hoe dringend het is.")
    confidentiality = said("vertrouwelijkheid", "Wie het mag lezen.")
    personal_data_reason = said("persoonsgegevensReden", "Waarom er persoonsgegevens in staan.", nullable=True)
    similar = said_each("gelijkende", "Wat bij het versturen als gelijkend is getoond.")


FiledReportsSchema = collection("Meldingen", FiledReportRowSchema)
