"""What others typed, in a mail of ours: no link of theirs can be followed, and nothing of theirs looks like ours."""

from __future__ import annotations

import re
import unicodedata

from django.conf import settings

# What mail programs make a link of: a scheme, or a name with a domain. File names are left alone, but for those
# whose ending is a domain too (.zip).
_ENDINGS_OF_FILES = "pdf|xml|tar|gz|tgz|xlsx?|ods|csv|docx?|odt|jpe?g|png|tiff?|webp|heic|eml|txt|json"
_SCHEME = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}:/+", re.IGNORECASE)
_DOMAIN_DOT = re.compile(
    r"(?<=\bwww)[.]|(?<=[\w-])[.\u3002\uff0e\uff61](?=[^\W\d_][\w-])"
    rf"(?!(?:{_ENDINGS_OF_FILES})(?:[.](?:{_ENDINGS_OF_FILES}))*(?![\w.-]))",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def without_links(text: str) -> str:
    """The text with the links of others broken: « https://a.example/b » becomes « a . example/b ».

    Links of this portal and e-mail addresses stay.
    """
    ours = re.compile(re.escape(settings.PUBLIC_URL) + r"(?![\w.:@-])\S*")
    kept = re.compile(f"{ours.pattern}|{_ADDRESS.pattern}")
    parts, end = [], 0
    for whole in kept.finditer(text):
        parts += [_broken(text[end : whole.start()]), whole[0]]
        end = whole.end()
    return "".join([*parts, _broken(text[end:])])


def _broken(text: str) -> str:
    visible = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return _DOMAIN_DOT.sub(" . ", _SCHEME.sub("", visible))


def named(name: object) -> str:
    """A name that somebody chose, in quotation marks, on one line."""
    return f"«\u00a0{quoted(name)}\u00a0»"


def quoted(text: object) -> str:
    """What somebody wrote, on one line and without quotation marks of its own, to stand between ours."""
    return " ".join(str(text).translate({0xAB: '"', 0xBB: '"'}).split())
