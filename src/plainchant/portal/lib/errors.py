"""What every refusal has in common: a stable code, a sentence for the person, and the field it is about."""

from __future__ import annotations


class Refused(Exception):
    """An operation that was not done, and why. Nothing has changed when it is raised.

    ``sentence`` is French and complete: what happened, where, what to do. ``field`` names a form field or is None.
    """

    code = "refused"

    def __init__(self, sentence: str, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        if code is not None:
            self.code = code
