"""Definitions of workflows as data."""

from app.schemas.answer import AnswerSchema, WorkflowKeySchema, counted, said, said_each, several, truth


class DefinitionRowSchema(WorkflowKeySchema):
    """A version of a definition."""

    outside = "WorkflowInLijst"

    label = said("label", "Wat mensen lezen.")
    newest = truth("nieuwste", "Nieuwe processen volgen deze versie.")


class DefinitionsSchema(AnswerSchema):
    """Every version of every definition."""

    outside = "Workflows"

    results = several("resultaten", DefinitionRowSchema, "De versies van de definities.")


class StateSchema(AnswerSchema):
    """Where a process can stand."""

    outside = "Status"

    slug = said("status", "De slug.")
    label = said("label", "Wat mensen lezen.")
    final = truth("eind", "Het einde van het proces.")
    term = said("termijn", "Hoe lang het hier mag staan.", nullable=True)
    stage = said("fase", "Het station op de getekende lijn.", nullable=True)
    turn = said("aanZet", "De rol die aan de beurt is.", nullable=True)


class TransitionSchema(AnswerSchema):
    """A step."""

    outside = "Overgang"

    action = said("actie", "De slug van de actie.")
    label = said("label", "Wat mensen lezen.")
    sources = said_each("van", "De statussen van waaruit het kan.")
    target = said("naar", "De status erna; null: de status blijft.", nullable=True)
    roles = said_each("rollen", "Wie het mag.")
    second = said_each("tweede", "Wie bevestigt.")
    conditions = said_each("voorwaarden", "Wat ervoor nodig is: de zin die iemand leest als het niet zo is.")
    asks = said("formulier", "Het formulier dat de actie vraagt.", nullable=True)
    reopens = truth("heropent", "De weg uit een einde.")


class DefinitionSchema(AnswerSchema):
    """One version of a definition."""

    outside = "Workflow"

    name = said("naam", "De naam.")
    label = said("label", "Wat mensen lezen.")
    version = counted("versie", "De versie.")
    initial = said("begin", "De status waarin een proces begint.")
    states = several("statussen", StateSchema, "De statussen.")
    transitions = several("overgangen", TransitionSchema, "De overgangen.")
