"""Why the door to the web outside did not give a good answer, in a sentence; an administrator hears what opens it."""

from app.adapters.egress import OWN_NETWORK, UNKNOWN_NAME
from app.config import value_list
from app.domain.access import ADMINISTRATOR_ROLE
from app.domain.errors import Invalid
from app.services.work import Work

SHUT = frozenset({OWN_NETWORK, UNKNOWN_NAME})
OPENS = "Mag een adres in uw eigen netwerk wel bereikt worden? Zet dat netwerk dan in de instelling EGRESS_NETWORKS."


def why_not_reached(code: str, *, may_open: bool) -> str:
    """The sentence for a code of the door; with what opens it, for who may."""
    said = value_list("bezorgfout").get(code, code)
    return f"{said} {OPENS}" if code in SHUT and may_open else said


def refusal(work: Work, code: str) -> Invalid:
    """What is wrong with an address that the actor filled in."""
    may_open = work.actor.is_system or ADMINISTRATOR_ROLE in work.actor.roles
    return Invalid({"adres": [why_not_reached(code, may_open=may_open)]})
