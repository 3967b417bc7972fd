"""Two hundred a day: one key does it and the next invoice comes, several at once are confirmed once."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices.lifecycle import MOVES, Action, BuyersMove, Status
from plainchant.portal.invoices.lots import carry_lot
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from tests.access.holding import holding
from tests.making import a_draft, a_member, a_structure, a_town

pytestmark = pytest.mark.django_db
IN_LIST = "?dans=a-traiter"


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> User:
    """Three invoices for a town, due one day after the other, and one for another town."""
    with once_a_module():
        seller, town, other = a_structure(at=at), a_town(at=at), a_town(at=at, name="Ville d’Orée")
        artist = a_member(structure=seller, at=at)
        for number in "ABCD":
            draft = a_draft(seller=seller, user=artist, at=at, buyer=other if number == "D" else town, number=number)
            submit(draft=draft.draft, actor=Actor(artist), at=at)
        carry_lot(uids=[str(uid) for uid in Invoice.objects.values_list("uid", flat=True)], at=at)
        for days, number in enumerate("ABCD"):
            Invoice.objects.filter(number=number).update(due_on=date(2026, 11, 20) + timedelta(days=days))
        return a_member(structure=town, at=at, name="Basile")


@pytest.fixture
def agent(built: User, client: Client) -> Client:
    client.force_login(User.objects.get(pk=built.pk))
    return client


def of(number: str) -> Invoice:
    return Invoice.objects.get(number=number)


def page_of(number: str, query: str = IN_LIST) -> str:
    return f"/recues/{of(number).uid}/{query}"


def does(agent: Client, number: str, move: str, **given: str) -> str:
    """The title of the page that comes after."""
    return title(agent.post(f"/recues/{of(number).uid}/{move}/{IN_LIST}", given, follow=True).text)


def title(page: str) -> str:
    return str(re.search(r"<title>(.*?) – Plainchant", page)[1])  # type: ignore[index]


def test_a_move_of_one_key_is_made_from_the_page_and_the_next_one_comes(agent: Client) -> None:
    page = agent.get(page_of("A")).text
    assert f'action="/recues/{of("A").uid}/traiter/confirm-service/{IN_LIST}"' in page
    assert does(agent, "A", "traiter/confirm-service") == "Facture B"
    assert of("A").status == Status.SERVICE_DONE
    assert does(agent, "B", "payer/order-payment", payment_order="M-7") == "Facture C"
    assert of("B").history.last().payment_order == "M-7"
    assert does(agent, "C", "traiter/confirm-service") == "Factures à traiter"  # there is none left


def test_what_was_passed_over_comes_again_at_the_end(agent: Client) -> None:
    assert does(agent, "B", "traiter/confirm-service") == "Facture C"
    assert does(agent, "C", "traiter/confirm-service") == "Facture A"


def test_a_stop_asks_why_and_goes_on_with_the_list(agent: Client) -> None:
    address = f"/recues/{of('A').uid}/traiter/suspend/{IN_LIST}"
    assert address in agent.get(page_of("A")).text
    assert page_of("A") in agent.get(address).text  # « Ne rien changer »
    assert does(agent, "A", "traiter/suspend", reason_code="JUSTIF_ABS") == "Facture B"


def test_the_end_is_not_one_key_away(agent: Client) -> None:
    page = agent.get(page_of("A")).text
    assert f'action="/recues/{of("A").uid}/payer/pay-out/' not in page
    assert f'href="/recues/{of("A").uid}/payer/pay-out/{IN_LIST}"' in page


def test_the_neighbours_are_those_of_the_list_as_it_was_searched_and_sorted(agent: Client) -> None:
    def beside(number: str, query: str) -> dict[str, str]:
        page = agent.get(page_of(number, query)).text
        found = re.findall(r'<a href="/recues/([^/]+)/[^"]*" rel="(\w+)"', page)
        return {way: Invoice.objects.get(uid=uid).number for uid, way in found}

    assert beside("B", IN_LIST) == {"prev": "A", "next": "C"}
    assert beside("B", IN_LIST + "&tri=-echeance") == {"prev": "C", "next": "A"}
    assert beside("A", IN_LIST + "&numero=C") == {"next": "C"}
    assert beside("B", "?dans=ailleurs") == {}
    assert beside("B", "") == {}
    assert f'href="{page_of("A")}"' in agent.get("/recues/").text.replace("&amp;", "&")
    searched = agent.get("/recues/?numero=A&tri=-montant").text.replace("&amp;", "&")
    assert f'href="{page_of("A")}&numero=A&tri=-montant"' in searched


def test_what_falls_due_within_a_week_is_one_press_away_and_back(agent: Client) -> None:
    def rows(page: str) -> list[str]:
        return re.findall(r"data-row-link>([^<]+)</a>", page)

    today = day_in_paris(now())
    for number, days in (("A", 8), ("B", -3), ("C", 7)):
        Invoice.objects.filter(number=number).update(due_on=today + timedelta(days=days))
    page = agent.get("/recues/?tri=echeance").text
    assert rows(page) == ["B", "C", "A"]
    (link,) = re.findall(r'<a href="([^"]+)">Ce qui échoit cette semaine</a>', page)
    soon = agent.get(html.unescape(link)).text
    assert rows(soon) == ["B", "C"]
    (back,) = re.findall(r'<a href="([^"]+)">Toutes les échéances</a>', soon)
    assert rows(agent.get(html.unescape(back)).text) == ["B", "C", "A"]


def test_several_are_listed_first_and_moved_after_one_confirmation(agent: Client, built: User) -> None:
    agent.post(f"/recues/{of('A').uid}/payer/order-payment/")
    chosen = {"facture": [str(of(number).uid) for number in "ABCD"] + ["nothing", "0" * 32]}
    page = agent.post("/recues/lot/traiter/confirm-service/", chosen).text
    will, will_not = page.split("Celles-ci ne changent pas")
    assert re.findall(r">Facture (\w)</a>", will) == ["B", "C"]
    assert re.findall(r">Facture (\w)</a>", will_not) == ["A"]  # D is another town's
    assert of("B").status == Status.AVAILABLE
    answer = agent.post("/recues/lot/traiter/confirm-service/", {**chosen, "confirme": "1"}, follow=True).text
    assert "C’est fait pour 2 factures." in answer
    assert [of(number).status for number in "ABCD"] == [
        "MANDATEE",
        "SERVICE_FAIT",
        "SERVICE_FAIT",
        "MISE_A_DISPOSITION",
    ]


def test_none_chosen_changes_nothing_and_says_so(agent: Client) -> None:
    answer = agent.post("/recues/lot/traiter/confirm-service/", {"confirme": "1"}, follow=True).text
    assert "Choisissez d’abord" in answer
    chosen = {"facture": str(of("D").uid), "confirme": "1"}
    assert "Choisissez d’abord" in agent.post("/recues/lot/traiter/confirm-service/", chosen, follow=True).text
    assert of("D").status == Status.AVAILABLE


@pytest.mark.one_database
@pytest.mark.parametrize("action", ["traiter/reject", "payer/pay-out", "traiter/order-payment", "traiter/rien"])
def test_what_asks_for_a_reason_or_ends_it_is_not_done_in_bulk(agent: Client, action: str) -> None:
    chosen = {"facture": str(of("A").uid), "confirme": "1"}
    assert agent.post(f"/recues/lot/{action}/", chosen).status_code == 404
    assert of("A").status == Status.AVAILABLE


def test_only_what_one_may_do_is_offered_and_done(agent: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    holding(monkeypatch, frozenset({Right.SEE_RECEIVED, Right.PROCESS}))
    page = agent.get("/recues/").text
    assert re.findall(r'formaction="/recues/lot/([^"]+)/"', page) == [
        "traiter/confirm-service", "traiter/send-back", "traiter/suspend",
    ]  # fmt: skip
    agent.post("/recues/lot/payer/order-payment/", {"facture": str(of("A").uid), "confirme": "1"})
    assert of("A").status == Status.AVAILABLE


def test_whoever_may_only_consult_reads_the_list_and_nothing_to_do(
    agent: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "3 à traiter" in agent.get("/").text
    assert "Que choisir" in agent.get(page_of("A")).text
    holding(monkeypatch, frozenset({Right.SEE_RECEIVED}))
    home = agent.get("/").text
    assert "/recues/toutes/" in home
    assert '/recues/"' not in home
    assert "traiter" not in home
    shown = agent.get("/recues/", follow=True)
    assert shown.redirect_chain == [("/recues/toutes/", 302)]
    assert all(f">{number}</a>" in shown.text for number in "ABC")
    page = agent.get(page_of("A", "?dans=toutes")).text
    assert "Que choisir" not in page
    assert '"/recues/"' not in page


def test_every_move_of_a_recipient_has_a_letter_of_its_own() -> None:
    letters = [move.key for move in MOVES if isinstance(move, BuyersMove)]
    assert len(set(letters)) == len(letters)
    assert all(re.fullmatch("[a-z]", letter) and letter not in "jkx" for letter in letters)
    assert Action.PAY_OUT not in {move.action for move in MOVES if isinstance(move, BuyersMove) and move.is_at_once}
