"""What every page's frame needs: the entries of the menu, and who runs the portal."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.queries import Work, work_of
from plainchant.portal.lib.operator import operator
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure, StructureNature
from plainchant.portal.structures.reach import reached_in_part
from plainchant.web.account.visitor import acting, chosen_structure, must_add_second_factor, person


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    current: bool
    count: int | None = None


def navigation(request: HttpRequest) -> dict[str, object]:
    """The menu, made only if the template shows it: most answers to htmx are a part of a page."""
    return {
        "nav_items": SimpleLazyObject(lambda: _nav_items(request)),
        "chosen_structure": SimpleLazyObject(lambda: _chosen(request)),
        "operator": operator(),
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
    """A supplier's entries, a public body's, or both for a body that also invoices."""
    entries: list[tuple[str, str, int | None]] = []
    if must_add_second_factor(request):
        return []
    if isinstance(getattr(request, "user", None), User):
        work = work_waiting(request)
        receiving = reached_in_part(actor=acting(request), right=Right.SEE_RECEIVED)
        if receiving.filter(nature=StructureNature.PUBLIC).exists():
            entries += [
                ("À traiter", "received_to_process", work.to_process),
                ("Factures reçues", "received_list", None),
            ]
        entries += [
            ("Déposer une facture", "deposit_start", None),
            ("Saisir une facture", "entry_start", None),
            ("Suivi", "issued_list", work.to_answer + work.drafts),
        ]
        entries += [("Annuaire", "directory_search", None), ("Mes structures", "structures_mine", None)]
        if person(request).operator_since is not None:
            entries.append(("Exploitation", "operation", None))
    else:
        entries = [
            ("Vérifier une facture", "verify", None),
            ("Annuaire", "directory_search", None),
            ("Se connecter", "account_login", None),
            ("Créer un compte", "account_signup", None),
        ]
    return [
        NavItem(label=label, url=reverse(name), current=request.path == reverse(name), count=count or None)
        for label, name, count in entries
    ]
