"""How an operation of the interface declares itself; `table` lists them all.

    @operation("/cpro/factures/v1/deposer/flux", permission=SEND_INVOICES, success=Success.DONE,
               request=DeposerFluxFactureParam, response=WsRetourDeposerFluxFacture)
    def deposer_flux(caller, asked): ...

The function gets who calls (`callers.Caller`) and the request, and returns the response or lets the portal's own
refusals through: `answers` makes codeRetour and libelle of both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from plainchant.portal.rights.permissions import Permission

MIB = 1 << 20
SMALL = 4 * MIB  # a body without a file; what weighs more is refused before it is read


class Success(StrEnum):
    """The libelle of what went well: programs show any other to their users."""

    FOUND = "TRA_MSG_00.000"
    DONE = "GCU_MSG_01_000"


class ReturnCode(NamedTuple):
    """codeRetour, and the key that its libelle begins with."""

    retour: int
    key: str


class Retour(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What every answer begins with; what is not set is left out of the JSON, never null."""

    codeRetour: int | msgspec.UnsetType = msgspec.UNSET
    libelle: str | msgspec.UnsetType = msgspec.UNSET


class WireObject(msgspec.Struct, kw_only=True, omit_defaults=True):
    """An object inside an answer; what is not set is left out."""


class WireRequest(msgspec.Struct, kw_only=True):
    """A request, or an object inside one. Every key may be missing: the operation says what it needs."""


class Nothing(WireRequest):
    """The request of an operation that asks for nothing."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """``most`` is the size in bytes of the largest body; ``says`` its line in the documentation.

    A part of ``path`` in braces is a field of the request; ``response`` may be a list of structs. ``others``: further
    permissions, where people on several sides of an invoice call it. ``retours``: by code of `portal.codes`, what
    Chorus Pro answers here instead of what that table says: its numbers differ by operation. ``writes``: it changes
    something, and takes an Idempotency-Key; ``keeps`` is how many documents it keeps then, besides those that go with
    an invoice.
    """

    path: str
    permission: Permission
    says: str
    request: type[WireRequest]
    response: Any
    success: Success
    run: Callable[[Any, Any], Any]  # the response, or an `answers.AnswerWithFile`
    method: str = "POST"
    most: int = SMALL
    is_without_account: bool = False
    others: tuple[Permission, ...] = ()
    retours: Mapping[str, ReturnCode] = field(default_factory=dict)
    writes: bool = False
    keeps: int = 0

    @property
    def name(self) -> str:
        """As metrics know it: « cpro/factures/v1/deposer/flux »."""
        return self.path.strip("/")


def operation(
    path: str,
    *,
    permission: Permission,
    response: Any,
    request: type[WireRequest] = Nothing,
    success: Success = Success.FOUND,
    method: str = "POST",
    most: int = SMALL,
    is_without_account: bool = False,
    others: tuple[Permission, ...] = (),
    retours: Mapping[str, ReturnCode] = MappingProxyType({}),
    writes: bool = False,
    keeps: int = 0,
) -> Callable[[Callable[[Any, Any], Any]], Operation]:
    """Declare an operation; the docstring of the function is its line in the documentation."""

    def declare(run: Callable[[Any, Any], Any]) -> Operation:
        return Operation(
            path=path,
            permission=permission,
            says=" ".join((run.__doc__ or "").split()),
            request=request,
            response=response,
            success=success,
            run=run,
            method=method,
            most=most,
            is_without_account=is_without_account,
            others=others,
            retours=retours,
            writes=writes,
            keeps=keeps,
        )

    return declare
