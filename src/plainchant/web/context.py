"""What every page's frame needs: the entries of the menu, and who runs the portal."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.queries import Work, work_of
from plainchant.portal.lib.operator import operator
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure, StructureNature
from plainchant.portal.structures.reach import reaches_any
from plainchant.web.account.visitor import acting, chosen_structure, must_add_second_factor


@dataclass(frozen=True)
class NavItem:
    """``current``: "page" on the very page, "true" on those below it, else "". ``is_apart``: at the other end."""

    label: str
    url: str
    current: str
    count: int | None = None
    is_apart: bool = False


def navigation(request: HttpRequest) -> dict[str, object]:
    """The menu, made only if the template shows it: most answers to htmx are a part of a page."""
    return {
        "nav_items": SimpleLazyObject(lambda: _nav_items(request)),
        "chosen_structure": SimpleLazyObject(lambda: _chosen(request)),
        "operator": operator(),
        "publishes_figures": settings.OPEN_STATISTICS,
        "sends_webhooks": settings.WEBHOOKS,
    }


def _chosen(request: HttpRequest) -> Structure | None:
    """The structure that the visitor has chosen to act for; nothing where a page has no visitor yet."""
    is_person = isinstance(getattr(request, "user", None), User) and hasattr(request, "session")
    return chosen_structure(request) if is_person and not must_add_second_factor(request) else None


def work_waiting(request: HttpRequest) -> Work:
    """What waits for the person who is logged in: one question for the menu and for the first page."""
    if not hasattr(request, "work"):
        request.work = work_of(actor=acting(request))  # type: ignore[attr-defined]
    return request.work  # type: ignore[attr-defined]


def without_counts(request: HttpRequest) -> HttpRequest:
    """The request, for a page whose menu counts nothing: an error page must not cost more than the page."""
    request.work = Work(to_process=0, to_answer=0, drafts=0)  # type: ignore[attr-defined]
    return request


def _nav_items(request: HttpRequest) -> list[NavItem]:
    """What this person uses; of a stranger, what needs no account."""
    entries: list[tuple[str, str, int | None]] = []
    is_stranger = False
    if must_add_second_factor(request):
        return []
    if isinstance(getattr(request, "user", None), User):
        validates = bool(work_waiting(request).to_validate) or request.path == reverse("validation_list")
        works = bool(work_waiting(request).works) or request.path == reverse("works_list")
        entries = _entries(uses_of(request), work_waiting(request), validates=validates, works=works)
    else:
        is_stranger = True
        entries = [
            ("Vérifier une facture", "verify", None),
            ("Annuaire", "directory_search", None),
            ("Se connecter", "account_login", None),
            ("Créer un compte", "account_signup", None),
        ]
    addresses = [reverse(name) for _, name, _ in entries]
    here = max((address for address in addresses if request.path.startswith(address)), key=len, default="")
    current = "page" if here == request.path else "true"
    return [
        NavItem(
            label=label,
            url=address,
            current=current if address == here else "",
            count=count or None,
            is_apart=is_stranger and name.startswith("account_"),
        )
        for (label, name, count), address in zip(entries, addresses, strict=True)
    ]


@dataclass(frozen=True)
class Uses:
    """Which spaces of any structure a person has: it receives invoices and processes them, prepares some, follows them.

    Whoever may only consult what is received has nothing to process.
    """

    receives: bool
    processes: bool
    prepares: bool
    follows: bool

    @property
    def is_new(self) -> bool:
        """Whether there is nothing yet: whoever begins sees where invoicing begins."""
        return not self.receives and not self.follows


def uses_of(request: HttpRequest) -> Uses:
    """What the person who is logged in uses: one answer for the menu and for the first page."""
    if not hasattr(request, "uses"):
        actor = acting(request)
        receives = _receives(actor, Right.SEE_RECEIVED)
        processes = receives and _receives(actor, Right.PROCESS)
        prepares = reaches_any(actor=actor, right=Right.PREPARE)
        follows = prepares or reaches_any(actor=actor, right=Right.SEE_ISSUED)
        request.uses = Uses(receives, processes, prepares, follows)  # type: ignore[attr-defined]
    return request.uses  # type: ignore[attr-defined]


def _receives(actor: Actor, right: Right) -> bool:
    """Whether the actor has this right over what a public body receives, or one of its services."""
    return reaches_any(actor=actor, right=right, nature=StructureNature.PUBLIC, in_part=True)


def _entries(uses: Uses, work: Work, *, validates: bool, works: bool) -> list[tuple[str, str, int | None]]:
    """A supplier's entries, a validator's, a public body's: in fewer words for who has several, on one line."""
    several = (uses.receives or validates or works) and uses.follows
    entries: list[tuple[str, str, int | None]] = []
    if validates:
        entries.append(("À valider", "validation_list", work.to_validate))
    if works:
        entries.append(("Travaux", "works_list", work.works))
    if uses.receives:
        received = "Reçues" if several else "Factures reçues"
        to_process = [("À traiter", "received_to_process", work.to_process)] if uses.processes else []
        entries += [*to_process, (received, "received_list", None)]
    if uses.prepares or uses.is_new:
        ending = "" if several else " une facture"
        entries += [(f"Déposer{ending}", "deposit_start", None), (f"Saisir{ending}", "entry_start", None)]
    if uses.follows or uses.is_new:
        entries.append(("Suivi", "issued_list", work.to_answer + work.refused + work.drafts))
    structures = "Structures" if several else "Mes structures"
    return [*entries, ("Annuaire", "directory_search", None), (structures, "structures_mine", None)]
