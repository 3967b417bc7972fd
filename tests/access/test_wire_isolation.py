"""Every operation of the interface × what is somebody else's: the same answer, byte for byte, as to an unknown id."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.db.models import Model
from django.http import HttpResponse

from plainchant.api.operation import Operation
from plainchant.api.table import TABLE
from plainchant.api.transverses.kept_documents import SHELF
from plainchant.api.transverses.lists import CODE_LISTS
from plainchant.api.transverses.own_structures import STRUCTURES_OF_SPACES
from plainchant.portal.structures.models import Membership
from tests.access.parties import Parties, parties
from tests.api.calling import Program
from tests.making import a_program, an_application

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

ABSENT = 2**31 - 1


@dataclass(frozen=True)
class Naming:
    """How a request names something: ``what`` of the parties, and the body for a value that stands for it.

    ``value`` is what the wire calls it, ``absent`` what nothing is called.
    """

    what: str
    body: Callable[[Any], Any]
    value: Callable[[Any], Any] = lambda obj: obj.pk
    absent: Any = ABSENT

    def answer(self, program: Program, operation: Operation, value: Any) -> HttpResponse:
        """What an operation answers about ``value``, in its path or in its body."""
        if operation.method == "GET":
            return program.reads(operation.path.format(**self.body(value)))
        return program.call(operation.path, self.body(value))


def _flow(number: Any) -> dict[str, Any]:
    return {"numeroFluxDepot": number}


def _key(name: str) -> Callable[[Any], Any]:
    return lambda key: {name: key}


_BY_UID = Naming("the supplier", _key("uuid"), value=lambda structure: structure.uid.hex, absent="f" * 32)
_A_FLOW = Naming("a flow", _flow, value=lambda flow: flow.number, absent="CPP0011117000000000999999")

NAMES: Mapping[str, Naming] = {
    "/cpro/factures/v1/consulter/historique": Naming("a received invoice", _key("idFacture")),
    "/cpro/factures/v1/rechercher/fournisseur": Naming("the supplier", _key("idFournisseur")),
    "/cpro/factures/v1/soumettre": Naming(
        "the supplier", lambda key: {"modeDepot": "SAISIE_API", "fournisseur": {"idFournisseur": key}}
    ),
    "/cpro/facturesTravaux/v1/rechercher": Naming(
        "the town", lambda key: {"roleUtilisateur": "DESTINATAIRE", "idDestinataire": key}
    ),
    "/cpro/engagementsJuridiques/v1/rechercher": Naming(
        "the town", _key("structureReceptriceEngagementJuridique"), value=lambda town: town.pk
    ),
    "/cpro/factures/v1/rechercher/demandePaiement": Naming(
        "the supplier",
        lambda key: {"roleUtilisateur": "FOURNISSEUR", "structureFournisseur": {"idStructureFournisseur": key}},
    ),
    "/cpro/factures/v1/consulter/fournisseur": Naming("a received invoice", _key("identifiantFactureCPP")),
    "/cpro/factures/v1/consulter/recipiendaire": Naming("a received invoice", _key("identifiantFactureCPP")),
    "/cpro/factures/v1/consulter/valideur": Naming("an invoice to validate", _key("identifiantFactureCPP")),
    "/cpro/factures/v1/telecharger/groupe": Naming(
        "a received invoice", lambda key: {"format": "PDF", "listeFacture": [{"idFacture": key}]}
    ),
    "/cpro/structures/v1/rechercher/espaces": Naming("the supplier", lambda key: {"structure": {"idStructure": key}}),
    "/cpro/structures/v1/lister/rattachementsutilisateur": Naming("the supplier", _key("idStructure")),
    "/cpro/factures/v1/rechercher/recipiendaire": Naming("the town", _key("idDestinataire")),
    "/cpro/factures/v1/rechercher/valideur": Naming("the supplier", _key("idFournisseur")),
    "/cpro/factures/v1/rechercher/atraiter/fournisseur": Naming("the supplier", _key("idStructure")),
    "/cpro/factures/v1/rechercher/atraiter/recipiendaire": Naming("the town", _key("idStructure")),
    "/cpro/factures/v1/rechercher/aTraiter/valideur": Naming("the supplier", _key("idStructure")),
    "/cpro/factures/v1/traiter/recue": Naming(
        "a received invoice", lambda key: {"idFacture": key, "nouveauStatut": "SERVICE_FAIT"}
    ),
    "/cpro/factures/v1/completer": Naming(
        "a suspended invoice", lambda key: {"identifiantFactureCPP": key, "commentaire": "Voici."}
    ),
    "/cpro/factures/v1/recycler": Naming("a returned invoice", _key("identifiantFactureCPP")),
    "/cpro/factures/v1/traiterRejet": Naming(
        "a rejected invoice", lambda key: {"listeDemandePaiement": [{"idDemandePaiement": key}]}
    ),
    "/cpro/factures/v1/traiter/factureAValider": Naming(
        "an invoice to validate", lambda key: {"idFacture": key, "action": "VALIDATION"}
    ),
    "/cpro/factures/v1/corriger/valideur/facture": Naming(
        "an invoice of a wrong validator", lambda key: {"idFacture": key, "identifiantStructure": "73282932000074"}
    ),
    "/cpro/structures/v1/consulter": Naming("the supplier", _key("idStructureCPP")),
    "/cpro/structures/v1/rechercher/services": Naming("the supplier", _key("idStructure")),
    "/cpro/structures/v1/consulter/service": Naming("the supplier", lambda key: {"idStructure": key, "idService": 1}),
    "/cpro/structures/v1/rechercher": Naming(
        "the supplier",
        lambda identifier: {"structure": {"identifiantStructure": identifier}, "restreindreStructuresPrivees": False},
        value=lambda structure: structure.identifier,
        absent="99999999999999",
    ),
    "/cpro/transverses/v1/rechercher/serviceexecutant": Naming("the supplier", _key("idDestinataireCPP")),
    "/cpro/transverses/v1/rechercher/destinataire": Naming(
        "the supplier",
        _key("identifiant"),
        value=lambda structure: structure.identifier,
        absent="99999999999999",
    ),
    "/cpro/transverses/v1/consulter/information/siret": Naming(
        "the supplier",
        _key("siretStructure"),
        value=lambda structure: structure.identifier,
        absent="99999999999999",
    ),
    "/cpro/transverses/v1/recuperer/coordbanc/valides": Naming("the supplier", _key("idStructure")),
    "/cpro/transverses/v1/telecharger/pieceJointe": Naming(
        "a received invoice",
        lambda key: {
            "objetPieceJointe": "DEMANDE_PAIEMENT",
            "demandePaiement": {"format": "PDF", "listeFacture": [{"idFacture": key}]},
        },
    ),
    "/cpro/transverses/v1/rechercher/pj/structure": Naming("the supplier", _key("idStructureCPP")),
    "/cpro/transverses/v1/detacherPieceJointe": Naming(
        "a piece the manager added", _key("idPieceJointeObjet"), value=lambda piece: SHELF + piece.pk
    ),
    "/cpro/organisations/v1/structures/{uuid}": _BY_UID,
    "/cpro/organisations/v1/structures/{uuid}/pieces_jointes": _BY_UID,
    "/cpro/organisations/v1/structures/{uuid}/pieces_jointes/{uuidPJ}": Naming(
        "a piece the manager added",
        lambda uids: dict(zip(("uuid", "uuidPJ"), uids, strict=True)),
        value=lambda piece: [piece.structure.uid.hex, piece.uid.hex],
        absent=["f" * 32, "f" * 32],
    ),
    "/cpro/organisations/v1/structures/{uuid}/services": _BY_UID,
    "/cpro/organisations/v1/structures/recherche": Naming(
        "the supplier",
        lambda identifier: {"identifiant": {"op": "=", "val": identifier}},
        value=lambda structure: structure.identifier,
        absent="99999999999999",
    ),
    "/cpro/organisations/v1/services/recherche": Naming(
        "the supplier",
        lambda uid: {"rattachementOrganisation": {"op": "=", "val": uid}},
        value=lambda structure: structure.uid.hex,
        absent="f" * 32,
    ),
    "/cpro/transverses/v1/consulterCR": _A_FLOW,
    "/cpro/transverses/v1/consulterCRDetaille": _A_FLOW,
}
# What they are given names nothing of anybody's: they act for the structure of the technical account, or are lists.
NAMES_NOTHING = {
    "/api/v1/check",
    "/api/v1/convert",
    "/cpro/factures/v1/deposer/flux",
    "/cpro/factures/v1/deposer/pdf",
    "/cpro/factures/v1/recuperer/statutsFactureVisibles/valideur",
    "/cpro/organisations/v1/healthcheck",
    "/cpro/organisations/v1/services/{uuid}",  # of public bodies: those of the directory
    "/cpro/transverses/v1/ajouter/fichier",
    "/cpro/transverses/v1/rechercher/pj/moncompte",
    "/cpro/transverses/v1/rechercher/categorieSollicitation",
    "/cpro/transverses/v1/rechercher/sousCategorieSollicitation",
    "/cpro/transverses/v1/telecharger/annuaire/destinataire",
    "/cpro/transverses/v1/recuperer/structuresPourUtilisateur",
    "/cpro/utilisateurs/v1/monCompte/recuperer/rattachements",
    *(row.path for row in (*CODE_LISTS, *STRUCTURES_OF_SPACES)),
    "/cpro/transverses/v1/health-check",
}


@dataclass(frozen=True)
class World:
    made: Parties
    own: Program
    strange: Program


@pytest.fixture(scope="module")
def world(
    once_a_module: Callable[[], AbstractContextManager[None]], at: datetime, request: pytest.FixtureRequest
) -> Iterator[World]:
    with once_a_module():
        made = parties(at=at)
        manager = made.actors["the supplier's manager"].person
        application, _ = an_application(structure=made.seller, at=at, by=manager, name="Autre")
        person = made.actors["the manager of others"].person
        others = Membership.objects.select_related("structure").get(user=person).structure
        account, secret = a_program(structure=others, at=at, name="Autre")
        own, own_secret = a_program(structure=made.seller, at=at, by=manager, name="Autre")
        built = World(made, Program(application, own, own_secret), Program(application, account, secret))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("plainchant.api.entry.now", lambda: at)
        patch.setattr("tests.api.calling.now", lambda: at)
        yield built


def test_each_operation_says_what_it_names():
    paths = {row.path for row in TABLE}
    assert NAMES.keys() | NAMES_NOTHING == paths
    assert not NAMES.keys() & NAMES_NOTHING


@pytest.mark.parametrize("operation", [row for row in TABLE if row.path in NAMES], ids=lambda row: row.name)
def test_what_is_somebody_elses_is_answered_as_what_does_not_exist(world: World, operation: Operation):
    naming = NAMES[operation.path]
    obj: Model = world.made.objects[naming.what]
    value = naming.value(obj)
    absent = naming.answer(world.strange, operation, naming.absent)
    theirs = naming.answer(world.strange, operation, value)
    # An answer may say again what it was asked for.
    said = absent.content.replace(json.dumps(naming.absent).encode(), json.dumps(value).encode())
    assert (theirs.status_code, theirs.content) == (absent.status_code, said)
