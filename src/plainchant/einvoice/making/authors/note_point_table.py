"""What the note for the payer says, point by point: a question a school's secretary asks, a short answer, the reason.

Braces are filled by `note`: amounts of the invoice, years, the two readings of « diffuseur ».
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from plainchant.einvoice.law import charges
from plainchant.einvoice.law.dated import Dated, Source
from plainchant.einvoice.law.french_vat import BEGINNING, OUTSIDE, WITHHOLDING, WITHHOLDING_SOURCE

from .dispense import SOURCE as DISPENSE_SOURCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Point(Dated):
    """``short`` answers in a few words, ``text`` says why. Points with the same ``question`` are told together."""

    code: str
    question: str
    short: str
    text: str
    sources: tuple[Source, ...]


_VAT_MISSING = "Pourquoi n’y a-t-il pas de TVA ?"
_VAT_THERE = "Pourquoi y a-t-il de la TVA ?"
_CONTRIBUTION = "Devez-vous la contribution de {rate} % ?"
_WITHHOLDING = "Faut-il retenir des cotisations sociales (précompte) ?"
_CONTRIBUTION_SOURCES = (Source("CSS, art. L382-4"), Source("Urssaf, page diffuseur, 26 janvier 2024"))

POINTS: tuple[Point, ...] = (
    Point(
        code="INVOICE", since=BEGINNING,
        question="Qu’est-ce que ce document ?",
        short="Une facture, et c’est tout ce qu’il vous faut.",
        text="{author} est artiste-auteur et travaille à son compte (SIRET {siret}). Il n’y a ni bulletin de paie, ni contrat de travail, "
             "ni « note de droits d’auteur » à établir. Elle vous arrive par le portail, obligatoire depuis 2020 pour tous vos fournisseurs.",
        sources=(Source("CCP, art. L2192-1"), Source("CAAP, fiche 1155")),
    ),
    Point(
        code="VAT_FRANCHISE", since=BEGINNING,
        question=_VAT_MISSING,
        short="Parce que la loi en dispense les petites recettes.",
        text="L’artiste est en franchise : ses recettes sont sous les seuils{thresholds}. La mention exigée est sur la facture, "
             "« TVA non applicable, art. 293 B du CGI ». N’ajoutez pas de TVA et n’en retirez pas : payez {payable}.",
        sources=(Source("CGI, art. 293 B et 293 E ; loi n° 2025-1044 du 3 novembre 2025"),),
    ),
    Point(
        code="VAT_LIABLE", since=BEGINNING,
        question=_VAT_THERE,
        short="Parce que l’artiste la doit : {tax}.",
        text="Le taux dépend de ce qui est vendu. Il est de 5,5 % pour une œuvre originale, 10 % pour des droits d’auteur, 20 % pour un atelier ou un "
             "travail technique. Il est plus bas aux Antilles et à La Réunion. Sur cette facture : {rates}.",
        sources=(Source("CGI, art. 278, 278-0 bis, 279, g et 296"),),
    ),
    Point(
        code="VAT_NON_PROFIT", since=BEGINNING,
        question=_VAT_MISSING,
        short="Parce que l’association en est exonérée.",
        text="Elle est sans but lucratif et sa gestion est désintéressée. Le motif est écrit sur la facture. Payez {payable}.",
        sources=(Source("CGI, art. 261, 7, 1°, b"),),
    ),
    Point(
        code="VAT_NOT_APPLICABLE", since=BEGINNING,
        question=_VAT_MISSING,
        short="Parce qu’elle ne s’applique pas en Guyane ni à Mayotte.",
        text="Le motif est écrit sur la facture. Payez {payable}.",
        sources=(OUTSIDE[1],),
    ),
    Point(code="WITHHOLDING_VAT", since=BEGINNING, question=_VAT_THERE, short="", text=WITHHOLDING, sources=(WITHHOLDING_SOURCE,)),
    Point(
        code="CONTRIBUTION", since=BEGINNING,
        question=_CONTRIBUTION,
        short="À vous de voir : la facture n’en dépend pas.",
        text="Un « diffuseur » verse à l’Urssaf {rate} % de la rémunération (1 %, et 0,10 % pour la formation), en plus du prix. Il ne "
             "retire rien à l’artiste. Un organisme public est-il un diffuseur ? On lit la loi de deux façons. {readings} Cette note ne tranche "
             "pas. Si vous vous tenez pour diffuseur, cela fait {contribution} pour cette facture.",
        sources=(*_CONTRIBUTION_SOURCES, *(reading.source for reading in charges.READINGS)),
    ),
    Point(
        code="CONTRIBUTION_VISIT", since=BEGINNING,
        question=_CONTRIBUTION,
        short="Les guides disent non ; la facture n’en dépend pas.",
        text="Cette contribution est celle des « diffuseurs » d’œuvres. Une école qui paie une rencontre n’en est pas un, dit le guide de "
             "l’artiste. L’Urssaf exclut les ateliers et les débats (revenus accessoires). Des organisateurs la versent pourtant pour une "
             "lecture ou une présentation d’œuvres : ce serait {contribution}, en plus du prix. Cette note ne tranche pas.",
        sources=(*_CONTRIBUTION_SOURCES, *(source for fact in charges.VISITS[:1] for source in fact.sources)),
    ),
    Point(
        code="WITHHOLDING_DISPENSED", since=BEGINNING,
        question=_WITHHOLDING,
        short="Non.",
        text="L’artiste déclare et paie lui-même ses cotisations. Sa dispense de précompte {year}, jointe à la facture, vous interdit de "
             "retenir quoi que ce soit. Payez {payable}.",
        sources=(charges.WITHHOLDING_SOURCE, DISPENSE_SOURCE),
    ),
    Point(
        code="WITHHOLDING_UNDISPENSED", since=BEGINNING,
        question=_WITHHOLDING,
        short="Non si vous n’êtes pas diffuseur ; sinon, demandez d’abord la dispense.",
        text="La dispense de précompte {year} n’est pas jointe : l’artiste peut vous l’envoyer. Sans elle, un diffuseur retient les "
             "cotisations, les verse à l’Urssaf du Limousin et remet un certificat à l’artiste{withheld}.",
        sources=(charges.WITHHOLDING_SOURCE, DISPENSE_SOURCE),
    ),
    Point(
        code="NO_WITHHOLDING_WORK", since=BEGINNING,
        question=_WITHHOLDING,
        short="Non.",
        text="La vente d’une œuvre originale n’est jamais soumise au précompte. Payez {payable}.",
        sources=(charges.WITHHOLDING_SOURCE,),
    ),
    Point(
        code="NO_WITHHOLDING_VISIT", since=BEGINNING,
        question=_WITHHOLDING,
        short="Non.",
        text="Seul un diffuseur retient des cotisations, et une intervention n’est pas la diffusion d’une œuvre. L’artiste déclare et paie "
             "lui-même les siennes. Payez {payable}.",
        sources=(charges.WITHHOLDING_SOURCE, *charges.VISITS[0].sources),
    ),
    Point(
        code="NUMBERS", since=date(2019, 1, 1),
        question="Faut-il un numéro Agessa ou Maison des artistes ?",
        short="Non, il n’y en a plus depuis 2019.",
        text="L’Urssaf du Limousin est le seul guichet des artistes-auteurs, où qu’ils habitent et où que vous soyez. Le SIRET de la facture suffit.",
        sources=(Source("Service-public, fiche F23749"),),
    ),
)  # fmt: skip
POINT_OF = {point.code: point for point in POINTS}
