"""The fictitious directory: bodies nobody can mistake for real ones, with everything a directory can demand.

Towns do not exist, postcodes are not in use, and every SIRET starts with 000, which INSEE has never given. The five
recipients of Chorus Pro's qualification environment are added as they are: public test data that clients' tests use.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count, cycle
from random import Random

from stdnum import luhn

from plainchant.einvoice.law.payment import HEALTH, LOCAL, STATE, UNDERTAKING
from plainchant.portal.directory import operations
from plainchant.portal.directory.imports.records import BodyRecord, ServiceRecord
from plainchant.portal.structures.models import Service

from .places import Town, demo_towns, invented_name, invented_towns, listed, of_town, saint


def siret(serial: int) -> str:
    """The serial-th fictitious SIRET: its keys are right, its first digits are nobody's."""
    establishment, body = divmod(serial, 100_000)
    siren = f"000{body:05d}"
    siren += luhn.calc_check_digit(siren)
    number = f"{siren}{establishment + 1:04d}"
    return number + luhn.calc_check_digit(number)


# The cast of the demonstration.
TOWN_HALL = siret(1)  # demands the service or the commitment
MUSEUM = siret(2)  # demands the commitment
HOSPITAL = siret(3)  # demands both, and has 200 services
TOWN_WITHOUT_DEMANDS = siret(4)
MINISTRY = siret(5)  # demands both, as the State does
CLOSED_TOWN = siret(6)  # inactive

# The qualification environment's recipients (flows' public test data).
QUALIFICATION_SERVICE = "12345678200028"
QUALIFICATION_COMMITMENT = "12345678200036"
QUALIFICATION_EITHER = "12345678200044"
QUALIFICATION_NOTHING = "12345678200051"
QUALIFICATION_STATE = "11000201100044"

# codeServiceDoitEtreRenseigne, numeroEJDoitEtreRenseigne, gestionNumeroEJOuCodeService
NOTHING, SERVICE, COMMITMENT, BOTH, EITHER = (
    (False, False, False),
    (True, False, False),
    (False, True, False),
    (True, True, False),
    (False, False, True),
)
_DEMANDS = [NOTHING, SERVICE, EITHER, COMMITMENT, BOTH, NOTHING, EITHER, (True, True, True), (True, False, True)]


@dataclass
class DemoDirectory:
    """Records as a directory file would give them."""

    bodies: list[BodyRecord] = field(default_factory=list)
    services: list[ServiceRecord] = field(default_factory=list)

    def add(
        self,
        identifier: str,
        name: str,
        town: Town,
        category: str,
        demands: tuple[bool, bool, bool] = NOTHING,
        **values: object,
    ) -> str:
        by_service, by_commitment, by_either = demands
        given: dict[str, object] = {
            "name": name,
            "address_line": f"{1 + len(self.bodies) % 40} place de la Fontaine",
            "postcode": town.postcode,
            "city": town.name,
            "payer_category": category,
            "requires_service": by_service,
            "requires_commitment": by_commitment,
            "requires_service_or_commitment": by_either,
            **values,
        }
        self.bodies.append(BodyRecord(len(self.bodies) + 1, identifier, given))
        return identifier

    def serve(self, identifier: str, code: str, name: str, **values: object) -> None:
        self.services.append(ServiceRecord(len(self.services) + 1, identifier, code, {"name": name, **values}))


def seed(*, at: datetime) -> None:
    """Record the demonstration's directory; again changes nothing."""
    directory = demo_directory()
    operations.record_bodies(bodies=directory.bodies, at=at)
    operations.record_services(services=directory.services, at=at)


def demo_directory() -> DemoDirectory:
    """Some 350 bodies of every kind, the same each time."""
    directory, towns = DemoDirectory(), demo_towns()
    _cast(directory, towns)
    _qualification(directory)
    serials, demands = count(100), cycle(_DEMANDS)
    for place, town in enumerate(towns):
        _town(directory, town, place, serials, demands)
    _great_bodies(directory, towns, serials, demands)
    _give_services(directory)
    return directory


def _cast(directory: DemoDirectory, towns: list[Town]) -> None:
    valbrume, pierrefeuille, vaucendre = towns[0], towns[2], towns[7]
    hall = directory.add(
        TOWN_HALL, "Mairie de Valbrume-sur-Orée", valbrume, LOCAL, EITHER, email="mairie@valbrume.example"
    )
    directory.serve(hall, "CULTURE", "Service culture", email="culture@valbrume.example")
    directory.serve(hall, "TECHNIQUE", "Services techniques")
    directory.serve(hall, "ECOLES", "Écoles et cantines")
    directory.serve(hall, "MARCHES", "Commande publique", requires_commitment=True)
    directory.serve(hall, "FETES_2024", "Comité des fêtes 2024", valid_until=date(2024, 12, 31))
    directory.serve(hall, "ETAT_CIVIL", "État civil", is_active=False)
    directory.serve(hall, Service.PUBLIC_INVOICES, "Factures entre structures publiques")
    directory.add(
        MUSEUM, "Musée des Faïences de Pierrefeuille", pierrefeuille, LOCAL, COMMITMENT, label="Musée des Faïences"
    )
    hospital = directory.add(
        HOSPITAL, "Centre hospitalier de Vaucendre", vaucendre, HEALTH, BOTH, reports_no_payment=True
    )
    wards = listed("Cardiologie Pédiatrie Maternité Urgences Radiologie Pharmacie Cuisine Lingerie Jardins Psychiatrie")
    for number in range(200):
        ward, building = wards[number % 10], number // 10 + 1
        directory.serve(
            hospital,
            f"CH-{number + 1:03d}",
            f"{ward}, bâtiment {building}",
            requires_commitment=number % 7 == 0,
            is_active=number % 25 != 24,
        )
    directory.add(TOWN_WITHOUT_DEMANDS, "Commune de Noirépine", towns[8], LOCAL, NOTHING)
    ministry = directory.add(
        MINISTRY, "Ministère des Arts imaginaires", towns[14], STATE, BOTH, label="Ministère des Arts imaginaires"
    )
    directory.serve(ministry, "ART001", "Direction de la création")
    directory.serve(ministry, "ART002", "Secrétariat général")
    directory.add(CLOSED_TOWN, "Commune de Mirebrume (ancienne fiche)", towns[17], LOCAL, SERVICE, is_active=False)


def _qualification(directory: DemoDirectory) -> None:
    here = Town("Ville-Test", "99999")
    for identifier, name, category, demands, code in (
        (QUALIFICATION_SERVICE, "Destinataire de test, service obligatoire", LOCAL, SERVICE, "SERVICE_DEST_SERV_OBL"),
        (QUALIFICATION_COMMITMENT, "Destinataire de test, engagement obligatoire", LOCAL, COMMITMENT, ""),
        (
            QUALIFICATION_EITHER,
            "Destinataire de test, engagement ou service",
            LOCAL,
            EITHER,
            "SERVICE_DEST_EJ_OU_SERV_OBL",
        ),
        (QUALIFICATION_NOTHING, "Destinataire de test, sans exigence", LOCAL, NOTHING, ""),
        (QUALIFICATION_STATE, "Destinataire de test, État", STATE, BOTH, "SFACETAT"),
    ):
        directory.add(identifier, name, here, category, demands)
        if code:
            directory.serve(identifier, code, "Service de test")


def _town(
    directory: DemoDirectory, town: Town, place: int, serials: Iterator[int], demands: Iterator[tuple[bool, bool, bool]]
) -> None:
    joined = of_town(town)
    names = [f"Centre communal d’action sociale {joined}", f"École élémentaire {joined}"]
    if place > 0 and place != 8:  # Valbrume and Noirépine are of the cast
        names.append(f"Commune {joined}")
    if place % 2 == 0:
        names.append(f"École maternelle des Petits-Cailloux, {town.name}")
        names.append(f"Médiathèque {joined}")
    if place % 3 == 0:
        names += [f"Collège Zéphirine-Lamuse, {town.name}", f"Résidence autonomie des Tilleuls, {town.name}"]
    if place % 4 == 1:
        names += [f"Régie des eaux {joined}", f"Caisse des écoles {joined}", f"Théâtre municipal {joined}"]
    for name in names:
        directory.add(siret(next(serials)), name, town, LOCAL, next(demands), reports_no_payment=place % 5 == 0)


def _great_bodies(
    directory: DemoDirectory, towns: list[Town], serials: Iterator[int], demands: Iterator[tuple[bool, bool, bool]]
) -> None:
    named: list[tuple[str, str, tuple[bool, bool, bool] | None]] = []
    for place in ("Brumelle-et-Orée", "Luisance", "Haute-Cendrine", "Égrenne-Maritime", "Tarelle"):
        named += [(f"Département de la {place}" if place[0] != "É" else f"Département d’{place}", LOCAL, None)]
        named += [(f"Préfecture : {place}", STATE, BOTH), (f"Service d’incendie et de secours, {place}", LOCAL, None)]
    for place in ("Plaines-et-Brumes", "Terres-Creuses", "Rivages-du-Levant"):
        named += [(f"Région {place}", LOCAL, None), (f"Rectorat de l’académie {place}", STATE, BOTH)]
    for subject in ("de l’Horlogerie", "des Nuages", "de la Lecture", "des Chemins", "du Patois", "de la Pluie fine"):
        named.append((f"Ministère {subject}", STATE, BOTH))
    for place in ("Brumois", "Vaucendrois", "Lanternois", "Grivois", "Herselin", "Pays creux", "Haut-Orée"):
        named += [
            (f"Communauté de communes du {place}", LOCAL, None),
            (f"Syndicat mixte des ordures ménagères du {place}", LOCAL, None),
            (f"Office public de l’habitat du {place}", LOCAL, None),
            (f"Lycée polyvalent du {place}", LOCAL, None),
        ]
    for town in towns[1:9]:
        named += [(f"Hôpital intercommunal {of_town(town)}", HEALTH, None), (f"EHPAD {of_town(town)}", HEALTH, None)]
    for town in towns[9:13]:
        named += [
            (f"Université {of_town(town)}", STATE, None),
            (f"Musée national des Brouillards, {town.name}", STATE, None),
            (f"École supérieure d’art {of_town(town)}", STATE, None),
        ]
    for town in towns[13:18]:
        named += [
            (f"Port fluvial {of_town(town)}", UNDERTAKING, None),
            (f"Société des transports {of_town(town)}", UNDERTAKING, None),
            (f"Opéra {of_town(town)}", UNDERTAKING, None),
        ]
    for number, (name, category, demanded) in enumerate(named):
        seat = next((town for town in towns if town.name in name), towns[number % len(towns)])
        directory.add(siret(next(serials)), name, seat, category, demanded or next(demands))


_DESKS = [
    ("FINANCES", "Direction des finances"),
    ("BATIMENTS", "Bâtiments et entretien"),
    ("ACHATS", "Service des achats"),
    ("RH", "Ressources humaines"),
    ("COM", "Communication"),
    ("INFO", "Informatique"),
]


def _give_services(directory: DemoDirectory) -> None:
    """Services for all who demand one, and for every fourth body besides; some demand a commitment, some are over."""
    served = {record.identifier for record in directory.services}
    for place, body in enumerate(directory.bodies):
        asks = body.values["requires_service"] or body.values["requires_service_or_commitment"]
        if body.identifier in served or not (asks or place % 4 == 0) or not body.identifier.startswith("000"):
            continue
        for number, (code, name) in enumerate(_DESKS[: 2 + place % 5]):
            directory.serve(
                body.identifier,
                code,
                name,
                requires_commitment=(place + number) % 6 == 0,
                valid_until=date(2025, 6, 30) if (place + number) % 11 == 0 else None,
            )
        if place % 3 == 0:
            directory.serve(body.identifier, Service.PUBLIC_INVOICES, "Factures entre structures publiques")


# For the bench: how many of a hundred bodies are of a kind, and how its name is made.
_KINDS: list[tuple[int, str, str]] = [
    (24, "Commune {of}", LOCAL),
    (20, "École élémentaire {given} {family}", LOCAL),
    (10, "École maternelle {given} {family}", LOCAL),
    (8, "Centre communal d’action sociale {of}", LOCAL),
    (6, "École primaire publique {town}", LOCAL),
    (5, "Collège {given} {family}", LOCAL),
    (3, "Lycée professionnel {given} {family}", LOCAL),
    (4, "Syndicat intercommunal des eaux {of}", LOCAL),
    (3, "EHPAD {saint} {of}", HEALTH),
    (3, "Centre hospitalier {of}", HEALTH),
    (3, "Communauté de communes {family} et {other}", LOCAL),
    (2, "Direction départementale des territoires {of}", STATE),
    (2, "Médiathèque {given} {family}", LOCAL),
    (2, "Régie des transports {of}", UNDERTAKING),
    (2, "Office public de l’habitat {of}", LOCAL),
    (1, "Musée {family} {of}", LOCAL),
    (1, "Université {family}", STATE),
    (1, "Association foncière {of}", LOCAL),
]
_GIVEN = listed(
    "Jean Marie Louise Paul Jules Anne Claire Lucie Victor Émile Simone Pierre Jacques Henri Rose Léon "
    "Camille Alphonse Georges Marguerite Antoine Suzanne Célestin Honoré Aimé Renée André Charles "
    "Françoise Madeleine"
)


def generate(n: int, seed: int = 1) -> Iterator[BodyRecord]:
    """``n`` varied bodies for the bench, the same for the same seed. Towns repeat, as four bodies share one."""
    random = Random(seed)  # noqa: S311 - invented names, no secret
    towns = invented_towns(max(n // 4, 1), random)
    kinds = [kind for kind in _KINDS for _ in range(kind[0])]
    for number in range(n):
        _, shape, category = random.choice(kinds)
        town = random.choice(towns)
        name = shape.format(
            of=of_town(town),
            town=town.name,
            saint=saint(random),
            given=random.choice(_GIVEN),
            family=invented_name(random).capitalize(),
            other=invented_name(random).capitalize(),
        )
        by_service, by_commitment, by_either = random.choice(_DEMANDS)
        values: dict[str, object] = {
            "name": name,
            "address_line": f"{random.randrange(1, 90)} rue {random.choice(_GIVEN)}",
            "postcode": town.postcode,
            "city": town.name,
            "payer_category": category,
            "is_active": random.random() > 0.03,
            "requires_service": by_service,
            "requires_commitment": by_commitment,
            "requires_service_or_commitment": by_either,
        }
        yield BodyRecord(number + 1, siret(200_000 + number), values)
