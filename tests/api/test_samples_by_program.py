"""Chorus Pro's own samples through deposer/flux: each has the report that it should have.

A few of them in the suite, all sixty with PLAINCHANT_TEST_SAMPLES=1. They are no part of the project: without ../shared
the tests are skipped.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from lxml import etree

from plainchant.portal.flows.models import Flow
from plainchant.portal.flows.operations import process
from plainchant.portal.invoices.lots import carry_lot
from plainchant.portal.invoices.models import Invoice
from tests.api.calling import Program
from tests.making import a_member, a_program, a_service, a_structure, a_town, an_application
from tests.samples import official_samples

SIRET, OTHER_SIRET = "81034732800017", "40668031401116"
SUPPLIERS = {
    SIRET: "SIRET", OTHER_SIRET: "SIRET", "350041679": "TAHITI", "886978001": "TAHITI",
    "BE0429958042": "UE_HORS_FRANCE", "KRSAMSUNGMOBILEPHO": "HORS_UE", "1234567890": "RIDET",
}  # fmt: skip
VALIDATOR = "24590041000292"
RECIPIENTS = {"53514650090018": (), "75356054900010": ("SERV1",), "11000201100044": ("AAASCPV", "AMMHERME01")}

# What a sample says of its supplier, where that is none of the two SIRETs.
SENDERS = {
    "FSO1116A_P03.xml": "350041679", "FSO1116A_P04.xml": "BE0429958042", "FSO1116A_P57.xml": "KRSAMSUNGMOBILEPHO",
    "FSO1116A_P58.xml": "1234567890", "FSO1117A_EN16931_P03.pdf": "886978001",
    "FSO1117A_EN16931_P04.pdf": "BE0429958042", "FSO1117A_EN16931_P05.pdf": "1234567890",
    "FSO1117A_EN16931_P57.pdf": "KRSAMSUNGMOBILEPHO",
}  # fmt: skip
# The samples that are not taken, with the codes of their reports; all others are integrated.
REFUSED: dict[str, set[str]] = {
    "FSO1116A_P01.xml": {"XSD"},  # an element is missing: no schema takes it
    "FSO1116A_P46.xml": {"ANNUAIRE-DESTINATAIRE-INCONNU"},  # SIRET 00000000000000
    # Pieces of works whose circuit no public source tells, or that are made from another piece.
    "FSO1116A_P57.xml": {"FLUX-CIRCUIT"},
    "FSO1116A_P58.xml": {"FLUX-CIRCUIT"},
    "FSO1116A_P76.xml": {"FLUX-CIRCUIT"},
    "FSO1116A_P77.xml": {"FLUX-CIRCUIT"},
    "FSO1117A_EN16931_P57.pdf": {"FLUX-CIRCUIT"},
    "FSO1117A_EN16931_P76.pdf": {"FLUX-CIRCUIT"},
}
FEW = {"FSO1116A_P01.xml", "FSO1116A_P05.xml", "FSO1117A_EN16931_P40.pdf"}
WHOLE = bool(os.environ.get("PLAINCHANT_TEST_SAMPLES"))


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> SimpleNamespace:
    """The suppliers and recipients that the samples name, a program for each."""
    with once_a_module():
        validator = a_structure(at=at, name="Valideur", identifier=VALIDATOR)
        a_member(structure=validator, at=at, is_manager=True)
        towns, suppliers = {}, {}
        for identifier, kind in SUPPLIERS.items():
            suppliers[identifier] = a_structure(at=at, name="Fournisseur", identifier=identifier, identifier_type=kind)
        for identifier, codes in RECIPIENTS.items():
            towns[identifier] = a_town(at=at, name="Destinataire", identifier=identifier)
            for code in codes:
                a_service(structure=towns[identifier], code=code)
        for structure in [*towns.values(), *suppliers.values()]:
            a_member(structure=structure, at=at, is_manager=True)
        application, _ = an_application(structure=suppliers[SIRET], at=at)
        programs = {
            key: Program(application, *a_program(structure=structure, at=at))
            for key, structure in (towns | suppliers).items()
        }
        return SimpleNamespace(at=at, programs=programs)


@pytest.fixture
def world(built: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, db: None) -> SimpleNamespace:
    monkeypatch.setattr(settings, "API_RATE", 0)
    monkeypatch.setattr("plainchant.api.entry.now", lambda: built.at)
    monkeypatch.setattr("tests.api.calling.now", lambda: built.at)
    return built


def samples() -> list[str]:
    names = [f"FSO1116A_P{number}.xml" for number in _NUMBERS_OF_CII]
    names += [f"FSO1117A_EN16931_P{number}.pdf" for number in _NUMBERS_OF_FACTURX]
    return [name for name in names if WHOLE or name in FEW]


_NUMBERS_OF_CII = (
    "01 02 03 04 05 08 10 13 17 18 19 20 23 31 40 42 46 47 48 53 57 58 59 60 61 74 75 76 77 86 87 88 92 95 96 97"
).split()
_NUMBERS_OF_FACTURX = "01 02 03 04 05 07 09 11 13 15 17 21 40 47 48 55 57 59 76 83 92 93 95 97".split()


@pytest.mark.parametrize("name", samples())
def test_a_sample_has_the_report_that_it_should_have(world: SimpleNamespace, name: str):
    shared = official_samples()
    is_cii = name.endswith(".xml")
    path = shared / "corpora" / "aife" / ("aife-fso1116a-cii" if is_cii else "aife-fso1117a-facturx") / name
    supplier = world.programs[SENDERS.get(name, SIRET if is_cii else OTHER_SIRET)]
    given = {
        "fichierFlux": b64encode(path.read_bytes()).decode(),
        "nomFichier": name,
        "syntaxeFlux": "IN_DP_E2_CII_MIN_16B" if is_cii else "IN_DP_E2_CII_FACTURX",
    }
    number = supplier.asks("/cpro/factures/v1/deposer/flux", given)["numeroFluxDepot"]
    process(flow=Flow.objects.get(number=number), at=world.at)
    report = supplier.asks("/cpro/transverses/v1/consulterCRDetaille", {"numeroFluxDepot": number})
    codes = {error["codeErreur"] for error in report["plainchant"]["listeErreurDP"]}
    wanted = REFUSED.get(name, set())
    assert (codes, report["etatCourantDepotFlux"]) == (wanted, "IN_REJETE" if wanted else "IN_INTEGRE")
    if wanted:
        assert not Invoice.objects.exists()
        return
    [invoice] = Invoice.objects.select_related("buyer")
    [line] = supplier.asks("/cpro/factures/v1/rechercher/fournisseur", {"numeroFluxDepot": number})["listeFactures"]
    assert line["numeroFacture"] == invoice.number
    if invoice.validator_id is None and invoice.buyer is not None and not line["statut"].endswith("MOE"):
        carry_lot(uids=[str(invoice.uid)], at=world.at)
        _assert_pivot(world.programs[invoice.buyer.identifier], invoice, shared)


def _assert_pivot(recipient: Any, invoice: Invoice, shared: Path) -> None:
    """Its recipient downloads a pivot that the official schema takes."""
    wanted = {"format": "PIVOT", "listeFacture": [{"idFacture": invoice.pk}]}
    answer = recipient.asks("/cpro/factures/v1/telecharger/groupe", wanted)
    schema = etree.XMLSchema(etree.parse(shared / "corpora/pivot/xsd/CPPFacturePivot_V2_02.xsd"))
    schema.assertValid(etree.fromstring(b64decode(answer["fichierResultat"])))
