"""Kinds of invoices (BT-3, UNTDID 1001)."""

from __future__ import annotations

INVOICE, CREDIT_NOTE = "380", "381"
