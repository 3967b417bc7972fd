"""« la fiche d’Atelier Verre »: a name is joined to the word before it as French does."""

from __future__ import annotations

import re

# Before these a name keeps the vowel that comes before it, as before a consonant.
_KEPT = re.compile(r"y[aeiou]|onz|ouistiti|oui\b|uhlan", re.IGNORECASE)
# An h that is silent; any other is kept: « la fiche de Hautes Terres ».
_SILENT = re.compile(
    r"h(?:abit|aleine|armoni|ectare|élène|elene|éloïse|erb|érit|erit|ermine|erv|eure|ippo|irondelle|istoi|iver|omm|onor"
    r"|onneur|ôpit|opit|ôtel|otel|oriz|ospi|ubert|ugo|uil|uître|umain|umani|y(?!\b))",
    re.IGNORECASE,
)
_VOWELS = "aeiouyàâäéèêëîïôöùûüœæ"


def of(name: object) -> str:
    """« de Verre », « d’Atelier », « d’« Atelier » »: ``name`` after « de »."""
    return _joined("de", name)


def that(name: object) -> str:
    """« que Verre », « qu’Atelier »: ``name`` after « que »."""
    return _joined("que", name)


def _joined(word: str, name: object) -> str:
    text = str(name)
    return f"{word[:-1]}’{text}" if _elides(text) else f"{word} {text}"


def _elides(name: str) -> bool:
    begins = name.lstrip("«\u00a0\u202f \"'(")
    if not begins or _KEPT.match(begins):
        return False
    return begins[0].lower() in _VOWELS or bool(_SILENT.match(begins))
