"""French VAT on what artists, very small firms and associations sell: territories, rates and how they are coded.

One function answers « which VAT? »: `vat_category`, for what is sold, the seller's regime, the place and the day. The
tables begin on 1 January 2020, when the smallest suppliers of public bodies had to invoice through the portal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from plainchant.einvoice.amounts import ZERO
from plainchant.einvoice.law import exemptions
from plainchant.einvoice.law.dated import Certainty, Source, unknown
from plainchant.einvoice.law.exemptions import EXEMPTION_OF, Exemption
from plainchant.einvoice.law.vat_rates import UNTAXED, Rate, Territory, rate_row
from plainchant.einvoice.model import VatCategory

BEGINNING = date(2020, 1, 1)


class Nature(StrEnum):
    """What an operation is to VAT; the reform wants it on the invoice (CGI, annexe II, art. 242 nonies A, 8° bis).

    The value is the letter of BT-23.
    """

    GOODS = "B"
    SERVICES = "S"
    MIXED = "M"

    @property
    def label(self) -> str:
        return {"B": "livraison de biens", "S": "prestation de services", "M": "biens et services"}[self]

    def cadre(self, *, is_paid: bool = False, is_after_deposit: bool = False) -> str:
        """BT-23 as the reform wants it: B1, S1, M1; B2… of an invoice already paid; B4… of the one after a deposit."""
        return f"{self}{2 if is_paid else 4 if is_after_deposit else 1}"


class Activity(StrEnum):
    """What a turnover is counted with, for the thresholds of the franchise."""

    AUTHOR_WORKS = "works"  # 293 B: an author's deliveries of works and assignments of rights
    AUTHOR_OTHER = "author-other"  # whatever else an author does
    SALES = "sales"  # the whole turnover of another business
    SERVICES = "services"  # the part of it that is services


@dataclass(frozen=True, slots=True)
class Supply:
    """One kind of thing sold: ``code`` is ours, ``label`` is what a seller would call it."""

    code: str
    label: str
    nature: Nature
    rate: Rate
    activity: Activity
    source: Source


SUPPLIES: tuple[Supply, ...] = (
    Supply("WORK", "vente d’une œuvre originale", Nature.GOODS, Rate.REDUCED, Activity.AUTHOR_WORKS,
           Source("CGI, art. 278-0 bis, I, 3°, et annexe III, art. 98 A, II ; LF 2024, art. 83, depuis le 1er janvier 2025")),
    Supply("MULTIPLE", "vente d’un objet qui n’est pas une œuvre originale", Nature.GOODS, Rate.STANDARD, Activity.AUTHOR_OTHER,
           Source("CGI, annexe III, art. 98 A, II, a contrario ; BOI-TVA-SECT-90-10")),
    Supply("RIGHTS", "cession de droits d’auteur, droit d’exposition compris", Nature.SERVICES, Rate.INTERMEDIATE, Activity.AUTHOR_WORKS,
           Source("CGI, art. 279, g ; BOI-TVA-LIQ-30-20-100")),
    Supply("READING", "lecture publique de ses œuvres", Nature.SERVICES, Rate.INTERMEDIATE, Activity.AUTHOR_WORKS,
           Source("Le Trait, recommandations 2023 : lecture publique, 10 % comme un droit d’auteur (CSS, art. R382-1-1, 6°)")),
    Supply("PRESENTATION", "présentation de ses œuvres ou de son travail lors d’une rencontre", Nature.SERVICES, Rate.INTERMEDIATE, Activity.AUTHOR_WORKS,
           Source("Le Trait, recommandations 2023 : 10 % ; d’autres auteurs facturent 20 %", Certainty.DISPUTED)),
    Supply("MEETING", "rencontre, débat ou table ronde sans lecture ni présentation d’œuvre", Nature.SERVICES, Rate.STANDARD, Activity.AUTHOR_OTHER,
           Source("Le Trait, recommandations 2023 : activité accessoire (CSS, art. R382-1-2), 20 %")),
    Supply("WORKSHOP", "atelier de pratique artistique ou d’écriture", Nature.SERVICES, Rate.STANDARD, Activity.AUTHOR_OTHER,
           Source("CNAP, fiche TVA ; La Maison des artistes : autres prestations, 20 %")),
    Supply("TECHNICAL", "travail technique : maquette, montage, suivi de fabrication…", Nature.SERVICES, Rate.STANDARD, Activity.AUTHOR_OTHER,
           Source("La Maison des artistes : autres prestations, 20 %")),
    Supply("GOODS", "vente de marchandises", Nature.GOODS, Rate.STANDARD, Activity.SALES, Source("CGI, art. 278")),
    Supply("SERVICE", "prestation de services", Nature.SERVICES, Rate.STANDARD, Activity.SERVICES, Source("CGI, art. 278")),
)  # fmt: skip
SUPPLY_OF = {supply.code: supply for supply in SUPPLIES}


class Regime(StrEnum):
    """How the seller stands to VAT."""

    FRANCHISE = "franchise"
    LIABLE = "liable"
    NON_PROFIT = "non-profit"

    @property
    def label(self) -> str:
        return _REGIMES[self]


_REGIMES = {
    Regime.FRANCHISE: "Je ne facture pas la TVA (franchise en base, art. 293 B)",
    Regime.LIABLE: "Je facture la TVA",
    Regime.NON_PROFIT: "Association à but non lucratif, exonérée (art. 261, 7, 1°, b)",
}


# The portal's `typeTva` for each regime; what is sold can say better: `type_tva`.
VAT_REGIME_OF = {
    Regime.FRANCHISE: "SANS_TVA",
    Regime.NON_PROFIT: "EXONERATION",
    Regime.LIABLE: "TVA_SUR_ENCAISSEMENT",
}
# How each says on an invoice that there is no VAT: a row of `exemptions`, and where the law says so.
# NON_PROFIT is the member of the list that names article 261, 7: each VATEX-EU-132-1… names one activity (see 0031).
WITHOUT_VAT: dict[Regime, tuple[Exemption, Source]] = {
    Regime.FRANCHISE: (EXEMPTION_OF[exemptions.FRANCHISE], Source("CGI, art. 293 B et 293 E ; liste VATEX")),
    Regime.NON_PROFIT: (EXEMPTION_OF[exemptions.NON_PROFIT], Source("CGI, art. 261, 7, 1°, b ; liste VATEX")),
}
# Out of the field, not exempt: « O » has no rate, and wants an invoice on which nobody has a VAT number (BR-O-02, -05).
OUTSIDE = (EXEMPTION_OF[exemptions.OUTSIDE], Source("CGI, art. 294, 1"))


def vat_category(*, supply: str, regime: Regime, territory: Territory, at: date) -> VatCategory:
    """How VAT applies to ``supply`` (a code of SUPPLIES) on that day: the category of a breakdown (BG-23).

    NotKnown before 2020, where the tables are silent.
    """
    if territory in UNTAXED:
        return _written(OUTSIDE[0], rate=None)
    if regime in WITHOUT_VAT:
        return _written(WITHOUT_VAT[regime][0], rate=ZERO)
    sold = SUPPLY_OF[supply]
    what = f"le taux de TVA ({sold.label})"
    if at < BEGINNING:
        raise unknown(at=at, what=what)
    row = rate_row(rate=sold.rate, territory=territory, at=at, what=what)
    return VatCategory(code="S", rate=row.percent)


def type_tva(lines: Iterable[tuple[VatCategory, Nature]]) -> str:
    """The portal's `typeTva` for lines of these kinds.

    VAT falls due when a service is paid for and when goods are delivered (CGI, art. 269, 2): one service on the invoice
    and it is « sur encaissement ».
    """
    rows = list(lines)
    taxed = [nature for category, nature in rows if category.code == "S"]
    if taxed:
        return "TVA_SUR_DEBIT" if set(taxed) == {Nature.GOODS} else VAT_REGIME_OF[Regime.LIABLE]
    is_franchise = any(category.exemption_reason_code == exemptions.FRANCHISE for category, _ in rows)
    return VAT_REGIME_OF[Regime.FRANCHISE if is_franchise else Regime.NON_PROFIT]


def _written(row: Exemption, *, rate: Decimal | None) -> VatCategory:
    return VatCategory(code=row.category, rate=rate, exemption_reason=row.mention, exemption_reason_code=row.code)


# Told, and normally absent here: none of the payers of a public invoice withholds VAT.
WITHHOLDING = (
    "La retenue de TVA (CGI, art. 285 bis) n’est faite que par les éditeurs, les producteurs et les organismes de gestion "
    "collective eux-mêmes redevables de la TVA. Une mairie, une école ou un musée ne retient rien."
)
WITHHOLDING_SOURCE = Source("CGI, art. 285 bis ; BOI-TVA-CHAMP-10-10-60-30")
