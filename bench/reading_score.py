"""What a reader got right on a set of documents: field by field, whole invoices, « certain » and wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from reading_lines import LineScore
from reading_made.made import Made
from reading_truth import NAMES, same

Read = dict[str, tuple[str, str]]  # value and certainty of each field
JUDGED = (*NAMES, "seller_vat_number", "prepaid_amount", "withheld_amount")
# What a page may say without the truth of an invented invoice knowing it: not counted as read in vain.
OPEN = {
    "currency",
    "vat_breakdown",
    "type_code",
    "seller_vat_number",
    "buyer_vat_number",
    "payable_amount",
    "prepaid_amount",
}


@dataclass
class Score:
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)  # another value than the page's
    vain: Counter[str] = field(default_factory=Counter)  # a value that the page does not have
    missed: Counter[str] = field(default_factory=Counter)
    sure: Counter[str] = field(default_factory=Counter)
    sure_wrong: Counter[str] = field(default_factory=Counter)
    documents: int = 0
    whole: int = 0  # documents of which each field is right
    seconds: float = 0.0
    lines: LineScore = field(default_factory=LineScore)

    def judge(self, made: Made, read: Read, *, tell: bool) -> None:
        """Compare what was read with what the page says."""
        self.documents += 1
        is_whole = True
        for name in JUDGED:
            expected, found = made.says.get(name), read.get(name)
            if expected is None and (found is None or not made.is_known_whole or name in OPEN):
                continue
            if (
                expected is None
                and found is not None
                and name in made.implied
                and same(name, found[0], made.implied[name])
            ):
                continue  # worked out from what is printed
            is_right = expected is not None and found is not None and same(name, found[0], expected)
            if found is not None and found[1] == "certain":
                self.sure[name] += 1
                self.sure_wrong[name] += not is_right
            if is_right:
                self.right[name] += 1
            elif found is None:
                self.missed[name] += 1
            elif expected is None:
                self.vain[name] += 1
            else:
                self.wrong[name] += 1
            is_whole &= is_right
            if tell and not is_right:
                print(f"  {made.name}: {name}: the page says {expected!r}, read {found}")
        self.whole += is_whole

    def shown(self, name: str) -> int:
        """How many pages show the field."""
        return self.right[name] + self.wrong[name] + self.missed[name]

    def precision(self, name: str) -> str:
        found = self.right[name] + self.wrong[name] + self.vain[name]
        return f"{100 * self.right[name] / found:.1f} %" if found else "-"

    def recall(self, name: str) -> str:
        shown = self.shown(name)
        return f"{100 * self.right[name] / shown:.1f} %" if shown else "-"

    def summary(self) -> str:
        """All fields together, whole invoices, and « certain »."""
        shown = sum(map(self.shown, JUDGED))
        share = f"{100 * self.right.total() / shown:.1f} % of {shown} values" if shown else "no value"
        wrong = self.sure_wrong.total()
        rate = f": 1 in {self.sure.total() // wrong}" if wrong else ""
        whole = 100 * self.whole / max(self.documents, 1)
        return (
            f"{share} right; whole invoices {self.whole} of {self.documents} ({whole:.1f} %);"
            f" « certain » {self.sure.total()}, {wrong} wrong{rate}"
        )
