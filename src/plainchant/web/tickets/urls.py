from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("", views.list_tickets, name="tickets"),
    path("nouvelle/", views.new, name="ticket_new"),
    path("<uuid:uid>/", views.show, name="ticket"),
    path("<uuid:uid>/ajouter/", views.add, name="ticket_add"),
    path("<uuid:uid>/repondre/", views.answer, name="ticket_answer"),
    path("piece/<uuid:uid>/", views.file, name="ticket_file"),
]
