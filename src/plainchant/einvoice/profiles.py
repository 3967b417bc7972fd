"""The profiles: what a file says it follows (BT-24), what it has a place for, which rules judge it. One table.

Source: Factur-X 1.09 and XP Z12-012. The reform keeps BASIC WL, EN 16931 and EXTENDED; Chorus Pro takes them all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Profile:
    """``schema`` is a name of `syntaxes.schema.SCHEMAS`; ``level`` is the ConformanceLevel of a Factur-X.

    ``only``: the rules of EN 16931 that its own Schematron holds, None where it holds them all but those ``without``,
    by syntax. ``has_own_rules``: it has others in their place (`rules.extended`). ``has_no``: the fields of
    `Invoice` that it has no place for, so that nobody asks for them.
    """

    name: str
    guideline: str
    schema: str | None
    level: str | None
    relationship: str = "Alternative"  # of the XML to the page, in a Factur-X
    syntaxes: tuple[str, ...] = ("cii",)
    only: frozenset[str] | None = None
    without: Mapping[str, Collection[str]] = field(default_factory=dict)
    has_own_rules: bool = False
    has_no: frozenset[str] = frozenset()
    is_of_the_reform: bool = True  # whether an approved platform takes it

    def holds(self, rule: str, syntax: str) -> bool:
        """Whether a rule of EN 16931 is one of the profile too."""
        return rule in self.only if self.only is not None else rule not in self.without.get(syntax, ())


_NOT_IN_EN_16931 = frozenset("buyer_agent invoicer payer seller_agent seller_service_code validator".split())
_NOT_IN_BASIC = _NOT_IN_EN_16931 | frozenset(
    """
    contract_type invoiced_object other_invoiced_objects project_reference receiving_advice_reference
    sales_order_reference supporting_documents tax_point_date tender_reference
    """.split()
)
_NOT_IN_BASIC_WL = _NOT_IN_BASIC | {"lines"}
_NOT_IN_MINIMUM = _NOT_IN_BASIC_WL | frozenset(
    """
    accounting_currency allowances buyer_accounting_reference charges contract_reference creditor_identifier delivery
    despatch_advice_reference due_date notes payee payment_means payment_terms period preceding_invoices
    remittance_information tax_point_date_code tax_representative vat_breakdown
    """.split()
)
# Which rules of EN 16931 the Schematrons of the smaller profiles hold, compared with the official files in
# tests/einvoice/conformance/test_profile_schematrons.py. Code lists have other numbers there; here they are BR-CL.
_IN_BREAKDOWNS_AND_ALLOWANCES = ("03", "04", "06", "07", "09", "10")
_CATEGORIES = ("AE", "AF", "AG", "E", "G", "IC", "O", "S", "Z")

# BR-*-02 to -14 of four categories stand in the official file though this profile has no VAT breakdown.
_RULES_OF_MINIMUM = frozenset(
    """
    BR-01 BR-02 BR-03 BR-04 BR-05 BR-06 BR-07 BR-08 BR-09 BR-13 BR-14 BR-15 BR-CO-09 BR-CO-26
    BR-DEC-12 BR-DEC-13 BR-DEC-14 BR-DEC-18
    BR-E-02 BR-E-03 BR-E-04 BR-E-05 BR-E-06 BR-E-07 BR-E-10
    BR-G-02 BR-G-03 BR-G-04 BR-G-05 BR-G-06 BR-G-07 BR-G-08 BR-G-09 BR-G-10
    BR-IC-02 BR-IC-03 BR-IC-04 BR-IC-05 BR-IC-06 BR-IC-07 BR-IC-08 BR-IC-09 BR-IC-10 BR-IC-11 BR-IC-12
    BR-O-03 BR-O-04 BR-O-06 BR-O-08 BR-O-09 BR-O-10 BR-O-11 BR-O-12 BR-O-13 BR-O-14
    BR-CL-01 BR-CL-03 BR-CL-04 BR-CL-11 BR-CL-14
    CII-SR-463 CII-SR-465 CII-SR-466
    """.split()
)
_RULES_OF_BASIC_WL = frozenset(
    """
    BR-01 BR-02 BR-03 BR-04 BR-05 BR-06 BR-07 BR-08 BR-09 BR-10 BR-11 BR-12 BR-13 BR-14 BR-15 BR-17 BR-18 BR-19 BR-20
    BR-29 BR-31 BR-32 BR-33 BR-36 BR-37 BR-38 BR-45 BR-46 BR-47 BR-48 BR-49 BR-50 BR-53 BR-55 BR-56 BR-57 BR-61 BR-62
    BR-63
    BR-CO-03 BR-CO-05 BR-CO-06 BR-CO-09 BR-CO-11 BR-CO-12 BR-CO-13 BR-CO-14 BR-CO-15 BR-CO-16 BR-CO-17 BR-CO-18
    BR-CO-19 BR-CO-21 BR-CO-22 BR-CO-26
    BR-DEC-01 BR-DEC-02 BR-DEC-05 BR-DEC-06 BR-DEC-09 BR-DEC-10 BR-DEC-11 BR-DEC-12 BR-DEC-13 BR-DEC-14 BR-DEC-15
    BR-DEC-16 BR-DEC-17 BR-DEC-18 BR-DEC-19 BR-DEC-20
    BR-IC-11 BR-IC-12 BR-O-11 BR-O-13 BR-O-14
    BR-CL-01 BR-CL-03 BR-CL-04 BR-CL-05 BR-CL-06 BR-CL-08 BR-CL-10 BR-CL-11 BR-CL-14 BR-CL-16 BR-CL-17 BR-CL-18
    BR-CL-19 BR-CL-20 BR-CL-22 BR-CL-25 BR-CL-26
    CII-SR-463 CII-SR-464 CII-SR-465 CII-SR-466 CII-SR-467 CII-SR-468 CII-SR-469 CII-SR-470 CII-SR-471 CII-SR-472
    CII-SR-473
    """.split()
) | {f"BR-{category}-{number}" for category in _CATEGORIES for number in _IN_BREAKDOWNS_AND_ALLOWANCES}
# EXTENDED-CTC-FR holds the norm's rules but those it replaces or lifts.
# Factur-X EXTENDED leaves elements to its schema.
_REPLACED = frozenset(
    """
    BR-22 BR-23 BR-24 BR-26 BR-27 BR-28 BR-54 BR-AE-08 BR-AF-01 BR-AF-08 BR-AG-08 BR-CL-10 BR-CL-20 BR-CL-24
    BR-CO-04 BR-CO-10 BR-CO-11 BR-CO-12 BR-CO-13 BR-CO-15 BR-CO-17 BR-E-01 BR-E-08 BR-G-01 BR-G-08 BR-IC-01
    BR-IC-08 BR-O-01 BR-O-02 BR-O-03 BR-O-04 BR-O-08 BR-O-11 BR-O-12 BR-O-13 BR-O-14 BR-S-01 BR-S-08 BR-S-09
    BR-S-10 BR-Z-01 BR-Z-08 BR-Z-10
    """.split()
)
_REPLACED_IN_CII = _REPLACED | frozenset(
    """
    BR-38 BR-44 BR-AE-01 BR-AF-10 BR-AG-01 BR-AG-10 BR-CL-07 BR-CO-22 BR-CO-24 BR-O-09 BR-O-10 CII-DT-018
    CII-DT-024 CII-DT-027 CII-DT-052 CII-DT-058 CII-DT-098 CII-SR-039 CII-SR-040 CII-SR-041 CII-SR-068
    CII-SR-069 CII-SR-070 CII-SR-072 CII-SR-106 CII-SR-107 CII-SR-108 CII-SR-127 CII-SR-128 CII-SR-148
    CII-SR-156 CII-SR-164 CII-SR-170 CII-SR-173 CII-SR-174 CII-SR-175 CII-SR-200 CII-SR-201 CII-SR-210
    CII-SR-278 CII-SR-293 CII-SR-305 CII-SR-333 CII-SR-334 CII-SR-350 CII-SR-351 CII-SR-352 CII-SR-353
    CII-SR-354 CII-SR-355 CII-SR-356 CII-SR-357 CII-SR-358 CII-SR-359 CII-SR-360 CII-SR-361 CII-SR-362
    CII-SR-363 CII-SR-365 CII-SR-366 CII-SR-422 CII-SR-439 CII-SR-458 CII-SR-470 CII-SR-474
    """.split()
)
_REPLACED_IN_UBL = _REPLACED | frozenset(
    """
    UBL-CR-018 UBL-CR-026 UBL-CR-047 UBL-CR-096 UBL-CR-099 UBL-CR-194 UBL-CR-195 UBL-CR-258 UBL-CR-259
    UBL-CR-269 UBL-CR-270 UBL-CR-271 UBL-CR-272 UBL-CR-273 UBL-CR-274 UBL-CR-288 UBL-CR-410 UBL-CR-439
    UBL-CR-480 UBL-CR-481 UBL-CR-490 UBL-CR-523 UBL-CR-524 UBL-CR-525 UBL-CR-528 UBL-CR-529 UBL-CR-530
    UBL-CR-531 UBL-CR-550 UBL-CR-561 UBL-CR-563 UBL-CR-600 UBL-CR-601 UBL-CR-609 UBL-CR-611 UBL-CR-619
    UBL-CR-633 UBL-CR-634 UBL-CR-645 UBL-CR-662 UBL-CR-669 UBL-CR-670 UBL-SR-04 UBL-SR-16 UBL-SR-20 UBL-SR-34
    UBL-SR-37 UBL-SR-48 UBL-SR-52
    """.split()
)
_RULES_OF_EXTENDED = frozenset(
    """
    BR-01 BR-02 BR-03 BR-04 BR-05 BR-06 BR-07 BR-08 BR-09 BR-10 BR-11 BR-12 BR-13 BR-14 BR-15 BR-16 BR-17 BR-18
    BR-19 BR-20 BR-21 BR-25 BR-29 BR-30 BR-31 BR-32 BR-33 BR-36 BR-37 BR-41 BR-42 BR-43 BR-45 BR-46 BR-47 BR-48
    BR-49 BR-50 BR-51 BR-52 BR-53 BR-55 BR-56 BR-57 BR-61 BR-62 BR-63 BR-64 BR-65 BR-AE-02 BR-AE-03 BR-AE-04
    BR-AE-05 BR-AE-06 BR-AE-07 BR-AE-09 BR-AE-10 BR-AF-02 BR-AF-03 BR-AF-04 BR-AF-05 BR-AF-06 BR-AF-07 BR-AF-09
    BR-AG-02 BR-AG-03 BR-AG-04 BR-AG-05 BR-AG-06 BR-AG-07 BR-AG-09 BR-B-01 BR-B-02 BR-CL-01 BR-CL-03 BR-CL-04
    BR-CL-05 BR-CL-06 BR-CL-08 BR-CL-11 BR-CL-13 BR-CL-14 BR-CL-15 BR-CL-16 BR-CL-17 BR-CL-18 BR-CL-19 BR-CL-21
    BR-CL-22 BR-CL-23 BR-CL-25 BR-CL-26 BR-CO-03 BR-CO-05 BR-CO-07 BR-CO-09 BR-CO-14 BR-CO-18 BR-CO-19 BR-CO-20
    BR-CO-21 BR-CO-23 BR-CO-26 BR-DEC-01 BR-DEC-02 BR-DEC-05 BR-DEC-06 BR-DEC-09 BR-DEC-10 BR-DEC-11 BR-DEC-12
    BR-DEC-13 BR-DEC-14 BR-DEC-15 BR-DEC-16 BR-DEC-17 BR-DEC-18 BR-DEC-19 BR-DEC-20 BR-DEC-23 BR-DEC-24
    BR-DEC-25 BR-DEC-27 BR-DEC-28 BR-E-02 BR-E-03 BR-E-04 BR-E-05 BR-E-06 BR-E-07 BR-E-09 BR-E-10 BR-G-02
    BR-G-03 BR-G-04 BR-G-05 BR-G-06 BR-G-07 BR-G-09 BR-G-10 BR-IC-02 BR-IC-03 BR-IC-04 BR-IC-05 BR-IC-06
    BR-IC-07 BR-IC-09 BR-IC-10 BR-IC-11 BR-IC-12 BR-O-05 BR-O-06 BR-O-07 BR-O-09 BR-O-10 BR-S-02 BR-S-03 BR-S-04
    BR-S-05 BR-S-06 BR-S-07 BR-Z-02 BR-Z-03 BR-Z-04 BR-Z-05 BR-Z-06 BR-Z-07 BR-Z-09 CII-DT-097 CII-SR-463
    CII-SR-464 CII-SR-465 CII-SR-466 CII-SR-467 CII-SR-468 CII-SR-469 CII-SR-471 CII-SR-472 CII-SR-473
    CII-SR-475 CII-SR-476
    """.split()
)
PROFILES = (
    Profile(
        "MINIMUM",
        "urn:factur-x.eu:1p0:minimum",
        "MINIMUM",
        "MINIMUM",
        "Data",
        only=_RULES_OF_MINIMUM,
        has_no=_NOT_IN_MINIMUM,
        is_of_the_reform=False,
    ),
    Profile(
        "BASIC WL",
        "urn:factur-x.eu:1p0:basicwl",
        "BASIC WL",
        "BASIC WL",
        "Data",
        only=_RULES_OF_BASIC_WL,
        has_no=_NOT_IN_BASIC_WL,
    ),
    Profile(
        "BASIC",
        "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic",
        "BASIC",
        "BASIC",
        has_no=_NOT_IN_BASIC,
    ),
    Profile(
        "EN 16931",
        "urn:cen.eu:en16931:2017",
        "EN 16931",
        "EN 16931",
        syntaxes=("ubl", "cii"),
        has_no=_NOT_IN_EN_16931,
    ),
    Profile(
        "EXTENDED",
        "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended",
        "EXTENDED",
        "EXTENDED",
        only=_RULES_OF_EXTENDED,
        has_own_rules=True,
    ),
    Profile(
        "EXTENDED-CTC-FR",
        "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr",
        None,
        "EXTENDED",
        syntaxes=("ubl", "cii"),
        without={"ubl": _REPLACED_IN_UBL, "cii": _REPLACED_IN_CII},
        has_own_rules=True,
    ),
)
PROFILE_OF = {profile.name: profile for profile in PROFILES}
_BY_GUIDELINE = {profile.guideline: profile for profile in PROFILES}
_OLD_ENDINGS = {"minimum": "MINIMUM", "basicwl": "BASIC WL", "basic": "BASIC", "extended": "EXTENDED"}


def profile_of(guideline: str | None) -> Profile | None:
    """The profile a specification identifier (BT-24) names, None for another one. Old spellings of Factur-X and of
    ZUGFeRD 2 are understood.
    """
    if guideline is None:
        return None
    found = _BY_GUIDELINE.get(guideline)
    if found is None and ("factur-x" in guideline or "zugferd" in guideline):
        return PROFILE_OF.get(_OLD_ENDINGS.get(guideline.rpartition(":")[2], ""))
    return found
