"""The people of the demonstration. Nobody here exists; every address ends in .example, which nobody can own."""

from __future__ import annotations

from dataclasses import dataclass

from . import directory

PASSWORD = "quatre lignes et des neumes"  # noqa: S105 - printed on the welcome screen of every demonstration


@dataclass(frozen=True)
class Person:
    email: str
    first_name: str
    last_name: str
    siret: str  # of the structure this person manages
    part: str  # in the play, for the list of logins


@dataclass(frozen=True)
class Workshop:
    """A supplier's structure."""

    siret: str
    name: str
    label: str
    address_line: str
    postcode: str
    city: str
    iban: str  # of a bank that does not exist (00000), with a right key


SCULPTOR_WORKSHOP = Workshop(
    siret=directory.siret(90_001),
    name="Ombeline Aubépin EI",
    label="Atelier de la Lune Rousse",
    address_line="3 venelle des Potiers",
    postcode="99120",
    city="Valbrume-sur-Orée",
    iban="FR7600000000010000000017736",
)
PUBLISHER = Workshop(
    siret=directory.siret(90_002),
    name="Éditions du Chat Botaniste SARL",
    label="Éditions du Chat Botaniste",
    address_line="18 quai des Brumes",
    postcode="99200",
    city="Clairbois",
    iban="FR7600000000010000000017833",
)
WORKSHOPS = (SCULPTOR_WORKSHOP, PUBLISHER)
ARCHITECT_FIRM = Workshop(  # in the plot only: it directs the sculptor's works, and validates what she does for it
    siret=directory.siret(90_003),
    name="Villedieu Architectes SARL",
    label="Villedieu Architectes",
    address_line="5 place du Cadran",
    postcode="99120",
    city="Valbrume-sur-Orée",
    iban="FR7600000000010000000018027",
)

ARTIST = Person(
    "ombeline@atelier.example",
    "Ombeline",
    "Aubépin",
    SCULPTOR_WORKSHOP.siret,
    "sculptrice : dépose et suit ses factures",
)
BOOKKEEPER = Person("fulbert@chat.example", "Fulbert", "Grandpré", PUBLISHER.siret, "comptable d’une maison d’édition")
ARCHITECT = Person(
    "hortense@villedieu.example",
    "Hortense",
    "Villedieu",
    ARCHITECT_FIRM.siret,
    "architecte : valide une facture, suit des travaux",
)
TOWN_AGENT = Person(
    "basile@valbrume.example",
    "Basile",
    "Tournemire",
    directory.TOWN_HALL,
    "agent de la mairie : traite les factures reçues",
)
MUSEUM_AGENT = Person("sidonie@musee.example", "Sidonie", "Lavergnac", directory.MUSEUM, "agente du musée")
HOSPITAL_AGENT = Person("anselme@hopital.example", "Anselme", "Quintefeuille", directory.HOSPITAL, "agent de l’hôpital")

PEOPLE = (ARTIST, BOOKKEEPER, ARCHITECT, TOWN_AGENT, MUSEUM_AGENT, HOSPITAL_AGENT)
