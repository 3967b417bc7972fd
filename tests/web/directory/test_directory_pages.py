"""The directory's pages, as a first visitor meets them."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from plainchant.demo import directory as demo
from plainchant.portal.directory import operations
from plainchant.portal.structures.models import Service, Structure, StructureNature

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def directory(db: None, at: datetime) -> None:
    demo.seed(at=at)


def text_of(response: object) -> str:
    return response.content.decode().replace("\u00a0", " ")  # type: ignore[attr-defined]


def sheet(siret: str, client: Client, **query: str) -> str:
    response = client.get(f"/annuaire/{siret}/", query)
    assert response.status_code == 200
    return text_of(response)


def test_an_unknown_siret_leads_to_a_search_and_not_to_a_dead_end(client: Client) -> None:
    response = client.get("/annuaire/99999999999999/")
    assert response.status_code == 404
    assert "Nous n’avons pas trouvé cette structure" in text_of(response)
    near = client.get(f"/annuaire/{demo.TOWN_HALL[:-1]}9/")
    assert near.status_code == 404
    assert "Mairie de Valbrume-sur-Orée" in text_of(near)


def test_a_private_structure_has_no_sheet(client: Client, at: datetime) -> None:
    Structure.objects.create(
        nature=StructureNature.PRIVATE, identifier="00000000000099", name="Atelier secret", created_at=at
    )
    response = client.get("/annuaire/00000000000099/")
    assert response.status_code == 404
    assert "Atelier secret" not in text_of(response)


def test_it_cannot_be_written_to(client: Client) -> None:
    assert client.post("/annuaire/").status_code == 405


@pytest.mark.parametrize("query", ["q=%00", "q=%22", "q=x&page=zero", "q=valbrume&page=-1", "q=valbrume&page=9999999"])
def test_a_strange_question_is_answered_calmly(query: str, client: Client) -> None:
    assert client.get(f"/annuaire/?{query}").status_code == 200


def test_what_is_typed_is_shown_as_text(client: Client) -> None:
    assert "<script>x" not in text_of(client.get("/annuaire/", {"q": "<script>x</script>"}))


def test_nothing_found_says_what_to_do(client: Client) -> None:
    page = text_of(client.get("/annuaire/", {"q": "zzyzx"}))
    assert "Rien pour « zzyzx »." in page
    assert "14 chiffres du SIRET" in page


def test_the_first_page_asks_one_question_without_login(client: Client) -> None:
    response = client.get("/annuaire/")
    assert response.status_code == 200
    assert "À qui voulez-vous envoyer une facture" in text_of(response)


def test_results_link_to_their_sheets_and_are_counted(client: Client) -> None:
    page = text_of(client.get("/annuaire/", {"q": "pierrefeuille"}))
    assert f'href="/annuaire/{demo.MUSEUM}/"' in page
    assert "structures." in page


def test_a_mended_slip_is_said(client: Client) -> None:
    page = text_of(client.get("/annuaire/", {"q": "faiance pierefeuille"}))
    assert "Voici pour « faïences pierrefeuille »" in page


def test_while_typing_only_the_results_and_their_number_travel(client: Client) -> None:
    page = text_of(client.get("/annuaire/", {"q": "valbrume"}, **HTMX))  # type: ignore[arg-type]
    assert "<html" not in page
    assert 'hx-swap-oob="innerHTML"' in page
    assert "Mairie de Valbrume-sur-Orée" in page


def test_more_results_than_a_page_are_paged(client: Client) -> None:
    first = text_of(client.get("/annuaire/", {"q": "commune"}))
    assert "page=2" in first
    assert text_of(client.get("/annuaire/", {"q": "commune", "page": "2"})) != first


def test_an_inactive_body_is_marked_and_cannot_be_invoiced(client: Client) -> None:
    assert "Ne reçoit plus de factures" in text_of(client.get("/annuaire/", {"q": demo.CLOSED_TOWN}))
    page = sheet(demo.CLOSED_TOWN, client)
    assert "Cette structure ne reçoit plus de factures" in page
    assert "Facturer cette structure" not in page


def test_a_sheet_says_what_to_write_and_leads_to_the_invoice(client: Client) -> None:
    page = sheet(demo.TOWN_HALL, client)
    assert "l’un des deux suffit" in page
    assert f'href="/deposer/?destinataire={demo.TOWN_HALL}"' in page
    assert "Service culture" in page


def test_closed_and_reserved_services_are_not_listed(client: Client) -> None:
    page = sheet(demo.TOWN_HALL, client)
    for code in ("FETES_2024", "ETAT_CIVIL", Service.PUBLIC_INVOICES):
        assert code not in page


@pytest.mark.parametrize(
    ("siret", "said"),
    [(demo.TOWN_HALL, "30 jours"), (demo.HOSPITAL, "50 jours"), (demo.MINISTRY, "30 jours")],
)
def test_a_sheet_says_when_the_body_must_pay(siret: str, said: str, client: Client) -> None:
    assert said in sheet(siret, client)


def test_a_public_undertaking_has_sixty_days(client: Client) -> None:
    undertaking = Structure.objects.filter(payer_category="ENTREPRISE").first()
    assert undertaking is not None
    assert "60 jours" in sheet(undertaking.identifier, client)


def test_a_body_that_reports_no_payment_says_so(client: Client) -> None:
    assert "surveillez votre compte bancaire" in sheet(demo.HOSPITAL, client)
    assert "surveillez votre compte bancaire" not in sheet(demo.TOWN_HALL, client)


def test_many_services_can_be_filtered_without_accents_and_paged(client: Client) -> None:
    page = sheet(demo.HOSPITAL, client)
    assert "192 services ouverts." in page
    assert "page=2" in page
    filtered = sheet(demo.HOSPITAL, client, service="pediatrie batiment 3")
    assert "1 service pour" in filtered
    assert "CH-022" in filtered
    assert "CH-001" not in filtered
    assert "Aucun service ouvert" in sheet(demo.HOSPITAL, client, service="zzyzx")


def test_the_services_of_a_sheet_can_travel_alone(client: Client) -> None:
    page = text_of(client.get(f"/annuaire/{demo.HOSPITAL}/", {"service": "cuisine"}, **HTMX))  # type: ignore[arg-type]
    assert "<html" not in page
    assert "CH-007" in page


def test_a_page_of_results_asks_the_database_the_same_few_times(
    client: Client, django_assert_num_queries: object
) -> None:
    client.get("/annuaire/", {"q": "valbrume"})
    with django_assert_num_queries(3):  # type: ignore[operator]
        client.get("/annuaire/", {"q": "valbrume"})


def test_a_body_named_again_is_found_after_a_refresh(client: Client) -> None:
    hall = Structure.objects.get(identifier=demo.TOWN_HALL)
    hall.label = "Hôtel de ville des Lilas-Bleus"
    operations.refresh(structures=[hall])
    assert demo.TOWN_HALL in text_of(client.get("/annuaire/", {"q": "lilas bleus"}))
