"""Documents kept at hand, as programs find, use, download and take away; and what sollicitations may be about."""

from __future__ import annotations

import io
import json
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import SimpleNamespace
from typing import Any

import pytest

from plainchant.api.transverses.kept_documents import SHELF
from plainchant.portal.drafts.models import ProgramFile
from plainchant.portal.invoices.models import InvoiceFile
from plainchant.portal.structures.models import Grant
from plainchant.portal.tickets.subjects import SUBJECTS
from tests.portal.library.test_library import keep

LOOK_UPS = "/cpro/transverses/v1"
ADD, TAKE_AWAY = f"{LOOK_UPS}/ajouter/fichier", f"{LOOK_UPS}/detacherPieceJointe"
OF_STRUCTURE, OF_PROGRAM = f"{LOOK_UPS}/rechercher/pj/structure", f"{LOOK_UPS}/rechercher/pj/moncompte"
DOWNLOAD = f"{LOOK_UPS}/telecharger/pieceJointe"
COMPLETE = "/cpro/factures/v1/completer"
ORGANISATIONS = "/cpro/organisations/v1/structures"


@pytest.fixture(scope="module")
def shelf(_built: SimpleNamespace, once_a_module: Callable[[], AbstractContextManager[None]]) -> SimpleNamespace:
    """Two documents on the supplier's shelf, one that its manager keeps for herself."""
    with once_a_module():
        kept: dict[str, Any] = {"user": _built.manager, "at": _built.at}
        return SimpleNamespace(
            details=keep(**kept, structure=_built.seller),
            quote=keep(**kept, structure=_built.seller, name="devis.pdf", content=b"%PDF devis", type_code="DEVIS"),
            own=keep(**kept, name="propre.pdf", content=b"%PDF propre"),
        )


def code(answer: dict[str, Any]) -> tuple[int, str]:
    return answer["codeRetour"], answer["plainchant"]["code"]


def added(world: SimpleNamespace, name: str = "bon") -> int:
    given = {"pieceJointeFichier": b64encode(b"bon").decode(), "pieceJointeNom": name, "pieceJointeExtension": "TXT"}
    key: int = world.program.asks(ADD, given)["pieceJointeId"]
    return key


@pytest.mark.parametrize(
    ("path", "asked", "expected"),
    [
        (OF_STRUCTURE, {}, (20001, "wire_value_missing")),
        (OF_STRUCTURE, {"idStructureCPP": 2**40}, (20001, "wire_structure_unknown")),
        (TAKE_AWAY, {}, (20001, "wire_value_missing")),
        (TAKE_AWAY, {"idPieceJointeObjet": SHELF + 1}, (20001, "wire_file_unknown")),
        (DOWNLOAD, {"objetPieceJointe": "LUNE"}, (20001, "wire_value_missing")),
        (DOWNLOAD, {"objetPieceJointe": "STRUCTURE_PIECEJOINTE"}, (20001, "wire_value_missing")),
        (DOWNLOAD, {"objetPieceJointe": "UTILISATEUR"}, (20000, "wire_nothing_found")),
        (DOWNLOAD, {"objetPieceJointe": "SOLLICITATION"}, (20000, "wire_nothing_found")),
    ],
)
def test_what_is_not_there_is_refused(
    world: SimpleNamespace, path: str, asked: dict[str, Any], expected: tuple[int, str]
):
    assert code(world.program.asks(path, asked)) == expected


def test_the_shelf_of_a_structure_is_for_programs_that_see_what_it_issues(
    world: SimpleNamespace, shelf: SimpleNamespace
):
    of_town = world.of_the_town.asks(OF_STRUCTURE, {"idStructureCPP": world.town.pk})
    assert (of_town["codeRetour"], of_town["listePiecesJointes"]) == (0, [])
    Grant.objects.filter(technical_account=world.program.account, space="FACTURES_EMISES").delete()
    assert world.program.asks(OF_STRUCTURE, {"idStructureCPP": world.seller.pk})["listePiecesJointes"] == []


def test_the_shelf_is_searched(world: SimpleNamespace, shelf: SimpleNamespace):
    answer = world.program.asks(OF_STRUCTURE, {"idStructureCPP": world.seller.pk, "pieceJointeDesignation": "DEV"})
    assert answer["listePiecesJointes"] == [
        {
            "pieceJointeId": SHELF + shelf.quote.pk,
            "pieceJointeObjetId": SHELF + shelf.quote.pk,
            "pieceJointeDesignation": "devis.pdf",
            "pieceJointeExtension": "PDF",
            "pieceJointeTypeCode": "DEVIS",
            "pieceJointeTypeLibelle": "Devis accepté",
            "pieceJointeUtilisateurId": world.manager.pk,
            "pieceJointeStructureId": world.seller.pk,
            "pieceJointeStructureCode": world.seller.identifier,
            "pieceJointeStructureRaisonSociale": "Atelier Lumen",
        }
    ]
    kinds = world.program.asks(f"{LOOK_UPS}/recuperer/typespj")["listeTypePieceJointe"]
    details = next(kind["idTypePieceJointe"] for kind in kinds if kind["codeTypePieceJointe"] == "RIB")
    asked = {"idStructureCPP": world.seller.pk, "pieceJointeTypeId": details}
    [line] = world.program.asks(OF_STRUCTURE, asked)["listePiecesJointes"]
    assert line["pieceJointeDesignation"] == "rib.pdf"


def test_a_document_of_the_shelf_goes_with_an_answer_and_that_of_a_person_does_not(
    world: SimpleNamespace, sent: SimpleNamespace, shelf: SimpleNamespace
):
    invoice = sent.invoices[1]
    asked = {"identifiantFactureCPP": invoice.pk, "pieceJointeComplementaire": [
        {"pieceJointeComplementaireId": added(world)}, {"pieceJointeComplementaireId": SHELF + shelf.quote.pk},
    ]}  # fmt: skip
    private = {**asked, "pieceJointeComplementaire": {"pieceJointeComplementaireId": SHELF + shelf.own.pk}}
    assert code(world.program.asks(COMPLETE, private)) == (20001, "wire_file_unknown")
    assert world.program.asks(COMPLETE, asked)["codeRetour"] == 0
    names = set(InvoiceFile.objects.filter(invoice=invoice, role="02").values_list("name", flat=True))
    assert {"bon.txt", "devis.pdf"} <= names


def test_a_program_finds_and_takes_away_what_it_added_and_nobody_elses(world: SimpleNamespace):
    key = added(world)
    [line] = world.program.asks(OF_PROGRAM)["listePiecesJointes"]
    assert (line["pieceJointeId"], line["pieceJointeTypeCode"]) == (key, "AUTRE")
    assert world.program.asks(OF_PROGRAM, {"pieceJointeTypeId": 1})["listePiecesJointes"] == []
    assert world.of_others.asks(OF_PROGRAM)["listePiecesJointes"] == []
    asked = {"idPieceJointeObjet": key}
    assert code(world.of_others.asks(TAKE_AWAY, asked)) == (20001, "wire_file_unknown")
    assert ProgramFile.objects.filter(pk=key).exists()
    assert world.program.asks(TAKE_AWAY, asked) == {"codeRetour": 0, "libelle": "GCU_MSG_01_000"}
    assert code(world.program.asks(TAKE_AWAY, asked)) == (20001, "wire_file_unknown")


def test_documents_are_downloaded_one_as_it_is_several_as_an_archive(world: SimpleNamespace, shelf: SimpleNamespace):
    added(world)
    own = world.program.asks(DOWNLOAD, {"objetPieceJointe": "UTILISATEUR"})
    assert b64decode(own["pieceJointe"]) == b"bon"
    asked = {
        "objetPieceJointe": "STRUCTURE_PIECEJOINTE",
        "structure": {"identifiantStructure": world.seller.identifier, "typeIdentifiantStructure": "SIRET"},
    }
    content = b64decode(world.program.asks(DOWNLOAD, asked)["pieceJointe"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted(archive.namelist()) == ["devis.pdf", "rib.pdf"]
        assert archive.read("devis.pdf") == b"%PDF devis"
    unknown = {**asked, "structure": {"identifiantStructure": world.of_others.account.structure.identifier}}
    assert code(world.program.asks(DOWNLOAD, unknown)) == (20001, "wire_structure_unknown")


def test_the_other_family_lists_and_reads_the_shelf(world: SimpleNamespace, shelf: SimpleNamespace):
    address = f"{ORGANISATIONS}/{world.seller.uid.hex}/pieces_jointes"
    first, second = sorted(world.program.reads(address).json(), key=lambda line: line["fileName"])
    assert second == {
        "uuid": shelf.details.uid.hex, "fileName": "rib.pdf", "contentType": "application/pdf", "sizeBytes": 12
    }  # fmt: skip
    read = world.program.reads(f"{address}/{first['uuid']}")
    assert b64decode(json.loads(read.getvalue())["attachmentData"]) == b"%PDF devis"
    for absent in (
        f"{address}/{shelf.own.uid.hex}",
        f"{address}/x",
        f"{ORGANISATIONS}/{world.town.uid.hex}/pieces_jointes",
    ):
        refused = world.program.reads(absent)
        assert (refused.status_code, refused.json()[0]["error"]) == (400, "NotFoundReference")


def test_sollicitations_have_the_categories_of_the_pages(world: SimpleNamespace):
    path = f"{LOOK_UPS}/rechercher/categorieSollicitation"
    answer = world.program.asks(path, {"pagination": {"nbResultatsParPage": 2, "pageResultatDemandee": 2}})
    assert answer["parametresRetour"] == {
        "pageCourante": 2, "pages": 3, "nbResultatsParPage": 2, "total": len(SUBJECTS)
    }  # fmt: skip
    assert [line["idTechniqueCategorie"] for line in answer["listeCategories"]] == [3, 4]
    [payment] = world.program.asks(path, {"codeCategorie": "paiement"})["listeCategories"]
    assert payment["libelleCategorie"] == "Le paiement d’une facture"
    assert world.program.asks(path, {"estActif": False})["listeCategories"] == []
    below = world.program.asks(f"{LOOK_UPS}/rechercher/sousCategorieSollicitation", {"idTechniqueCategorie": 1})
    assert (below["codeRetour"], below["listeSousCategories"]) == (0, [])
