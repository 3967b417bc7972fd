"""What there is to say of a document beside its values, in the words of the page and of the command line. One table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from plainchant.capture.proposal import FieldReading, WarningCode


@dataclass(frozen=True, slots=True)
class ReadingRemark:
    """`title` is short; `text` says what it means and what to do."""

    code: WarningCode
    title: str
    text: str


def _several(reading: FieldReading) -> str:
    word = "feuille" if any(read.place and read.place.cell for read in reading.fields.values()) else "page"
    listed = ", ".join(
        f"{invoice.number or 'sans numéro lu'} {word} {(invoice.own or invoice.pages)[0]}"
        for invoice in reading.numbers_found
        if invoice.pages
    )
    return (
        f"Ce document contient {len(reading.numbers_found)} factures ({listed}). Le destinataire n’en verrait qu’une : "
        "faites un brouillon de chacune, sauf si nous nous trompons."
    )


def _unread(reading: FieldReading) -> str:
    if reading.page_count and reading.pages_read and not reading.engine:
        half = reading.pages_read // 2
        looked_at = f"les {half} premières et les {half} dernières"
        return (
            f"Votre document a {reading.page_count} pages : nous en avons regardé {looked_at}. "
            "Vérifiez ce qui se trouverait sur les autres."
        )
    return (
        "Des pages de votre document n’ont pas été lues : il y en avait trop, ou elles prenaient trop de temps. "
        "Vérifiez ce qui s’y trouverait."
    )


def _always(text: str) -> Callable[[FieldReading], str]:
    return lambda reading: text


_REMARKS: tuple[tuple[WarningCode, str, Callable[[FieldReading], str]], ...] = (
    ("two_invoices", "Plusieurs factures", _several),
    (
        "table_of_invoices",
        "Un tableau de factures",
        _always(
            "Chaque rangée de ce classeur semble être une facture, et il partirait comme une seule. Pour en faire "
            "autant de factures que de rangées, envoyez-le comme un lot : vous les relirez avant leur envoi."
        ),
    ),
    ("pages_unread", "Des pages non lues", _unread),
    (
        "recognised_pages",
        "Un texte reconnu par un scanner",
        _always(
            "Le texte de ce document est celui qu’un scanner y a reconnu : un caractère peut y être mal vu. "
            "Comparez chaque valeur avec la page."
        ),
    ),
    (
        "damaged",
        "Un fichier abîmé",
        _always(
            "Ce PDF est abîmé ou incomplet : nous l’avons lu quand même. Vérifiez qu’il n’y manque aucune page, "
            "ou produisez-le de nouveau avec votre logiciel."
        ),
    ),
    (
        "formulas_unstored",
        "Des formules sans résultat",
        _always(
            "Des formules de votre classeur ont été enregistrées sans leur résultat : le destinataire ne verra rien à "
            "leur place. Ouvrez-le dans votre tableur, enregistrez-le, puis déposez-le de nouveau."
        ),
    ),
    (
        "hidden_sheets",
        "Des feuilles masquées",
        _always(
            "Votre classeur contient des feuilles masquées. Le destinataire reçoit le fichier entier et pourra les "
            "afficher : si elles ne le regardent pas, supprimez-les et déposez-le de nouveau."
        ),
    ),
)


def remarks(reading: FieldReading) -> Iterator[ReadingRemark]:
    """Those of a reading, in the order of the table."""
    for code, title, text in _REMARKS:
        if code in reading.warnings:
            yield ReadingRemark(code, title, text(reading))
