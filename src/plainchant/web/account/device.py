"""What a browser says of itself, in a few French words: enough for its owner to know which it is."""

from __future__ import annotations

from django.http import HttpRequest

# The first that is in it counts: most name others too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "un iPhone"),
    ("iPad", "un iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "un Mac"),
    ("CrOS", "un Chromebook"),
    ("Linux", "Linux"),
)


def device_of(request: HttpRequest) -> str:
    """« Firefox sur Windows »; « un appareil » where nothing is known."""
    agent = request.headers.get("User-Agent", "")
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return " sur ".join(filter(None, [browser, system])) or "un appareil"
