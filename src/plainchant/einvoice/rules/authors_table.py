"""What is said of the answers of an artist-author, the rows."""

from __future__ import annotations

from plainchant.einvoice.finding import Severity
from plainchant.einvoice.rule import Rule, table

# fmt: off
_ROWS: tuple[tuple[str, Severity, str, str], ...] = (
    ("AUTEUR-MANQUE", "fatal", "Every question that must be answered has an answer.", "Il manque une réponse. Répondez à la question où c’est écrit."),
    ("AUTEUR-ILLISIBLE", "fatal", "An answer has the form its question asks for.", "Une réponse n’a pas la forme que la question demande : un montant, un nombre, une date, un choix, un texte assez court. Écrivez-la comme dans l’exemple."),
    ("AUTEUR-DATES", "fatal", "An exhibition closes after it opens.", "L’exposition ferme avant d’ouvrir. Corrigez l’une des deux dates."),
    ("AUTEUR-PLANCHER", "warning", "The fee for an exhibition is not below what the ministry recommends.", "Le prix est plus bas que celui que le ministère de la Culture recommande pour une exposition. Ce n’est pas obligatoire : à vous de voir."),
    ("AUTEUR-ORIGINAL", "warning", "The work is an original in the sense of VAT (CGI, annexe III, art. 98 A).", "Ce n’est pas une œuvre originale au sens de la TVA : le taux est le taux normal. Rien ne change si vous ne facturez pas la TVA."),
    ("AUTEUR-CESSION-LONGUE", "fatal", "The wording of an assignment fits in the description of a line.", "Le texte de la cession est trop long pour le portail de l’acheteur. Raccourcissez les supports ou le but, et joignez votre contrat."),
    ("CPI-L131-3", "fatal", "An assignment of rights says which, how far, what for, where and for how long.", "La cession de droits ne dit pas tout ce que la loi demande (CPI, art. L131-3) : les droits un par un, l’étendue, le but, le lieu, la durée. Sans cela elle peut être annulée : complétez-la."),
)
# fmt: on
RULES = table(Rule(rule, (), english, french, severity, syntaxes=()) for rule, severity, english, french in _ROWS)
