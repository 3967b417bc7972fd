"""The dispense de précompte: the paper by which Urssaf tells a diffuser to withhold nothing, for one civil year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from plainchant.einvoice.law.dated import Source

SOURCE = Source("CSS, art. L382-5 et R382-26 ; Urssaf, dispense 2026 ; Legisocial 7595")
WHERE = "artistes-auteurs.urssaf.fr, rubrique « Messagerie » de votre espace"


class DispenseState(StrEnum):
    VALID = "valid"
    OTHER_YEAR = "other-year"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Dispense:
    """How a dispense stands on a day; ``sentence`` says it to the artist, ``year`` is that of the paper."""

    state: DispenseState
    year: int | None
    sentence: str

    @property
    def is_valid(self) -> bool:
        return self.state is DispenseState.VALID


def dispense_on(*, year: int | None, at: date) -> Dispense:
    """How the dispense of ``year`` (None: there is none) stands on the day the payer will pay, or today.

    It covers the civil year it names, whatever the day it was issued.
    """
    if year is None:
        return Dispense(
            DispenseState.MISSING,
            None,
            f"Il manque votre dispense de précompte {at.year}. Sans elle, un payeur qui est diffuseur retient vos "
            f"cotisations. Téléchargez-la sur {WHERE}.",
        )
    if year == at.year:
        return Dispense(DispenseState.VALID, year, f"Votre dispense de précompte vaut jusqu’au 31 décembre {year}.")
    if year > at.year:
        sentence = f"Votre dispense de précompte ne vaudra qu’à partir du 1er janvier {year}"
    else:
        sentence = f"Votre dispense de précompte a pris fin le 31 décembre {year}"
    return Dispense(
        DispenseState.OTHER_YEAR, year, f"{sentence}. Joignez celle de {at.year}, à télécharger sur {WHERE}."
    )
