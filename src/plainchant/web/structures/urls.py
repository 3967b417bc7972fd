from __future__ import annotations

from django.urls import URLPattern, path, re_path

from . import bank, joining, people, sheet

urlpatterns: list[URLPattern] = [
    path("", people.mine, name="structures_mine"),
    path("ajouter/", joining.add, name="structures_add"),
    re_path(r"^ajouter/(?P<siret>[0-9]{14})/$", joining.add_siret, name="structures_add_siret"),
    path("demandes/", people.decide_all, name="memberships_decide"),
    path("demandes/<uuid:uid>/", people.decide, name="membership_decide"),
    path("comptes/<uuid:uid>/", bank.edit, name="bank_account_edit"),
    path("<uuid:uid>/", sheet.show, name="structure_sheet"),
    path("<uuid:uid>/modifier/", sheet.edit, name="structure_edit"),
    path("<uuid:uid>/comptes/ajouter/", bank.add, name="structure_bank_add"),
]
