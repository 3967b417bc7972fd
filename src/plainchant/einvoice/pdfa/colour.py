"""Colours (clauses 6.2.3 and 6.2.4): a device's colours need a profile that says what they mean."""

from __future__ import annotations

from typing import Any, Final

from pikepdf import Array, Dictionary, Name, Stream

from .look import Observations

_CHANNELS: Final = {b"RGB ": 3, b"CMYK": 4, b"GRAY": 1, b"Lab ": 3}
_NEEDS: Final = {"/DeviceRGB": b"RGB ", "/DeviceCMYK": b"CMYK", "/DeviceGray": b""}
_DEFAULTS: Final = {"/DeviceRGB": "/DefaultRGB", "/DeviceCMYK": "/DefaultCMYK", "/DeviceGray": "/DefaultGray"}
_SHORT: Final = {"/RGB": "/DeviceRGB", "/CMYK": "/DeviceCMYK", "/G": "/DeviceGray", "/I": "/Indexed"}
_DEPTH = 8
_MAX_PROFILE = 8 * 1024 * 1024
_MAX_COLORANTS = 32


class Colours:
    """``intent``: the colour space of the file's output intent (b"RGB ", b"CMYK", b"GRAY"), b"" without one."""

    def __init__(self, look: Observations) -> None:
        self.look = look
        self.intent = b""
        self._seen: set[tuple[int, int]] = set()
        self._last: Any = None
        self._known: set[str] = set()
        self._spots: dict[str, tuple[Any, Any]] = {}

    def read_intents(self, root: Any) -> None:
        rows = root.get("/OutputIntents")
        profiles = []
        for row in list(rows)[:20] if isinstance(rows, Array) else ():
            if not isinstance(row, Dictionary):
                continue
            profile = row.get("/DestOutputProfile")
            if row.get("/DestOutputProfileRef") is not None:
                self.look.tell("PDFA-PROFIL-SORTIE", "DestOutputProfileRef")
            if profile is None:
                continue
            profiles.append(profile.objgen)
            if not isinstance(profile, Stream):
                self.look.tell("PDFA-PROFIL-SORTIE")
                continue
            header = self._header(profile)
            if header is None:
                continue
            kind, space = header[12:16], header[16:20]
            if kind not in (b"prtr", b"mntr") or space not in (b"RGB ", b"CMYK", b"GRAY") or header[8] > 4:
                self.look.tell("PDFA-PROFIL-SORTIE", _told(kind, space))
            elif profile.get("/N") != _CHANNELS[space]:
                self.look.tell("PDFA-PROFIL-SORTIE", f"N = {profile.get('/N')}")
            if row.get("/S") == "/GTS_PDFA1":
                self.intent = space
        if len(set(profiles)) > 1:
            self.look.tell("PDFA-PROFIL-SORTIE", str(len(set(profiles))))

    def _header(self, profile: Any) -> bytes | None:
        data = self.look.read(profile, _MAX_PROFILE)
        if data is None:
            return None
        return data[:128] if len(data) >= 128 else bytes(128)

    def use(self, space: Any, resources: Any, depth: int = 0) -> None:
        """A colour space that something is painted in."""
        if depth > _DEPTH:
            return
        if isinstance(space, Name | str):
            name = str(space)
            # Resources are few and kept by their page: the last ones are the ones used again.
            if depth == 0 and resources is not self._last:
                self._last = resources
                self._known.clear()
            if depth or name not in self._known:
                self._known.add(name)
                self._use_name(name, resources, depth)
        elif isinstance(space, Array) and len(space):
            if space.is_indirect:
                if space.objgen in self._seen:
                    return
                self._seen.add(space.objgen)
            self._use_array(space, resources, depth)

    def _use_name(self, name: str, resources: Any, depth: int) -> None:
        name = _SHORT.get(name, name)
        spaces = resources.get("/ColorSpace") if isinstance(resources, Dictionary) else None
        if name in _NEEDS:
            if isinstance(spaces, Dictionary):
                default = spaces.get(_DEFAULTS[name])
                if default is not None and isinstance(default, Array) and str(default[0]) not in _NEEDS:
                    self.use(default, resources, depth + 1)
                    return
            if not self.intent or (_NEEDS[name] and self.intent != _NEEDS[name]):
                self.look.tell("PDFA-COULEUR", name.lstrip("/"))
        elif isinstance(spaces, Dictionary) and name not in ("/Pattern", "/Indexed"):
            found = spaces.get(name)
            if found is not None and str(found) != name:
                self.use(found, resources, depth + 1)

    def _use_array(self, space: Any, resources: Any, depth: int) -> None:
        kind = str(space[0])
        if kind in ("/ICCBased",) and len(space) > 1 and isinstance(space[1], Stream):
            self._icc(space[1])
        elif kind in ("/Indexed", "/I") and len(space) > 1:
            self.use(space[1], resources, depth + 1)
        elif kind == "/Pattern":
            if len(space) > 1:
                self.use(space[1], resources, depth + 1)
        elif kind == "/Separation" and len(space) > 3:
            self._spot(str(space[1]), space[2], space[3])
            self.use(space[2], resources, depth + 1)
        elif kind == "/DeviceN" and len(space) > 3:
            self._device_n(space, resources, depth)
        elif kind in _NEEDS or len(space) == 1:
            self._use_name(kind, resources, depth)

    def _device_n(self, space: Any, resources: Any, depth: int) -> None:
        names = [str(name) for name in list(space[1])[:200]] if isinstance(space[1], Array) else []
        if len(names) > _MAX_COLORANTS:
            self.look.tell("PDFA-LIMITES", f"DeviceN : {len(names)}")
        attributes = space[4] if len(space) > 4 else None
        colorants = attributes.get("/Colorants") if isinstance(attributes, Dictionary) else None
        process = attributes.get("/Process") if isinstance(attributes, Dictionary) else None
        components = process.get("/Components") if isinstance(process, Dictionary) else None
        known = {"/None", "/Cyan", "/Magenta", "/Yellow", "/Black"}
        if isinstance(components, Array):
            known |= {str(name) for name in components}
        listed = {str(name): value for name, value in colorants.items()} if isinstance(colorants, Dictionary) else {}
        for name in names:
            if name not in known and name not in listed:
                self.look.tell("PDFA-COLORANT", name.lstrip("/"))
        for value in listed.values():
            if isinstance(value, Array) and len(value) > 3 and str(value[0]) == "/Separation":
                self._spot(str(value[1]), value[2], value[3])
        self.use(space[2], resources, depth + 1)

    def _spot(self, name: str, alternate: Any, tint: Any) -> None:
        self.name(name)
        if name in ("/All", "/None"):
            return
        known = self._spots.setdefault(name, (alternate, tint))
        if known != (alternate, tint) and not (_same(known[0], alternate) and _same(known[1], tint)):
            self.look.tell("PDFA-COLORANT", name.lstrip("/"))

    def name(self, name: str) -> None:
        """pikepdf gives bytes that are not UTF-8 as lone surrogates."""
        try:
            name.encode("utf-8")
        except UnicodeEncodeError:
            self.look.tell("PDFA-NOM")

    def _icc(self, profile: Any) -> None:
        if profile.objgen in self._seen:
            return
        self._seen.add(profile.objgen)
        header = self._header(profile)
        if header is None:
            return
        kind, space = header[12:16], header[16:20]
        if kind not in (b"prtr", b"mntr", b"scnr", b"spac") or space not in _CHANNELS or header[8] > 4:
            self.look.tell("PDFA-ICC", _told(kind, space))
        elif profile.get("/N") != _CHANNELS[space]:
            self.look.tell("PDFA-ICC", f"N = {profile.get('/N')}")


def is_icc_cmyk(space: Any) -> bool:
    return (
        isinstance(space, Array)
        and len(space) > 1
        and space[0] == "/ICCBased"
        and isinstance(space[1], Stream)
        and space[1].get("/N") == 4
    )


def _told(kind: bytes, space: bytes) -> str:
    return f"{kind.decode('latin-1')} {space.decode('latin-1')}".strip(" \0")


def _same(first: Any, other: Any) -> bool:
    """Whether two objects are the same, written twice or not."""
    if isinstance(first, Stream) and isinstance(other, Stream):
        return first.objgen == other.objgen or bytes(first.read_raw_bytes()) == bytes(other.read_raw_bytes())
    return bool(first == other)
