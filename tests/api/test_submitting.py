"""A program sends invoices: of JSON lines, or a PDF with what it says; what is refused leaves nothing behind."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from plainchant.portal.drafts.models import Certificate, ProgramFile
from plainchant.portal.drafts.programs import discount_before_vat
from plainchant.portal.invoices.errors import WouldBeRefused
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.structures.models import BankAccount, Grant
from tests.making import an_invoice_pdf, mandated

SUBMIT = "/cpro/factures/v1/soumettre"
DEPOSIT = "/cpro/factures/v1/deposer/pdf"
READ = "/cpro/factures/v1/consulter/fournisseur"
RECEIVED = "/cpro/factures/v1/consulter/recipiendaire"
DOWNLOAD = "/cpro/factures/v1/telecharger/groupe"


@pytest.fixture(scope="module")
def supplier(_built: SimpleNamespace, once_a_module: Callable[[], AbstractContextManager[None]]) -> SimpleNamespace:
    """May enter invoices, and has a VAT number and an account."""
    with once_a_module():
        mandated(_built.seller, by=_built.manager, at=_built.at)
        _built.seller.vat_number = "FR40900000000"
        _built.seller.save()
        account = BankAccount.objects.create(
            structure=_built.seller, label="Courant", iban="FR1420041010050500013M02606", created_at=_built.at,
            created_by=_built.manager,
        )  # fmt: skip
        return SimpleNamespace(account=account)


def an_invoice(world: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    """Three rates and a discount with VAT, as a published request has them."""
    return {
        "modeDepot": "SAISIE_API",
        "numeroFactureSaisi": "API-1",
        "destinataire": {"codeDestinataire": world.town.identifier, "codeServiceExecutant": ""},
        "fournisseur": {"idFournisseur": world.seller.pk},
        "cadreDeFacturation": {"codeCadreFacturation": "A1_FACTURE_FOURNISSEUR", "codeStructureValideur": None},
        "references": {
            "deviseFacture": "EUR",
            "typeFacture": "FACTURE",
            "typeTva": "TVA_SUR_DEBIT",
            "motifExonerationTva": None,
            "numeroMarche": "M-1",
            "modePaiement": "VIREMENT",
        },
        "lignePoste": [
            {"lignePosteNumero": 1, "lignePosteDenomination": "Atelier", "lignePosteQuantite": 10,
             "lignePosteUnite": "lot", "lignePosteMontantUnitaireHT": 50.000000, "lignePosteTauxTva": "TVA5"},
            {"lignePosteNumero": 2, "lignePosteDenomination": "Papier", "lignePosteQuantite": 12,
             "lignePosteUnite": "Kg", "lignePosteMontantUnitaireHT": "36", "lignePosteTauxTvaManuel": 2.1},
        ],
        "ligneTva": [],
        "montantTotal": {"montantHtTotal": 932, "montantTVA": 109.07, "montantTtcTotal": 1041.07,
                         "montantAPayer": 1041.07},
        "commentaire": "Par programme",
        **changes,
    }  # fmt: skip


def codes(answer: dict[str, Any]) -> set[str]:
    return {each["code"] for each in answer["plainchant"]["findings"]}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"modeDepot": "DANSE"}, "wire_value_missing"),
        ({"modeDepot": "DEPOT_PDF_API"}, "wire_value_missing"),
        ({"fournisseur": {"idFournisseur": 2**40}}, "wire_structure_unknown"),
        ({"pieceJointeComplementaire": [{"pieceJointeComplementaireId": 2**40}]}, "wire_file_unknown"),
        ({"lignePoste": []}, "SAISIE-SANS-LIGNE"),
        ({"destinataire": {"codeDestinataire": "00000000000000"}}, "ANNUAIRE-DESTINATAIRE-INCONNU"),
        ({"montantTotal": {"montantAPayer": 1041.08}}, "SAISIE-TOTAUX-DIFFERENTS"),
        ({"montantTotal": {"montantTVA": 1}}, "SAISIE-TOTAUX-DIFFERENTS"),
        ({"montantTotal": {"montantRemiseGlobaleTTC": 5000}}, "CPRO-FACTURE-NEGATIVE"),
        ({"cadreDeFacturation": {"codeCadreFacturation": "A21_DEMANDE_REMBOURSEMENT_TIC"}}, "CPRO-G1.02"),
    ],
)
def test_what_is_refused_leaves_nothing(
    world: SimpleNamespace, supplier: SimpleNamespace, changes: dict[str, Any], code: str
):
    answer = world.program.asks(SUBMIT, an_invoice(world, **changes))
    assert answer["codeRetour"] != 0
    assert code in codes(answer)
    assert (
        next(each["message"] for each in answer["plainchant"]["findings"] if each["code"] == code) in answer["libelle"]
    )
    assert not Invoice.objects.exists()


def test_signs_that_no_document_holds_are_left_out(world: SimpleNamespace, supplier: SimpleNamespace):
    line = {
        **an_invoice(world)["lignePoste"][0],
        "lignePosteDenomination": "Ate\x0blier\x1f",
        "lignePosteUnite": "lo\x01t",
    }
    total = {"montantAPayer": 600}
    changes = {"commentaire": "\x02Merci,\nà bientôt\ufffe", "lignePoste": [line], "montantTotal": total}
    key = world.program.asks(SUBMIT, an_invoice(world, **changes))["identifiantFactureCPP"]
    facture = world.program.asks(READ, {"identifiantFactureCPP": key})["facture"]
    assert facture["commentaire"] == "Merci,\nà bientôt"
    assert facture["lignesDePoste"]["lignePoste"][0]["lignePosteDenomination"] == "Atelier"


def test_a_program_that_only_reads_sends_nothing(world: SimpleNamespace, supplier: SimpleNamespace):
    Grant.objects.filter(technical_account=world.program.account).update(mode="CONSULTATION_UNIQUEMENT")
    answer = world.program.asks(SUBMIT, an_invoice(world))
    assert answer["plainchant"]["code"] == "wire_structure_unknown"
    assert not Invoice.objects.exists()


def test_lines_become_an_invoice_that_both_sides_read(world: SimpleNamespace, supplier: SimpleNamespace):
    answer = world.program.asks(SUBMIT, an_invoice(world))
    key = answer["identifiantFactureCPP"]
    proof = Certificate.objects.get(invoice=key).sha256
    assert answer == {
        "codeRetour": 0,
        "libelle": "GCU_MSG_01_000",
        "identifiantFactureCPP": key,
        "numeroFacture": "API-1",
        "statutFacture": "DEPOSEE",
        "dateDepot": "2026-11-03",
        "identifiantStructure": world.seller.identifier,
        "empreinteCertificatDepot": b64encode(bytes.fromhex(proof)).decode(),
    }
    twice = world.program.asks(SUBMIT, an_invoice(world))
    assert "CPRO-G2.07" in codes(twice)
    assert Invoice.objects.count() == 1

    facture = world.program.asks(READ, {"identifiantFactureCPP": str(key)})["facture"]
    assert (facture["modeDepot"], facture["commentaire"]) == ("SAISIE_API", "Par programme")
    assert facture["cadreDeFacturation"] == {"codeCadreFacturation": "A1_FACTURE_FOURNISSEUR"}
    assert facture["montantTotal"]["montantAPayer"] == 1041.07
    first, second = facture["lignesDePoste"]["lignePoste"]
    assert (first["lignePosteTauxTva"], first["lignePosteUniteLibelle"]) == ("TVA5", "lot")
    assert (second["lignePosteMontantHtApresRemise"], second["lignePosteUniteLibelle"]) == (432, "kilogramme")
    vat = {
        row["ligneTvaTauxRefCode"]: row["ligneTvaMontantTvaParTaux"]
        for row in facture["recapitulatifDeTva"]["ligneTva"]
    }
    assert vat == {"TVA5": 100, "TVA2": 9.07}
    assert facture["fournisseur"]["coordBancairesFournisseurId"] == supplier.account.pk
    assert facture["references"]["modePaiement"] == "VIREMENT"
    paging = {"pLignesPoste": {"nbResultatsParPageLignesPoste": 1, "pageResultatDemandeeLignesPoste": 2}}
    page = world.program.asks(READ, {"identifiantFactureCPP": key, **paging})["facture"]["lignesDePoste"]
    assert ([line["lignePosteNumero"] for line in page["lignePoste"]], page["pagesLignesPoste"]) == ([2], 2)
    hidden = world.of_the_town.asks(RECEIVED, {"identifiantFactureCPP": key})
    assert hidden["plainchant"]["code"] == "wire_invoice_unknown"


def test_a_discount_with_vat_is_found_again_before_vat(world: SimpleNamespace, supplier: SimpleNamespace):
    """Four lines at three rates, one of them in no law, and 50 € off: a request that a program has published."""
    lines = [
        {"lignePosteDenomination": name, "lignePosteQuantite": quantity, "lignePosteUnite": unit,
         "lignePosteMontantUnitaireHT": price, "lignePosteTauxTva": code, "lignePosteTauxTvaManuel": rate}
        for name, quantity, unit, price, code, rate in (
            ("D1", 10, "lot", 50.0, "TVA5", None), ("D2", 12, "Kg", 36.0, None, 2.1),
            ("D3", 16, "lot", 24.0, None, 5), ("XX", 1, "lot", 10.0, "TVA2", 20.0),
        )
    ]  # fmt: skip
    total = {
        "montantHtTotal": 1326.0,
        "montantTVA": 130.27,
        "montantTtcTotal": 1456.27,
        "montantRemiseGlobaleTTC": 50.0,
        "motifRemiseGlobaleTTC": "Geste commercial",
        "montantAPayer": 1406.27,
    }
    answer = world.program.asks(SUBMIT, an_invoice(world, lignePoste=lines, montantTotal=total))
    assert answer["codeRetour"] == 0, answer
    assert Invoice.objects.get().payable_amount == Decimal("1406.27")


def test_a_discount_that_no_cent_gives_is_none():
    line = {"name": "a", "quantity": "1", "price": "0", "rate": "20"}
    typed = {"fields": {"vat_regime": "TVA_SUR_DEBIT"}, "lines": [line]}
    with pytest.raises(WouldBeRefused):
        discount_before_vat(typed=typed, discount=Decimal(1))


def test_files_that_were_added_before_go_with_an_invoice(world: SimpleNamespace, supplier: SimpleNamespace):
    given = {"pieceJointeFichier": b64encode(b"bon").decode(), "pieceJointeNom": "bon.txt"}
    file = world.program.asks("/cpro/transverses/v1/ajouter/fichier", given)["pieceJointeId"]
    complement = [{"pieceJointeComplementaireId": file, "pieceJointeComplementaireType": "AUTRE"}]
    answer = world.program.asks(SUBMIT, an_invoice(world, pieceJointeComplementaire=complement))
    assert answer["codeRetour"] == 0, answer
    files = InvoiceFile.objects.filter(invoice=answer["identifiantFactureCPP"])
    assert "bon.txt" in files.values_list("name", flat=True)


def test_without_a_number_the_portal_gives_the_next_one(world: SimpleNamespace, supplier: SimpleNamespace):
    answer = world.program.asks(SUBMIT, an_invoice(world, numeroFactureSaisi=None))
    assert answer["codeRetour"] == 0, answer
    assert answer["numeroFacture"]


def test_a_key_that_is_zero_is_none(world: SimpleNamespace, supplier: SimpleNamespace):
    """Programs in Go and PHP write 0 for what they leave out."""
    zero = {"idFournisseur": 0, "idServiceFournisseur": 0, "codeCoordonneesBancairesFournisseur": 0}
    answer = world.program.asks(SUBMIT, an_invoice(world, fournisseur=zero))
    assert (answer["codeRetour"], answer["identifiantStructure"]) == (0, world.seller.identifier)


def a_pdf(world: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    pdf = an_invoice_pdf(number="PDF-1", seller=world.seller.identifier, buyer=world.town.identifier)
    return {
        "fichierFacture": b64encode(pdf).decode(),
        "nomFichier": "facture.pdf",
        "formatDepot": "PDF_NON_SIGNE",
        **changes,
    }


def test_what_is_no_pdf_is_refused(world: SimpleNamespace, supplier: SimpleNamespace):
    answer = world.program.asks(DEPOSIT, a_pdf(world, fichierFacture=b64encode(b"x").decode()))
    assert (answer["codeRetour"], answer["plainchant"]["code"]) == (20000, "file_not_what_it_says")
    assert world.program.asks(DEPOSIT, a_pdf(world, nomFichier=""))["plainchant"]["code"] == "wire_value_missing"
    heavy = b64encode(bytes((10 << 20) + 3)).decode()
    assert world.program.call(DEPOSIT, a_pdf(world, fichierFacture=heavy)).status_code == 413
    assert not ProgramFile.objects.exists()


def test_a_pdf_is_read_sent_and_downloaded(world: SimpleNamespace, supplier: SimpleNamespace):
    read = world.program.asks(DEPOSIT, a_pdf(world))
    assert (read["numeroFacture"], read["codeFournisseur"]) == ("PDF-1", world.seller.identifier)
    assert (read["montantAPayer"], read["typeFacture"], read["dateFacture"]) == (1200, "FACTURE", "2026-11-02")
    assert not Invoice.objects.exists()
    principal = [{"pieceJointePrincipaleDesignation": "Facture", "pieceJointePrincipaleId": read["pieceJointeId"]}]
    asked = an_invoice(
        world, modeDepot="DEPOT_PDF_API", numeroFactureSaisi="PDF-1", pieceJointePrincipale=principal, lignePoste=[],
        references={"typeTva": "SANS_TVA", "typeFacture": "FACTURE"},
        montantTotal={"montantHtTotal": 1200, "montantTVA": 0, "montantTtcTotal": 1200, "montantAPayer": 1200},
    )  # fmt: skip
    wrong = world.program.asks(SUBMIT, {**asked, "destinataire": {"codeDestinataire": world.seller.identifier}})
    assert wrong["codeRetour"] != 0
    assert not Invoice.objects.exclude(status="SUPPRIMEE").exists()
    answer = world.program.asks(SUBMIT, asked)
    assert answer["codeRetour"] == 0, answer
    key = answer["identifiantFactureCPP"]
    assert Invoice.objects.get(pk=key).deposit_mode == "DEPOT_PDF_API"
    stored = InvoiceFile.objects.get(invoice=key).stored
    got = world.program.asks(DOWNLOAD, {"format": "PDF", "listeFacture": {"idFacture": key}})
    assert len(b64decode(got["fichierResultat"])) == stored.size
    nobody = world.of_others.asks(DOWNLOAD, {"format": "PDF", "listeFacture": [{"idFacture": key}]})
    assert nobody["plainchant"]["code"] == "wire_invoice_unknown"
