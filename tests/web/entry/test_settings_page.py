"""What all of a structure's invoices say: its manager changes it, everyone of the structure sees it."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from plainchant.einvoice.law.french_vat import Regime
from plainchant.einvoice.law.vat_rates import Territory
from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.invoice_settings import territory_where_due
from plainchant.portal.drafts.models import Draft, InvoiceSettings
from plainchant.portal.structures.models import Structure
from tests.making import a_member

pytestmark = pytest.mark.django_db
TYPED = {"template": "plain", "vat_regime": "TVA_SUR_DEBIT", "legal_information": "RCS X", "colour": "#5b2a4e"}


@pytest.fixture
def colleague(seller: Structure, author: User, at: datetime) -> Client:
    """Attached to the structure, whose manager is somebody else."""
    client = Client()
    client.force_login(a_member(structure=seller, at=at, name="Bob"))
    return client


def test_a_member_cannot_rewrite_what_all_invoices_say(colleague: Client, seller: Structure) -> None:
    answer = colleague.post(f"/saisir/structure/{seller.uid}/", TYPED)
    assert answer.status_code == 404
    assert not InvoiceSettings.objects.filter(structure=seller).exists()


def test_a_member_sees_it_without_a_way_to_change_it(colleague: Client, seller: Structure) -> None:
    page = colleague.get(f"/saisir/structure/{seller.uid}/")
    assert page.status_code == 200
    assert "C’est au gestionnaire de le changer" in page.text
    assert "<fieldset disabled>" in page.text
    assert ">Enregistrer</button>" not in page.text
    assert 'type="file"' not in page.text


def test_the_manager_changes_it(visitor: Client, seller: Structure) -> None:
    page = visitor.get(f"/saisir/structure/{seller.uid}/")
    assert ">Enregistrer</button>" in page.text
    assert "<fieldset disabled>" not in page.text
    assert visitor.post(f"/saisir/structure/{seller.uid}/", TYPED).status_code == 302
    kept = InvoiceSettings.objects.get(structure=seller)
    assert (kept.vat_regime, kept.legal_information) == ("TVA_SUR_DEBIT", "RCS X")


@pytest.mark.parametrize(
    ("postcode", "chosen", "territory"),
    [
        ("75011", "", Territory.MAINLAND),
        ("97110", "", Territory.GUADELOUPE),
        ("97110", "CONTINENT", Territory.MAINLAND),
        ("75011", "974", Territory.REUNION),
        ("97133", "CONTINENT", Territory.MAINLAND),  # Saint-Barthélemy, whose own taxes nobody here knows
    ],
)
def test_where_vat_is_due_is_what_was_chosen_else_what_the_postcode_says(
    visitor: Client, seller: Structure, postcode: str, chosen: str, territory: Territory
) -> None:
    Structure.objects.filter(pk=seller.pk).update(postcode=postcode)
    page = f"/saisir/structure/{seller.uid}/"
    assert '<option value="" selected>D’après le code postal de la structure</option>' in visitor.get(page).text
    assert visitor.post(page, {**TYPED, "territory": chosen}).status_code == 302
    kept = InvoiceSettings.objects.get(structure=seller)
    assert territory_where_due(seller=kept.structure, settings=kept) is territory
    assert f'<option value="{chosen}" selected>' in visitor.get(page).text


def test_who_a_member_says_they_are_holds_for_that_invoice_only(colleague: Client, seller: Structure) -> None:
    question = colleague.post("/saisir/", {"seller": str(seller.uid)})["Location"]
    assert "Le gestionnaire de la structure peut la donner une fois pour toutes" in colleague.get(question).text
    answer = colleague.post(question, {"preset": "AUTHOR", "regime": Regime.FRANCHISE.value})
    assert answer["Location"].endswith("/destinataire/")
    assert not InvoiceSettings.objects.filter(structure=seller).exists()
    assert Draft.objects.get().typed["fields"]["vat_regime"] == "SANS_TVA"
