"""A body imports its commitments, whole or not at all; its agents find them, and see what remains at the desk."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from plainchant.capture.commitment_table import MAX_COMMITMENTS, CommitmentRow
from plainchant.portal import succession
from plainchant.portal.commitments.models import Commitment
from plainchant.portal.commitments.operations import MOST_TROUBLES, CommitmentsNotRead, import_rows
from plainchant.portal.commitments.queries import keeps_any, looked_up, named_by
from plainchant.portal.directory.requirements import missing
from plainchant.portal.drafts.after_sending import recycle_as_typed
from plainchant.portal.drafts.checking import check
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices.committed import committed, taken_of, taking
from plainchant.portal.invoices.errors import WouldBeRefused
from plainchant.portal.invoices.lifecycle import Action, Status
from plainchant.portal.invoices.lots import carry_lot
from plainchant.portal.invoices.models import DepositMode, Invoice
from plainchant.portal.invoices.operations import process
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.structures.models import ActivityEntry, Structure
from tests.making import a_draft, a_member, a_person, a_service, a_structure, a_town, an_attachment
from tests.portal.flows.making_flows import invoice as xml_invoice
from tests.portal.flows.making_flows import sent as a_flow

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)


@dataclass
class World:
    """A town that keeps three commitments, and a supplier with one invoice on the first: 1,200 € of 2,000 €."""

    seller: Structure
    town: Structure
    artist: Actor
    manager: Actor
    agent: Actor
    of_service: Actor
    invoice: Invoice


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> World:
    with once_a_module():
        seller, town = a_structure(at=at), a_town(at=at)
        culture = a_service(structure=town, code="CULTURE")
        artist = Actor(a_member(structure=seller, at=at))
        manager = Actor(a_member(structure=town, at=at, name="Berthe", is_manager=True))
        rows = [
            CommitmentRow(2, "2026-EJ-0042", "2000", subject="Fresque du préau", identifier=seller.identifier[:9]),
            CommitmentRow(3, "2026-EJ-0999", "50", service="culture", supplier="Zinc"),
            CommitmentRow(4, "AUTRE-77", "10", identifier="73282932000074", last_day="2026-01-31", contract="M-1"),
        ]
        import_rows(structure=town, rows=rows, replaces=False, actor=manager, at=at)
        sent = a_draft(seller=seller, user=artist.account, at=at, buyer=town, commitment="2026 ej 0042", number="A")
        submit(draft=sent.draft, actor=artist, at=at)
        carry_lot(uids=[str(sent.uid)], at=at)
        of_service = a_person(at=at, name="Denis")
        an_attachment(person=of_service, structure=town, at=at, profiles=[AccessProfile.PROCESS], services=[culture])
        agent = Actor(a_member(structure=town, at=at, name="Basile"))
        return World(seller, town, artist, manager, agent, Actor(of_service), Invoice.objects.get(pk=sent.pk))


@pytest.fixture
def world(built: World) -> World:
    return deepcopy(built)


def numbers(found: Any) -> list[str]:
    return [row.number for row in found]


def test_a_table_is_taken_whole_or_not_at_all(world: World, at: datetime) -> None:
    wrong = [
        CommitmentRow(2, "EJ-5", "1"),
        CommitmentRow(3, "ej/5", "2"),
        CommitmentRow(4, "EJ-6", "1", service="ROUTES"),
        CommitmentRow(5, "", "", trouble="« Numéro d’engagement » est vide."),
    ]
    with pytest.raises(CommitmentsNotRead) as refused:
        import_rows(structure=world.town, rows=wrong, replaces=True, actor=world.manager, at=at)
    assert [finding.message for finding in refused.value.findings[1:]] == [
        "Ligne 3, engagement ej/5 : Ce numéro est déjà à la ligne 2.",
        "Ligne 4, engagement EJ-6 : Vous n’avez pas de service « ROUTES ».",
        "Ligne 5 : « Numéro d’engagement » est vide.",
    ]
    many = [CommitmentRow(n, "x", "1", trouble="?") for n in range(MOST_TROUBLES + 2)]
    for rows, last in ((many, "Et 2 autres."), ([], "Aucune ligne"), (many * 300, f"plus de {MAX_COMMITMENTS}")):
        with pytest.raises(CommitmentsNotRead) as refused:
            import_rows(structure=world.town, rows=rows, replaces=True, actor=world.manager, at=at)
        assert last in refused.value.findings[-1].message
    assert numbers(Commitment.objects.order_by("pk")) == ["2026-EJ-0042", "2026-EJ-0999", "AUTRE-77"]


def test_a_table_completes_or_replaces_and_the_log_says_it(world: World, at: datetime) -> None:
    anew = [CommitmentRow(2, "2026 EJ 0042", "3000"), CommitmentRow(3, "NEUF-1", "5", first_day="2026-01-01")]
    done = import_rows(structure=world.town, rows=anew, replaces=False, actor=world.manager, at=at)
    assert (done.added, done.changed, done.removed) == (1, 1, 0)
    row = Commitment.objects.get(key="2026EJ0042")
    assert (row.number, row.amount, row.subject) == ("2026 EJ 0042", Decimal(3000), "")
    done = import_rows(structure=world.town, rows=anew, replaces=True, actor=world.manager, at=at)
    assert (done.added, done.changed, done.removed) == (0, 0, 2)
    assert Commitment.objects.get(pk=row.pk).uid == row.uid  # its address goes on
    assert ActivityEntry.objects.filter(kind="ENGAGEMENTS").last().about.startswith("0 de plus")


@pytest.mark.parametrize(
    ("text", "wanted", "is_near"),
    [
        ("2026ej-0042", ["2026-EJ-0042"], False),
        ("0999", ["2026-EJ-0999"], False),
        ("préau", ["2026-EJ-0042"], False),
        ("zinc", ["2026-EJ-0999"], False),
        ("732 829 320", ["AUTRE-77"], False),
        ("m-1", ["AUTRE-77"], False),
        ("2026-EJ-0043", ["2026-EJ-0042"], True),  # one letter wrong
        ("2026-EJ-042", ["2026-EJ-0042"], True),  # missing
        ("2026-EJ-00422", ["2026-EJ-0042"], True),  # too many
        ("2026-JE-0042", ["2026-EJ-0042"], True),  # turned
        ("2026.(0042[", [], True),  # no pattern of the visitor's
        ("2O26-EJ-0O42", [], True),
        ("", ["2026-EJ-0042", "2026-EJ-0999", "AUTRE-77"], False),
    ],
)
def test_one_is_looked_up_with_its_typos(world: World, text: str, wanted: list[str], is_near: bool) -> None:
    found = looked_up(Commitment.objects.order_by("pk"), text=text)
    assert (numbers(found[0]), found[1]) == (wanted, is_near)


def test_another_body_s_commitment_of_the_same_number_is_its_own(world: World, at: datetime) -> None:
    other = a_town(at=at, name="Ville d’Orée")
    chief = Actor(a_member(structure=other, at=at, is_manager=True))
    assert not keeps_any(structure=other)
    assert named_by(structure=other, number="2026-EJ-0042") is None
    import_rows(
        structure=other, rows=[CommitmentRow(2, "2026-EJ-0042", "75")], replaces=False, actor=chief, at=at
    )  # fmt: skip
    own = named_by(structure=other, number="2026-EJ-0042")
    assert own is not None
    assert (own.structure, own.amount) == (other, Decimal(75))
    theirs = named_by(structure=world.town, number="2026-EJ-0042")
    assert theirs is not None
    assert (theirs.structure, theirs.amount) == (world.town, Decimal(2000))


def test_what_remains_counts_each_invoice_that_may_still_be_paid(world: World, at: datetime) -> None:
    [row] = Commitment.objects.select_related("structure").filter(key="2026EJ0042")
    assert taken_of([row]) == {row.pk: Decimal(1200)}
    process(invoice=world.invoice, action=Action.SEND_BACK, actor=world.agent, at=at, reason_code="SIRET_ERR")
    assert taken_of([row]) == {row.pk: 0}
    assert taken_of([]) == {}


def test_what_remains_is_read_by_the_key_of_the_commitment(world: World, at: datetime) -> None:
    """Among enough invoices that no other plan costs as little: of a handful, PostgreSQL may take any index."""
    Invoice.objects.bulk_create(
        Invoice(
            seller=world.seller, buyer=world.town, number=f"N-{rank}", commitment=f"2026 EJ {rank}", words="x" * 500,
            status=Status.AVAILABLE, status_at=at, made_available_at=at, deposit_mode=DepositMode.FLOW,
            payable_amount=1, to_pay=1, created_at=at, created_by=world.artist.account, updated_at=at,
        )
        for rank in range(1000)
    )  # fmt: skip
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE invoices_invoice")
    plan = taking(structure=world.town, keys=["2026EJ500"]).explain()
    assert "invoices_on_a_commitment" in plan


def test_the_desk_says_what_does_not_agree(world: World) -> None:
    shown = committed(invoice=world.invoice, actor=world.agent)
    assert shown is not None
    assert (shown.remains, shown.disagreements) == (Decimal(800), [])
    Commitment.objects.filter(key="2026EJ0042").update(
        identifier="73282932000074", supplier="Zinc", amount=1000, last_day="2026-10-31", contract="M-1",
        service=world.town.services.get(),
    )  # fmt: skip
    world.invoice.contract = "M-2"
    shown = committed(invoice=world.invoice, actor=world.agent)
    assert shown is not None
    assert [sentence[:20] for sentence in shown.disagreements] == [
        "Il est au nom d’un a", "Il est pour le servi", "Il n’est pas valable", "Il est du marché M-1",
        "Les factures dépasse",
    ]  # fmt: skip


def test_an_unknown_number_is_shown_with_those_it_may_be(world: World) -> None:
    world.invoice.commitment = "2026-EJ-0043"
    shown = committed(invoice=world.invoice, actor=world.agent)
    assert shown is not None
    assert (shown.commitment, numbers(shown.near)) == (None, ["2026-EJ-0042"])
    assert committed(invoice=world.invoice, actor=world.artist) is None
    # Who sees those of a service is not told that a number of the whole body is unknown.
    world.invoice.commitment = "2026-EJ-0042"
    assert committed(invoice=world.invoice, actor=world.of_service) is None
    world.invoice.commitment = ""
    assert committed(invoice=world.invoice, actor=world.agent) is None


UNKNOWN, TO_CHECK = "ANNUAIRE-ENGAGEMENT-INCONNU", "ANNUAIRE-ENGAGEMENT-A-VERIFIER"


@pytest.mark.parametrize(
    ("setting", "number", "rules"),
    [
        ("", "EJ-1", []),
        ("REMARQUE", "2026/EJ/0042", []),
        ("REMARQUE", "EJ-1", [(TO_CHECK, "warning")]),
        ("REFUS", "EJ-1", [(UNKNOWN, "fatal")]),
        ("REFUS", "AUTRE-77", [(UNKNOWN, "fatal")]),  # of another supplier: no more known than one that there is not
        ("REFUS", "", []),
    ],
)
def test_an_unknown_number_is_a_remark_or_a_refusal_as_the_body_wants(
    world: World, setting: str, number: str, rules: list[tuple[str, str]]
) -> None:
    world.town.unknown_commitment = setting

    def found(seller: str | None) -> list[tuple[str, str]]:
        lacking = missing(structure=world.town, service="", commitment=number, day=DAY, seller=seller)
        return [(finding.rule, finding.severity) for finding in lacking]

    assert found(world.seller.identifier) == rules
    assert found(None) == []  # a visitor who may be anybody does not find out which numbers there are
    Commitment.objects.all().delete()
    assert found(world.seller.identifier) == []  # nothing is unknown to a body that keeps no list


def test_a_draft_a_flow_and_a_new_address_are_checked(world: World, at: datetime) -> None:
    Structure.objects.filter(pk=world.town.pk).update(unknown_commitment="REMARQUE")
    draft = a_draft(seller=world.seller, user=world.artist.account, at=at, buyer=world.town, commitment="EJ-1")
    assert TO_CHECK in {finding.rule for finding in check(draft=draft.draft, at=at).findings}
    parties = {"seller": world.seller.identifier, "buyer": world.town.identifier, "commitment": "EJ-1"}
    flow = a_flow(xml_invoice("FLUX-1", **parties), structure=world.seller, user=world.artist.account, at=at)
    assert TO_CHECK in {remark["rule"] for remark in Invoice.objects.get(number="FLUX-1").remarks}
    Structure.objects.filter(pk=world.town.pk).update(unknown_commitment="REFUS")
    draft.draft.refresh_from_db()
    assert UNKNOWN in {finding.rule for finding in check(draft=draft.draft, at=at).stops}
    flow = a_flow(xml_invoice("FLUX-2", **parties), structure=world.seller, user=world.artist.account, at=at)
    assert flow.results.get().findings[0]["rule"] == UNKNOWN
    process(invoice=world.invoice, action=Action.SEND_BACK, actor=world.agent, at=at, reason_code="SIRET_ERR")
    typed = {"buyer": world.town.identifier, "buyer_service": "", "commitment": "EJ-1", "contract": "", "comment": ""}
    with pytest.raises(WouldBeRefused):
        recycle_as_typed(invoice=world.invoice, typed=typed, actor=world.artist, at=at)


def test_a_new_siret_takes_them_along_and_what_was_invoiced_still_counts(world: World, at: datetime) -> None:
    heir = succession.change_siret_as_operator(siret=world.town.identifier, new="21060001600019", at=at)
    rows = list(Commitment.objects.select_related("structure", "service").order_by("pk"))
    assert {row.structure for row in rows} == {heir}
    assert rows[1].service == heir.services.get(code="CULTURE")
    assert taken_of(rows)[rows[0].pk] == Decimal(1200)


def test_the_pages(world: World, client: Client) -> None:
    address = f"/structures/{world.town.uid}/engagements/"
    client.force_login(world.agent.account)
    assert "800,00" in client.get(address).text
    near = client.get(f"{address}?q=2026-EJ-0043").text
    assert "s’en approche" in near
    assert "AUTRE-77" not in near
    sheet = f"/structures/engagements/{Commitment.objects.get(key='2026EJ0042').uid}/"
    assert f"/recues/{world.invoice.uid}/" in client.get(sheet).text
    assert sheet in client.get(f"/recues/{world.invoice.uid}/").text
    client.force_login(world.of_service.account)
    listed = client.get(address).text
    assert "0999" in listed
    assert "0042" not in listed
    assert client.get(f"{address}importer/").status_code == 404
    assert client.get(f"/structures/{world.seller.uid}/engagements/").status_code == 404
    client.force_login(world.artist.account)
    assert client.get(f"/structures/{world.seller.uid}/engagements/").status_code == 404  # of public bodies alone


def test_the_page_that_imports(world: World, client: Client) -> None:
    address = f"/structures/{world.town.uid}/engagements/importer/"
    client.force_login(world.manager.account)
    assert "Valable jusqu’au" in client.get(address).text
    assert client.get(f"/structures/{world.town.uid}/engagements/modele.csv").status_code == 200

    def handed(text: str) -> Any:
        return client.post(address, {"file": SimpleUploadedFile("e.csv", text.encode()), "mode": "replace"})

    assert "ne trouvons pas les colonnes" in handed("Bonjour").content.decode().replace("n’y trouvons", "ne trouvons")
    assert "Ligne 2, engagement EJ-1" in handed("Numéro;Montant\nEJ-1;douze\n").content.decode()
    assert handed("Numéro;Montant\nEJ-1;12\n").status_code == 302
    assert numbers(Commitment.objects.all()) == ["EJ-1"]
