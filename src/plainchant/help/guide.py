"""A guide: one thing that somebody comes to do, in steps that a journey of `journeys/` plays."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum

from .typography import typeset


class Audience(Enum):
    """Whose work a guide is about; in the order of the help's first page, with the title there."""

    FIRST_STEPS = "Facturer une structure publique, pas à pas"
    SUPPLIER = "Suivre, répondre, être payé"
    BODY = "Recevoir et payer des factures"
    TOGETHER = "Travailler à plusieurs"
    ACCOUNT = "Mon compte"


@dataclass(frozen=True, kw_only=True)
class Typeset:
    """Texts with French spaces, written with those of the keyboard."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, str):
                object.__setattr__(self, field.name, typeset(value))
            elif isinstance(value, tuple):
                object.__setattr__(self, field.name, tuple(typeset(v) if isinstance(v, str) else v for v in value))


@dataclass(frozen=True, kw_only=True)
class GuideStep(Typeset):
    """One thing to do on one screen.

    ``name`` is the file of its pictures, unique in its guide. ``text`` is a sentence or two in French: what to do,
    with what is written on the screen between « ».
    """

    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Trouble(Typeset):
    """What can go wrong there, in the words of somebody it happens to, and how to mend it."""

    what: str
    mend: str


@dataclass(frozen=True, kw_only=True)
class Guide(Typeset):
    """``slug`` is its address and the folder of its pictures; ``page`` the name of the route where one begins.

    ``seed`` is the title of the step of the union's guide that it answers, where it answers one.
    """

    slug: str
    title: str
    audience: Audience
    purpose: str
    needs: tuple[str, ...] = ()
    steps: tuple[GuideStep, ...]
    troubles: tuple[Trouble, ...] = ()
    page: str
    seed: str = ""

    def step(self, name: str) -> GuideStep:
        """Raises KeyError for one that it lacks."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(f"{self.slug} has no step {name!r}")
