"""The four kinds of supplier: what each row proposes makes an invoice the engine accepts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from plainchant.einvoice.law.french_vat import SUPPLY_OF, Regime, type_tva, vat_category
from plainchant.einvoice.law.vat_rates import Territory
from plainchant.einvoice.law.vat_regimes import VAT_REGIMES
from plainchant.einvoice.making.composing import Coding, SheetLine, compose
from plainchant.einvoice.making.presets import PRESET_OF, PRESETS
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.ubl.write import write as write_ubl
from plainchant.einvoice.verdict import check
from tests.einvoice.making.composing.sheets import AUTHOR, VISIT

AT = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("code", "regime", "is_sole_trader"),
    [
        ("AUTHOR", Regime.FRANCHISE, True),
        ("MICRO", Regime.FRANCHISE, True),
        ("ASSOCIATION", Regime.NON_PROFIT, False),
        ("COMPANY", Regime.LIABLE, False),
    ],
)
def test_what_each_is_by_default(code, regime, is_sole_trader):
    preset = PRESET_OF[code]
    assert (preset.regime, bool(preset.name_suffix)) == (regime, is_sole_trader)
    assert preset.vat_regime in {row.code for row in VAT_REGIMES}
    assert len(code) <= 20
    assert preset.mentions
    assert all(mention.source.text for mention in preset.mentions)
    assert all(fact.sources for fact in preset.facts)


def test_only_an_association_may_be_exempt():
    assert [preset.code for preset in PRESETS if Regime.NON_PROFIT in preset.regimes] == ["ASSOCIATION"]


@pytest.mark.parametrize("write", [write_cii, write_ubl])
@pytest.mark.parametrize(
    ("preset", "regime", "supply"),
    [
        pytest.param(preset, regime, supply, id=f"{preset.code}-{regime}-{supply}")
        for preset in PRESETS
        for regime in preset.regimes
        for supply in ("SERVICE", "GOODS")
    ],
)
def test_every_row_makes_an_invoice_the_engine_has_nothing_to_say_about(preset, regime, supply, write):
    vat = vat_category(supply=supply, regime=regime, territory=Territory.MAINLAND, at=AT)
    nature = SUPPLY_OF[supply].nature
    made = replace(
        VISIT,
        seller=replace(
            AUTHOR,
            is_sole_trader=bool(preset.name_suffix),
            vat_number="FR57902100015" if regime is Regime.LIABLE else "",
        ),
        lines=(SheetLine(name="Buffet", quantity=Decimal(1), price=Decimal(200), vat=vat, nature=nature),),
        vat_regime=type_tva([(vat, nature)]),
    )
    classic = check(write(compose(made)), at=AT)
    assert classic.accepted
    assert classic.layer("en16931").findings == ()
    reform = check(write(compose(made, coding=Coding.REFORM)), at=AT)
    assert [finding for name in ("schema", "en16931", "fr", "cpro") for finding in reform.layer(name).findings] == []
