"""Who someone is here, and what they may see: roles by scope, and the keys of an audience."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

SYSTEM_ROLE = "systeem"
PUBLIC_ROLE = "publiek"
PARTY_ROLE = "partij"
OWNER_ROLE = "eigenaar"
SUCCESSOR_ROLE = "beoogd_eigenaar"
REPORTER_ROLE = "melder"
COORDINATOR_ROLE = "orgcoordinator"
TRIAGE_ROLE = "triagist"
HANDLER_ROLE = "behandelaar"
ADVISER_ROLE = "deskundige"
ADMINISTRATOR_ROLE = "beheerder"
AUDITOR_ROLE = "auditor"
RESPONDENT_ROLE = "respondent"
FOLLOW_UP_ROLE = "navolgingscoordinator"
EDITOR_ROLE = "publicatieredacteur"
SECRETARY_ROLE = "ccg_secretaris"
CHAIR_ROLE = "ccg_voorzitter"
MEMBER_ROLE = "ccg_lid"
DEPUTY_ROLE = "ccg_plv"
COMMISSION_ROLES = (CHAIR_ROLE, MEMBER_ROLE, DEPUTY_ROLE)
"""Who may sit in the commission and vote; the secretary may not (BWBR0042823)."""
SEATED_ROLES = frozenset({*COMMISSION_ROLES, SECRETARY_ROLE})
"""The roles of a body; without one they are those of the central commission."""
DPO_ROLE = "fg"
ANALYST_ROLE = "analist"
FOR_PEOPLE = SEATED_ROLES | {ADMINISTRATOR_ROLE}
"""A person votes, and a person says who may do what; a program does neither by itself."""
PRECEDENT_KEEPERS = frozenset({ANALYST_ROLE, SECRETARY_ROLE})
"""Who looks after what precedents say: the secretary of the central commission, and the analyst."""

# These hold only for processes of the organisation for which they were granted.
ORGANISATION_ROLES = frozenset({REPORTER_ROLE, COORDINATOR_ROLE, RESPONDENT_ROLE, DPO_ROLE})
# Who can be asked for advice.
ADVISERS = frozenset({ADVISER_ROLE, DPO_ROLE})
# These hold only for the processes that were given to the person.
PERSONAL_ROLES = frozenset({HANDLER_ROLE, ADVISER_ROLE})

OFFICIALS = "official"
"""The audience key of everybody with an account: a known bottleneck may be seen, its file may not."""


class Grant(NamedTuple):
    """A role, and the organisation or the body for which it was given where that is its scope."""

    role: str
    organisation_id: int | None = None
    body_id: int | None = None


class StandIn(NamedTuple):
    """Somebody who fills a role in a process for who is absent or excused; for nobody while the seat is empty."""

    account_id: int
    role: str
    absent_id: int | None


@dataclass(frozen=True, slots=True)
class Actor:
    """The person, system or passer-by who acts or reads.

    Who comes with a key that was narrowed has no more roles than `narrowed`, also not for somebody else; and without
    `confirms` takes none of the acts that ask a person for the password again.
    """

    account_id: int | None = None
    organisation_id: int | None = None
    grants: frozenset[Grant] = frozenset()
    name: str = ""
    narrowed: frozenset[str] | None = None
    confirms: bool = True

    @property
    def roles(self) -> frozenset[str]:
        """Every role the actor has anywhere."""
        return frozenset(grant.role for grant in self.grants)

    @property
    def owner_as(self) -> int | None:
        """The account as which the actor owns a case, or is to take one over; with a narrowed key only who handles.

        >>> owner = Actor(7, 1, frozenset({Grant("behandelaar"), Grant("melder", 1)}))
        >>> owner.owner_as, owner.with_key(["behandelaar"], confirms=False).owner_as
        (7, 7)
        >>> owner.with_key(["melder"], confirms=False).owner_as
        """
        return self.account_id if self.narrowed is None or handling_keys(self) else None

    @property
    def is_system(self) -> bool:
        """The clock, the worker, or a process that leads another."""
        return SYSTEM_ROLE in self.roles

    def with_key(self, roles: Iterable[str] | None, *, confirms: bool) -> "Actor":
        """The same actor with a key: the same rights or fewer, never more.

        >>> sorted(
        ...     Actor(1, 12, frozenset({Grant("melder", 12), Grant("fg", 12)}))
        ...     .with_key(["melder"], confirms=False)
        ...     .roles
        ... )
        ['melder']
        """
        narrowed = None if roles is None else frozenset(roles)
        kept = self.grants if narrowed is None else frozenset(held for held in self.grants if held.role in narrowed)
        return replace(self, grants=kept, narrowed=narrowed, confirms=confirms)


SYSTEM = Actor(grants=frozenset({Grant(SYSTEM_ROLE)}), name="Systeem")
PUBLIC = Actor(grants=frozenset({Grant(PUBLIC_ROLE)}), name="Publiek")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a process says about who is who: the facts that `roles_in` needs.

    `organisations` reported the case or are addressed by the process; `parties` were invited. `body_id` is the body
    whose roles hold here, and None the central commission. Who is `excused` has no seat in it, and who is a
    `stand_in` has the role of another.
    """

    organisations: frozenset[int] = frozenset()
    parties: frozenset[int] = frozenset()
    owner_id: int | None = None
    handler_id: int | None = None
    adviser_id: int | None = None
    successor_id: int | None = None
    half_taken: bool = False
    body_id: int | None = None
    excused: frozenset[int] = frozenset()
    stand_ins: frozenset[StandIn] = frozenset()


def roles_in(scope: Scope, actor: Actor) -> frozenset[str]:
    """The roles that the actor has in this process, by `domain/workflow.md` 6.2 and 6.13.

    >>> handler = Actor(7, 1, frozenset({Grant("behandelaar")}))
    >>> sorted(roles_in(Scope(handler_id=7, owner_id=7), handler))
    ['behandelaar', 'eigenaar']
    >>> sorted(roles_in(Scope(handler_id=8), handler))
    []

    Who is asked for advice is the adviser there, also an officer who is asked as one.

    >>> sorted(roles_in(Scope(adviser_id=9), Actor(9, 1, frozenset({Grant("fg", 1)}))))
    ['deskundige']

    A seat is a seat in one body, and an excused member has none; a stand-in has the role of who is away.

    >>> chair = Actor(1, 1, frozenset({Grant("ccg_voorzitter")}))
    >>> sorted(roles_in(Scope(body_id=4), chair)), sorted(roles_in(Scope(excused=frozenset({1})), chair))
    ([], [])
    >>> deputy = Actor(2, 1, frozenset({Grant("ccg_lid")}))
    >>> sorted(roles_in(Scope(stand_ins=frozenset({StandIn(2, "ccg_voorzitter", 1)})), deputy))
    ['ccg_lid', 'ccg_voorzitter']

    A key that was narrowed fills no other seat either.

    >>> key = deputy.with_key(["ccg_lid"], confirms=True)
    >>> sorted(roles_in(Scope(stand_ins=frozenset({StandIn(2, "ccg_voorzitter", 1)})), key))
    ['ccg_lid']
    """
    return frozenset(_scoped(scope, actor))


def stands_in_for(scope: Scope, actor: Actor, role: str) -> int | None:
    """The account whose role the actor fills here; a deputy secretary has the role, and fills it for the secretary."""
    return next(
        (one.absent_id for one in scope.stand_ins if one.role == role and one.account_id == actor.account_id), None
    )


def _scoped(scope: Scope, actor: Actor) -> Iterable[str]:
    for grant in actor.grants:
        if grant.role in ORGANISATION_ROLES:
            yield from _within_organisation(scope, grant)
        elif grant.role in SEATED_ROLES:
            yield from _seated(scope, actor, grant)
        elif grant.role not in PERSONAL_ROLES or _is_given(scope, actor, grant.role):
            yield grant.role
    if actor.account_id is not None:
        yield from _personal(scope, actor, actor.account_id)


def _personal(scope: Scope, actor: Actor, account_id: int) -> Iterable[str]:
    if actor.owner_as is not None and scope.owner_id == actor.owner_as:
        yield OWNER_ROLE
    if actor.owner_as is not None and scope.successor_id == actor.owner_as:
        yield SUCCESSOR_ROLE
    if scope.adviser_id == account_id and not ADVISERS.isdisjoint(actor.roles):
        yield ADVISER_ROLE
    for stand_in in scope.stand_ins:
        if stand_in.account_id == account_id and account_id not in scope.excused and _is_kept(actor, stand_in.role):
            yield stand_in.role


def _is_kept(actor: Actor, role: str) -> bool:
    """A key that was narrowed fills no other role for who is away either."""
    return actor.narrowed is None or role in actor.narrowed


def _seated(scope: Scope, actor: Actor, grant: Grant) -> Iterable[str]:
    """A seat is a seat in one body, and who is excused has none."""
    if grant.body_id == scope.body_id and actor.account_id not in scope.excused:
        yield grant.role


def _within_organisation(scope: Scope, grant: Grant) -> Iterable[str]:
    if grant.organisation_id in scope.organisations:
        yield grant.role
    if grant.organisation_id in scope.parties:
        yield PARTY_ROLE


def _is_given(scope: Scope, actor: Actor, role: str) -> bool:
    """A personal role holds where it was given; a colleague may complete a half, a free case is anyone's."""
    if role == ADVISER_ROLE:
        return scope.adviser_id == actor.account_id
    return scope.handler_id in (None, actor.account_id) or scope.half_taken


def role_key(role: str, body_id: int | None = None) -> str:
    """The audience key of everybody with a role; a role in another body than the central one has its own.

    >>> role_key("ccg_lid"), role_key("ccg_lid", 4), role_key("auditor", 4)
    ('role:ccg_lid', 'role:ccg_lid@4', 'role:auditor')
    """
    return f"role:{role}@{body_id}" if body_id is not None and role in SEATED_ROLES else f"role:{role}"


def organisation_key(organisation_id: int) -> str:
    """The audience key of the people who report or answer for an organisation."""
    return f"org:{organisation_id}"


def coordinator_key(organisation_id: int) -> str:
    """The audience key of an organisation's coordinator: for what is confidential within it."""
    return f"coordinator:{organisation_id}"


def account_key(account_id: int) -> str:
    """The audience key of one person."""
    return f"account:{account_id}"


def reader_keys(actor: Actor) -> frozenset[str]:
    """The keys by which this actor is in an audience.

    >>> sorted(reader_keys(Actor(5, 12, frozenset({Grant("melder", 12), Grant("triagist")}))))
    ['account:5', 'official', 'org:12', 'role:triagist']
    """
    keys = set()
    for grant in actor.grants:
        if grant.role not in ORGANISATION_ROLES:
            keys.add(role_key(grant.role, grant.body_id))
        elif grant.organisation_id is not None:
            keys.add(organisation_key(grant.organisation_id))
            if grant.role == COORDINATOR_ROLE:
                keys.add(coordinator_key(grant.organisation_id))
    if actor.account_id is not None:
        keys |= {account_key(actor.account_id), OFFICIALS}
    return frozenset(keys)


def handling_keys(actor: Actor) -> frozenset[str]:
    """The keys of those who handle a process, and do not only report or take part."""
    return frozenset(
        role_key(grant.role, grant.body_id) for grant in actor.grants if grant.role not in ORGANISATION_ROLES
    )


def may_see(actor: Actor, audience: Iterable[str], *, public: bool, withheld_from: Collection[int] = ()) -> bool:
    """The plain rule behind the filter that the session adds to every SELECT.

    `withheld_from` are the accounts that may not see it because of an interest, by whatever key they hold.

    >>> may_see(PUBLIC, ["role:triagist"], public=False)
    False
    >>> member = Actor(5, 12, frozenset({Grant("ccg_lid")}))
    >>> may_see(member, ["role:ccg_lid"], public=False, withheld_from=[5])
    False
    """
    if public or actor.is_system:
        return True
    is_kept = actor.account_id is not None and actor.account_id in withheld_from
    return not is_kept and not reader_keys(actor).isdisjoint(audience)


# A case is known to all officials only when its reporter said that it may be.
KNOWN_TO_OFFICIALS = frozenset({"openbaar", "beperkt_openbaar"})
# Within the own organisation, these stay with the reporter and the coordinator.
CLOSED_WITHIN = frozenset({"vertrouwelijk", "confidentieel", "geheim", "zeer_geheim"})


def reporting_audience(confidentiality: str, *, organisation_id: int, account_id: int | None) -> frozenset[str]:
    """Who sees a new case on the reporter's side, by its confidentiality (ZGW vertrouwelijkheidaanduiding)."""
    keys = {role_key(AUDITOR_ROLE), coordinator_key(organisation_id)}
    if account_id is not None:
        keys.add(account_key(account_id))
    if confidentiality not in CLOSED_WITHIN:
        keys.add(organisation_key(organisation_id))
    if confidentiality in KNOWN_TO_OFFICIALS:
        keys.add(OFFICIALS)
    return frozenset(keys)


# What a coordinator hands out within the own organisation; an administrator hands out every role.
COORDINATOR_GRANTS = ORGANISATION_ROLES
NOT_GRANTABLE = frozenset({SYSTEM_ROLE, PUBLIC_ROLE, PARTY_ROLE, OWNER_ROLE, SUCCESSOR_ROLE})


def may_grant(actor: Actor, role: str, *, account_id: int, organisation_id: int | None) -> bool:
    """Nobody grants beyond the own scope, and nobody grants a role to oneself.

    >>> coordinator = Actor(1, 12, frozenset({Grant("orgcoordinator", 12)}))
    >>> may_grant(coordinator, "melder", account_id=2, organisation_id=12)
    True
    >>> may_grant(coordinator, "melder", account_id=2, organisation_id=13)
    False
    """
    if role in NOT_GRANTABLE or account_id == actor.account_id:
        return False
    if ADMINISTRATOR_ROLE in actor.roles:
        return True
    return role in COORDINATOR_GRANTS and Grant(COORDINATOR_ROLE, organisation_id) in actor.grants


def may_manage(actor: Actor, organisation_id: int) -> bool:
    """May invite, disable and grant to the people of an organisation."""
    return ADMINISTRATOR_ROLE in actor.roles or Grant(COORDINATOR_ROLE, organisation_id) in actor.grants
