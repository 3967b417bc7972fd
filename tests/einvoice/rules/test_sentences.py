"""What a rule tells people: the mend that fits what was found, and no law that is not theirs."""

import pytest

from plainchant.einvoice.rule import MISSING
from plainchant.einvoice.rules.en16931_table import RULES


@pytest.mark.parametrize(
    ("category", "reason"),
    [
        ("E", "TVA non applicable, art. 293 B du CGI"),
        ("AE", "Autoliquidation"),
        ("IC", "art. 262 ter, I du CGI"),
        ("G", "art. 262, I du CGI"),
        ("O", "hors du champ"),
    ],
)
def test_each_category_names_its_own_reason(category, reason):
    sentence = RULES[f"BR-{category}-10"].french
    assert reason in sentence
    assert ("293 B" in sentence) is (category == "E")


def test_a_seller_below_the_threshold_is_told_where_the_siren_goes():
    for number in ("02", "03", "04"):
        assert "SIREN comme numéro fiscal (BT-32" in RULES[f"BR-E-{number}"].french
        assert "SIREN" not in RULES[f"BR-S-{number}"].french


def test_a_credit_note_in_an_invoice_is_told_to_change_its_root():
    rule = RULES["BR-CL-01"]
    assert "document CreditNote, pas dans un document Invoice" in rule.sentence({"value": "381"})
    assert "document Invoice, pas dans un document CreditNote" in rule.sentence({"value": "380"})
    assert "« 999 » n’est pas connu" in rule.sentence({"value": "999"}).replace("\u00a0", " ")


def test_a_space_that_makes_a_code_unknown_is_seen():
    for text in ("380\u00a0", "380\u202f", "380\u200b\u00a0"):
        assert "« 380[espace insécable] » n’est pas connu" in RULES["BR-CL-01"].sentence({"value": text}).replace(
            "\u00a0", " "
        )
    assert "« 3 80 »" in RULES["BR-CL-01"].sentence({"value": "3\u00a080"}).replace("\u00a0", " ")


@pytest.mark.parametrize("rule", ["BR-CO-10", "BR-CO-11", "BR-CO-12", "BR-CO-13", "BR-CO-14", "BR-CO-15", "BR-CO-16"])
def test_a_total_that_nobody_wrote_is_said_to_lack_not_to_be_missing_in_brackets(rule):
    sentence = RULES[rule].sentence({"computed": "120,00", "written": MISSING})
    assert "n’est pas indiqué. Ajoutez-le." in sentence
    assert "manquant" not in sentence


def test_a_total_of_vat_without_its_currency_is_told_of_the_attribute():
    sentence = RULES["BR-CO-15"].sentence({"computed": MISSING, "written": "120,00"})
    assert 'currencyID="EUR"' in sentence
    assert "manquant" not in sentence
