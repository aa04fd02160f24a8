"""A ruling as everybody may read it: the public record, and nothing else."""

from marshmallow import fields

from app.schemas.answer import AnswerSchema, CodedSchema, as_kept, collection, dated, one, said, said_each, truth


class RulingRowSchema(AnswerSchema):
    """A ruling in a list."""

    outside = "UitspraakInLijst"

    number = said("nummer", "Nummer.")
    title = said("titel", "Titel.")
    rule = said("kernregel", "De regel, zoals de lijst die toont.")
    conclusion = said("conclusie", "De conclusie in woorden.", nullable=True)
    adopted_on = dated("datumVastgesteld", "De dag waarop de uitspraak is vastgesteld.", nullable=False)
    precedent_state = said("statusPrecedent", "De status van het precedent.", nullable=True)
    demonstration = truth("voorbeeld", "Dit zijn voorbeeldgegevens.")


RulingsSchema = collection("Uitspraken", RulingRowSchema)


class PublicRecordSchema(AnswerSchema):
    """A ruling as it was published; the record goes out as it is, with every field that the register has."""

    outside = "Uitspraak"

    number = said("nummer", "Nummer.")
    title = said("titel", "Titel.")
    summary = said("samenvatting", "Samenvatting in gewone taal.")
    key_question = said("kernvraag", "De vraag die is beantwoord.")
    dictum = said("kernregel", "De regel.")
    conclusion = one("conclusie", CodedSchema, "De conclusie.", nullable=True)
    adopted_on = fields.String(data_key="datumVastgesteld", required=True, metadata={"format": "date"})
    published_on = fields.String(
        data_key="datumGepubliceerd", required=True, allow_none=True, metadata={"format": "date"}
    )

    class Meta:
        unknown = "include"


class RulingInProgressSchema(AnswerSchema):
    """A ruling before everybody may read it, as this reader reads it."""

    outside = "UitspraakInWording"

    record = as_kept("uitspraak", "De velden van de uitspraak; een partij krijgt wat zij kan controleren.")
    gaps = said_each("ontbreekt", "Wat er nog ontbreekt voor die kan worden vastgesteld.")
    whole = truth("geheel", "U leest de hele uitspraak.")
    adopted = truth("vastgesteld", "De uitspraak is vastgesteld.")
    public_number = said("openbaarNummer", "Het nummer waaronder die openbaar is; null: nog niet.", nullable=True)
