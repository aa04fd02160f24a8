"""How what members say and write about an agenda item goes out."""

from app.schemas.answer import AnswerSchema, counted, said, several, timed, truth


class GivenOpinionSchema(AnswerSchema):
    """An opinion of a member."""

    outside = "GegevenStandpunt"

    name = said("lid", "Het lid: een functie.")
    leaning = said("neiging", "Code uit de lijst neiging.")
    text = said("tekst", "Het standpunt.")
    at = timed("op", "Wanneer het is gegeven.")
    own = truth("eigen", "Het is van u.")


class TextVersionSchema(AnswerSchema):
    """A version of the text on which an item is decided."""

    outside = "Tekstversie"

    version = counted("versie", "De hoeveelste versie.")
    text = said("tekst", "De tekst.")
    name = said("auteur", "Wie de tekst schreef: een functie.", nullable=True)
    at = timed("op", "Wanneer.")


class ChallengeSchema(AnswerSchema):
    """A challenge of a member by a party."""

    outside = "Wraking"

    member = said("lid", "Het lid dat is gewraakt: een functie.")
    organisation = said("organisatie", "De partij die wraakte.", nullable=True)
    reason = said("reden", "Waarom.")
    at = timed("op", "Wanneer.")
    granted = truth("toegewezen", "De andere leden wezen de wraking toe; null: zij besloten nog niet.", nullable=True)
    votes_for = counted("voor", "Hoeveel leden de wraking terecht vonden.", nullable=True)
    votes_against = counted("tegen", "Hoeveel leden niet.", nullable=True)
    motivation = said("motivering", "Waarom zo is besloten.", nullable=True)


class DeliberationSchema(AnswerSchema):
    """What members say and write about an item."""

    outside = "Beraad"

    opinions = several("standpunten", GivenOpinionSchema, "De standpunten die u mag lezen.")
    sealed = counted("verzegeld", "Hoeveel standpunten nog verzegeld zijn.")
    versions = several("teksten", TextVersionSchema, "De versies van de tekst, de nieuwste eerst.")
    challenges = several("wrakingen", ChallengeSchema, "De wrakingen, de oudste eerst.")
