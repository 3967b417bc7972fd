"""How a password is asked for: hidden, pasted or filled in by a manager, and taken as it was typed."""

from __future__ import annotations

import pytest
from django import forms

from plainchant.portal.accounts.models import User
from plainchant.web.account.forms import ChangePasswordForm, LoginForm, NewPasswordForm, TwicePasswordForm

ASKED = {
    LoginForm: {"password": "current-password"},
    ChangePasswordForm: {
        "oldpassword": "current-password",
        "password1": "new-password",
        "password2": "new-password",
    },
    NewPasswordForm: {"password1": "new-password", "password2": "new-password"},
    TwicePasswordForm: {"password1": "new-password", "password2": "new-password"},
}
LONG = "  quatre Mots; sans\u00a0lien « entre » eux, ni 1 règle de plus 🎨 que leur longueur  "


@pytest.mark.parametrize("form", ASKED, ids=lambda form: form.__name__)
def test_a_password_is_hidden_and_its_manager_is_told_which_it_is(form: type[forms.Form]) -> None:
    shown = form()
    assert {name for name in shown.fields if "password" in name} == set(ASKED[form])
    for name, autocomplete in ASKED[form].items():
        written = str(shown[name])
        assert 'type="password"' in written
        assert f'autocomplete="{autocomplete}"' in written
        assert "maxlength" not in written or 'maxlength="1000"' in written


def test_it_is_taken_as_it_was_typed_however_long() -> None:
    assert len(LONG) > 64
    form = TwicePasswordForm({"password1": LONG, "password2": LONG}, user=User(email="ada@example.org"))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["password1"] == LONG
