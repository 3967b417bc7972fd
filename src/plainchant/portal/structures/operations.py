"""Create a structure and keep its sheet. Who joins it stands in `memberships`, its bank accounts in `bank_accounts`.

Whatever the page has asked, each operation asks the same row of `permissions` again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from plainchant.einvoice.codes.identifier_types import SIRET_TYPE
from plainchant.portal.accounts import claims
from plainchant.portal.accounts import mails as account_mails
from plainchant.portal.accounts.claims import ClaimRefused
from plainchant.portal.accounts.models import AddressClaim, User
from plainchant.portal.accounts.operations import send_claim
from plainchant.portal.lib.elision import of
from plainchant.portal.lib.security import SecurityEvent, record
from plainchant.portal.mail.operations import post
from plainchant.portal.mail.strangers import named
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.rights.rights import Right

from . import queries
from .activity import note
from .memberships import ask_to_join
from .models import ActivityEntry, Membership, Structure, StructureNature
from .naming import LegalName
from .ownership import own
from .permissions import JOIN_STRUCTURE, MANAGE_STRUCTURE

_SHEET_WORDS = {
    "label": "nom d’usage",
    "address_line": "adresse",
    "address_extra_1": "complément d’adresse",
    "address_extra_2": "complément d’adresse",
    "postcode": "code postal",
    "city": "ville",
    "country": "pays",
    "vat_number": "numéro de TVA",
    "rcs_number": "numéro RCS",
    "email": "adresse électronique",
    "phone": "téléphone",
}


@dataclass(frozen=True, kw_only=True)
class StructureDetails:
    """What a manager may write on the sheet of a structure. Values are already clean."""

    label: str = ""
    address_line: str = ""
    address_extra_1: str = ""
    address_extra_2: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "FR"
    vat_number: str = ""
    rcs_number: str = ""
    email: str = ""
    phone: str = ""


def create(
    *,
    actor: Actor,
    identifier: str,
    name: LegalName,
    sheet: StructureDetails,
    at: datetime,
    identifier_type: str = SIRET_TYPE,
) -> Membership:
    """Create a private structure; its creator becomes its manager. Returns that attachment.

    ``identifier`` is clean (`structure_identifiers.clean_identifier`). If somebody created it meanwhile, the creation
    becomes a request to join (the attachment returned is then pending).
    Raises NotAllowed, and what `ask_to_join` raises.
    """
    require(actor, JOIN_STRUCTURE)
    try:
        with transaction.atomic():
            structure = Structure.objects.create(
                nature=StructureNature.PRIVATE,
                identifier_type=identifier_type,
                identifier=identifier,
                created_at=at,
                **name.columns,
                **{**asdict(sheet), "email": ""},
            )
            note(structure=structure, kind=ActivityEntry.Kind.CREATED, actor=actor, at=at)
            membership = Membership.objects.create(
                user=actor.account,
                structure=structure,
                state=Membership.State.ACCEPTED,
                is_manager=True,
                requested_at=at,
                decided_at=at,
                decided_by=actor.account,
            )
            if sheet.email:
                ask_address(structure=structure, actor=actor, address=sheet.email, at=at)
            return membership
    except IntegrityError:
        found = queries.with_identifier(identifier=identifier, identifier_type=identifier_type)
        if found is None:
            raise
        return ask_to_join(actor=actor, structure=found, comment="", at=at)


def edit_sheet(*, structure: Structure, actor: Actor, sheet: StructureDetails, at: datetime) -> AddressClaim | None:
    """Change the sheet, except what identifies the structure: its SIRET and its legal name. Raises NotAllowed.

    Another address counts once it is confirmed: the claim on it is returned, None where there is nothing to confirm.
    """
    with transaction.atomic():
        require(actor, MANAGE_STRUCTURE, structure)
        values = asdict(sheet)
        del values["email"]
        changed = [name for name, value in values.items() if value != getattr(structure, name)]
        Structure.objects.filter(pk=structure.pk).update(**values)
        if changed:
            own(structure=structure, columns=changed)
            _note_change(structure=structure, names=changed, actor=actor, at=at)
        claim = None
        if sheet.email and sheet.email != structure.email:
            waiting = claims.pending(by=actor.account, structure=structure.uid, at=at)
            if waiting is None or waiting.address != sheet.email:
                claim = ask_address(structure=structure, actor=actor, address=sheet.email, at=at)
            else:
                claim = waiting
        elif not sheet.email and structure.email:
            claims.give_up(by=actor.account, structure=structure.uid, at=at)
            _move_notices(structure=structure, address="", at=at, by=actor.account)
    structure.refresh_from_db()
    return claim


def ask_address(*, structure: Structure, actor: Actor, address: str, at: datetime) -> AddressClaim | None:
    """Send the link that confirms an address of the structure, and tell the one that receives until then.

    An address of the person who asks, which is proven, counts at once: None. Raises NotAllowed.
    """
    with transaction.atomic():
        require(actor, MANAGE_STRUCTURE, structure)
        person = User.objects.get(pk=actor.account.pk)
        if address in (person.email, person.contact_email):
            claims.give_up(by=person, structure=structure.uid, at=at)
            _move_notices(structure=structure, address=address, at=at, by=person)
            return None
        claim, token = claims.ask(address=address, by=person, structure=structure.uid, at=at)
        informed = [structure.email or person.notice_address]
        send_claim(claim=claim, token=token, informed=informed, whose=f"les factures {of(named(structure))}")
    return claim


def confirm_address(*, claim: AddressClaim, at: datetime) -> Structure:
    """Use the link: the notices of the structure go there too from now on.

    Raises ClaimRefused, also where whoever asked may no longer change the sheet.
    """
    with transaction.atomic():
        managed = queries.reached(actor=Actor(claim.asked_by), right=Right.MANAGE)
        structure = managed.filter(uid=claim.structure).first() if claim.structure else None
        if structure is None:
            raise ClaimRefused
        claims.use(claim=claim, at=at)
        _move_notices(structure=structure, address=claim.address, at=at, by=claim.asked_by)
    return structure


def _note_change(*, structure: Structure, names: Iterable[str], actor: Actor, at: datetime) -> None:
    words = ", ".join(_SHEET_WORDS[name] for name in names)
    note(structure=structure, kind=ActivityEntry.Kind.EDITED, actor=actor, at=at, about=words)


def _move_notices(*, structure: Structure, address: str, at: datetime, by: User) -> None:
    before = structure.email
    Structure.objects.filter(pk=structure.pk).update(email=address)
    structure.email = address
    if before != address:
        own(structure=structure, columns=["email"])
        _note_change(structure=structure, names=["email"], actor=Actor(by), at=at)
    if before and before != address:
        mail = account_mails.address_changed(
            address=address or by.notice_address, whose=f"les factures {of(named(structure))}"
        )
        post(
            kind="address_changed",
            event=f"{structure.pk}|{at.isoformat()}",
            recipient=before,
            mail=mail,
            at=at,
        )
    record(SecurityEvent.ADDRESS_CHANGED, by=by.pk, structure=structure.identifier)
