"""All guides, in the order of the help's first page."""

from __future__ import annotations

from plainchant.help.guide import Guide

from . import account, bodies, first_steps, suppliers, together

GUIDES: tuple[Guide, ...] = (
    *first_steps.GUIDES,
    *suppliers.GUIDES,
    *bodies.GUIDES,
    *together.GUIDES,
    *account.GUIDES,
)
BY_SLUG = {guide.slug: guide for guide in GUIDES}
