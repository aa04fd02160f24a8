"""The rules of procedure of a body in sentences, each with where it comes from."""

from collections.abc import Iterator
from typing import NamedTuple

from app.domain.dutch import number
from app.domain.meeting import OnTie, Quorum, Rules

LAW = "Kaderwet adviescolleges, artikel 20"
OWN = "Eigen keuze van het orgaan"
DEFAULT = "Geen regel van het orgaan: zo werkt dit stelsel als er niets is gekozen"

PARTS = {
    Quorum.HALF: "ten minste de helft van de leden",
    Quorum.MORE_THAN_HALF: "meer dan de helft van de leden",
    Quorum.TWO_THIRDS: "ten minste twee derde van de leden",
}
TIES = {
    OnTie.CHAIR: "Staken de stemmen, dan wordt het voorstel aangehouden tot de volgende vergadering. "
    "Staken ze dan weer, is de vergadering voltallig of kan het voorstel niet wachten, dan beslist "
    "de stem van de voorzitter. De uitspraak zegt dat erbij.",
    OnTie.REJECTED: "Staken de stemmen, dan is het voorstel verworpen.",
    OnTie.HELD_OVER: "Staken de stemmen, dan wordt het voorstel steeds aangehouden.",
}


class Rule(NamedTuple):
    """One rule as people read it: what it is about, what it says, and where it comes from."""

    about: str
    text: str
    origin: str


def sentences(rules: Rules, *, chosen: bool = True) -> list[Rule]:
    """Every rule by which a body meets; `chosen` says that the body chose them itself.

    >>> [rule.about for rule in sentences(Rules())][:3]
    ['Quorum', 'Verschoonde leden', 'Meerderheid']
    >>> sentences(Rules(tie=OnTie.REJECTED))[3].origin
    'Eigen keuze van het orgaan'
    """
    return list(_rules(rules, OWN if chosen else DEFAULT))


def changes(before: Rules, after: Rules) -> list[tuple[Rule, Rule]]:
    """What one version of the rules says differently from another.

    >>> [(old.text, new.text) for old, new in changes(Rules(), Rules(tie=OnTie.REJECTED))][0][1]
    'Staken de stemmen, dan is het voorstel verworpen.'
    """
    pairs = zip(sentences(before), sentences(after), strict=True)
    return [(old, new) for old, new in pairs if old.text != new.text]


def _rules(rules: Rules, own: str) -> Iterator[Rule]:
    yield Rule(
        "Quorum",
        f"Het orgaan besluit alleen als {PARTS[Quorum(rules.quorum)]} aanwezig is.",
        f"{LAW} lid 2" if rules.quorum == Quorum.HALF else own,
    )
    yield Rule(
        "Verschoonde leden",
        "Een verschoond lid telt voor het quorum mee als lid, en niet als aanwezige."
        if rules.excused_count
        else "Een verschoond lid telt voor het quorum niet mee.",
        f"{LAW} lid 2, streng gelezen" if rules.excused_count else own,
    )
    yield Rule(
        "Meerderheid",
        "Een voorstel is aangenomen als er meer stemmen voor dan tegen zijn. Ieder lid heeft één stem. "
        "Een onthouding is geen uitgebrachte stem.",
        f"{LAW} lid 3 en lid 4",
    )
    yield Rule("Staken van stemmen", TIES[OnTie(rules.tie)], f"{LAW} lid 5" if rules.tie == OnTie.CHAIR else own)
    yield Rule(
        "Stukken", f"De stukken gaan ten minste {_days(rules.papers_days)} voor de vergadering naar de leden.", own
    )
    yield Rule(
        "Afzonderlijke nota",
        "Een lid dat in de vergadering een afwijkend standpunt had, mag daarover een afzonderlijke nota schrijven. "
        f"Dat kan tot {_days(rules.note_days)} na het besluit, in hoogstens {number(rules.note_length)} tekens.",
        f"{LAW} lid 6; de termijn en de lengte: {own[0].lower()}{own[1:]}",
    )
    yield Rule(
        "Schriftelijk besluiten",
        "Het orgaan besluit alleen in vergadering."
        if rules.written_days == 0
        else "Over een punt dat niets nieuws vraagt, kan het orgaan schriftelijk besluiten als niemand tegen is. "
        f"Leden hebben daarvoor ten minste {_days(rules.written_days, working=True)}. "
        "Ieder lid kan vragen om een vergadering.",
        f"{LAW} lid 1" if rules.written_days == 0 else own,
    )
    yield Rule(
        "Uitslag",
        "In de uitslag staat wie voor en wie tegen stemde."
        if rules.names_in_result
        else "In de uitslag staat hoeveel leden voor en tegen stemden, en niet wie.",
        own,
    )


def _days(amount: int, *, working: bool = False) -> str:
    """An amount of days in words.

    >>> _days(1), _days(5, working=True)
    ('1 dag', '5 werkdagen')
    """
    word = ("werkdag" if working else "dag") if amount == 1 else ("werkdagen" if working else "dagen")
    return f"{amount} {word}"
