"""The pages about a person's account. Of allauth's addresses only these exist."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from . import addresses, departures, entrance, notifications, openid_views, second_factor_views, views

urlpatterns: list[URLPattern] = [
    path("", views.profile, name="account_profile"),
    path("creer/", views.signup, name="account_signup"),
    path("creer/message-envoye/", views.activation_sent, name="account_activation_sent"),
    path("activer/", views.resend_activation, name="account_resend_activation"),
    path("activer/<str:token>/", views.activate, name="account_activate"),
    path("connexion/", entrance.login, name="account_login"),
    path("connexion/verification/", second_factor_views.second_step, name="mfa_authenticate"),
    path("connexion/code/", second_factor_views.mail_code_step, name="account_confirm_login_code"),
    path("connexion/cle/", second_factor_views.passkey_log_in, name="mfa_login_webauthn"),
    path("connexion/externe/", openid_views.begin, name="openid_begin"),
    path("connexion/externe/retour/", openid_views.come_back, name="openid_come_back"),
    path("connexion/externe/nouveau/", openid_views.arrive, name="openid_arrive"),
    path("deconnexion/", entrance.logout, name="account_logout"),
    path("ferme/", views.closed, name="account_inactive"),
    path("adresse/", addresses.again, name="account_address_again"),
    path("adresse/connexion/", addresses.change_login, name="account_login_address"),
    path("adresse/arreter/<str:token>/", addresses.stop, name="stop_login_address"),
    path("adresse/<str:token>/", addresses.confirm, name="confirm_address"),
    path("mes-donnees/", departures.my_data, name="account_data"),
    path("fermer/", departures.close, name="account_close"),
    path("revenir/<str:token>/", departures.come_back, name="account_come_back"),
    path("notifications/", notifications.choose, name="account_notifications"),
    path("notifications/arreter/<str:token>/", notifications.stop, name="stop_notices"),
    path("securite/", second_factor_views.security, name="mfa_index"),
    path("securite/appareils/", second_factor_views.end_log_ins, name="account_end_log_ins"),
    path("securite/courriel/", second_factor_views.mail_code, name="account_mail_code"),
    path("securite/application/", second_factor_views.add_application, name="mfa_activate_totp"),
    path("securite/application/retirer/", second_factor_views.remove_application, name="mfa_deactivate_totp"),
    path("securite/cle/", second_factor_views.add_passkey, name="mfa_add_webauthn"),
    path("securite/cle/<int:pk>/retirer/", second_factor_views.remove_passkey, name="mfa_remove_webauthn"),
    path("securite/codes/", second_factor_views.recovery_codes, name="mfa_view_recovery_codes"),
    path("securite/codes/nouveaux/", second_factor_views.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("securite/externe/", openid_views.identities_page, name="account_identities"),
    path("securite/preuve/", second_factor_views.proof_again, name="account_reauthenticate"),
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
