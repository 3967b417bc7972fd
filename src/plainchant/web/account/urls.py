"""The pages about a person's account. Of allauth's addresses only these exist."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from . import entrance, views

urlpatterns: list[URLPattern] = [
    path("", views.profile, name="account_profile"),
    path("creer/", views.signup, name="account_signup"),
    path("creer/message-envoye/", views.activation_sent, name="account_activation_sent"),
    path("activer/", views.resend_activation, name="account_resend_activation"),
    path("activer/<str:token>/", views.activate, name="account_activate"),
    path("connexion/", entrance.login, name="account_login"),
    path("deconnexion/", entrance.logout, name="account_logout"),
    path("ferme/", views.closed, name="account_inactive"),
    path("mot-de-passe/", entrance.change_password, name="account_change_password"),
    path("mot-de-passe/oublie/", entrance.forgotten_password, name="account_reset_password"),
    path(
        "mot-de-passe/oublie/message-envoye/",
        entrance.forgotten_password_sent,
        name="account_reset_password_done",
    ),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]{1,13})-(?P<key>[^/]{1,200})/$",
        entrance.new_password,
        name="account_reset_password_from_key",
    ),
]
