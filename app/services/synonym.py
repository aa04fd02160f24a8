"""Expressions that mean the same: the list that the product brings, and what analysts added to it."""

import tomllib
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import NamedTuple

from sqlalchemy import select

from app.adapters.search.analysis import stems
from app.adapters.search.question import LONGEST_EXPRESSION, Synonyms
from app.config import resource
from app.db.account import Account
from app.db.search import Synonym
from app.domain.access import ANALYST_ROLE
from app.domain.errors import Invalid, NotPermitted, NotVisible
from app.services.work import Work

FEWEST, MOST, SHORTEST, LONGEST = 2, 10, 2, 60
MOST_GROUPS = 500
FIELD = "uitdrukkingen"
TOO_FEW = "Vul ten minste twee woorden of uitdrukkingen in die hetzelfde betekenen."
TOO_MANY = f"Vul er hoogstens {MOST} in."
FULL = f"Er zijn al {MOST_GROUPS} eigen groepen. Beëindig er eerst een."
NOT_OTHERS = (
    "Voor het zoeken is dit maar één woord: enkelvoud, meervoud en vormen van een werkwoord horen al bij elkaar."
)
KNOWN = "Deze woorden staan al samen in een groep."

Expressions = tuple[str, ...]


class OwnGroup(NamedTuple):
    """A group that an analyst added, and whose account it was."""

    id: int
    expressions: Sequence[str]
    by: str
    created_at: datetime
    ended_at: datetime | None


def may_extend(work: Work) -> bool:
    """May the actor add a group, or end one?"""
    return ANALYST_ROLE in work.actor.roles


def synonyms(work: Work) -> Synonyms:
    """What means the same, for a question: one small query, however long the list of the product is."""
    return _table(_groups_of_rows(work))


def synonyms_with(work: Work, expressions: Sequence[str]) -> Synonyms:
    """The same, as if these expressions were a group as well."""
    return _table((*_groups_of_rows(work), tuple(expressions)))


def synonyms_without(work: Work, identity: int) -> Synonyms:
    """The same, as if this group had ended."""
    return _table(_groups_of_rows(work, leave_out=identity))


def product_groups() -> Sequence[Expressions]:
    """The groups that the product brings, in the order of the file."""
    return _listed()[0]


def example_questions() -> Sequence[str]:
    """Questions as people ask them, to show what a change of the list does."""
    return _listed()[1]


def own_groups(work: Work) -> Sequence[OwnGroup]:
    """What analysts added, the newest first; those that ended stay to be seen, the last of them."""
    query = (
        select(Synonym, Account.name)
        .join(Account, Account.id == Synonym.account_id)
        .order_by(Synonym.ended_at.is_not(None), Synonym.id.desc())
        .limit(2 * MOST_GROUPS)
    )
    return [
        OwnGroup(row.id, row.expressions, name, row.created_at, row.ended_at)
        for row, name in work.session.execute(query)
    ]


def own_group(work: Work, identity: int) -> Synonym:
    """A group that an analyst added and that has not ended."""
    _refuse_others(work)
    found = work.session.get(Synonym, identity)
    if found is None or found.ended_at is not None:
        raise NotVisible(str(identity))
    return found


def checked(work: Work, expressions: Iterable[str]) -> list[str]:
    """The expressions as they would be kept; refuses, with every fault, what can be no group."""
    kept = list(dict.fromkeys(" ".join(one.split()) for one in expressions if one.strip()))
    faults = [fault for one in kept if (fault := _fault(one))]
    if len(kept) < FEWEST:
        faults.append(TOO_FEW)
    if len(kept) > MOST:
        faults.append(TOO_MANY)
    if not faults:
        faults += _faults_of_group(work, kept)
    if faults:
        raise Invalid({FIELD: faults})
    return kept


def add_synonym(work: Work, *, expressions: Iterable[str]) -> Synonym:
    """Let these expressions find each other from now on."""
    _refuse_others(work)
    made = Synonym(expressions=checked(work, expressions), account_id=work.actor.account_id or 0, created_at=work.now)
    work.session.add(made)
    work.session.flush()
    return made


def end_synonym(work: Work, identity: int) -> Synonym:
    """Let a group that was added find each other no longer."""
    group = own_group(work, identity)
    group.ended_at = work.now
    work.session.flush()
    return group


def _refuse_others(work: Work) -> None:
    if not may_extend(work):
        raise NotPermitted("synonyms are for an analyst")


def _fault(expression: str) -> str | None:
    if not SHORTEST <= len(expression) <= LONGEST:
        return f"“{expression[:LONGEST]}” is te kort of te lang: neem {SHORTEST} tot {LONGEST} tekens."
    found = stems(expression)
    if not found:
        return f"“{expression}” heeft alleen woorden waarop niet wordt gezocht."
    if len(found) > LONGEST_EXPRESSION:
        return f"“{expression}” heeft te veel woorden: neem er hoogstens {LONGEST_EXPRESSION} waarop wordt gezocht."
    return None


def _faults_of_group(work: Work, expressions: Sequence[str]) -> list[str]:
    asked = {tuple(stems(one)) for one in expressions}
    if len(asked) < FEWEST:
        return [NOT_OTHERS]
    rows = _groups_of_rows(work)
    if len(rows) >= MOST_GROUPS:
        return [FULL]
    known = ({tuple(stems(one)) for one in group} for group in (*product_groups(), *rows))
    return [KNOWN] if any(asked <= group for group in known) else []


def _groups_of_rows(work: Work, *, leave_out: int | None = None) -> tuple[Expressions, ...]:
    rows = work.session.connection().execute(GROUPS).all()
    return tuple(tuple(expressions) for identity, expressions in rows if identity != leave_out)


# Each search asks this; made once, since to make a query costs as much as to ask it.
GROUPS = (
    select(Synonym.id, Synonym.expressions).where(Synonym.ended_at.is_(None)).order_by(Synonym.id).limit(MOST_GROUPS)
)


# What analysts added is the key, so that no other process, database or transaction can leave an older table here.
@lru_cache(maxsize=16)
def _table(own: tuple[Expressions, ...]) -> Synonyms:
    """By the stems of an expression the others of its groups, each once."""
    found: dict[tuple[str, ...], dict[tuple[str, ...], str]] = {}
    for group in (*product_groups(), *own):
        spelled: dict[tuple[str, ...], str] = {}
        for expression in group:
            spelled.setdefault(tuple(stems(expression)), expression)
        for key in spelled:
            others = {stemmed: expression for stemmed, expression in spelled.items() if stemmed != key}
            found[key] = others | found.get(key, {})
    return {key: tuple(others.values()) for key, others in found.items()}


@cache
def _listed() -> tuple[tuple[Expressions, ...], tuple[str, ...]]:
    """Read once; the list does not change while the application runs."""
    with open(resource("workflows") / "lists" / "synonyms.toml", "rb") as file:
        read = tomllib.load(file)
    return tuple(tuple(group) for group in read["groups"]), tuple(read["questions"])
