"""What every refusal has in common: a stable code, a sentence for the person, and the field it is about."""

from __future__ import annotations

from plainchant.einvoice.finding import Finding
from plainchant.portal.codes import CODE_OF


class Refused(Exception):
    """An operation that was not done, and why. Nothing has changed when it is raised.

    ``sentence`` is French and complete: what happened, where, what to do. ``field`` names a form field or is None.
    ``code`` is a row of `portal.codes`: KeyError for one that has none. ``findings`` says the same as findings do; a
    refusal of several things at once lists them there.
    """

    code: str

    def __init__(self, sentence: str, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.code = CODE_OF[code or self.code].code
        self.findings = [Finding(self.code, sentence, field)]
