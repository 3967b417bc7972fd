"""A line of `components/facts.html`: what is known, under the name people know it by."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString


@dataclass(frozen=True)
class ShownFact:
    label: str
    value: str | SafeString
    note: str = ""
    change_url: str = ""
    change_label: str = ""
