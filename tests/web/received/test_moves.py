"""What a recipient does with an invoice: every move of the table has its page, its history, its mail, its print."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from plainchant.cli.docs import lifecycle as printed
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices import guards, lifecycle, operations
from plainchant.portal.invoices.lifecycle import MOVES, STATUS_ROWS, Action, BuyersMove, Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.web.filters import MoneyField
from plainchant.web.invoice_lists import SELECT
from tests.making import a_draft, a_member, a_structure, a_town, made_available
from tests.portal.invoices.arrivals import arrived

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
BUYERS = [move for move in MOVES if isinstance(move, BuyersMove)]
TAKE_CHARGE = str.__new__(Action, "take_charge")
TAKE_CHARGE._name_, TAKE_CHARGE._value_ = "TAKE_CHARGE", "take_charge"
NEW = BuyersMove(
    action=TAKE_CHARGE,
    right=Right.PROCESS,
    sources=frozenset({Status.AVAILABLE}),
    target=Status.SERVICE_DONE,
    label="Prendre en charge",
    history="Prise en charge par un agent",
    question="Prendre en charge la facture {number}\u00a0?",
    consequence="Vos collègues verront que vous vous en occupez.",
)


@pytest.fixture
def invoice(at: datetime) -> Invoice:
    seller, town = a_structure(at=at), a_town(at=at)
    artist = a_member(structure=seller, at=at)
    invoice = a_draft(seller=seller, user=artist, at=at, buyer=town)
    submit(draft=invoice.draft, actor=Actor(artist), at=at)
    made_available(invoice=invoice, at=at)
    return invoice


@pytest.fixture
def agent(invoice: Invoice, at: datetime, client: Client) -> Client:
    client.force_login(a_member(structure=invoice.buyer, at=at, name="Agent"))
    return client


@pytest.fixture
def new_move(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> BuyersMove:
    """One more move, by the table alone."""
    row: BuyersMove = getattr(request, "param", NEW)
    monkeypatch.setitem(Action._value2member_map_, row.action.value, row.action)
    monkeypatch.setitem(lifecycle.MOVE_OF, row.action, row)
    monkeypatch.setattr(lifecycle, "MOVES", (*MOVES, row))
    guards.install()  # as after a migration
    return row


def page_of(invoice: Invoice, move: BuyersMove) -> str:
    slug = move.action.value.replace("_", "-")
    return f"/recues/{invoice.uid}/{'payer' if move.right is Right.PAY else 'traiter'}/{slug}/"


def answers(move: BuyersMove) -> dict[str, str]:
    given = {"comment": "Merci."}
    return (
        given | ({"reason_code": "AUTRE"} if move.needs_reason else {}) | ({"amount": "1"} if move.asks_amount else {})
    )


@pytest.mark.parametrize("move", BUYERS, ids=lambda move: move.action)
def test_each_move_says_what_happens_and_does_it(agent: Client, invoice: Invoice, move: BuyersMove) -> None:
    page = agent.get(page_of(invoice, move))
    assert page.status_code == 200
    question = move.question_about(kind=invoice.kind, number=invoice.number)
    for words in (question, move.consequence_for(kind=invoice.kind), move.label):
        assert words in page.text
    assert ("sans retour" in page.text) == (move.action == Action.REJECT)
    assert ("Numéro de mandat" in page.text) == (move.action == Action.ORDER_PAYMENT)
    answer = agent.post(page_of(invoice, move), answers(move), follow=True)
    assert f"C’est fait : {invoice.title}, " in answer.text.replace("\u00a0", " ")
    assert move.history in answer.text
    invoice.refresh_from_db()
    assert invoice.status == move.target


def test_a_reason_is_wanted_where_the_row_says_so(agent: Client, invoice: Invoice) -> None:
    page = agent.post(page_of(invoice, lifecycle.MOVE_OF[Action.SUSPEND]), {})
    assert page.status_code == 422
    assert "Choisissez un motif" in page.text
    assert "<h2>À corriger avant de continuer</h2>" in page.text  # not the question, which is the page's own title


def test_another_reason_has_to_be_explained(agent: Client, invoice: Invoice) -> None:
    page = agent.post(page_of(invoice, lifecycle.MOVE_OF[Action.SUSPEND]), {"reason_code": "AUTRE"})
    assert page.status_code == 422
    assert "Expliquez en une phrase" in page.text


def test_a_second_suspension_is_told_to_stop_nothing(agent: Client, invoice: Invoice, at: datetime) -> None:
    suspend = lifecycle.MOVE_OF[Action.SUSPEND]
    agent.post(page_of(invoice, suspend), {"reason_code": "JUSTIF_ABS"})
    invoice.refresh_from_db()
    operations.complete(invoice=invoice, files=[], comment="Voilà.", actor=Actor(invoice.created_by), at=at)
    again = "ne s’arrêtera pas une seconde fois"
    assert again in agent.get(page_of(invoice, suspend)).text
    assert again in agent.post("/recues/lot/traiter/suspend/", {SELECT: [str(invoice.uid)]}).text


def test_a_suspension_by_a_former_recipient_is_not_this_ones(
    agent: Client, invoice: Invoice, at: datetime, client: Client
) -> None:
    suspend = lifecycle.MOVE_OF[Action.SUSPEND]
    agent.post(page_of(invoice, suspend), {"reason_code": "JUSTIF_ABS"})
    invoice.refresh_from_db()
    artist = Actor(invoice.created_by)
    operations.complete(invoice=invoice, files=[], comment="Voilà.", actor=artist, at=at)
    agent.post(page_of(invoice, lifecycle.MOVE_OF[Action.SEND_BACK]), {"reason_code": "DEST_ERR"})
    invoice.refresh_from_db()
    other = a_town(at=at, name="Commune de Hauterive")
    operations.recycle(invoice=invoice, routing=operations.Routing(buyer=other), comment="", actor=artist, at=at)
    made_available(invoice=invoice, at=invoice.status_at + timedelta(hours=1))
    client.force_login(a_member(structure=other, at=at, name="Berthe"))
    page = client.get(page_of(invoice, suspend))
    assert suspend.consequence_for(kind=invoice.kind) in page.text


def test_a_move_that_is_no_longer_possible_leads_back_and_says_why(agent: Client, invoice: Invoice) -> None:
    agent.post(page_of(invoice, lifecycle.MOVE_OF[Action.REJECT]), {"reason_code": "DOUBLON"})
    for method in (agent.get, agent.post):
        answer = method(page_of(invoice, lifecycle.MOVE_OF[Action.PAY_OUT]), follow=True)
        assert answer.redirect_chain == [(f"/recues/{invoice.uid}/", 302)]
        assert "maintenant «\u00a0Rejetée\u00a0»" in answer.text


@pytest.mark.parametrize("address", ["traiter/complete", "traiter/forward", "traiter/rien", "traiter/take-charge"])
def test_what_is_not_the_recipients_is_not_there(agent: Client, invoice: Invoice, address: str) -> None:
    assert agent.get(f"/recues/{invoice.uid}/{address}/").status_code == 404


@pytest.mark.parametrize("address", ["traiter/pay-out", "payer/reject"])
def test_a_move_is_not_made_under_another_right(agent: Client, invoice: Invoice, address: str) -> None:
    assert agent.get(f"/recues/{invoice.uid}/{address}/").status_code == 404
    assert agent.post(f"/recues/{invoice.uid}/{address}/", {"reason_code": "DOUBLON"}).status_code == 404
    invoice.refresh_from_db()
    assert invoice.status == Status.AVAILABLE


@pytest.mark.parametrize(
    "new_move",
    [
        NEW,
        BuyersMove(
            action=TAKE_CHARGE,
            right=Right.PAY,
            sources=NEW.sources,
            target=Status.COMPLETED,
            needs_reason=True,
            asks_payment_order=True,
            label="Mettre de côté",
            history="Mise de côté",
            question="Mettre de côté la facture {number}\u00a0?",
            consequence="Rien ne change pour le fournisseur.",
            hint="Vous attendez un collègue.",
        ),
    ],
    indirect=True,
    ids=["one of the processing", "one of the payment, that needs a reason and mails nobody"],
)
def test_a_move_added_by_its_row_alone_has_all_it_needs(agent: Client, invoice: Invoice, new_move: BuyersMove) -> None:
    Message.objects.all().delete()
    shown = agent.get(f"/recues/{invoice.uid}/")
    assert new_move.label in shown.text
    assert new_move.hint in shown.text
    page = agent.get(page_of(invoice, new_move))
    assert page.status_code == 200
    assert new_move.consequence in page.text
    answer = agent.post(page_of(invoice, new_move), answers(new_move), follow=True)
    assert new_move.history in answer.text
    mails = STATUS_ROWS[new_move.target].mails_seller
    assert ("prévenu par courriel" in answer.text) == mails
    assert Message.objects.filter(kind="invoice_status").exists() == mails
    supplier = Client()
    supplier.force_login(invoice.created_by)
    assert new_move.history in supplier.get(f"/factures/{invoice.uid}/").text
    assert new_move.consequence in printed()


def test_a_row_without_its_words_cannot_be_made() -> None:
    words = {"label": "L", "history": "H", "question": "Q", "consequence": "C"}
    where = {
        "action": TAKE_CHARGE,
        "right": Right.PROCESS,
        "sources": frozenset({Status.AVAILABLE}),
        "target": Status.SERVICE_DONE,
    }
    for left_out in words:
        rest = {name: text for name, text in words.items() if name != left_out}
        with pytest.raises(TypeError, match=left_out):
            BuyersMove(**where, **rest)
        with pytest.raises(ValueError, match=left_out):
            BuyersMove(**where, **words | {left_out: ""})


def test_what_is_no_sum_is_answered_in_a_sentence() -> None:
    with pytest.raises(ValidationError, match="n’est pas un montant"):
        MoneyField().clean("abc")


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        ((10, 25), "Seule celle du vendredi 13 novembre 2026 arrête le délai"),
        ((40,), "les intérêts de retard continuent de courir"),
        ((10,), ""),
    ],
    ids=["a second suspension", "a suspension when the delay is over", "one suspension"],
)
def test_the_desk_says_which_suspension_stops_the_delay(
    client: Client, at: datetime, after: tuple[int, ...], sentence: str
) -> None:
    invoice = arrived(at)
    assert invoice.buyer is not None
    agent = invoice.buyer.memberships.get().user
    client.force_login(agent)
    for days in after:
        then = at + timedelta(days=days)
        invoice.refresh_from_db()
        operations.process(
            invoice=invoice, action=Action.SUSPEND, actor=Actor(agent), at=then, reason_code="JUSTIF_ABS"
        )
        later = then + timedelta(days=1)
        operations.complete(invoice=invoice, files=[], comment="Voici.", actor=Actor(invoice.created_by), at=later)
    page = client.get(f"/recues/{invoice.uid}/").text.replace("\u00a0", " ")
    if sentence:
        assert sentence in page
    else:
        assert "suspension" not in page.partition("<main")[2].partition("desk-moves")[0]
