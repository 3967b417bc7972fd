"""How far a right reaches: the structures, and the services, over which an actor has it at this very moment.

The database is asked each time, whatever the objects in memory say. An attachment that is asked, refused, disabled or
removed gives nothing, nor does a closed account, nor a delegation that has not begun or has ended. A technical account
that has not been ended gives what an attachment with the same grants gives, but for what the table of rights keeps for
people.

These are subqueries of nearly every query of a page. They are written in SQL, the same for both databases: made of
querysets, they took more time to put together than the database to answer.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.lib.written_once import written_once
from plainchant.portal.rights.actor import Acting, Actor, Behalf, acting
from plainchant.portal.rights.permissions import goes_by_keys
from plainchant.portal.rights.rights import RIGHT_ROW, Right

from .models import Delegation, Grant, Membership, Service, Structure

Condition = tuple[str, list[object]]  # SQL and its parameters
_LONGEST_NAME = 80  # of each structure, in a line of history that names two

# An attachment that gives something today: accepted, and of an account that is open.
_OPEN = """
FROM structures_membership m JOIN accounts_user u ON u.id = m.user_id
WHERE m.state = 'VALIDEE' AND u.is_active"""
# A technical account that has not been ended.
_SERVING = """
FROM structures_technicalaccount t
WHERE t.revoked_at IS NULL"""
_DELEGATED = """
FROM structures_delegation d
WHERE d.ended_at IS NULL AND d.begins_on <= %s AND (d.ends_on IS NULL OR d.ends_on >= %s)"""


@goes_by_keys(Structure)
def reached(*, actor: Actor, right: Right) -> QuerySet[Structure]:
    """The structures over the whole of which this actor has this right, by an attachment or by a delegation."""
    if actor.author is None:
        return Structure.objects.none()
    return Structure.objects.filter(pk__in=_sql(_reached(actor, right)))


def services_reached(*, actor: Actor, right: Right) -> QuerySet[Service]:
    """The services over which this actor has this right alone, without having it over their whole structure."""
    if actor.author is None or RIGHT_ROW[right].space is None:
        return Service.objects.none()
    return Service.objects.filter(pk__in=_sql(_services(actor, right)))


def reached_in_part(*, actor: Actor, right: Right) -> QuerySet[Structure]:
    """The structures over which this actor has this right, wholly or for some of their services."""
    if actor.author is None or RIGHT_ROW[right].space is None:
        return reached(actor=actor, right=right)
    of_services, values = _services(actor, right)
    in_part = f"SELECT s.structure_id FROM structures_service s WHERE s.id IN ({of_services})"  # noqa: S608 - our own
    return Structure.objects.filter(Q(pk__in=_sql(_reached(actor, right))) | Q(pk__in=_sql((in_part, values))))


def reaches_any(*, actor: Actor, right: Right, nature: str = "", in_part: bool = False) -> bool:
    """Whether the actor has this right today over a structure, of that nature where one is given.

    ``in_part``: to have it over a service is enough.
    """
    if actor.author is None:
        return False
    who, key = acting(actor)
    return bool(_any_reached(who, right, nature, in_part, key=key))


@written_once(Structure)
def _any_reached(who: Acting, right: Right, nature: str, in_part: bool, *, key: int) -> QuerySet[Structure, int]:
    found = (reached_in_part if in_part else reached)(actor=who.by(key), right=right)
    if nature:
        found = found.filter(nature=nature)
    return found.order_by().values_list("pk", flat=True)[:1]


def accepted_memberships() -> QuerySet[Membership]:
    """The attachments that give something today: accepted, and of an account that is open."""
    return Membership.objects.filter(state=Membership.State.ACCEPTED, user__is_active=True)


def holders(*, right: Right, service: Service | None = None) -> QuerySet[Membership]:
    """The attachments that give this right over the whole of their structure today, or over that service of it."""
    gives, values = _gives(right)
    held = Q(pk__in=_sql((f"SELECT m.id {_OPEN} AND {gives}", values)))
    row = RIGHT_ROW[right]
    if service is not None and row.space is not None:
        of_it = Grant.objects.filter(membership=OuterRef("pk"), service=service, space=row.space, mode__in=row.modes)
        held |= Q(Exists(of_it), state=Membership.State.ACCEPTED, user__is_active=True)
    return Membership.objects.filter(held)


def delegates() -> QuerySet[Structure]:
    """The structures that act for a client today."""
    today = day_in_paris(now()).isoformat()
    return Structure.objects.filter(pk__in=_sql((f"SELECT d.delegate_id {_DELEGATED}", [today, today])))


def have_delegates(*, clients: Collection[Structure]) -> bool:
    """Whether anybody acts for one of these today: answered in a tenth of the time of who may what for them."""
    today = day_in_paris(now()).isoformat()
    open_today = _sql((f"SELECT d.id {_DELEGATED}", [today, today]))
    return Delegation.objects.filter(client__in=clients, pk__in=open_today).exists()


def delegate_holders(*, client: Structure, right: Right) -> QuerySet[Membership]:
    """The attachments that give this right over ``client`` today by a delegation, and by nothing else."""
    gives, of_gives = _gives(right)
    opens, of_opens = _opens(right, holder="delegation_id", key="d.id")
    today = day_in_paris(now()).isoformat()
    delegated = f"SELECT d.delegate_id {_DELEGATED} AND d.client_id = %s AND {opens}"
    held = f"SELECT m.id {_OPEN} AND {gives} AND m.structure_id IN ({delegated})"
    own = holders(right=right).filter(structure=client).values("user")
    by_delegation = _sql((held, [*of_gives, today, today, client.pk, *of_opens]))
    return Membership.objects.filter(pk__in=by_delegation).exclude(user__in=own)


def delegations_used(
    *, actor: Actor, right: Right, structures: Collection[Structure] | None = None
) -> QuerySet[Delegation]:
    """The delegations by which alone this actor has this right, the oldest first; over ``structures``, or over any."""
    if actor.author is None:
        return Delegation.objects.none()
    return (
        Delegation.objects.filter(
            Q() if structures is None else Q(client__in=structures), pk__in=_sql(_delegated("d.id", actor, right))
        )
        .exclude(client__in=_sql(_own(actor, right)))
        .select_related("client", "delegate")
        .order_by("created_at", "pk")
    )


def acting_for(*, actor: Actor, structures: Collection[Structure], right: Right) -> dict[int, Actor]:
    """By the key of each of ``structures``: the actor, who acts on its behalf where only a delegation gives the right.

    It says who acts, never whether they may.
    """
    actors = dict.fromkeys((structure.pk for structure in structures), actor)
    for delegation in reversed(delegations_used(actor=actor, right=right, structures=structures)):
        behalf = Behalf(
            client=str(delegation.client)[:_LONGEST_NAME],
            delegate=str(delegation.delegate)[:_LONGEST_NAME],
            delegation=delegation.pk,
        )
        actors[delegation.client_id] = replace(actor, behalf=behalf)
    return actors


def _reached(actor: Actor, right: Right) -> Condition:
    """The keys of the structures. The people of a structure have over its clients what they have over their own."""
    own, of_own = _own(actor, right)
    delegated, of_delegated = _delegated("d.client_id", actor, right)
    return f"{own} UNION {delegated}", [*of_own, *of_delegated]


def _own(actor: Actor, right: Right) -> Condition:
    if actor.software is not None:
        return _of_program(actor.software.key, right)
    gives, of_gives = _gives(right)
    return f"SELECT m.structure_id {_OPEN} AND m.user_id = %s AND {gives}", [actor.account.pk, *of_gives]


def _of_program(key: int, right: Right) -> Condition:
    """Its structure, and those that this one goes on for: what was sent before a change of SIRET stayed with them."""
    gives, of_gives = _gives_programs(right)
    own = f"""
        SELECT id FROM (
            WITH RECURSIVE line(id) AS (
                SELECT t.structure_id {_SERVING} AND t.id = %s AND {gives}
                UNION
                SELECT s.origin_id FROM structures_structure s JOIN line ON s.id = line.id
                WHERE s.origin_id IS NOT NULL
            ) SELECT id FROM line
        ) of_program"""  # noqa: S608 - our own
    return own, [key, *of_gives]


def _delegated(column: str, actor: Actor, right: Right) -> Condition:
    own, of_own = _own(actor, right)
    opens, of_opens = _opens(right, holder="delegation_id", key="d.id")
    today = day_in_paris(now()).isoformat()
    delegated = f"SELECT {column} {_DELEGATED} AND d.delegate_id IN ({own}) AND {opens}"
    return delegated, [today, today, *of_own, *of_opens]


def _services(actor: Actor, right: Right) -> Condition:
    row = RIGHT_ROW[right]
    if actor.software is not None:
        holder, own, key = "technical_account_id", f"SELECT t.id {_SERVING} AND t.id = %s", actor.software.key
    else:
        holder, own, key = "membership_id", f"SELECT m.id {_OPEN} AND m.user_id = %s", actor.account.pk
    granted = f"""
        SELECT g.service_id FROM structures_grant g
        WHERE g.service_id IS NOT NULL AND g.space = %s AND g.mode IN (%s, %s) AND g.{holder} IN ({own})"""  # noqa: S608 - our own
    return granted, [row.space, row.modes[0], row.modes[-1], key]


def _gives(right: Right) -> Condition:
    """Of the attachment ``m``: it gives this right over the whole structure."""
    opens, values = _opens(right, holder="membership_id", key="m.id")
    return f"(m.is_manager OR {opens})", values


def _gives_programs(right: Right) -> Condition:
    """Of the technical account ``t``: it gives this right over the whole structure."""
    return ("1 = 0", []) if RIGHT_ROW[right].is_for_people else _opens(right, holder="technical_account_id", key="t.id")


def _opens(right: Right, *, holder: str, key: str) -> Condition:
    """Of whatever holds grants: one of them opens the space of this right for the whole structure."""
    row = RIGHT_ROW[right]
    if row.space is None:
        return "1 = 1", []
    granted = f"""EXISTS (SELECT 1 FROM structures_grant g
        WHERE g.{holder} = {key} AND g.service_id IS NULL AND g.space = %s AND g.mode IN (%s, %s))"""  # noqa: S608 - our own
    return granted, [row.space, row.modes[0], row.modes[-1]]


def _sql(condition: Condition) -> RawSQL:
    sql, values = condition
    return RawSQL(sql, [str(value) if isinstance(value, str) else value for value in values])  # noqa: S611 - our own
