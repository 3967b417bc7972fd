"""Whom a sandbox has: two suppliers with the programs that act for them, and an agent of each recipient."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from django.db import transaction

from plainchant.demo import cast, load
from plainchant.portal.accounts.models import User
from plainchant.portal.accounts.operations import enrol
from plainchant.portal.lib.security import unrecorded
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.structures import applications, managers, technical_accounts
from plainchant.portal.structures.models import Membership, Structure


def seed(*, credentials: Path, at: datetime) -> None:
    """The demonstration's directory and people, and what a program needs to act for its suppliers."""
    load.load_if_empty(with_invoices=False)
    kept = []
    for workshop in cast.WORKSHOPS:
        structure = Structure.objects.get(identifier=workshop.siret)
        manager = Actor(Membership.objects.get(structure=structure, is_manager=True).user)
        with unrecorded(), transaction.atomic():
            application, secret = applications.make(structure=structure, actor=manager, name="Sandbox", at=at)
            account, password = technical_accounts.make(
                structure=structure,
                actor=manager,
                name="Sandbox",
                profiles=[AccessProfile.EVERYTHING],
                services=(),
                at=at,
            )
        kept.append(
            {
                "structure": structure.name,
                "siret": structure.identifier,
                "client_id": application.client_id,
                "client_secret": secret,
                "login": account.identifier,
                "password": password,
            }
        )
    credentials.touch(mode=0o600)
    credentials.write_text(json.dumps(kept, ensure_ascii=False, indent=2))


def agent_of(structure: Structure, *, at: datetime) -> User:
    """Somebody who manages a recipient, enrolled when first needed."""
    manager = Membership.objects.filter(structure=structure, is_manager=True).select_related("user").first()
    if manager is not None:
        return manager.user
    user = enrol(
        email=f"agent.{structure.identifier}@sandbox.example",
        first_name="Agent",
        last_name=structure.identifier,
        password=cast.PASSWORD,
        siret=structure.identifier,
        at=at,
    )
    managers.appoint_manager(email=user.email, siret=structure.identifier, at=at)
    return user
