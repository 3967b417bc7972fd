"""The form in which names are compared: no accents, no punctuation, no « St », no articles.

Applied alike to what is indexed and to what is typed, so that « st-etienne », « SAINT ETIENNE » and « Saint-Étienne »
are the same words.
"""

from __future__ import annotations

import re
import unicodedata
from zlib import crc32


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Marks stand before the words of an entry; nobody can type them, since « # » never survives `words_of`.
NOTABLE, SAMPLE, INACTIVE, ORDINARY = "#0", "#1", "#i", "#a"
KEY = "#="  # followed by the whole name in one piece: « Ville de Paris » has « #=paris »

LONGEST_WORD = 60

# Left out of the index, and of a query that has another word.
ARTICLES = _listed("l d de du des la le les et a au aux en")

# What a town hall's name begins with: says little, since people type « Valbrume » and mean the town hall.
TOWN_HALLS = frozenset(("commune", "mairie", "ville"))

# What a body is, as people say it: such a word names thousands of bodies, and none without a town or a name beside it.
KINDS = TOWN_HALLS | _listed(
    "academie agence agglo agglomeration archives association bibliotheque bibliotheques caisse ccas centre chambre "
    "ch chu cias clinique college comcom communal communale communaute communes conservatoire creche departement "
    "departemental departementale direction ecole ecoles ehpad elementaire etablissement fac faculte foyer france hlm "
    "hopital hopitaux hospitalier hospitaliere hotel intercommunal intercommunale internat inspection iut jardin "
    "lycee maison maternelle mediatheque mediatheques metropole ministere municipal municipale musee musees national "
    "nationale office opera organisme polyvalent prefecture primaire prison professionnel public publique rectorat "
    "regie region regional regionale residence restaurant salle scolaire sdis secours service services sivom sivu "
    "sociale societe stade syndicat theatre tribunal universitaire universite"
)

_ABBREVIATIONS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}

# What people say → what the directory writes. Read both ways where both are in use.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "mairie": ("commune", "ville"),
    "commune": ("mairie", "ville"),
    "ville": ("commune", "mairie"),
    "hopital": ("hospitalier", "hospitaliere", "chu", "ch"),
    "hopitaux": ("hospitalier", "hospitaliers", "hospices"),
    "chu": ("hospitalier", "universitaire"),
    "fac": ("universite",),
    "faculte": ("universite",),
    "departement": ("departemental",),
    "departemental": ("departement",),
    "region": ("regional",),
    "regional": ("region",),
    "agglo": ("agglomeration",),
    "comcom": ("communaute",),
    "mediatheque": ("bibliotheque", "mediatheques", "bibliotheques"),
    "mediatheques": ("mediatheque", "bibliotheque", "bibliotheques"),
    "bibliotheque": ("mediatheque", "bibliotheques", "mediatheques"),
    "bibliotheques": ("bibliotheque", "mediatheque", "mediatheques"),
    "hlm": ("habitat",),
    # The abbreviations of official registers, and what they stand for.
    "ccas": ("sociale",),
    "centre": ("ccas", "ctre", "ch", "chu"),
    "communal": ("ccas",),
    "action": ("ccas",),
    "sociale": ("ccas",),
    "sdis": ("incendie",),
    "incendie": ("sdis",),
    "secours": ("sdis",),
    "college": ("coll", "clg"),
    "lycee": ("lyc",),
    "ecole": ("ecol", "ec"),
    "elementaire": ("elem",),
    "maternelle": ("mat",),
    "primaire": ("prim",),
    "prefecture": ("pref",),
    "syndicat": ("synd",),
    "communaute": ("com",),
}

# First words of bodies that many people look for: they come first among thousands of equals.
_NOTABLE_KINDS = _listed("ministere prefecture region departement metropole universite chu rectorat assemblee senat")

_NOT_A_WORD = re.compile(r"[^0-9a-z]+")


def fold(text: str) -> str:
    """Lower case, without accents, ligatures or typographical signs."""
    text = text.casefold().replace("œ", "oe").replace("æ", "ae")
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """The words of a text in reading order, articles included."""
    words = _NOT_A_WORD.sub(" ", fold(text)).split()
    return [_ABBREVIATIONS.get(word, word)[:LONGEST_WORD] for word in words]


def phrase_of(*, name: str, label: str, postcode: str, city: str) -> str:
    """« name|place » as ranked: the label is added to the name when it says something else."""
    name_words = words_of(name)
    name_words += [word for word in words_of(label) if word not in name_words]
    return f"{' '.join(name_words)}|{' '.join(words_of(postcode) + words_of(city))}"


def key_of(words: list[str]) -> str:
    """A name in one piece, without articles and without what every town hall's name begins with; may be empty."""
    return "".join(word for word in words if word not in ARTICLES and word not in TOWN_HALLS)[:LONGEST_WORD]


def indexed_words(*, phrase: str, identifier: str, is_active: bool) -> str:
    """The words of `Entry.words`: a mark, the key of the name, then each word once, articles left out."""
    name, _, place = phrase.partition("|")
    words = dict.fromkeys(word for word in [*name.split(), *place.split()] if word not in ARTICLES)
    key = KEY + key_of(name.split())
    return " ".join([_mark(name=name, identifier=identifier, is_active=is_active), key, *words])


def place_words(phrase: str) -> set[str]:
    """The words of the postcode and the town of an entry."""
    return {word for word in phrase.partition("|")[2].split() if word not in ARTICLES}


def town_words(phrase: str) -> set[str]:
    """The words of the town of an entry alone."""
    return {word for word in place_words(phrase) if not word.isdigit() and word != "cedex"}


def _mark(*, name: str, identifier: str, is_active: bool) -> str:
    if not is_active:
        return INACTIVE
    if name.split(" ", 1)[0] in _NOTABLE_KINDS:
        return NOTABLE
    # One active body in 64, spread evenly: enough to fill a page for a word that thousands of bodies have.
    return SAMPLE if crc32(identifier.encode()) % 64 == 0 else ORDINARY
