"""Flows, under /flux/."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import proposal, reports, views

urlpatterns: list[URLPattern] = [
    path("", views.list_flows, name="flows_list"),
    path("deposer/", views.start, name="flows_start"),
    path("tableau-de-factures.xlsx", views.template, name="flows_template"),
    path("rejets/", reports.rejects, name="flows_rejects"),
    path("rejets.csv", reports.rejects_file, name="flows_rejects_file"),
    path("<uuid:uid>/", views.show, name="flows_show"),
    path("<uuid:uid>/envoyer/", proposal.confirm, name="flows_confirm"),
    path("<uuid:uid>/relire/", proposal.look_again, name="flows_look_again"),
    path("<uuid:uid>/compte-rendu.csv", reports.as_csv, name="flows_report_csv"),
    path("<uuid:uid>/compte-rendu.json", reports.as_json, name="flows_report_json"),
    path("<uuid:uid>/compte-rendu.pdf", reports.as_pdf, name="flows_report_pdf"),
]
