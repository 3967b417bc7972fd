"""rechercherEngagementJuridique: the commitments that a public body keeps here, for its own programs."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from plainchant.api.callers import Caller
from plainchant.api.operation import Retour, WireObject, WireRequest, operation
from plainchant.api.paging import ParametresRecherche, ParametresRetour
from plainchant.api.values import Id, Instant, instant, storable_amount
from plainchant.einvoice.codes.currencies import EURO
from plainchant.einvoice.rules.recipient import commitment_key
from plainchant.portal.commitments.models import Commitment
from plainchant.portal.commitments.permissions import SEE_COMMITMENT
from plainchant.portal.lib.time import PARIS

# Of each that is kept here: an order, made; whatever the body's accounts call it.
KIND, STATE = "BON_DE_COMMANDE", "COMMANDE"


class RechercherEngagementJuridiqueParam(WireRequest):
    idUtilisateurCourant: Id | None = None
    structureReceptriceEngagementJuridique: Id | None = None
    numeroEngagementJuridique: str = ""
    etatCourantEngagementJuridique: str = ""
    codeEngagementJuridique: str = ""
    numeroMarcheEngagementJuridique: str = ""
    periodeDateNotificationEJDu: date | None = None
    periodeDateNotificationEJAu: date | None = None
    montantTTCMin: Decimal | None = None
    montantTTCMax: Decimal | None = None
    parametresRecherche: ParametresRecherche | None = None


class EngagementJuridique(WireObject, kw_only=True):
    idEngagementJuridique: int
    libelleTypeEngagementJuridique: str
    numeroEngagementJuridique: str
    structureReceptrice: int
    identifiantStructureReceptrice: str
    libelleStructureReceptrice: str
    codeServiceExecutant: str | None = None
    libelleServiceExecutant: str | None = None
    dateNotificationEJ: Instant
    libelleEtatCourantEJ: str
    montantTotalTtc: Decimal | None = None
    deviseEngagement: str
    taillePJ: int


class WsRetourRechercherEngagementJuridique(Retour):
    listeEngagementJuridique: list[EngagementJuridique]
    parametresRetour: ParametresRetour


@operation(
    "/cpro/engagementsJuridiques/v1/rechercher",
    permission=SEE_COMMITMENT,
    request=RechercherEngagementJuridiqueParam,
    response=WsRetourRechercherEngagementJuridique,
)
def rechercher_engagements(
    caller: Caller, asked: RechercherEngagementJuridiqueParam
) -> WsRetourRechercherEngagementJuridique:
    """Search the commitments of one's own body or services. A number is found however its letters are parted."""
    paging = asked.parametresRecherche or ParametresRecherche()
    wanted: dict[str, Any] = {
        "structure": asked.structureReceptriceEngagementJuridique,
        "key": commitment_key(asked.numeroEngagementJuridique) if asked.numeroEngagementJuridique else None,
        "contract__iexact": asked.numeroMarcheEngagementJuridique.strip() or None,
        "first_day__gte": asked.periodeDateNotificationEJDu,
        "first_day__lte": asked.periodeDateNotificationEJAu,
        "amount__gte": storable_amount(asked.montantTTCMin),
        "amount__lte": storable_amount(asked.montantTTCMax),
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    found = caller.objects(SEE_COMMITMENT).filter(**given)
    if asked.etatCourantEngagementJuridique.strip().upper() not in ("", STATE):
        found = found.none()
    total = found.count()
    first = paging.first
    return WsRetourRechercherEngagementJuridique(
        listeEngagementJuridique=[_line(commitment) for commitment in found[first : first + paging.left(total)]],
        parametresRetour=paging.retour(total),
    )


def _line(commitment: Commitment) -> EngagementJuridique:
    structure, service, begins = commitment.structure, commitment.service, commitment.first_day
    return EngagementJuridique(
        idEngagementJuridique=commitment.pk,
        libelleTypeEngagementJuridique=KIND,
        numeroEngagementJuridique=commitment.number,
        structureReceptrice=structure.pk,
        identifiantStructureReceptrice=structure.identifier,
        libelleStructureReceptrice=structure.name,
        codeServiceExecutant=service.code if service else None,
        libelleServiceExecutant=service.name if service else None,
        dateNotificationEJ=instant(
            datetime.combine(begins, time(), tzinfo=PARIS) if begins else commitment.imported_at
        ),
        libelleEtatCourantEJ=STATE,
        montantTotalTtc=commitment.amount,
        deviseEngagement=EURO,
        taillePJ=0,
    )
