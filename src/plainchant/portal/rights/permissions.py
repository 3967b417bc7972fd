"""A permission: one row that says who may do something, and to what. Pages and operations ask the same rows.

Each app declares its rows in its own `permissions` module; `plainchant.access.table` gathers them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from plainchant.portal.accounts.models import User
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.written_once import written_once

from .actor import Acting, Actor, acting
from .rights import RIGHT_ROW, Denial, Right

Scope = TypeVar("Scope", bound=Callable[..., QuerySet[Any]])


class NotAllowed(Refused):
    """The actor may not do this to this object, or may no longer."""

    code = "not_allowed"


@dataclass(frozen=True, kw_only=True)
class Permission:
    """``sentence`` is the rule as the product owner would say it; ``right`` the verb that it needs over a structure.

    ``scope``: the query of the objects that it reaches; it is given the actor and that right. None where it is about
    the actor alone: then an open account is enough, or nothing if ``anonymous``. ``allowed`` is a condition on the
    whole site, ``held_by`` one on the account that acts: whoever does not meet it finds nothing there. ``denial`` is
    what people without it are told, where that of the right does not fit. ``for_people``: no program has it, whatever
    rights its technical account has; what is about the actor alone is for people anyway.
    """

    name: str
    sentence: str
    right: Right | None = None
    scope: Callable[..., QuerySet[Any]] | None = None
    anonymous: bool = False
    allowed: Callable[[], bool] = lambda: True
    held_by: Callable[[User], bool] | None = None
    denial: Denial | None = None
    for_people: bool = False

    @property
    def is_for_people(self) -> bool:
        """Whether no technical account has it."""
        return self.for_people or (RIGHT_ROW[self.right].is_for_people if self.right else not self.anonymous)

    @property
    def needed_right(self) -> Right:
        """The right over a structure. TypeError where the permission is about the actor alone."""
        if self.right is None:
            raise TypeError(f"{self.name} needs no right over a structure")
        return self.right

    def reached_by(self, actor: Actor) -> QuerySet[Any]:
        """The objects that this actor reaches now. TypeError where the permission is about the actor alone."""
        if self.scope is None:
            raise TypeError(f"{self.name} is about no object")
        reached = self.scope(actor=actor, right=self.right)
        return reached.none() if actor.software is not None and self.is_for_people else reached

    def may_be_held_by(self, actor: Actor) -> bool:
        """Whether the account that acts meets the condition, where there is one."""
        return self.held_by is None or (actor.person is not None and self.held_by(actor.person))


def goes_by_keys(model: type[Model]) -> Callable[[Scope], Scope]:
    """Declare of a scope, a query of ``model``, that the key of who acts is all that it asks of an actor."""

    def declare(scope: Scope) -> Scope:
        _MODEL_OF[scope] = model
        return scope

    return declare


_MODEL_OF: dict[Callable[..., QuerySet[Any]], type[Model]] = {}


def is_asked_by_keys(permission: Permission) -> bool:
    """Whether its scope is declared so."""
    return permission.scope in _MODEL_OF


@written_once(User)
def _reached_one(permission: Permission, who: Acting, *, key: int, sought: int) -> QuerySet[Any, int]:
    return permission.reached_by(who.by(key)).filter(pk=sought).order_by().values_list("pk", flat=True)[:1]


def may(actor: Actor, permission: Permission, obj: Model | None = None) -> bool:
    """Whether the actor has this permission over this object now: the database is asked each time.

    TypeError if the permission is about objects of another kind.
    """
    if not permission.allowed():
        return False
    if permission.scope is None:
        return permission.anonymous or (_is_open(actor) and permission.may_be_held_by(actor))
    if actor.author is not None and obj is not None and type(obj) is _MODEL_OF.get(permission.scope):
        who, key = acting(actor)
        return bool(_reached_one(permission, who, key=key, sought=obj.pk))
    reached = permission.reached_by(actor)
    if not isinstance(obj, reached.model):
        raise TypeError(f"{permission.name} is about {reached.model.__name__}, not {type(obj).__name__}")
    return reached.filter(pk=obj.pk).exists()


def require(actor: Actor, permission: Permission, obj: Model | None = None) -> None:
    """Raises NotAllowed unless `may`. Every operation begins with it."""
    if not may(actor, permission, obj):
        denial = permission.denial or (RIGHT_ROW[permission.right].denial if permission.right else _NO_ACCOUNT)
        raise NotAllowed(denial.sentence, code=denial.code)


_NO_ACCOUNT = Denial("not_allowed", "Votre compte ne permet pas cela. Connectez-vous de nouveau, puis recommencez.")


def _is_open(actor: Actor) -> bool:
    return actor.person is not None and User.objects.filter(pk=actor.person.pk, is_active=True).exists()
