"""What can be asked of a list in its address."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.db.kind import COLLECTIONS
from app.schemas.field import Form
from app.schemas.kind import Among, Choice, Matches, Number, Question, Text, Tick
from app.schemas.several import Choices, Lines
from app.services.asked import LONGEST_VALUE, NO_YEAR
from app.services.facet import OF_COMMISSION, OF_FOLLOWED, OF_OTHERS

LONGEST = 100
STRETCH = {"minimum": 1, "maximum": LONGEST}


class PageQuery(Form):
    """A stretch of a list: where it begins, and how long it is."""

    after = Text("na", "Na", hint="De plaats waar het vorige stuk eindigde; staat in de Link-kop.", longest=500)
    amount = Number("aantal", "Aantal", hint="1 tot en met 100.", load_default=25, shown=STRETCH)

    def clashes(self, answers: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """A stretch holds at most a hundred."""
        if not 1 <= answers.get("amount", 1) <= LONGEST:
            yield "aantal", f"Vraag er 1 tot en met {LONGEST}."


class ListQuery(PageQuery):
    """What every list of processes can be narrowed to."""

    states = Lines("status", "Status", hint="Een of meer slugs; herhaal de parameter.")
    organisation = Text("organisatie", "Organisatie", hint="TOOI-adres of naam, als melder of als partij.")
    late = Tick("teLaat", "Te laat", hint="Alleen wat te laat is.")
    words = Text("q", "Woorden", hint="Woorden in de titel.")
    order = Text(
        "sorteer",
        "Volgorde",
        hint="gewijzigd, termijn of nummer.",
        load_default="gewijzigd",
        checks=[Among("gewijzigd", "termijn", "nummer")],
    )


class WorklistQuery(PageQuery):
    """One of the lists of one's work, of every kind or of one."""

    listed = Text(
        "lijst",
        "Lijst",
        hint="wacht (op u), telaat, volg (wat u volgt) of alles.",
        load_default="wacht",
        checks=[Among("wacht", "telaat", "volg", "alles")],
    )
    kind = Text("soort", "Soort", hint="Alleen deze soort.", checks=[Among(*COLLECTIONS)])
    words = Text("q", "Woorden", hint="Woorden in de titel.")
    order = Text(
        "sorteer",
        "Volgorde",
        hint="termijn (alleen wat een termijn heeft), gewijzigd of nummer.",
        load_default="gewijzigd",
        checks=[Among("gewijzigd", "termijn", "nummer")],
    )


class CaseQuery(ListQuery):
    """What the list of cases can be narrowed to."""

    types = Choices("type", "Soort knelpunt", list="knelpunttype", hint="Herhaal de parameter voor meer.")
    law = Text("grondslag", "Grondslag", hint="Een wet of een artikel: BWBR0031331 of BWBR0031331:3.")


class SubQuery(ListQuery):
    """What the lists of processes about a case can be narrowed to."""

    case = Text("knelpunt", "Knelpunt", hint="Nummer van het knelpunt.")


class PrecedentQuery(Form):
    """A ranked search among precedents; without words the newest come first."""

    words = Question(
        "q",
        "Zoekvraag",
        hint="Woorden, “een zin”, -woord, veld:waarde (titel, wet, artikel, type, status, jaar, bron) en artikelen.",
    )
    amount = Number("aantal", "Aantal", hint="1 tot en met 100.", load_default=25, shown=STRETCH)
    order = Text(
        "sorteer",
        "Volgorde",
        hint="relevantie of datum.",
        load_default="relevantie",
        checks=[Among("relevantie", "datum")],
    )
    states = Lines("status", "Status", hint="Herhaal de parameter voor meer.")
    types = Choices("type", "Soort knelpunt", list="knelpunttype", hint="Herhaal de parameter voor meer.")
    laws = Lines("wet", "Wet", longest=LONGEST_VALUE, hint="Het nummer van de wet, zoals BWBR0031331.")
    articles = Lines(
        "artikel", "Artikel", longest=LONGEST_VALUE, hint="Het nummer van de wet en het artikel, zoals BWBR0031331:3."
    )
    sectors = Choices("sector", "Sector", list="sector")
    parties = Lines("partij", "Partij", longest=LONGEST_VALUE, hint="De naam zoals die in de uitspraak staat.")
    conclusions = Choices("conclusie", "Conclusie", list="conclusie")
    can = Choices("kan", "Kan het?", list="oordeel")
    may = Choices("mag", "Mag het?", list="oordeel")
    should = Choices("wenselijk", "Is het wenselijk?", list="oordeel")
    years = Lines(
        "jaar",
        "Jaar",
        checks=[Matches("[0-9]{4}", NO_YEAR)],
        hint="In vier cijfers. Van alle filters samen hoogstens 10 waarden.",
    )
    sources = Lines("bron", "Bron", longest=LONGEST_VALUE, hint="Wie besliste: het orgaan of de andere instantie.")
    whose = Lines(
        "van",
        "Van wie",
        checks=[Among(OF_COMMISSION, OF_FOLLOWED, OF_OTHERS)],
        hint="commissie, gevolgd (een instantie die we volgen) of anderen.",
    )

    clashes = PageQuery.clashes


class RulingQuery(PageQuery):
    """What the list of rulings can be narrowed to."""

    year = Number("jaar", "Jaar", hint="Het jaar waarin de uitspraak is vastgesteld.")
    type = Choice("type", "Soort knelpunt", list="knelpunttype")
    law = Text("wet", "Wet", hint="Het nummer van de wet, zoals BWBR0031331.", longest=30)
    state = Text("status", "Status", hint="De status die het precedent nu heeft.", longest=100)
    body = Text("orgaan", "Orgaan", hint="De naam van het orgaan.")


class FollowUpQuery(PageQuery):
    """What the follow-up can be narrowed to."""

    ruling = Text("uitspraak", "Uitspraak", hint="Nummer van de uitspraak.")
    organisation = Text("organisatie", "Organisatie", hint="TOOI-adres of naam.")
    year = Number("jaar", "Jaar", hint="Het jaar van de uitspraak.")
    outcome = Choice("uitkomst", "Uitkomst", list="navolgingsklasse", hint="De klasse waarin een aanbeveling meetelt.")
    carried = Choice(
        "uitvoering", "Uitvoering", list="uitvoering", hint="Alleen wat is overgenomen, en hoe ver het is."
    )


class OrganisationQuery(PageQuery):
    """What the list of organisations can be narrowed to."""

    words = Text("q", "Woorden", hint="Woorden in de naam.")
    joined = Tick("doetMee", "Doet mee", hint="Alleen organisaties die meedoen.")


class FeedQuery(PageQuery):
    """Where to read on in what happened."""

    after = Text(
        "na",
        "Na",
        hint="Wat het vorige antwoord ‘volgende’ noemde, of het nummer van een openbare gebeurtenis.",
        longest=100,
    )


LONGEST_OF_JOURNAL, HIGHEST_PLACE = 1000, 2**31 - 1
LONG_STRETCH = {"minimum": 1, "maximum": LONGEST_OF_JOURNAL}
PLACES = {"minimum": 1, "maximum": HIGHEST_PLACE}


class JournalQuery(Form):
    """A stretch of the whole journal; an auditor reads all of it, so it may be a long one."""

    place = Number("vanaf", "Vanaf", hint="De plaats van de eerste regel.", load_default=1, shown=PLACES)
    amount = Number("aantal", "Aantal", hint="1 tot en met 1000.", load_default=100, shown=LONG_STRETCH)

    def clashes(self, answers: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Places begin at one, and a stretch has an end."""
        if not 1 <= answers.get("amount", 1) <= LONGEST_OF_JOURNAL:
            yield "aantal", f"Vraag er 1 tot en met {LONGEST_OF_JOURNAL}."
        if not 1 <= answers.get("place", 1) <= HIGHEST_PLACE:
            yield "vanaf", f"Kies een plaats van 1 tot en met {HIGHEST_PLACE}."
