"""The documents of invoices, as programs download them."""

from __future__ import annotations

import io
import zipfile
from base64 import b64decode
from types import SimpleNamespace

from lxml import etree

from plainchant.portal.invoices.models import Event, Invoice

DOWNLOAD = "/cpro/factures/v1/telecharger/groupe"
READ = "/cpro/factures/v1/consulter/recipiendaire"


def test_what_cannot_be_made_is_refused(world: SimpleNamespace, sent: SimpleNamespace):
    key = sent.invoices[0].pk
    assert (
        world.program.asks(DOWNLOAD, {"listeFacture": [{"idFacture": key}]})["plainchant"]["code"]
        == "wire_value_missing"
    )
    assert world.program.asks(DOWNLOAD, {"format": "PDF"})["plainchant"]["code"] == "wire_value_missing"
    draft = Invoice.objects.get(number="F-5").pk
    answer = world.program.asks(DOWNLOAD, {"format": "PIVOT", "listeFacture": [{"idFacture": draft}]})
    assert (answer["codeRetour"], answer["plainchant"]["code"]) == (20000, "no_pivot")


def test_a_recipient_takes_invoices_and_the_supplier_reads_it(world: SimpleNamespace, sent: SimpleNamespace):
    keys = [invoice.pk for invoice in sent.invoices[:2]]
    asked = {"format": "PIVOT", "listeFacture": [{"idFacture": key} for key in keys]}
    root = etree.fromstring(b64decode(world.of_the_town.asks(DOWNLOAD, asked)["fichierResultat"]))
    assert [node.text for node in root.iter("IdFactureCpp", "NumeroFacture", "Id") if node.text in ("F-1", "F-2")]
    assert len(root.findall(".//CPPFacturePivotUnitaire")) == 2
    assert set(Event.objects.filter(kind=Event.Kind.DOWNLOADED).values_list("invoice", flat=True)) == set(keys)
    content = b64decode(world.program.asks(DOWNLOAD, {**asked, "format": "PDF"})["fichierResultat"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert len({name.partition("/")[0] for name in archive.namelist()}) == 2
    single = {"format": "PDF", "listeFacture": {"idFacture": keys[0]}, "avecPiecesJointesComplementaires": "NON"}
    assert b64decode(world.of_the_town.asks(DOWNLOAD, single)["fichierResultat"]).startswith(b"%PDF")
    whole = {**single, "avecPiecesJointesComplementaires": "OUI"}
    with zipfile.ZipFile(io.BytesIO(b64decode(world.of_the_town.asks(DOWNLOAD, whole)["fichierResultat"]))) as archive:
        assert any(name.endswith(".xml") for name in archive.namelist())


def test_a_received_invoice_is_read(world: SimpleNamespace, sent: SimpleNamespace):
    facture = world.of_the_town.asks(READ, {"identifiantFactureCPP": sent.invoices[0].pk})["facture"]
    assert (facture["numeroFacture"], facture["statutFacture"]) == ("F-1", "MISE_A_DISPOSITION")
    assert facture["fournisseur"]["codeFournisseur"] == world.seller.identifier
    assert facture["destinataire"]["idDestinataire"] == world.town.pk
    assert facture["montantTotal"]["montantAPayer"] == 120
    assert facture["lignesDePoste"] == {
        "lignePoste": [],
        "pageCouranteLignesPoste": 1,
        "pagesLignesPoste": 0,
        "nbResultatsParPageLignesPoste": 1000,
        "totalLignesPoste": 0,
    }


def test_the_documents_of_an_invoice_have_a_second_address(world: SimpleNamespace, sent: SimpleNamespace):
    path = "/cpro/transverses/v1/telecharger/pieceJointe"
    wanted = {"format": "PDF", "listeFacture": [{"idFacture": sent.invoices[0].pk}]}
    refused = world.program.asks(path, {"objetPieceJointe": "SOLLICITATION", "demandePaiement": wanted})
    assert refused["plainchant"]["code"] == "wire_nothing_found"
    asked = {"objetPieceJointe": "DEMANDE_PAIEMENT", "demandePaiement": wanted}
    assert b64decode(world.program.asks(path, asked)["pieceJointe"]).startswith(b"%PDF")
