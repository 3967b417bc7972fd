"""The categories of sollicitations: what a ticket may be about here. None of them is divided further."""

from __future__ import annotations

from plainchant.access.permissions import PUBLIC
from plainchant.api.callers import Caller
from plainchant.api.operation import Retour, WireObject, WireRequest, operation
from plainchant.api.paging import ParametresRecherche, ParametresRetour
from plainchant.api.values import Id
from plainchant.portal.tickets.subjects import SUBJECTS


class CategorieSollicitation(WireObject):
    codeCategorie: str
    libelleCategorie: str
    idTechniqueCategorie: int


class RechercherCategorieSollicitationParam(WireRequest):
    codeCategorie: str = ""
    libelleCategorie: str = ""
    estActif: bool | None = None
    pagination: ParametresRecherche | None = None


class WsRetourRechercherCategorieSollicitation(Retour):
    listeCategories: list[CategorieSollicitation]
    parametresRetour: ParametresRetour


@operation(
    "/cpro/transverses/v1/rechercher/categorieSollicitation",
    permission=PUBLIC,
    request=RechercherCategorieSollicitationParam,
    response=WsRetourRechercherCategorieSollicitation,
)
def rechercher_categories(
    caller: Caller, asked: RechercherCategorieSollicitationParam
) -> WsRetourRechercherCategorieSollicitation:
    """What a sollicitation may be about."""
    code, label = asked.codeCategorie.strip().upper(), asked.libelleCategorie.strip().lower()
    found = [
        CategorieSollicitation(codeCategorie=subject, libelleCategorie=words, idTechniqueCategorie=number)
        for number, (subject, words) in enumerate(SUBJECTS.items(), 1)
        if code in ("", subject) and label in words.lower() and asked.estActif is not False
    ]
    paging = asked.pagination or ParametresRecherche()
    return WsRetourRechercherCategorieSollicitation(
        listeCategories=found[paging.first : paging.first + paging.left(len(found))],
        parametresRetour=paging.retour(len(found)),
    )


class SousCategorie(WireObject):
    code: str
    libelle: str
    idTechniqueCategorie: int
    estActif: bool


class SousCategoriesDeCategorie(WireObject):
    categorie: list[CategorieSollicitation]
    ssCategorie: list[SousCategorie]


class RechercherSousCategorieSollicitationParam(WireRequest):
    code: str = ""
    libelle: str = ""
    estActif: bool | None = None
    idTechniqueCategorie: Id | None = None
    pagination: ParametresRecherche | None = None


class WsRetourRechercherSousCategorieSollicitation(Retour):
    listeSousCategories: list[SousCategoriesDeCategorie]
    parametresRetour: ParametresRetour


@operation(
    "/cpro/transverses/v1/rechercher/sousCategorieSollicitation",
    permission=PUBLIC,
    request=RechercherSousCategorieSollicitationParam,
    response=WsRetourRechercherSousCategorieSollicitation,
)
def rechercher_sous_categories(
    caller: Caller, asked: RechercherSousCategorieSollicitationParam
) -> WsRetourRechercherSousCategorieSollicitation:
    """An empty list: a sollicitation has a category here, and nothing below it."""
    paging = asked.pagination or ParametresRecherche()
    return WsRetourRechercherSousCategorieSollicitation(listeSousCategories=[], parametresRetour=paging.retour(0))
