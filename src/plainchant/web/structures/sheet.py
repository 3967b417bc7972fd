"""The sheet of a structure (fiche structure): see it, and keep it true."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.einvoice.codes.countries import COUNTRY_NAMES
from plainchant.einvoice.codes.identifier_types import IDENTIFIER_TYPE_OF
from plainchant.einvoice.identifiers import grouped_iban, masked_iban
from plainchant.portal import succession
from plainchant.portal.accounts import claims
from plainchant.portal.commitments.permissions import SEE_COMMITMENTS
from plainchant.portal.directory import operations as directory
from plainchant.portal.invoices.lifecycle import OPTIONAL_STEPS
from plainchant.portal.lib.time import now
from plainchant.portal.pins.queries import has_pinned
from plainchant.portal.rights.permissions import may
from plainchant.portal.structures import closing, queries
from plainchant.portal.structures import operations as sheets
from plainchant.portal.structures.bank_accounts import is_recent
from plainchant.portal.structures.delegation_words import terms_in_words
from plainchant.portal.structures.models import BankAccount, Structure, UnknownCommitment
from plainchant.portal.structures.permissions import MANAGE_STRUCTURE, SEE_STRUCTURE
from plainchant.portal.structures.technical_notices import programs_to_mend
from plainchant.web.account.limits import too_many
from plainchant.web.account.proof import needs_proof
from plainchant.web.account.visitor import acting, person
from plainchant.web.facts import ShownFact
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page
from plainchant.web.templatetags.plainchant import siret

from .forms import LegalNameForm, NewSiretForm, StructureForm

NAMED = 20  # people on the sheet: the others are on the list of people


@page(get=SEE_STRUCTURE)
def show(request: HttpRequest, structure: Structure) -> HttpResponse:
    manages = may(acting(request), MANAGE_STRUCTURE, structure)
    accounts = list(_accounts(structure))
    people = list(queries.accepted_people(structure=structure))
    context = {
        "waiting": claims.pending(by=person(request), structure=structure.uid, at=now()) if manages else None,
        "now_at": structure.email or "vos adresses, et à celles de vos collègues",
        "structure": structure,
        "heir": None if structure.is_active else queries.heir_of(structure=structure),
        "origin": structure.origin,
        "manages": manages,
        "facts": _facts(structure),
        "demands": _demands(structure) if structure.is_public else [],
        "services": structure.services.order_by("code") if structure.is_public else [],
        "accounts": [_account(account, manages=manages) for account in accounts if account.is_active],
        "waiting_accounts": [_waiting(account, request) for account in accounts if account.is_waiting],
        "recent_accounts": [account for account in accounts if account.is_active and is_recent(account, at=now())],
        "service_count": structure.services.filter(is_active=True).count() if structure.is_public else 0,
        "people": people[:NAMED],
        "more_people": max(0, len(people) - NAMED),
        "sees_commitments": structure.is_public and may(acting(request), SEE_COMMITMENTS, structure),
        "is_attached": queries.memberships_of(user=person(request)).filter(structure=structure).exists(),
        "delegations": [
            (delegation, terms_in_words(delegation))
            for delegation in queries.delegations_open(structure=structure).prefetch_related("grants__service")
        ],
        "is_pinned": has_pinned(actor=acting(request), structure=structure),
        "manager": queries.manager_of(structure=structure),
        "programs_to_mend": programs_to_mend(structure=structure, at=now()) if manages else [],
    }
    return render(request, "structures/sheet.html", context)


@page(get=MANAGE_STRUCTURE, post=MANAGE_STRUCTURE, back="structure_sheet")
def edit(request: HttpRequest, structure: Structure) -> HttpResponse:
    fields = StructureForm.base_fields
    form = StructureForm(
        request.POST if request.method == "POST" else None,
        identifier_type=structure.identifier_type,
        identifier=structure.identifier,
        is_public=structure.is_public,
        initial={name: getattr(structure, name) for name in fields},
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            typed = form.cleaned_data["email"]
            before = claims.pending(by=person(request), structure=structure.uid, at=now())
            if typed and typed not in (structure.email, before.address if before else ""):
                limited = too_many(request, action="confirm_address", key=typed)
                if limited:
                    return limited
            claim = directory.edit_sheet(
                structure=structure, actor=acting(request), sheet=form.sheet(of=structure), at=now()
            )
            if claim is not None and claim != before:
                messages.info(
                    request,
                    f"La fiche est enregistrée. Il reste à confirmer {claim.address}\u00a0: ouvrez le message que "
                    "nous venons d’y envoyer.",
                )
            else:
                messages.success(request, "La fiche est enregistrée.")
            return redirect("structure_sheet", uid=structure.uid)
    return render(request, "structures/edit.html", {"form": form, "structure": structure})


@page(get=MANAGE_STRUCTURE, post=MANAGE_STRUCTURE, back="structure_sheet")
def rename(request: HttpRequest, structure: Structure) -> HttpResponse:
    """Correct the legal name; everybody of the structure is told."""
    form = LegalNameForm(request.POST if request.method == "POST" else None, structure=structure)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            directory.correct_name(structure=structure, actor=acting(request), name=form.legal_name, at=now())
            messages.success(request, "Le nom est corrigé. Toutes les personnes de la structure en sont averties.")
            return redirect("structure_sheet", uid=structure.uid)
    return render(request, "structures/rename.html", {"form": form, "structure": structure})


@page(get=MANAGE_STRUCTURE, post=MANAGE_STRUCTURE, back="structure_sheet")
def close(request: HttpRequest, structure: Structure) -> HttpResponse:
    """Close the structure to new invoices, or open it again; the page says first what it means."""
    if request.method == "POST":
        act = closing.close if structure.is_active else closing.reopen
        act(structure=structure, actor=acting(request), at=now())
        state = "rouverte" if structure.is_active else "fermée aux nouvelles factures"
        messages.success(request, f"{structure} est {state}. Toutes ses personnes en sont averties par courriel.")
        return redirect("structure_sheet", uid=structure.uid)
    return render(request, "structures/close.html", {"structure": structure})


@page(get=MANAGE_STRUCTURE, post=MANAGE_STRUCTURE, back="structure_sheet")
@needs_proof()
def new_siret(request: HttpRequest, structure: Structure) -> HttpResponse:
    """Declare that the structure has another SIRET from now on."""
    form = NewSiretForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        limited = too_many(request, action="join_structure")  # it tells whether a SIRET is known here
        if limited:
            return limited
        with refusals_on(form):
            heir = succession.change_siret(
                structure=structure, siret=form.cleaned_data["siret"], actor=acting(request), at=now()
            )
            messages.success(
                request,
                "Voici la nouvelle fiche. Vérifiez l’adresse et le numéro de TVA. Toutes les personnes de la structure "
                "sont averties.",
            )
            return redirect("structure_sheet", uid=heir.uid)
    return render(request, "structures/new_siret.html", {"form": form, "structure": structure})


@page(post=MANAGE_STRUCTURE, back="structure_sheet")
def address_again(request: HttpRequest, structure: Structure) -> HttpResponse:
    """Send the link that confirms its new address again, or give that address up."""
    me, at = person(request), now()
    waiting = claims.pending(by=me, structure=structure.uid, at=at)
    if request.POST.get("wanted") == "give_up":
        claims.give_up(by=me, structure=structure.uid, at=at)
        messages.success(request, "C’est fait\u00a0: rien ne change.")
    elif waiting is not None:
        limited = too_many(request, action="confirm_address", key=waiting.address)
        if limited:
            return limited
        sheets.ask_address(structure=structure, actor=acting(request), address=waiting.address, at=at)
        messages.success(request, f"Un autre message est parti à {waiting.address}. Suivez le lien du dernier.")
    return redirect("structure_sheet", uid=structure.uid)


def shown_iban(account: BankAccount, *, in_full: bool) -> str:
    """In full for the manager, who must compare it; masked for everybody else."""
    return grouped_iban(account.iban) if in_full else masked_iban(account.iban)


def _accounts(structure: Structure) -> QuerySet[BankAccount]:
    """Those that are open, or wait."""
    shown = structure.bank_accounts.filter(Q(is_active=True) | Q(is_waiting=True))
    return shown.select_related("structure", "created_by").order_by("label", "pk")


def _waiting(account: BankAccount, request: HttpRequest) -> dict[str, object]:
    confirmers = queries.confirmers_of(structure=account.structure, asked_by=account.created_by, at=now())
    people = [membership.user for membership in confirmers.select_related("user")]
    return {"account": account, "is_for_me": person(request) in people, "confirmers": people}


def _account(account: BankAccount, *, manages: bool) -> ShownFact:
    return ShownFact(
        label=account.label,
        value=shown_iban(account, in_full=manages),
        note=f" BIC {account.bic}" if account.bic else "",
        change_url=reverse("bank_account_edit", kwargs={"uid": account.uid}) if manages else "",
        change_label="Modifier",
    )


def _facts(structure: Structure) -> list[ShownFact]:
    street = [structure.address_line, structure.address_extra_1, structure.address_extra_2]
    town = f"{structure.postcode} {structure.city}".strip()
    country = COUNTRY_NAMES.get(structure.country, structure.country) if structure.country != "FR" else ""
    facts = [
        ShownFact("Nom" if structure.is_individual else "Raison sociale", structure.name),
        ShownFact(IDENTIFIER_TYPE_OF[structure.identifier_type].label, siret(structure.identifier)),
        ShownFact("Nom d’usage (libellé)", structure.label or "aucun"),
        ShownFact("Adresse", ", ".join(part for part in [*street, town, country] if part) or "à compléter"),
        ShownFact(
            "Numéro de TVA", "" if structure.vat_number == structure.identifier else structure.vat_number or "aucun"
        ),
        ShownFact("Numéro RCS", structure.rcs_number),
        ShownFact("Adresse électronique", structure.email or "aucune"),
        ShownFact("Téléphone", structure.phone or "aucun"),
    ]
    return [fact for fact in facts if fact.value]


def _demands(structure: Structure) -> list[str]:
    """What this public body asks on every invoice, in words."""
    demands = []
    if structure.requires_service:
        demands.append("Le service à facturer (code service) est obligatoire.")
    if structure.requires_commitment:
        demands.append("Le numéro de commande (engagement) est obligatoire.")
    if structure.requires_service_or_commitment:
        demands.append("Le service à facturer ou le numéro de commande\u00a0: l’un des deux au moins est obligatoire.")
    if structure.unknown_commitment:
        outcome = "est refusée" if structure.unknown_commitment == UnknownCommitment.REFUSAL else "reçoit une remarque"
        demands.append(f"Une facture dont le numéro d’engagement n’est pas dans sa liste {outcome}.")
    if structure.reports_no_payment:
        demands.append("Elle n’annonce pas la mise en paiement\u00a0: seul le versement sur le compte fait foi.")
    if structure.is_works_authority_only:
        demands.append("Elle ne reçoit que des factures de travaux.")
    unused = [step.label for step in OPTIONAL_STEPS if step.action in structure.unused_steps.split()]
    if unused:
        demands.append(f"Elle ne signale pas ces étapes : {', '.join(unused)}.")
    return demands
