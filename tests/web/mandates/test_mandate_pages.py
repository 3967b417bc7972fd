"""The pages of a mandate: given by the manager, kept as a PDF, ended after having said what that means."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plainchant.portal.mandates.models import BillingMandate, MandateFile
from tests.making import a_mandate, a_member, a_structure

pytestmark = pytest.mark.django_db


def logged_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def test_a_member_sees_the_mandate_and_cannot_give_or_end_it(at: datetime) -> None:
    structure = a_structure(at=at)
    manager = a_member(structure=structure, at=at, is_manager=True)
    member = logged_in(a_member(structure=structure, at=at))
    assert "C’est au gestionnaire" in member.get(f"/mandats/structure/{structure.uid}/").content.decode()
    assert member.post(f"/mandats/structure/{structure.uid}/donner/", {"name": "x"}).status_code == 404
    mandate = a_mandate(structure=structure, by=manager, at=at)
    assert member.get(f"/mandats/{mandate.uid}/mandat.pdf").content.startswith(b"%PDF")
    assert member.post(f"/mandats/{mandate.uid}/revoquer/").status_code == 404
    assert BillingMandate.objects.get().is_in_force


def test_the_manager_gives_it_files_a_document_and_ends_it(at: datetime) -> None:
    structure = a_structure(at=at)
    manager = logged_in(a_member(structure=structure, at=at, is_manager=True))
    give = f"/mandats/structure/{structure.uid}/donner/"
    assert manager.post(give, {"name": ""}).status_code == 422
    assert "Responsabilité" in manager.get(give).content.decode()
    manager.post(give, {"name": "Mes factures"})
    mandate = BillingMandate.objects.get()
    manager.post(f"/mandats/{mandate.uid}/joindre/", {"file": SimpleUploadedFile("pouvoir.pdf", b"%PDF-1.4")})
    refused = manager.post(
        f"/mandats/{mandate.uid}/joindre/", {"file": SimpleUploadedFile("pouvoir.exe", b"MZ")}, follow=True
    )
    assert "ne sont pas acceptés" in refused.content.decode()
    filed = MandateFile.objects.get()
    assert b"".join(manager.get(f"/mandats/piece/{filed.uid}/").streaming_content) == b"%PDF-1.4"
    assert "Les brouillons restent" in manager.get(f"/mandats/{mandate.uid}/revoquer/").content.decode()
    manager.post(f"/mandats/{mandate.uid}/revoquer/")
    assert not BillingMandate.objects.get().is_in_force
    assert "Mandats terminés" in manager.get(f"/mandats/structure/{structure.uid}/").content.decode()
