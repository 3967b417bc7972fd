"""« Que faire maintenant »: what waits for this person, the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.queries import MOST_COUNTED, Work
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.queries import issued_for, refused_for_long
from plainchant.portal.lib.elision import of
from plainchant.portal.lib.time import now
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures import queries
from plainchant.portal.structures.models import Membership
from plainchant.web.showing import counted

_SHOWN_ACCOUNTS = 5


@dataclass(frozen=True)
class Thing:
    """One thing to do. ``kind`` is "now" (it waits for you) or "waiting" (it waits for someone else)."""

    kind: str
    title: str
    text: str
    url: str
    label: str


def things_to_do(*, actor: Actor, work: Work) -> list[Thing]:
    memberships = list(queries.memberships_of(user=actor.account))
    things = [
        *_refused(actor, work),
        *_invoices(work),
        *_accounts_to_confirm(actor),
        *_requests_to_decide(actor),
        *_delegations_to_decide(actor),
        *_spaces_to_decide(actor),
        *_without_structure(user=actor.account, memberships=memberships),
    ]
    things += [
        Thing(
            kind="waiting",
            title=f"Votre demande de rattachement ({membership.structure.known_as}) attend sa réponse",
            text="Vous serez prévenu par courriel. D’ici là, vous ne voyez rien de cette structure.",
            url=reverse("structures_mine"),
            label="Voir mes structures",
        )
        for membership in memberships
        if membership.state == Membership.State.PENDING
    ]
    return things


def _many(number: int, singular: str, many: str) -> str:
    words = counted(number, singular, many, most=MOST_COUNTED)
    return words[0].upper() + words[1:]


def _refused(actor: Actor, work: Work) -> list[Thing]:
    """Rejections that nothing has become of. First: nobody will pay them as they are."""
    if not work.refused:
        return []
    lasts = refused_for_long(issued=issued_for(actor=actor, right=Right.SEE_ISSUED), at=now()).exists()
    return [
        Thing(
            kind="now",
            title=_many(work.refused, "facture refusée attend une suite", "factures refusées attendent une suite")
            + (", depuis plus de sept jours" if lasts else ""),
            text="Lisez pourquoi, puis refaites-la sous un nouveau numéro, ou classez le refus.",
            url=reverse("issued_list") + f"?vue=a-faire&status={Status.REJECTED}",
            label="Lire",
        )
    ]


def _invoices(work: Work) -> list[Thing]:
    things = []
    if work.to_process:
        things.append(
            Thing(
                kind="now",
                title=_many(work.to_process, "facture reçue à traiter", "factures reçues à traiter"),
                text="La plus ancienne d’abord\u00a0: le délai de paiement court depuis le courriel qui l’a annoncée.",
                url=reverse("received_to_process"),
                label="Traiter",
            )
        )
    if work.to_validate:
        things.append(
            Thing(
                kind="now",
                title=_many(work.to_validate, "facture attend votre accord", "factures attendent votre accord"),
                text="Un sous-traitant ou un cotraitant vous nomme comme valideur. Sans réponse en quinze jours, votre "
                "accord est réputé donné.",
                url=reverse("validation_list"),
                label="Valider",
            )
        )
    if work.works:
        things.append(
            Thing(
                kind="now",
                title=_many(work.works, "pièce de travaux à traiter", "pièces de travaux à traiter"),
                text="Un titulaire vous nomme maître d’œuvre ou maître d’ouvrage. Le délai de paiement d’un acompte "
                "court depuis l’arrivée chez le maître d’œuvre.",
                url=reverse("works_list"),
                label="Traiter",
            )
        )
    if work.to_answer:
        things.append(
            Thing(
                kind="now",
                title=_many(work.to_answer, "facture attend votre réponse", "factures attendent votre réponse"),
                text="L’acheteur demande un document ou une correction. Répondez tôt pour être payé tôt.",
                url=reverse("issued_list") + "?vue=a-faire",
                label="Répondre",
            )
        )
    if work.drafts:
        things.append(
            Thing(
                kind="now",
                title=_many(work.drafts, "brouillon n’est pas envoyé", "brouillons ne sont pas envoyés"),
                text="L’acheteur ne voit rien tant que vous n’avez pas confirmé l’envoi.",
                url=reverse("issued_list") + "?vue=a-faire",
                label="Reprendre",
            )
        )
    return things


def _accounts_to_confirm(actor: Actor) -> list[Thing]:
    return [
        Thing(
            kind="now",
            title=f"Un compte bancaire {of(account.structure)} attend d’être confirmé",
            text=f"{account.created_by} l’a ajouté. Comparez-le avec le RIB de la banque avant de répondre.",
            url=reverse("bank_account_answer", kwargs={"uid": account.uid}),
            label="Répondre",
        )
        for account in queries.bank_accounts_to_confirm(actor=actor)[:_SHOWN_ACCOUNTS]
    ]


def _requests_to_decide(actor: Actor) -> list[Thing]:
    waiting = queries.memberships_to_decide(actor=actor).count()
    if not waiting:
        return []
    title = (
        "Une personne demande à rejoindre votre structure"
        if waiting == 1
        else f"{waiting} personnes demandent à rejoindre vos structures"
    )
    return [
        Thing(
            kind="now",
            title=title,
            text="Vous êtes le gestionnaire\u00a0: c’est à vous d’accepter ou de refuser.",
            url=reverse("structures_mine"),
            label="Répondre",
        )
    ]


def _delegations_to_decide(actor: Actor) -> list[Thing]:
    waiting = queries.delegation_requests_to_decide(actor=actor).count()
    if not waiting:
        return []
    return [
        Thing(
            kind="now",
            title=counted(waiting, "structure demande à agir pour vous", "structures demandent à agir pour vous"),
            text="Un comptable, un collectif… Rien ne lui est permis sans votre accord.",
            url=reverse("structures_mine"),
            label="Répondre",
        )
    ]


def _spaces_to_decide(actor: Actor) -> list[Thing]:
    waiting = queries.space_requests_to_decide(actor=actor).count()
    if not waiting:
        return []
    return [
        Thing(
            kind="now",
            title=counted(waiting, "personne demande un espace", "personnes demandent un espace"),
            text="Vous êtes le gestionnaire\u00a0: c’est à vous de l’ouvrir ou de refuser.",
            url=reverse("structures_mine"),
            label="Répondre",
        )
    ]


def _without_structure(*, user: User, memberships: list[Membership]) -> list[Thing]:
    known = (Membership.State.ACCEPTED, Membership.State.PENDING)
    if any(membership.state in known for membership in memberships):
        return []
    siret = user.siret_at_registration
    return [
        Thing(
            kind="now",
            title="Indiquez la structure au nom de qui vous facturez",
            text="Votre entreprise, votre association, votre atelier\u00a0: sans elle, rien ne peut être déposé.",
            url=reverse("structures_add_siret", kwargs={"siret": siret}) if siret else reverse("structures_add"),
            label="Ajouter ma structure",
        )
    ]
