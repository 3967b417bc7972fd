"""The seeds by name: whom they have, and that they cover every combination of what a public body may demand."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import product
from pathlib import Path

import pytest

from plainchant.einvoice.identifiers import key_agrees
from plainchant.einvoice.law.payment import PAYER_CATEGORY_OF
from plainchant.portal.structures.models import Service, Structure, StructureNature
from plainchant.sandbox import people
from plainchant.sandbox.prepared import PEOPLE_OF
from plainchant.sandbox.seeds import SEEDS, combinations


def test_every_combination_is_there_once() -> None:
    rows = list(combinations())
    assert all(row.identifier.startswith("000") and key_agrees(row.identifier) for row in rows)  # of nobody
    assert len({row.identifier for row in rows}) == len(rows)
    shapes = {(row.category, row.demands, *row.others) for row in rows}
    flags = [(a, b, False) for a, b in product((False, True), repeat=2)] + [(False, False, True)]
    variants = [(), ("is_active",), ("is_works_authority_only",), ("reports_no_payment",)]
    assert shapes == {
        (category, demand, *variant) for category, demand, variant in product(PAYER_CATEGORY_OF, flags, variants)
    }


def test_the_command_knows_the_same_seeds() -> None:
    assert PEOPLE_OF.keys() == SEEDS.keys()
    assert set(PEOPLE_OF.values()) <= SEEDS.keys()
    assert not any(SEEDS[name].has_invoices for name in PEOPLE_OF.values())


@pytest.mark.django_db
@pytest.mark.one_database
def test_each_part_of_a_contract_has_somebody_and_a_program(tmp_path: Path, at: datetime) -> None:
    people.seed(SEEDS["qualification"], credentials=tmp_path / "made.json", at=at)
    rows = json.loads((tmp_path / "made.json").read_text())
    made = {row["part"]: row for row in reversed(rows)}
    assert made.keys() == {
        "Fournisseur", "Valideur", "Cotraitant", "MOE", "MOA", "Destinataire", "Destinataire 2", "Fournisseur étranger",
    }  # fmt: skip
    recipients = {row["siret"] for row in rows if row["part"] == "Destinataire"} - {made["Destinataire"]["siret"]}
    assert recipients == set(people.RECIPIENTS_WITH_PROGRAMS)
    assert rows[0]["part"] == "Fournisseur"  # whom a program is by default
    assert (tmp_path / "made.json").stat().st_mode & 0o077 == 0
    recipient = Structure.objects.get(identifier=made["Destinataire"]["siret"])
    assert (recipient.nature, recipient.memberships.count()) == (StructureNature.PUBLIC, 1)
    closed = Structure.objects.get(name="Fournisseur inactif de test")
    assert (closed.is_active, closed.memberships.count(), closed.technical_accounts.count()) == (False, 1, 0)
    kinds = set(Service.objects.filter(structure=recipient).values_list("code", "is_active", "requires_commitment"))
    assert {("SERVICE_EJ", True, True), ("SERVICE_INACTIF", False, False)} <= kinds
