"""What a mail says, in parts: the text and the HTML are both made of them, so that they say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import msgspec
from css_inline import CSSInliner
from django.template.loader import render_to_string

from plainchant.portal.lib.operator import operator


class Button(msgspec.Struct, frozen=True, tag="button"):
    """A page of this portal to go to: what one does there, and its full address."""

    label: str
    url: str


class CodeToCopy(msgspec.Struct, frozen=True, tag="code"):
    """Something to copy."""

    code: str


class MailFact(msgspec.Struct, frozen=True):
    label: str
    value: str


class MailFacts(msgspec.Struct, frozen=True, tag="facts"):
    facts: tuple[MailFact, ...]


class MailRow(msgspec.Struct, frozen=True):
    """A line of a list, and the page about it, if there is one."""

    text: str
    url: str = ""


class MailRows(msgspec.Struct, frozen=True, tag="rows"):
    rows: tuple[MailRow, ...]


Part = str | Button | CodeToCopy | MailFacts | MailRows  # a text is a paragraph


class Mail:
    """A subject and parts; empty ones are left out. The greeting and who sends it are in every mail.

    ``note``: a last line in small print, with the page where one changes it.
    """

    def __init__(self, subject: str, *parts: Part, note: Button | None = None) -> None:
        self.subject = subject
        self.parts = tuple(part for part in parts if part)
        self.note = note

    def through(self, cleaned: Callable[[str], str]) -> Mail:
        """The same, each text and value as ``cleaned`` gives it back. Addresses of pages stay."""
        return Mail(cleaned(self.subject), *(_cleaned(part, cleaned) for part in self.parts), note=self.note)

    def text(self) -> str:
        parts = ["Bonjour,", *(_in_text(part) for part in self.parts)]
        if self.note:
            parts.append(_in_text(self.note))
        return "\n\n".join([*parts, operator().signature()])

    def stored(self) -> dict[str, Any]:
        """As JSON keeps it beside the subject."""
        return {"parts": msgspec.to_builtins(self.parts), "note": msgspec.to_builtins(self.note)}


def from_stored(*, subject: str, stored: dict[str, Any]) -> Mail:
    """A mail as it was written. msgspec.ValidationError for what no version has stored."""
    parts = msgspec.convert(stored["parts"], tuple[Part, ...])
    return Mail(subject, *parts, note=msgspec.convert(stored["note"], Button | None))


def html(mail: Mail) -> str:
    """The mail as a page that asks for nothing from anywhere: no picture, no address but ours."""
    parts = [("paragraph" if isinstance(part, str) else part.__struct_config__.tag, part) for part in mail.parts]
    return _inliner().inline(render_to_string("mail/mail.html", {"mail": mail, "parts": parts, "operator": operator()}))


@cache
def _inliner() -> CSSInliner:
    # The sheet stays beside what is inlined: what it says of dark screens cannot be inlined.
    return CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)


def _in_text(part: Part) -> str:
    if isinstance(part, Button):
        return f"{part.label}\u00a0: {part.url}"
    if isinstance(part, CodeToCopy):
        return f"    {part.code}"
    if isinstance(part, MailFacts):
        return "\n".join(f"{fact.label}\u00a0: {fact.value}" for fact in part.facts)
    if isinstance(part, MailRows):
        return "\n".join(f"- {row.text}" + (f"\n  {row.url}" if row.url else "") for row in part.rows)
    return part


def _cleaned(part: Part, cleaned: Callable[[str], str]) -> Part:
    if isinstance(part, Button):
        return Button(cleaned(part.label), part.url)
    if isinstance(part, MailFacts):
        return MailFacts(tuple(MailFact(fact.label, cleaned(fact.value)) for fact in part.facts))
    if isinstance(part, MailRows):
        return MailRows(tuple(MailRow(cleaned(row.text), row.url) for row in part.rows))
    return part if isinstance(part, CodeToCopy) else cleaned(part)


def rows_of(texts: Iterable[tuple[str, str]], *, most: int = 0) -> MailRows:
    """A list of texts and pages; of more than ``most``, if given, the rest is counted."""
    every = [MailRow(text, url) for text, url in texts]
    rest = len(every) - most if most else 0
    if rest > 0:
        every[most:] = [MailRow(f"et {rest} {'autres' if rest > 1 else 'autre'}, sur la page.")]
    return MailRows(tuple(every))
