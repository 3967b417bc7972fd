"""Loads into the zygote what its children would otherwise read from the disk, each anew, behind the walls.

Behind them even root is nobody in particular: a child cannot enter a home that is closed to others, and would say of
every file that it is damaged. What recognises characters is still read late (`scan_child`): it weighs too much to keep.
"""

from __future__ import annotations

import contextlib
import encodings
import importlib
import pkgutil
import warnings

import stdnum
from PIL import Image

from plainchant import capture, einvoice
from plainchant.capture import picture
from plainchant.einvoice.syntaxes import schema

# Parts of these are looked for when a file names an encoding, a country or a syntax.
_PACKAGES = (encodings, stdnum, capture, einvoice)
_WINDOWS_ONLY = ("encodings.mbcs", "encodings.oem")


def load() -> None:
    """Import those packages whole, compile the schemas, find the formats of pictures. Starts no thread."""
    with warnings.catch_warnings(action="ignore"):  # python-stdnum keeps modules under their former names
        for package in _PACKAGES:
            for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
                if module.name not in _WINDOWS_ONLY:
                    importlib.import_module(module.name)
    schema.compile_all()
    Image.init()
    with contextlib.suppress(ImportError):  # not installed yet: such a photo is told that it cannot be read
        picture.know_heic()
