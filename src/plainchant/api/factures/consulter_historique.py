"""consulterHistoriqueFacture: what happened to an invoice, as the side that asks may read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeVar

from plainchant.api.callers import Caller
from plainchant.api.operation import Retour, Success, WireObject, WireRequest, operation
from plainchant.api.values import Id, Minute, minute
from plainchant.portal.accounts.models import User
from plainchant.portal.invoices.models import Event, StatusChange
from plainchant.portal.invoices.permissions import (
    SEE_ISSUED_INVOICE,
    SEE_RECEIVED_INVOICE,
    SEE_VALIDATION_INVOICE,
    SEE_WORKS_PIECE,
)
from plainchant.portal.invoices.story import changes_for, events_for, history_of
from plainchant.portal.rights.actor import PORTAL_NAME

from .invoice_lines import words_of_change
from .sides import seen_invoice

MOST_LINES = 1_000
# What people did, by the wire's names for it; everything else is an event.
_ACTIONS = {Event.Kind.DOWNLOADED, Event.Kind.REJECTION_CLOSED}
_Line = TypeVar("_Line")


class ParamHistoStatuts(WireRequest):
    pageResultatDemandeeListeHistoStatut: Id | None = None
    nbResultatsParPageListeHistoStatut: Id | None = None
    triSensListeHistoStatut: Literal["Ascendant", "Descendant"] | None = None
    triColonneListeHistoStatut: str = ""


class ParamHistoEvenements(WireRequest):
    pageResultatDemandeeListeHistoEvenement: Id | None = None
    nbResultatsParPageListeHistoEvenement: Id | None = None
    triSensListeHistoEvenement: Literal["Ascendant", "Descendant"] | None = None
    triColonneListeHistoEvenement: str = ""


class ParamHistoActions(WireRequest):
    pageResultatDemandeeListeHistoAction: Id | None = None
    nbResultatsParPageListeHistoAction: Id | None = None
    triSensListeHistoAction: Literal["Ascendant", "Descendant"] | None = None
    triColonneListeHistoAction: str = ""


class ConsulterHistoriqueFactureParam(WireRequest):
    idUtilisateurCourant: Id | None = None
    idFacture: Id | None = None
    idEspace: Id | None = None
    nbResultatsMaximum: Id | None = None
    paramRechercheHistoStatuts: ParamHistoStatuts | None = None
    paramRechercheHistoEvenementsComplementaires: ParamHistoEvenements | None = None
    paramRechercheHistoActionsUtilisateurs: ParamHistoActions | None = None


class HistoStatut(WireObject):
    histoStatutId: int
    histoStatutCode: str
    histoStatutDatePassage: Minute
    histoStatutCommentaire: str | None = None
    histoStatutUtilisateurPrenom: str | None = None
    histoStatutUtilisateurNom: str | None = None
    histoStatutUtilisateurEmail: str | None = None
    histoStatutUtilisateurTelephone: str | None = None


class Evenement(WireObject):
    evenementId: int
    evenementLibelle: str
    evenementQui: str
    evenementDateHeure: Minute


class HistoAction(WireObject):
    histoActionId: int
    histoActionCode: str
    histoActionDateHeure: Minute
    histoActionUtilisateurPrenom: str | None = None
    histoActionUtilisateurNom: str | None = None
    histoActionUtilisateurEmail: str | None = None
    histoActionUtilisateurTelephone: str | None = None


class HistoriquesDesStatuts(WireObject):
    histoStatut: list[HistoStatut]
    pageCouranteHistoStatut: int
    pagesHistoStatut: int
    nbResultatsParPageHistoStatut: int
    totalHistoStatut: int


class HistoriquesDesEvenements(WireObject):
    evenement: list[Evenement]
    pageCouranteEvenement: int
    pagesEvenement: int
    nbResultatsParPageEvenement: int
    totalEvenement: int


class HistoriquesDesActions(WireObject):
    histoAction: list[HistoAction]
    pageCouranteHistoAction: int
    pagesHistoAction: int
    nbResultatsParPageHistoAction: int
    totalHistoAction: int


class DerniereAction(WireObject):
    derniereActionId: int
    derniereActionCode: str


class WsRetourConsulterHistoriqueFacture(Retour):
    idFacture: int
    numeroFacture: str
    modeDepot: str
    statutCourantCode: str
    historiquesDesStatuts: HistoriquesDesStatuts
    historiquesDesEvenementsComplementaires: HistoriquesDesEvenements
    historiquesDesActionsUtilisateurs: HistoriquesDesActions
    derniereAction: DerniereAction | None = None


@operation(
    "/cpro/factures/v1/consulter/historique",
    permission=SEE_ISSUED_INVOICE,
    others=(SEE_RECEIVED_INVOICE, SEE_VALIDATION_INVOICE, SEE_WORKS_PIECE),
    request=ConsulterHistoriqueFactureParam,
    response=WsRetourConsulterHistoriqueFacture,
    success=Success.DONE,
)
def consulter_historique(caller: Caller, asked: ConsulterHistoriqueFactureParam) -> WsRetourConsulterHistoriqueFacture:
    """What happened to an invoice, the newest first: what the page of the side that asks shows too."""
    invoice, side = seen_invoice(caller, asked.idFacture, name="idFacture")
    history = history_of(invoice=invoice.pk)
    changes = list(changes_for(invoice=invoice, history=history, side=side))
    events = events_for(invoice=invoice, side=side)
    actions = [event for event in events if event.kind in _ACTIONS]
    others = [event for event in events if event.kind not in _ACTIONS]
    statuts = asked.paramRechercheHistoStatuts or ParamHistoStatuts()
    evenements = asked.paramRechercheHistoEvenementsComplementaires or ParamHistoEvenements()
    gestes = asked.paramRechercheHistoActionsUtilisateurs or ParamHistoActions()
    most = asked.nbResultatsMaximum
    shown, of_statuts = _page(
        changes, statuts.pageResultatDemandeeListeHistoStatut, statuts.nbResultatsParPageListeHistoStatut,
        statuts.triSensListeHistoStatut, most,
    )  # fmt: skip
    happened, of_evenements = _page(
        others, evenements.pageResultatDemandeeListeHistoEvenement, evenements.nbResultatsParPageListeHistoEvenement,
        evenements.triSensListeHistoEvenement, most,
    )  # fmt: skip
    done, of_gestes = _page(
        actions, gestes.pageResultatDemandeeListeHistoAction, gestes.nbResultatsParPageListeHistoAction,
        gestes.triSensListeHistoAction, most,
    )  # fmt: skip
    return WsRetourConsulterHistoriqueFacture(
        idFacture=invoice.pk,
        numeroFacture=invoice.number,
        modeDepot=invoice.deposit_mode,
        statutCourantCode=invoice.status,
        historiquesDesStatuts=HistoriquesDesStatuts(
            histoStatut=[_statut(change) for change in shown],
            **_named(of_statuts, "HistoStatut"),
        ),
        historiquesDesEvenementsComplementaires=HistoriquesDesEvenements(
            evenement=[_evenement(event) for event in happened],
            **_named(of_evenements, "Evenement"),
        ),
        historiquesDesActionsUtilisateurs=HistoriquesDesActions(
            histoAction=[_action(event) for event in done],
            **_named(of_gestes, "HistoAction"),
        ),
        derniereAction=(
            DerniereAction(derniereActionId=actions[-1].pk, derniereActionCode=actions[-1].kind) if actions else None
        ),
    )


def _page(
    lines: Sequence[_Line], page: int | None, size: int | None, direction: str | None, most: int | None
) -> tuple[Sequence[_Line], dict[str, int]]:
    """A page of ``lines``, which are in order, and where it stands: the newest first unless the other way is asked."""
    if direction != "Ascendant":
        lines = lines[::-1]
    lines = lines[: max(most, 1)] if most else lines
    page, size = max(page or 1, 1), min(max(size or MOST_LINES, 1), MOST_LINES)
    return lines[(page - 1) * size : page * size], {
        "pageCourante": page,
        "pages": -(-len(lines) // size),
        "nbResultatsParPage": size,
        "total": len(lines),
    }


def _named(places: dict[str, int], suffix: str) -> dict[str, Any]:
    return {f"{name}{suffix}": value for name, value in places.items()}


def _statut(change: StatusChange) -> HistoStatut:
    first, last = _names(change.actor, change.actor_name)
    return HistoStatut(
        histoStatutId=change.pk,
        histoStatutCode=change.to_status,
        histoStatutDatePassage=minute(change.at),
        histoStatutCommentaire=words_of_change(change.reason_code, change.comment),
        histoStatutUtilisateurPrenom=first,
        histoStatutUtilisateurNom=last,
    )


def _evenement(event: Event) -> Evenement:
    return Evenement(
        evenementId=event.pk,
        evenementLibelle=Event.Kind(event.kind).label,
        evenementQui=str(event.actor or PORTAL_NAME),
        evenementDateHeure=minute(event.at),
    )


def _action(event: Event) -> HistoAction:
    first, last = _names(event.actor, str(event.actor or PORTAL_NAME))
    return HistoAction(
        histoActionId=event.pk,
        histoActionCode=event.kind,
        histoActionDateHeure=minute(event.at),
        histoActionUtilisateurPrenom=first,
        histoActionUtilisateurNom=last,
    )


def _names(person: User | None, shown: str) -> tuple[str | None, str]:
    """First and last name where what histories show is just these two; else all of it as the last name."""
    if person is not None and person.get_full_name() == shown:
        return person.first_name, person.last_name
    return None, shown
