"""What a rule tells people: the mend that fits what was found, and no law that is not theirs."""

import re

import pytest

from plainchant.einvoice.books import SHELVES
from plainchant.einvoice.rule import MISSING
from plainchant.einvoice.rules import extended, france
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


def sentences():
    for shelf in SHELVES:
        for row in shelf.rules.values():
            for french in (row.french, *row.french_for.values()):
                yield row.id, french.replace("\u00a0", " ").replace("\u202f", " ")


def test_no_sentence_forgets_an_elision_or_speaks_like_a_proof():
    wrong = re.compile(r"\b(?:que une?|de une?|si il|le [aeiouéè]\w+ent)\b|si et seulement si", re.IGNORECASE)
    assert [(rule, french) for rule, french in sentences() if wrong.search(french)] == []


def test_nobody_is_told_to_change_the_number_of_an_earlier_invoice():
    told = [french for rule, french in sentences() if re.match(r"BR-FR-0[12]_(?:BT-25|EXT-FR-FE-136)", rule)]
    assert len(told) == 8
    assert all("Recopiez" in french and "Raccourcissez" not in french for french in told)


def test_the_mention_of_late_interest_that_is_advised_is_the_law_of_public_buyers():
    advised = france.RULES["BR-FR-05_BT-22_PMD"].french
    assert "8 points (articles L2192-13 et R2192-31" in advised
    assert "trois fois" not in advised


@pytest.mark.parametrize("rule", ["BR-AE-02", "BR-AE-03", "BR-AE-04", "BR-IC-02", "BR-IC-03", "BR-IC-04"])
def test_where_both_need_a_number_the_buyers_may_be_the_one_that_lacks(rule):
    sentence = RULES[rule].french
    assert "BT-31" in sentence
    assert "BT-48" in sentence
    assert "Ajoutez celui qui manque" in sentence


def test_the_rates_that_are_advised_are_those_of_today():
    sentence = france.RULES["BR-FR-16_BT-152"].french
    assert "20, 10, 5.5, 2.1" in sentence
    assert "19.6" not in sentence


def test_a_seller_is_called_as_everywhere_else_but_where_there_are_several():
    assert [
        rule for rule, french in sentences() if "vendeur" in french and "-MV-" not in rule and "-BD" not in rule
    ] == []


def test_a_way_to_sum_is_explained_where_there_are_reasons_of_exemption_only():
    assert "motifs d’exonération" in extended.RULES["BR-FXEXT-E-08ini"].french
    assert "exonération" not in extended.RULES["BR-FXEXT-S-08ini"].french


def test_a_sentence_of_the_extended_profiles_is_french_as_it_is_printed():
    for rule in extended.RULES.values():
        for french in (rule.french, *rule.french_for.values()):
            assert not re.search("(?<!\u00a0)[;:?!»](?!\\w)|« |'|veuillez", french), rule.id
            assert french.endswith((".", "…")), rule.id
