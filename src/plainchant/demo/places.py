"""Towns that do not exist: names made of syllables, rivers nobody has seen, postcodes no post office knows."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


def listed(words: str) -> list[str]:
    return words.split()


_BEGINNINGS = listed(
    "Val Mont Bel Clair Roche Font Vau Pré Champ Noir Bois Char Mar Cour Vill Brou Chante Tourne Pierre "
    "Haute Gran Ébr Mire Fau Lan Cor Ser Bru Gué Héri Juv Lou Mesni Nei Orm Pon Quin Ramb Sau Thé Vern "
    "Ysi Arb Blan Cres Dour Éme Flori Gerb Housse Lamb Mor Ner Pers Roset Sent Tri Ust Vieu Aubé Bouch "
    "Cind Drou Espér"
)
_MIDDLES = listed("be ce di fe ga li lo ma mi na né ni pe ra ré ri sa si ta ti tu va vi zé gno cha llu ssé ffi dou")
_ENDS = listed(
    "brume feuille plume cendre mèche herse grive lanterne épine court ville ac an ey ières oux ans igny "
    "euil ange onne eux aise ole ette igue anc ens in ay oire elle ude enne iers aux ogne ard evin asque "
    "embre"
)
_RIVERS = listed(
    "Orée Brumelle Luisance Vesle-Noire Égrenne Sourdine Méandrine Ondoise Tarelle Cendrine Aiguebise Rivelune"
)
_LANDS = listed("Plaine Brumois Haut-Orée Vaucendrois Bocage-Gris Lanternois Pays-Creux Grivois Mèchemont Herselin")
_SAINTS = listed(
    "Amboise Barnabin Célestine Domnolin Éleuthère Fulgent Gontrane Hilarion Ildefonce Juvénal Léocadie "
    "Médéric Nestorine Odilon Pacôme Quentine Romaric Sidoine Tibère Ursicin Vulfran Wilfride Yvonnic "
    "Zénobe"
)
_TAILS = listed(
    "le-Vieux les-Bains la-Forêt le-Haut le-Bas sous-Bise les-Tilleuls aux-Merles l’Étang le-Comte la-Grande"
)

# The demonstration's own towns, written by hand: they are read, not measured.
TOWNS = (
    "Valbrume-sur-Orée|99120",
    "Saint-Amboise-le-Vieux|99130",
    "Pierrefeuille|99210",
    "Montcendre-sous-Bise|99140",
    "La Roche-aux-Merles|99350",
    "Sainte-Œuvre-en-Brumois|99410",
    "L’Isle-aux-Plumes|99220",
    "Vaucendre|99160",
    "Noirépine|99170",
    "Belleherse-en-Plaine|99180",
    "Chantebise-les-Bains|99230",
    "Fontlanterne|99240",
    "Courtemèche|99250",
    "Ébrouvert-le-Haut|99260",
    "Haute-Lanterne|99270",
    "Grandmoulu|99280",
    "Tournefeuillet-la-Forêt|99290",
    "Mirebrume|99310",
    "Saint-Sidoine-sur-Brumelle|99320",
    "Sainte-Léocadie-des-Aulnes|99330",
    "Quincendre|99340",
    "Rambelune|99360",
    "Le Mesnil-aux-Grives|99370",
    "Saint-Ursicin-en-Plaine|99380",
    "Vernoise-sur-Luisance|99390",
    "Juvenolles|99420",
    "Housseplume|99430",
    "Arbegrive-le-Comte|99440",
    "Saint-Médéric-d’Égrenne|99450",
    "Orméchaud|99460",
    "Les Trois-Lanternes|99470",
    "Blancherse|99480",
)


@dataclass(frozen=True, slots=True)
class Town:
    name: str
    postcode: str


def demo_towns() -> list[Town]:
    return [Town(*line.split("|")) for line in TOWNS]


def of_town(town: Town) -> str:
    """« de Valbrume », « d’Orméchaud », « du Mesnil »: as French joins a town to what stands before it."""
    name = town.name
    for article, joined in (("Le ", "du "), ("Les ", "des "), ("La ", "de La "), ("L’", "de L’")):
        if name.startswith(article):
            return joined + name[len(article) :]
    return f"d’{name}" if name[0] in "AEÉIOUYÔŒ" else f"de {name}"


def invented_name(random: Random) -> str:
    """A word that could be a town or a family: one of about 70,000."""
    middle = random.choice(_MIDDLES) if random.random() < 0.75 else ""
    return random.choice(_BEGINNINGS) + middle + random.choice(_ENDS)


def saint(random: Random) -> str:
    name = random.choice(_SAINTS)
    return f"{'Sainte' if name.endswith('e') else 'Saint'}-{name}"


def invented_towns(count: int, random: Random) -> list[Town]:
    """``count`` towns, some with the same postcode, as neighbours have."""
    towns = []
    for _ in range(count):
        root = invented_name(random)
        shape = random.random()
        if shape < 0.45:
            name = root
        elif shape < 0.60:
            name = f"{root}-sur-{random.choice(_RIVERS)}"
        elif shape < 0.72:
            name = f"{saint(random)}-{random.choice(('de', 'sur', 'en'))}-{invented_name(random)}"
        elif shape < 0.80:
            name = f"{saint(random)}-en-{random.choice(_LANDS)}"
        elif shape < 0.88:
            name = f"{root}-{random.choice(_TAILS)}"
        elif shape < 0.94:
            name = f"{random.choice(('Le', 'La', 'Les'))} {root}"
        elif shape < 0.97:
            name = f"L’{random.choice(('Isle', 'Étang', 'Hôpital', 'Abbaye'))}-{root}"
        else:
            name = f"{root}-et-{invented_name(random)}"
        region = random.choice(("99", "00", "96"))
        towns.append(Town(name, f"{region}{random.randrange(1000):03d}"))
    return towns
