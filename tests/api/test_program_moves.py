"""What programs do with invoices that were sent: the recipient's, the supplier's and the validator's operations."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from plainchant.api.values import MOST_NAMED
from plainchant.portal.drafts import program_files
from plainchant.portal.drafts.models import ProgramFile
from plainchant.portal.invoices import operations
from plainchant.portal.invoices.lifecycle import Action
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import Grant

PROCESS = "/cpro/factures/v1/traiter/recue"
COMPLETE = "/cpro/factures/v1/completer"
RECYCLE = "/cpro/factures/v1/recycler"
CLOSE = "/cpro/factures/v1/traiterRejet"
VALIDATE = "/cpro/factures/v1/traiter/factureAValider"
OTHER_VALIDATOR = "/cpro/factures/v1/corriger/valideur/facture"
VISIBLE = "/cpro/factures/v1/recuperer/statutsFactureVisibles/valideur"
ADD = "/cpro/transverses/v1/ajouter/fichier"


def code(answer: dict[str, Any]) -> tuple[int, str]:
    return answer["codeRetour"], answer["plainchant"]["code"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"nouveauStatut": ""}, (20001, "wire_value_missing")),
        ({"nouveauStatut": "DEPOSEE"}, (20002, "status_has_changed")),
        ({"nouveauStatut": "N_IMPORTE_QUOI"}, (20002, "status_has_changed")),
        ({"nouveauStatut": "SUSPENDUE"}, (20000, "reason_missing")),
    ],
)
def test_a_move_that_cannot_be_is_refused(
    world: SimpleNamespace, sent: SimpleNamespace, asked: dict[str, Any], expected: tuple[int, str]
):
    key = sent.invoices[0].pk
    assert code(world.of_the_town.asks(PROCESS, {"idFacture": key, **asked})) == expected


def test_a_supplier_processes_nothing(world: SimpleNamespace, sent: SimpleNamespace):
    asked = {"idFacture": sent.invoices[0].pk, "nouveauStatut": "MANDATEE"}
    assert code(world.program.asks(PROCESS, asked)) == (20000, "wire_invoice_unknown")


def test_a_program_that_only_reads_processes_nothing(world: SimpleNamespace, sent: SimpleNamespace):
    Grant.objects.filter(technical_account=world.of_the_town.account).update(mode="CONSULTATION_UNIQUEMENT")
    asked = {"idFacture": sent.invoices[0].pk, "nouveauStatut": "MANDATEE"}
    assert code(world.of_the_town.asks(PROCESS, asked)) == (20001, "not_allowed")


@pytest.mark.parametrize(
    ("motif", "reason", "words"),
    [("DOUBLON", "DOUBLON", ""), ("La facture a déjà été reçue", "DOUBLON", ""), ("Non.", "AUTRE", "Non.")],
)
def test_a_rejection_says_why(world: SimpleNamespace, sent: SimpleNamespace, motif: str, reason: str, words: str):
    invoice = sent.invoices[0]
    asked = {"idFacture": str(invoice.pk), "nouveauStatut": "REJETEE", "motif": motif}
    answer = world.of_the_town.asks(PROCESS, asked)
    assert answer == {
        "codeRetour": 0,
        "libelle": "GCU_MSG_01_000",
        "idFacture": invoice.pk,
        "numeroFacture": "F-1",
        "dateTraitement": "2026-11-03",
        "nouveauStatut": "REJETEE",
    }
    change = invoice.history.order_by("sequence").last()
    assert (change.reason_code, change.comment, change.actor) == (reason, words, world.of_the_town.account.account)
    closed = world.program.asks(CLOSE, {"listeDemandePaiement": {"idDemandePaiement": invoice.pk}})
    assert closed == {"codeRetour": 0, "libelle": "GCU_MSG_01_000"}
    assert Invoice.objects.get(pk=invoice.pk).rejection_closed_at == world.at


def test_an_invoice_is_ordered_with_its_number_and_paid(world: SimpleNamespace, sent: SimpleNamespace):
    key = sent.invoices[0].pk
    asked = {"idFacture": key, "nouveauStatut": "MANDATEE", "numeroDPMandat": "M-7"}
    assert world.of_the_town.asks(PROCESS, asked)["nouveauStatut"] == "MANDATEE"
    assert Invoice.objects.get(pk=key).history.order_by("sequence").last().payment_order == "M-7"
    paid = world.of_the_town.asks(PROCESS, {"idFacture": key, "nouveauStatut": "MISE_EN_PAIEMENT"})
    assert paid["codeRetour"] == 0
    assert code(world.of_the_town.asks(PROCESS, asked)) == (20002, "status_has_changed")


def test_rejections_are_closed_all_or_none(world: SimpleNamespace, sent: SimpleNamespace):
    first, other = sent.invoices[0], sent.invoices[2]
    operations.process(
        invoice=first, action=Action.REJECT, actor=Actor(world.agent), at=world.at, reason_code="DOUBLON"
    )
    both = {"listeDemandePaiement": [{"idDemandePaiement": first.pk}, {"idDemandePaiement": other.pk}]}
    answer = world.program.asks(CLOSE, both)
    assert (code(answer), answer["libelle"][:14]) == ((20002, "status_has_changed"), "GDP_MSG_11.001")
    assert Invoice.objects.get(pk=first.pk).rejection_closed_at is None
    assert code(world.program.asks(CLOSE, {})) == (20001, "wire_value_missing")


def a_file(world: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    given = {
        "pieceJointeFichier": b64encode(b"bon de commande").decode(),
        "pieceJointeNom": "bon",
        "pieceJointeTypeMime": "text/plain",
        "pieceJointeExtension": "TXT",
    }
    return world.program.asks(ADD, {**given, **changes})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"pieceJointeFichier": None}, (20001, "wire_value_missing")),
        ({"pieceJointeFichier": "??"}, (20001, "wire_not_base64")),
        ({"pieceJointeNom": " "}, (20001, "wire_value_missing")),
        ({"pieceJointeNom": "x" * 60}, (20000, "file_name_too_long")),
        ({"pieceJointeExtension": "exe"}, (20000, "file_extension_refused")),
        ({"pieceJointeFichier": b64encode(bytes((10 << 20) + 1)).decode()}, (20003, "file_too_heavy")),
    ],
)
def test_a_file_that_no_invoice_may_have_is_refused(
    world: SimpleNamespace, changes: dict[str, Any], expected: tuple[int, str]
):
    assert code(a_file(world, **changes)) == expected
    assert not ProgramFile.objects.exists()


def test_a_suspension_is_answered_with_files_of_ones_own(world: SimpleNamespace, sent: SimpleNamespace):
    invoice = sent.invoices[1]
    key = a_file(world)["pieceJointeId"]
    asked = {"identifiantFactureCPP": invoice.pk, "pieceJointeComplementaire": {"pieceJointeComplementaireId": key}}
    stranger = ProgramFile.objects.create(
        stored=ProgramFile.objects.get(pk=key).stored,
        name="x.txt",
        added_at=world.at,
        added_by=world.of_others.account.account,
    )
    theirs = {**asked, "pieceJointeComplementaire": [{"pieceJointeComplementaireId": stranger.pk}]}
    assert code(world.program.asks(COMPLETE, theirs)) == (20001, "wire_file_unknown")
    assert code(world.program.asks(COMPLETE, {"identifiantFactureCPP": invoice.pk})) == (20000, "answer_missing")
    answer = world.program.asks(COMPLETE, asked)
    assert (answer["codeRetour"], answer["numeroFacture"]) == (0, "F-2")
    assert Invoice.objects.get(pk=invoice.pk).status == "COMPLETEE"
    assert InvoiceFile.objects.get(invoice=invoice, role="02", name="bon.txt").stored.size == 15
    again = world.program.asks(COMPLETE, asked)
    assert (code(again), again["libelle"][:14]) == ((20002, "status_has_changed"), "GDP_MSG_11.033")


def test_files_of_programs_are_let_go(world: SimpleNamespace):
    a_file(world)
    assert program_files.let_go(before=world.at, at=world.at) == 0
    assert program_files.let_go(before=world.at + timedelta(seconds=1), at=world.at) == 1


def test_an_invoice_is_sent_elsewhere_or_with_another_commitment(world: SimpleNamespace, sent: SimpleNamespace):
    invoice = sent.invoices[0]
    to_town = {"codeDestinataire": world.town.identifier}
    asked = {"identifiantFactureCPP": invoice.pk, "destinataire": to_town, "reference": {"numeroBonCommande": "EJ-7"}}
    early = world.program.asks(RECYCLE, asked)
    assert (code(early), early["libelle"][:14]) == ((20002, "status_has_changed"), "GDP_MSG_11.001")
    actor = Actor(world.agent)
    operations.process(invoice=invoice, action=Action.SEND_BACK, actor=actor, at=world.at, reason_code="CMD_ERR")
    same = world.program.asks(RECYCLE, {"identifiantFactureCPP": invoice.pk})
    assert same["plainchant"]["findings"][0]["code"] == "CPRO-RECYCLAGE-IDENTIQUE"
    answer = world.program.asks(RECYCLE, asked)
    assert (answer["codeRetour"], answer["statutFacture"]) == (0, "DEPOSEE")
    assert Invoice.objects.get(pk=invoice.pk).commitment == "EJ-7"


def test_a_validator_agrees_refuses_or_is_replaced(world: SimpleNamespace, sent: SimpleNamespace):
    invoice = Invoice.objects.get(number="F-4")
    asked = {"idFacture": invoice.pk, "action": "VALIDATION"}
    assert code(world.program.asks(VALIDATE, asked)) == (20000, "wire_invoice_unknown")
    assert code(sent.of_firm.asks(VALIDATE, {**asked, "action": "DANSER"})) == (20001, "wire_value_missing")
    refusal = {**asked, "action": "REFUS"}
    assert code(sent.of_firm.asks(VALIDATE, refusal)) == (20000, "reason_missing")
    disowned = sent.of_firm.asks(VALIDATE, {**asked, "action": "MISE_EN_RECYCLAGE"})
    assert disowned["statutFacture"] == "ERREUR_FOURNISSEUR_SUR_VALIDEUR"
    hidden = {"idFacture": invoice.pk, "idStructure": sent.firm.pk}
    assert code(world.program.asks(OTHER_VALIDATOR, hidden)) == (20000, "would_be_refused")
    named = {"idFacture": invoice.pk, "identifiantStructure": world.of_others.account.structure.identifier}
    assert world.program.asks(OTHER_VALIDATOR, named) == {
        "codeRetour": 0,
        "libelle": "GCU_MSG_01_000",
        "idFacture": invoice.pk,
    }
    answer = world.of_others.asks(VALIDATE, {**refusal, "motifRefus": "DOUBLON", "complementInfo": "Voir F-1."})
    assert (answer["codeRetour"], answer["statutFacture"]) == (0, "REFUSEE_1")
    last = invoice.history.order_by("sequence").last()
    assert (last.reason_code, last.comment) == ("DOUBLON", "Voir F-1.")
    visible = [row["codeStatutFacture"] for row in sent.of_firm.asks(VISIBLE)["listeStatutFacture"]]
    assert "A_VALIDER_1" in visible
    assert "BROUILLON" not in visible


@pytest.mark.parametrize(("path", "key"), [(CLOSE, "listeDemandePaiement"), (COMPLETE, "pieceJointeComplementaire")])
def test_no_more_is_named_at_once_than_can_be_looked_up(
    world: SimpleNamespace, sent: SimpleNamespace, path: str, key: str
):
    names = {"idDemandePaiement": 2**40, "pieceJointeComplementaireId": 2**40}
    asked = {"identifiantFactureCPP": sent.invoices[1].pk, key: [names] * MOST_NAMED}
    assert world.program.call(path, asked).status_code == 200
    refused = world.program.call(path, {**asked, key: [names] * (MOST_NAMED + 1)})
    assert (refused.status_code, refused.json()["libelle"]) == (400, f"« {key} » dépasse ce qui est permis.")
