"""Whether the document store takes, gives back and lets go of a document, as the portal will ask it to."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from plainchant.portal.lib.outages import StoreAway

from .storage import reached

_FOLDER = "check-settings"  # no document's path begins so: theirs are hexadecimal
_SECONDS_TO_CONNECT = 5
_SECONDS_TO_ANSWER = 15
_PASSING = {429, 500, 502, 503, 504}


def try_store() -> None:
    """Write a few bytes, read them, delete them, within half a minute.

    Raises StoreAway where an S3 store does not answer, or says that it cannot now; whatever else the store raises.
    """
    try:
        _try()
    except Exception as error:
        if _is_passing(error):
            raise StoreAway(str(error)) from error
        raise


def _is_passing(error: Exception) -> bool:
    """Whether S3 may take the same request later; a disk that is full says so itself (`lib.outages`)."""
    if not type(error).__module__.startswith("botocore."):
        return False
    from botocore import exceptions as s3  # type: ignore[import-untyped]

    if isinstance(error, s3.ClientError):
        return bool(error.response["ResponseMetadata"].get("HTTPStatusCode", 0) in _PASSING)
    return isinstance(error, s3.ConnectionError | s3.HTTPClientError) and not isinstance(error, s3.SSLError)


def _try() -> None:
    documents = _impatient(settings.STORAGES["documents"])
    content = secrets.token_bytes(32)
    path = documents.save(f"{_FOLDER}/{secrets.token_hex(16)}", ContentFile(content))
    try:
        with documents.open(path, "rb") as file:
            if file.read() != content:
                raise OSError("the document that came back is not the one that was stored")
    finally:
        documents.delete(path)


def see_store() -> None:
    """Look whether the store is there, without writing: cheap enough to be asked again and again. Raises StoreAway."""
    with reached():
        documents: Any = storages["documents"]
        if hasattr(documents, "bucket"):
            documents.connection.meta.client.head_bucket(Bucket=documents.bucket_name)
        elif not os.access(documents.location, os.W_OK | os.X_OK):
            Path(documents.location).mkdir(parents=True, exist_ok=True)  # before the first document


def _impatient(configured: Any) -> Storage:
    """The store of the settings, whose client gives up soon where it is far away."""
    if "bucket_name" not in configured["OPTIONS"]:
        return storages["documents"]
    from botocore.config import Config  # type: ignore[import-untyped]

    patience = Config(connect_timeout=_SECONDS_TO_CONNECT, read_timeout=_SECONDS_TO_ANSWER, retries={"max_attempts": 0})
    given = configured["OPTIONS"].get("client_config")
    client_config = given.merge(patience) if given is not None else patience
    return storages.create_storage({**configured, "OPTIONS": {**configured["OPTIONS"], "client_config": client_config}})
