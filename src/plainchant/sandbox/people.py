"""Whom a sandbox has: suppliers, recipients and others with the programs that act for them, and recipients' agents."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from django.db import transaction

from plainchant.demo import cast, directory, load
from plainchant.einvoice.codes.identifier_types import EU_VAT_TYPE, SIRET_TYPE
from plainchant.portal.accounts.models import User
from plainchant.portal.accounts.operations import enrol
from plainchant.portal.directory import operations
from plainchant.portal.lib.security import unrecorded
from plainchant.portal.mail.models import Message
from plainchant.portal.mail.operations import record_sent
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.structures import applications, closing, managers, technical_accounts
from plainchant.portal.structures.models import Membership, Structure, StructureNature
from plainchant.portal.structures.operations import StructureDetails, create

from .seeds import Seed, SeededActor, directory_of

RECIPIENTS_WITH_PROGRAMS = (  # those of the qualification environment: one of each demand
    directory.QUALIFICATION_NOTHING,
    directory.QUALIFICATION_SERVICE,
    directory.QUALIFICATION_COMMITMENT,
    directory.QUALIFICATION_EITHER,
    directory.QUALIFICATION_STATE,
)


def seed(seed: Seed, *, credentials: Path, at: datetime) -> None:
    """The demonstration's directory and people, what a seed adds to them, and the programs. No invoice."""
    load.load_if_empty(with_invoices=False)
    added = directory_of(seed)
    with unrecorded(), transaction.atomic():
        operations.record_bodies(bodies=added.bodies, at=at)
        operations.record_services(services=added.services, at=at)
        made = [_open(actor, at) for actor in seed.actors]
        parts = [("Fournisseur", workshop.siret) for workshop in cast.WORKSHOPS]
        parts += [(actor.part, actor.identifier) for actor in made if actor.has_program]
        for siret in RECIPIENTS_WITH_PROGRAMS:
            agent_of(Structure.objects.get(identifier=siret), at=at)
            parts.append(("Destinataire", siret))
        kept = [_program(part, identifier, at) for part, identifier in parts]
        for message in Message.objects.filter(sent_at__isnull=True):
            record_sent(message=message, at=at)
    credentials.touch(mode=0o600)
    credentials.write_text(json.dumps(kept, ensure_ascii=False, indent=2))


def _open(actor: SeededActor, at: datetime) -> SeededActor:
    """Somebody who manages it, and the structure itself where the directory does not have it."""
    user = _enrolled(actor.email, actor.part, actor.identifier if actor.identifier_type == SIRET_TYPE else "", at)
    if actor.nature == StructureNature.PUBLIC:
        managers.appoint_manager(email=user.email, siret=actor.identifier, at=at)
        return actor
    country = actor.identifier[:2] if actor.identifier_type == EU_VAT_TYPE else "FR"
    structure = create(
        actor=Actor(user),
        identifier=actor.identifier,
        identifier_type=actor.identifier_type,
        name=actor.name,
        sheet=StructureDetails(address_line="1 rue des Essais", postcode="99999", city="Ville-Test", country=country),
        at=at,
    ).structure
    if not actor.is_active:
        closing.close(structure=structure, actor=Actor(user), at=at)
    return actor


def _program(part: str, identifier: str, at: datetime) -> dict[str, str]:
    """What a program needs to act for a structure."""
    structure = Structure.objects.get(identifier=identifier)
    manager = Actor(Membership.objects.get(structure=structure, is_manager=True).user)
    application, secret = applications.make(structure=structure, actor=manager, name="Sandbox", at=at)
    account, password = technical_accounts.make(
        structure=structure, actor=manager, name="Sandbox", profiles=[AccessProfile.EVERYTHING], services=(), at=at
    )
    return {
        "part": part,
        "structure": structure.name,
        "siret": structure.identifier,
        "client_id": application.client_id,
        "client_secret": secret,
        "login": account.identifier,
        "password": password,
    }


def _enrolled(email: str, name: str, siret: str, at: datetime) -> User:
    return enrol(email=email, first_name=name, last_name=siret or "Test", password=cast.PASSWORD, siret=siret, at=at)


def agent_of(structure: Structure, *, at: datetime) -> User:
    """Somebody who manages a recipient, enrolled when first needed."""
    manager = Membership.objects.filter(structure=structure, is_manager=True).select_related("user").first()
    if manager is not None:
        return manager.user
    user = _enrolled(f"agent.{structure.identifier}@sandbox.example", "Agent", structure.identifier, at)
    managers.appoint_manager(email=user.email, siret=structure.identifier, at=at)
    return user
