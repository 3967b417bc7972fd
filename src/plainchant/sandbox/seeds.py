"""What a sandbox begins with, by name: bodies of every combination of demands, and who acts in each part of works.

The sets are made like those of Chorus Pro's qualification environment (a supplier, a validator, two recipients, a
maître d'œuvre, a maître d'ouvrage, and five recipients with a demand each); nobody in them exists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from plainchant.demo.directory import BOTH, COMMITMENT, EITHER, NOTHING, SERVICE, DemoDirectory, siret
from plainchant.demo.places import Town
from plainchant.einvoice.codes.identifier_types import EU_VAT_TYPE, INDIVIDUAL_TYPE, SIRET_TYPE
from plainchant.einvoice.law.payment import LOCAL, PAYER_CATEGORIES
from plainchant.portal.structures.models import Service, StructureNature
from plainchant.portal.structures.naming import LegalName

PUBLIC, PRIVATE = StructureNature.PUBLIC, StructureNature.PRIVATE
_HERE = Town("Ville-Test", "99999")
_DEMANDED: Mapping[str, tuple[bool, bool, bool]] = {
    "sans exigence": NOTHING,
    "service obligatoire": SERVICE,
    "engagement obligatoire": COMMITMENT,
    "service et engagement obligatoires": BOTH,
    "service ou engagement obligatoire": EITHER,
}
_VARIANTS: Mapping[str, dict[str, object]] = {
    "": {},
    "inactif": {"is_active": False},
    "maître d’ouvrage seulement": {"is_works_authority_only": True},
    "sans suivi du paiement": {"reports_no_payment": True},
}
_FIRST = 70_000  # serial number: these SIRET are of nobody else here


@dataclass(frozen=True)
class SeededActor:
    """A structure with somebody who manages it and, where ``has_program``, a program that acts for it.

    ``part`` is what the qualification sets call it. A private one is made by who manages it.
    """

    part: str
    identifier: str
    name: LegalName
    nature: StructureNature = PRIVATE
    identifier_type: str = SIRET_TYPE
    is_active: bool = True
    has_program: bool = True

    @property
    def email(self) -> str:
        return f"{self.identifier.lower()}@sandbox.example"


@dataclass(frozen=True)
class Seed:
    """What is added to the demonstration's directory and to its two suppliers."""

    says: str
    has_combinations: bool = False
    actors: tuple[SeededActor, ...] = ()
    has_invoices: bool = False


def _actor(part: str, serial: int, **values: object) -> SeededActor:
    return SeededActor(part, siret(_FIRST + serial), LegalName(name=f"{part} de test"), **values)  # type: ignore[arg-type]


ACTORS: tuple[SeededActor, ...] = (
    _actor("Fournisseur", 901),
    _actor("Valideur", 902),
    _actor("Cotraitant", 903),
    _actor("MOE", 904),
    _actor("MOA", 905, nature=PUBLIC),
    _actor("Destinataire", 906, nature=PUBLIC),
    _actor("Destinataire 2", 907, nature=PUBLIC),
    _actor("Fournisseur inactif", 908, is_active=False, has_program=False),
    SeededActor(
        "Fournisseur étranger", "BE0999999922", LegalName(name="Fournisseur belge de test"), identifier_type=EU_VAT_TYPE
    ),
    SeededActor(
        "Particulier",
        "0999999999DE-TEST",
        LegalName(first_name="Personne", last_name="de-Test"),
        identifier_type=INDIVIDUAL_TYPE,
        has_program=False,
    ),
)

SEEDS: Mapping[str, Seed] = {
    "usual": Seed("two suppliers, some 350 bodies, no invoice"),
    "qualification": Seed(
        "the same, bodies of every combination of demands, and a program for each part of a contract",
        has_combinations=True,
        actors=ACTORS,
    ),
    "midway": Seed(
        "as usual, with a few invoices that are on their way, and the commitments they name", has_invoices=True
    ),
}


@dataclass(frozen=True)
class Combination:
    """One public body; ``says`` what it demands. ``demands`` are the three flags of a directory."""

    identifier: str
    says: str
    category: str
    demands: tuple[bool, bool, bool]
    others: Mapping[str, object]


def combinations() -> Iterator[Combination]:
    """Every kind of payer × every demand × active or not, works or not, payment followed or not."""
    serial = _FIRST
    for variant, values in _VARIANTS.items():
        for category in PAYER_CATEGORIES:
            for demand, flags in _DEMANDED.items():
                says = ", ".join(filter(None, ["Destinataire de test", category.code, demand, variant]))
                yield Combination(siret(serial), says, category.code, flags, values)
                serial += 1


def directory_of(seed: Seed) -> DemoDirectory:
    """The bodies that a seed adds, with their services."""
    directory = DemoDirectory()
    for row in combinations() if seed.has_combinations else ():
        directory.add(row.identifier, row.says, _HERE, row.category, row.demands, **row.others)
        _serve(directory, row.identifier)
    for actor in seed.actors:
        if actor.nature == PUBLIC:
            directory.add(actor.identifier, actor.name.whole, _HERE, LOCAL, NOTHING, email=actor.email)
            _serve(directory, actor.identifier)
    return directory


def _serve(directory: DemoDirectory, identifier: str) -> None:
    """A service of each kind: which one is named decides what else has to be."""
    directory.serve(identifier, "SERVICE_ACTIF", "Service de test")
    directory.serve(identifier, "SERVICE_EJ", "Service de test, engagement obligatoire", requires_commitment=True)
    directory.serve(identifier, "SERVICE_INACTIF", "Service de test, inactif", is_active=False)
    directory.serve(identifier, "SERVICE_FINI", "Service de test, fini", valid_until=date(2024, 12, 31))
    directory.serve(identifier, "SERVICE_FUTUR", "Service de test, à venir", valid_from=date(2099, 1, 1))
    directory.serve(identifier, Service.PUBLIC_INVOICES, "Factures entre structures publiques")
