"""The history of an invoice, as each side may read it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from plainchant.portal.invoices import operations
from plainchant.portal.invoices.lifecycle import Action
from plainchant.portal.rights.actor import Actor

HISTORY = "/cpro/factures/v1/consulter/historique"


def test_what_is_no_invoice_of_the_program_is_unknown(world: SimpleNamespace, sent: SimpleNamespace):
    missing = world.program.asks(HISTORY)
    assert (missing["codeRetour"], missing["plainchant"]["code"]) == (20001, "wire_value_missing")
    unknown = world.of_others.asks(HISTORY, {"idFacture": 2**31 - 1})
    assert (unknown["codeRetour"], unknown["libelle"][:14]) == (20000, "GDP_MSG_11.008")
    assert world.of_others.asks(HISTORY, {"idFacture": sent.invoices[0].pk}) == unknown


def test_the_newest_comes_first(world: SimpleNamespace, sent: SimpleNamespace):
    invoice = sent.invoices[1]
    answer = world.program.asks(HISTORY, {"idFacture": str(invoice.pk), "nbResultatsMaximum": 50})
    assert (answer["codeRetour"], answer["libelle"]) == (0, "GCU_MSG_01_000")
    assert (answer["idFacture"], answer["numeroFacture"]) == (invoice.pk, "F-2")
    assert (answer["statutCourantCode"], answer["modeDepot"]) == ("SUSPENDUE", "UPLOAD_PORTAIL")
    statuses = answer["historiquesDesStatuts"]
    codes = [line["histoStatutCode"] for line in statuses["histoStatut"]]
    assert codes[:2] == ["SUSPENDUE", "MISE_A_DISPOSITION"]
    assert (statuses["totalHistoStatut"], statuses["pagesHistoStatut"]) == (len(codes), 1)
    last = statuses["histoStatut"][0]
    assert last["histoStatutCommentaire"] == "Il manque un justificatif : Le bon de commande."
    assert last["histoStatutDatePassage"] == "2026-11-03 11:30"
    assert (last["histoStatutUtilisateurPrenom"], last["histoStatutUtilisateurNom"]) == ("Basile", "Essai")
    assert "histoStatutUtilisateurEmail" not in last
    paging = {"nbResultatsParPageListeHistoStatut": 1, "triSensListeHistoStatut": "Ascendant"}
    first = world.program.asks(HISTORY, {"idFacture": invoice.pk, "paramRechercheHistoStatuts": paging})
    shown = first["historiquesDesStatuts"]
    assert [line["histoStatutCode"] for line in shown["histoStatut"]] == [codes[-1]]
    assert shown["pagesHistoStatut"] == len(codes)


def test_a_recipient_does_not_read_what_came_before_it_was_sent(world: SimpleNamespace, sent: SimpleNamespace):
    invoice = sent.invoices[2]
    operations.record_download(invoice=invoice, actor=Actor(world.agent), at=world.at + timedelta(hours=2))
    operations.process(
        invoice=invoice, action=Action.REJECT, actor=Actor(world.agent), at=world.at, reason_code="DOUBLON"
    )
    answer = world.of_the_town.asks(HISTORY, {"idFacture": invoice.pk})
    codes = [line["histoStatutCode"] for line in answer["historiquesDesStatuts"]["histoStatut"]]
    assert "BROUILLON" not in codes
    assert codes[0] == "REJETEE"
    assert answer["derniereAction"]["derniereActionCode"] == "TELECHARGEMENT_FACTURE"
    [action] = answer["historiquesDesActionsUtilisateurs"]["histoAction"]
    assert action["histoActionDateHeure"] == "2026-11-03 12:30"
