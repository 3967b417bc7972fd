from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("", views.mailbox, name="mailbox"),
    path("<int:number>/", views.message, name="mailbox_message"),
    path("<int:number>/html/", views.as_html, name="mailbox_html"),
]
