from __future__ import annotations

from django.urls import URLPattern, path, re_path

from plainchant.einvoice.codes.identifier_types import IDENTIFIER_TYPES

from . import (
    bank,
    delegations,
    joining,
    people,
    portfolio,
    programs,
    reason_texts,
    services,
    sheet,
    spaces,
    team,
    webhooks,
)

_OTHERS = "|".join(row.code for row in IDENTIFIER_TYPES if row.who)

urlpatterns: list[URLPattern] = [
    path("", people.mine, name="structures_mine"),
    path("espaces/", spaces.mine, name="spaces_mine"),
    path("espaces/demander/", spaces.ask, name="space_ask"),
    path("espaces/demandes/<uuid:uid>/", spaces.decide, name="space_decide"),
    path("<uuid:uid>/espaces/", spaces.used, name="spaces_used"),
    path("choisir/", portfolio.choose, name="structure_choose"),
    path("ajouter/", joining.add, name="structures_add"),
    re_path(r"^ajouter/(?P<siret>[0-9]{14})/$", joining.add_siret, name="structures_add_siret"),
    path("ajouter/sans-siret/", joining.without_siret, name="structures_without_siret"),
    re_path(rf"^ajouter/(?P<kind>{_OTHERS})/$", joining.add_other, name="structures_add_other"),
    path("demandes/", people.decide_all, name="memberships_decide"),
    path("demandes/<uuid:uid>/", people.decide, name="membership_decide"),
    path("comptes/<uuid:uid>/", bank.edit, name="bank_account_edit"),
    path("comptes/<uuid:uid>/confirmer/", bank.answer, name="bank_account_answer"),
    path("comptes/<uuid:uid>/renoncer/", bank.withdraw, name="bank_account_withdraw"),
    path("<uuid:uid>/", sheet.show, name="structure_sheet"),
    path("<uuid:uid>/modifier/", sheet.edit, name="structure_edit"),
    path("<uuid:uid>/nom/", sheet.rename, name="structure_rename"),
    path("<uuid:uid>/fermer/", sheet.close, name="structure_close"),
    path("<uuid:uid>/nouveau-siret/", sheet.new_siret, name="structure_new_siret"),
    path("<uuid:uid>/services/", services.listed, name="structure_services"),
    path("<uuid:uid>/services/ajouter/", services.add, name="structure_service_add"),
    path("<uuid:uid>/services/<int:number>/", services.edit, name="structure_service"),
    path("<uuid:uid>/textes/", reason_texts.listed, name="reason_texts"),
    path("<uuid:uid>/textes/<int:number>/", reason_texts.edit, name="reason_text"),
    path("<uuid:uid>/demandes/", services.demands, name="structure_demands"),
    path("<uuid:uid>/personnes/", team.people, name="structure_people"),
    path("<uuid:uid>/personnes.csv", team.people_file, name="structure_people_file"),
    path("<uuid:uid>/inviter/", team.invite, name="structure_invite"),
    path("<uuid:uid>/activite/", team.activity, name="structure_activity"),
    path("<uuid:uid>/activite.csv", team.activity_file, name="structure_activity_file"),
    path("<uuid:uid>/delegations/", delegations.of_structure, name="delegations"),
    path("<uuid:uid>/delegations/ouvrir/", delegations.delegate, name="delegation_open"),
    path("<uuid:uid>/delegations/demander/", delegations.ask, name="delegation_ask"),
    path("<uuid:uid>/logiciels-prevenus/", webhooks.listed, name="webhooks"),
    path("<uuid:uid>/logiciels-prevenus/ajouter/", webhooks.make, name="webhook_make"),
    path("logiciels-prevenus/<uuid:uid>/", webhooks.show, name="webhook"),
    path("<uuid:uid>/comptes-techniques/", programs.listed, name="programs"),
    path("<uuid:uid>/comptes-techniques/creer/", programs.make, name="program_make"),
    path("comptes-techniques/<uuid:uid>/", programs.show, name="program"),
    path("comptes-techniques/<uuid:uid>/mot-de-passe/", programs.add_password, name="program_password"),
    path(
        "comptes-techniques/<uuid:uid>/retirer/<int:number>/",
        programs.withdraw_password,
        name="program_password_withdraw",
    ),
    path("comptes-techniques/<uuid:uid>/finir/", programs.end, name="program_end"),
    path("delegations/<uuid:uid>/", delegations.show, name="delegation"),
    path("delegations/<uuid:uid>/finir/", delegations.end, name="delegation_end"),
    path("delegations/<uuid:uid>/rendre/", delegations.give_back, name="delegation_return"),
    path("delegations/demandes/<uuid:uid>/", delegations.decide, name="delegation_decide"),
    path("delegations/demandes/<uuid:uid>/retirer/", delegations.withdraw, name="delegation_withdraw"),
    path("<uuid:uid>/quitter/", people.leave_page, name="structure_leave"),
    path("quitter/", people.leave, name="structure_leave_now"),
    path("invitations/", people.answer_invitation, name="invitation_answer"),
    path("invitations/<uuid:uid>/retirer/", team.withdraw, name="invitation_withdraw"),
    path("personnes/<uuid:uid>/", team.member, name="member"),
    *(
        path(f"personnes/<uuid:uid>/{action}/", team.change, {"action": action}, name=f"member_{action}")
        for action in team.CHANGES
    ),
    path("<uuid:uid>/adresse/", sheet.address_again, name="structure_address_again"),
    path("<uuid:uid>/comptes/ajouter/", bank.add, name="structure_bank_add"),
]
