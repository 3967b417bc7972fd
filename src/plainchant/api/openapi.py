"""The interface as an OpenAPI 3.1 document, made from the table of operations: `/api/openapi.json`."""

from __future__ import annotations

import inspect
import re
from functools import cache
from importlib.metadata import version
from typing import Any, get_args, get_origin

import msgspec
from django.http import HttpRequest, HttpResponse

from plainchant.portal.calls.models import MAX_KEY

from .answers import RefusalRetour, written
from .french import SENTENCES
from .oauth import PATH
from .operation import Nothing, Operation, Retour
from .table import TABLE
from .values import Base64File
from .words import words_of

_OURS = "api"  # what Chorus Pro does not have
_REF = "#/components/schemas/{name}"
_PART = "EnPartie"  # ends the name of an object of which any key may be missing
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": MAX_KEY},
    "description": "The same key with the same body gets the first answer again, for a day; nothing is done twice.",
}


def show(request: HttpRequest) -> HttpResponse:
    """For anybody: it says nothing of anybody's invoices."""
    return written(200, document())


@cache
def document() -> dict[str, Any]:
    """The whole document."""
    kinds: set[type] = {RefusalRetour, *(row.request for row in TABLE), *(_of_list(row.response) for row in TABLE)}
    ordered = sorted(kinds, key=lambda kind: kind.__name__)
    _, schemas = msgspec.json.schema_components(ordered, schema_hook=_schema, ref_template=_REF)
    for name, schema in schemas.items():
        _as_on_the_wire(schema)
        for key, value in schema.get("properties", {}).items():
            if words := words_of(name, key):
                _have_words(value, words)
    for kind in ordered:
        if issubclass(kind, Retour):
            schema = schemas[kind.__name__]
            schema["required"] = ["codeRetour", "libelle", *schema.get("required", ())]
    for row in TABLE:
        if _is_narrowed(row):
            whole = schemas[_of_list(row.response).__name__]
            schemas[f"{_of_list(row.response).__name__}{_PART}"] = {**whole, "required": []}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Plainchant",
            "version": version("plainchant"),
            "description": (
                "The interface of Chorus Pro, answered by this portal. What differs: docs/api.md. "
                "What is below /api/v1/ is this portal's own: Chorus Pro does not have it."
            ),
        },
        "security": [{"application": [], "technicalAccount": []}],
        "paths": {PATH: {"post": _TOKEN}, **{row.path: {row.method.lower(): _operation(row)} for row in TABLE}},
        "components": {"schemas": schemas, "securitySchemes": _SCHEMES},
    }


def _operation(row: Operation) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "operationId": row.run.__name__,
        "tags": [_OURS if row.path.startswith(f"/{_OURS}/") else row.path.split("/")[2]],
        "summary": row.says,
        "x-summary-fr": SENTENCES[row.run.__name__],
        "description": " ".join(permission.sentence for permission in (row.permission, *row.others)),
        "responses": {
            "200": {"description": inspect.cleandoc(_ANSWER), **_answered(row)},
            **{code: {"description": words} for code, words in _STATUSES.items()},
        },
    }
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", row.path)
    ]
    if row.writes:
        parameters.append(_KEY)
    if parameters:
        shown["parameters"] = parameters
    if row.method != "GET":
        shown["requestBody"] = {"content": _json(row.request)}
    if row.is_without_account:
        shown["security"] = [{"application": []}]
    return shown


def _of_list(kind: Any) -> type:
    """The struct of a list of structs, or the struct itself."""
    return get_args(kind)[0] if get_origin(kind) is list else kind


def _answered(row: Operation) -> dict[str, Any]:
    """The content of a good answer, none where it is empty."""
    if row.response is Nothing:
        return {}
    content = _json(row.response, RefusalRetour)
    if _is_narrowed(row):
        content["application/json"]["schema"]["anyOf"][0]["items"]["$ref"] += _PART
    return {"content": content}


def _is_narrowed(row: Operation) -> bool:
    """Whether a request may say which keys the lines of its answer have (`_fields`)."""
    return get_origin(row.response) is list and "fields" in row.request.__struct_fields__


def _json(*kinds: Any) -> dict[str, Any]:
    refs = [
        {"type": "array", "items": ref} if get_origin(kind) is list else ref
        for kind in kinds
        for ref in [{"$ref": _REF.format(name=_of_list(kind).__name__)}]
    ]
    return {"application/json": {"schema": refs[0] if len(refs) == 1 else {"anyOf": refs}}}


def _schema(kind: type) -> dict[str, Any]:
    if kind is Base64File:
        return {"type": "string", "contentEncoding": "base64"}
    raise NotImplementedError


def _as_on_the_wire(schema: Any) -> None:
    """An amount is written as a number, and read as one too."""
    if isinstance(schema, dict):
        if schema.get("format") == "decimal":
            del schema["format"]
            schema["type"] = "number"
        for below in schema.values():
            _as_on_the_wire(below)
    elif isinstance(schema, list):
        for below in schema:
            _as_on_the_wire(below)


def _have_words(schema: dict[str, Any], words: tuple[str, ...]) -> None:
    """Say which words a text may be, or those of a list."""
    for below in (schema, schema.get("items", {}), *schema.get("anyOf", ())):
        if below.get("type") == "string" and "enum" not in below:
            below["enum"] = list(words)
            if schema.get("default") == "":
                del schema["default"]


_ANSWER = "codeRetour 0, or what the portal refuses: another codeRetour, and `plainchant` with all that is wrong"
_STATUSES = {
    "400": "No token, no JSON, or a value of the wrong kind",
    "401": "The token, or the technical account, is not valid",
    "413": "The request is too large",
    "415": "The body is not announced as JSON",
    "429": "Too many calls of this application in a second",
    "503": "Something that the portal needs is away; Retry-After says when to try again",
}
_SCHEMES = {
    "application": {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": PATH, "scopes": {"openid": "passed over"}}},
    },
    "technicalAccount": {
        "type": "apiKey",
        "in": "header",
        "name": "cpro-account",
        "description": "base64 of login:password of the technical account",
    },
}
_TOKEN = {
    "operationId": "give_token",
    "tags": ["oauth"],
    "summary": "A token for an hour, for a client_id and its client_secret.",
    "security": [],
    "requestBody": {
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "grant_type": {"const": "client_credentials"},
                        "client_id": {"type": "string"},
                        "client_secret": {"type": "string"},
                        "scope": {"type": "string"},
                    },
                    "required": ["grant_type"],
                }
            }
        }
    },
    "responses": {
        "200": {
            "description": "The token",
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "properties": {
                            "access_token": {"type": "string"},
                            "token_type": {"const": "Bearer"},
                            "expires_in": {"const": 3600},
                            "scope": {"const": "openid"},
                        },
                        "required": ["access_token", "token_type", "expires_in", "scope"],
                    }
                }
            },
        },
        "400": {"description": "`error` and `error_description`, as RFC 6749 says; alike for any wrong pair"},
    },
}
