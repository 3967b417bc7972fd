"""Units people choose from when they type a line (BT-130). Source: UN/ECE Recommendation 20 and 21, a short choice."""

from __future__ import annotations

# Code → what one reads in the list. The first is proposed.
UNITS: dict[str, str] = {
    "C62": "unité",
    "LS": "forfait",
    "HUR": "heure",
    "DAY": "jour",
    "WEE": "semaine",
    "MON": "mois",
    "ANN": "année",
    "MIN": "minute",
    "E48": "prestation",
    "XPP": "pièce",
    "SET": "lot",
    "PR": "paire",
    "DZN": "douzaine",
    "KMT": "kilomètre",
    "MTR": "mètre",
    "MTK": "mètre carré",
    "MTQ": "mètre cube",
    "LTR": "litre",
    "KGM": "kilogramme",
    "GRM": "gramme",
    "TNE": "tonne",
    "KWH": "kilowattheure",
}
