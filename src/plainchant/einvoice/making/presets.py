"""« Qui êtes-vous ? »: the four kinds of small supplier, each a row of what its invoices have in common.

The artist-author's situations are in `authors`; a very small firm, an association and a company need no more than this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from plainchant.einvoice.law.dated import Certainty, Fact, Source
from plainchant.einvoice.law.french_vat import BEGINNING, VAT_REGIME_OF, WITHOUT_VAT, Regime
from plainchant.einvoice.law.mentions import SOLE_TRADER
from plainchant.einvoice.law.vat_rates import Rate, Territory, rate_row, written

EI_SINCE = date(2022, 5, 15)
EI_SOURCE = Source("C. com., art. R526-27 ; décret n° 2022-725 du 28 avril 2022")


@dataclass(frozen=True, slots=True)
class Mention:
    """What an invoice must say of its seller. ``goes_to`` is the term: BT-27 for what follows the name, BT-33, BT-120.

    Braces are what to ask for.
    """

    text: str
    goes_to: str
    why: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """``regimes``: those possible, the usual one first; `VAT_REGIME_OF` gives the portal's code for each.

    ``name_suffix`` follows the name in BT-27. Who charges no VAT has no BT-31: BT-32 takes the SIREN then, as BR-E-02
    wants.
    """

    code: str
    label: str
    help: str
    legal_forms: tuple[str, ...]  # what the register calls them
    name_suffix: str
    regimes: tuple[Regime, ...]
    mentions: tuple[Mention, ...]
    facts: tuple[Fact, ...]

    @property
    def regime(self) -> Regime:
        """The usual one."""
        return self.regimes[0]

    @property
    def vat_regime(self) -> str:
        """The portal's `typeTva` for it."""
        return VAT_REGIME_OF[self.regime]


def _standard(territory: Territory) -> str:
    """The standard rate of VAT when the tables begin: a rate that changes is a new fact from that day on."""
    return written(rate_row(rate=Rate.STANDARD, territory=territory, at=BEGINNING).percent)


EI = Mention(SOLE_TRADER, "BT-27", "Le nom d’un entrepreneur individuel est suivi ou précédé de « EI ».", EI_SOURCE)
NO_VAT, EXEMPT = (
    Mention(row.mention, "BT-120", "Obligatoire sur une facture sans TVA : elle dit pourquoi.", source)
    for row, source in WITHOUT_VAT.values()
)
REGISTERED = Mention(
    "{form} au capital de {capital}, {siren} RCS {town}",
    "BT-33",
    "Une société commerciale dit sa forme, son capital et son greffe.",
    Source("C. com., art. R123-237"),
)

PRESETS: tuple[Preset, ...] = (
    Preset(
        code="AUTHOR",
        label="Je suis artiste-auteur ou artiste-autrice",
        help="Vous créez des œuvres (arts visuels, textes, photographies, musique…) et avez un SIRET.",
        legal_forms=("Entrepreneur individuel",),
        name_suffix=SOLE_TRADER,
        regimes=(Regime.FRANCHISE, Regime.LIABLE),
        mentions=(EI, NO_VAT),
        facts=(
            Fact(
                since=BEGINNING,
                text="Être en franchise ne dispense pas de facturer.",
                sources=(Source("CAAP, fiche 1155"),),
            ),
        ),
    ),
    Preset(
        code="MICRO",
        label="J’ai une micro-entreprise",
        help="Vous travaillez à votre nom, sans société : artisan, commerçant, profession libérale.",
        legal_forms=("Entrepreneur individuel",),
        name_suffix=SOLE_TRADER,
        regimes=(Regime.FRANCHISE, Regime.LIABLE),
        mentions=(EI, NO_VAT),
        facts=(
            Fact(
                since=EI_SINCE,
                text="« EI » ou « entrepreneur individuel » suit ou précède le nom sur toute facture.",
                sources=(EI_SOURCE,),
            ),
            Fact(
                since=date(2025, 1, 1),
                text="Un petit chiffre d’affaires ne porte pas de TVA : moins de 85 000 € en tout, dont moins de "
                "37 500 € de services. Le seuil unique de 25 000 € voté en 2025 n’a jamais été appliqué.",
                sources=(Source("CGI, art. 293 B ; loi n° 2025-1044 du 3 novembre 2025"),),
            ),
        ),
    ),
    Preset(
        code="ASSOCIATION",
        label="Je facture pour une association",
        help="Si elle est sans but lucratif et gérée par des bénévoles, elle est en général exonérée de TVA.",
        legal_forms=("Association déclarée", "Association reconnue d’utilité publique", "Association de droit local"),
        name_suffix="",
        regimes=(Regime.NON_PROFIT, Regime.FRANCHISE, Regime.LIABLE),
        mentions=(EXEMPT, NO_VAT),
        facts=(
            Fact(
                since=BEGINNING,
                text="Une œuvre sans but lucratif, sociale ou philanthropique, à la gestion désintéressée, est "
                "exonérée. Les services qu’une association rend à ses membres le sont aussi, par le a du même texte.",
                sources=(Source("CGI, art. 261, 7, 1°, a et b"),),
            ),
            Fact(
                since=BEGINNING,
                text="Quelques recettes lucratives restent sans TVA tant qu’elles sont accessoires et sous un seuil "
                "revu chaque année (76 679 € en 2023).",
                sources=(Source("CGI, art. 206, 1 bis et 261, 7, 1°, b"),),
            ),
            Fact(
                since=BEGINNING,
                text="« TVA non applicable, art. 293 B » n’est pas la mention d’une association exonérée : c’est celle "
                "d’une entreprise sous les seuils.",
                sources=(Source("CGI, art. 293 B et 293 E"),),
            ),
        ),
    ),
    Preset(
        code="COMPANY",
        label="Je facture pour une société",
        help="SARL, EURL, SAS, SASU, SCOP, SA : la société facture la TVA et a un numéro de TVA.",
        legal_forms=("SARL", "EURL", "SAS", "SASU", "SCOP", "SA", "SNC"),
        name_suffix="",
        regimes=(Regime.LIABLE, Regime.FRANCHISE),
        mentions=(REGISTERED, NO_VAT),
        facts=(
            Fact(
                since=BEGINNING,
                text=f"La TVA est au taux normal de {_standard(Territory.MAINLAND)} % quand aucun texte n’en donne "
                f"un autre ({_standard(Territory.GUADELOUPE)} % aux Antilles et à La Réunion).",
                sources=(Source("CGI, art. 278 et 296"),),
            ),
            Fact(
                since=BEGINNING,
                text="Sur les services la TVA est due au paiement, sauf option pour les débits, que la facture doit "
                "alors dire.",
                sources=(Source("CGI, art. 269, 2", Certainty.KNOWN),),
            ),
        ),
    ),
)
PRESET_OF = {preset.code: preset for preset in PRESETS}
