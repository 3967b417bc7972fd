"""One spelling for an address."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from plainchant.portal.accounts.addresses import one_spelling


@pytest.mark.parametrize(
    "typed",
    ["", "marie", "marie@", "@potiers.fr", "marie@potiers", "a b@potiers.fr", "éva@potiers.fr",
     "a@" + "é" * 300 + ".fr", "a@b.fr\nBcc: x@y.fr", "a@b.fr\x00", "a@-.fr", "a" * 300 + "@potiers.fr"],
)  # fmt: skip
def test_what_is_not_an_address_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(ValidationError) as raised:
        one_spelling(typed)
    assert raised.value.messages[0].endswith(".") or "exemple.fr" in raised.value.messages[0]


def test_capitals_and_accents_of_the_domain_make_one_account() -> None:
    assert one_spelling(" Marie@Écoles.FR ") == one_spelling("marie@xn--coles-9ra.fr") == "marie@xn--coles-9ra.fr"
