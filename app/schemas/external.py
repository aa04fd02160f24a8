"""A decision of another body: a line of the file that is read in, and what the API gives of it."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.errors import Invalid
from app.domain.number import external
from app.schemas.answer import AnswerSchema, LawSchema, as_kept, dated, one, said, said_each, several, timed, truth
from app.schemas.field import Form
from app.schemas.kind import Day, LongText, Matches, Text
from app.schemas.law import Laws
from app.schemas.several import Choices

LONGEST_DECISION = 1_000_000
WEB_ADDRESS = Matches(r"https?://[^\s<>\"]+", "Vul een adres in dat met https:// begint.")


class ExternalDecisionForm(Form):
    """A line of the file: who decided, its number there, and what was decided."""

    source = Text("bron", "Bron", missing="Noem in “bron” de instantie die het besluit nam.", longest=100)
    source_id = Text("bronId", "Nummer bij de bron", missing="Geef in “bronId” het nummer bij de bron.")
    text = LongText("tekst", "Tekst", missing="Geef in “tekst” de tekst van het besluit.", longest=LONGEST_DECISION)
    title = Text("titel", "Titel", longest=1000)
    decided_on = Day("datum", "Datum")
    url = Text("url", "Adres", longest=2000, checks=[WEB_ADDRESS])
    laws = Laws("grondslagen", "Grondslagen", most=500)
    types = Choices("typen", "Soort knelpunt", list="knelpunttype")
    summary = LongText("samenvatting", "Samenvatting")

    def clashes(self, answers: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Source and number make a number here that can be read back."""
        if "source" in answers and "source_id" in answers:
            try:
                external(answers["source"], answers["source_id"])
            except Invalid as refused:
                yield from ((field, sentences[0]) for field, sentences in refused.faults.items())


class CopySchema(AnswerSchema):
    """Where a decision that was taken over from another installation comes from, and what became of it there."""

    outside = "Kopie"

    url = said("adres", "Het adres van de installatie.")
    heard_at = timed("bijgewerktTot", "Wanneer de bron voor het laatst is gehoord.", nullable=True)
    followed = truth("gevolgd", "De kopie wordt nog bijgewerkt.")
    fault = truth("wijzigingGemist", "De laatste wijziging bij de bron was niet te lezen.")
    ended = truth("geldtNietMeer", "Bij de bron geldt het niet meer.")
    withdrawn_at = timed("ingetrokkenOp", "Wanneer de bron bekendmaakte dat het niet meer openbaar is.", nullable=True)
    withdrawn_because = said("ingetrokkenReden", "De reden die de bron daarvoor geeft.", nullable=True)
    treatment = as_kept(
        "behandeling", "Wat latere uitspraken er bij de bron mee deden, onder de namen van een precedent."
    )
    record = as_kept(
        "uitspraak", "De uitspraak zoals het register van de bron die heeft; null als die niet openbaar is."
    )


class ExternalDecisionSchema(AnswerSchema):
    """A decision of another body; it has a status when that body says one, and never one of the commission."""

    outside = "ExternBesluit"

    number = said("nummer", "Nummer hier: EXT, de bron en het nummer daar.")
    kind = said("soort", "Altijd extern.")
    source = said("bron", "De instantie die het besluit nam.")
    source_id = said("bronId", "Het nummer bij die instantie.")
    title = said("titel", "Titel; zonder eigen titel de eerste woorden.")
    decided_on = dated("datum", "De dag van het besluit.")
    url = said("url", "Waar het besluit bij de bron staat.", nullable=True)
    summary = said("samenvatting", "Samenvatting.")
    text = said("tekst", "De tekst.")
    types = said_each("typen", "Codes uit de lijst knelpunttype.")
    laws = several("grondslagen", LawSchema, "De wetten die het besluit noemt.")
    imported_at = timed("overgenomenOp", "Wanneer het besluit hier is overgenomen.")
    state = said("status", "De status die de bron noemt, bij een kopie van een gevolgde installatie.", nullable=True)
    state_label = said("statusLabel", "Die status in woorden.", nullable=True)
    copied = one("kopie", CopySchema, "Alleen bij een kopie van een gevolgde installatie.", nullable=True)
