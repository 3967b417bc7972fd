"""What hangs on the catalog and the pages besides what is drawn: streams, actions, annotations, forms, files, layers.

Everything that can be reached is walked over once, the structure tree excepted.
"""

from __future__ import annotations

import re
from typing import Any, Final

from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from .look import MAX_OBJECTS, MAX_VALUES, Observations

_SKIPPED: Final = frozenset(
    "/StructTreeRoot /Parent /P /ParentTree /Widths /W /W2 /Pg /StructParents /IDTree /PieceInfo".split()
)
FILTERS: Final = frozenset(
    "/ASCIIHexDecode /ASCII85Decode /FlateDecode /RunLengthDecode /CCITTFaxDecode /JBIG2Decode /DCTDecode "
    "/JPXDecode".split()
)
_ACTIONS: Final = frozenset("/GoTo /GoToR /GoToE /Thread /URI /Named /SubmitForm".split())
_NAMED: Final = frozenset("/NextPage /PrevPage /FirstPage /LastPage".split())
_ANNOTATIONS: Final = frozenset(
    "/Text /Link /FreeText /Line /Square /Circle /Polygon /PolyLine /Highlight /Underline /Squiggly /StrikeOut /Stamp "
    "/Caret /Ink /Popup /FileAttachment /Widget /PrinterMark /TrapNet /Watermark /Redact".split()
)
_MIME = re.compile(r"/[A-Za-z0-9][\w!#$&^.+-]*/[A-Za-z0-9][\w!#$&^.+-]*")
_MAX_SIDE, _MIN_SIDE = 14_400, 3


class Objects:
    """``appearances``: what annotations draw. ``files``: the specifications of embedded files, with their names."""

    def __init__(self, look: Observations, document: Pdf) -> None:
        self.look = look
        self.root = document.Root
        self.appearances: list[Any] = []
        self.files: dict[tuple[int, int], tuple[str, Any]] = {}
        self._associated: set[tuple[int, int]] = set()
        self._values = MAX_VALUES

    def walk(self) -> None:
        seen: set[tuple[int, int]] = set()
        todo: list[tuple[Any, str]] = [(self.root, "")]
        while todo:
            value, key = todo.pop()
            if value.is_indirect:
                if value.objgen in seen:
                    continue
                seen.add(value.objgen)
                if len(seen) > MAX_OBJECTS:
                    self.look.unseen.add("objets")
                    break
            if isinstance(value, Array):
                self._values -= len(value)
                if self._values < 0:
                    self.look.unseen.add("objets")
                    break
                if key == "/AF":
                    for entry in value:
                        self._associate(entry)
                todo.extend((entry, key) for entry in value if isinstance(entry, Dictionary | Array | Stream))
                continue
            self._dictionary(value, key)
            for name, inner in value.items():
                if name not in _SKIPPED and isinstance(inner, Dictionary | Array | Stream):
                    todo.append((inner, name))
        self._files()

    def _dictionary(self, value: Any, key: str) -> None:
        if isinstance(value, Stream):
            self._stream(value)
        if key in ("/A", "/OpenAction", "/AA", "/Next", "/JavaScript") or value.get("/Type") == "/Action":
            self._action(value, key)
        if key == "/Annots":
            self._annotation(value)
        elif key in ("/Fields", "/Kids") and value.get("/FT") is not None:
            self._field(value)
        if value.get("/EF") is not None:
            self._file(value)
        if key == "/AF":
            self._associate(value)
        kind = value.get("/Type")
        if kind == "/Page":
            self._page(value)

    # ---- streams ----

    def _stream(self, stream: Any) -> None:
        for key in ("/F", "/FFilter", "/FDecodeParms"):
            if stream.get(key) is not None:
                self.look.tell("PDFA-FLUX-EXTERNE", key.lstrip("/"))
        filters = stream.get("/Filter")
        if filters is None:
            return
        names = list(filters) if isinstance(filters, Array) else [filters]
        parameters = stream.get("/DecodeParms")
        rows = list(parameters) if isinstance(parameters, Array) else [parameters]
        for at, name in enumerate(names[:20]):
            if str(name) == "/Crypt":
                own = rows[at] if at < len(rows) else None
                if isinstance(own, Dictionary) and own.get("/Name", "/Identity") != "/Identity":
                    self.look.tell("PDFA-FILTRE", "Crypt")
            elif str(name) not in FILTERS:
                self.look.tell("PDFA-FILTRE", str(name).lstrip("/"))

    # ---- actions, annotations, fields ----

    def _action(self, action: Any, key: str) -> None:
        kind = action.get("/S")
        if kind is None:
            if key == "/JavaScript" and action.get("/JS") is not None:
                self.look.tell("PDFA-ACTION", "JavaScript")
            return
        if str(kind) not in _ACTIONS:
            self.look.tell("PDFA-ACTION", str(kind).lstrip("/"))
        elif kind == "/Named" and str(action.get("/N")) not in _NAMED:
            self.look.tell("PDFA-ACTION", str(action.get("/N")).lstrip("/"))

    def _annotation(self, annotation: Any) -> None:
        look = self.look
        kind = str(annotation.get("/Subtype", "")).lstrip("/")
        if f"/{kind}" not in _ANNOTATIONS:
            look.tell("PDFA-ANNOTATION", kind)
            return
        if kind != "Popup":
            flags = annotation.get("/F")
            if not isinstance(flags, int) or flags & 4 == 0 or flags & (1 | 2 | 32 | 256):
                look.tell("PDFA-DRAPEAUX", kind)
        self._appearance(annotation, kind)
        if kind == "Widget":
            if annotation.get("/A") is not None or annotation.get("/AA") is not None:
                look.tell("PDFA-CHAMP-ACTION")
        elif annotation.get("/AA") is not None:
            look.tell("PDFA-DECLENCHEUR")

    def _field(self, field: Any) -> None:
        if field.get("/AA") is not None:
            self.look.tell("PDFA-CHAMP-ACTION")

    def _appearance(self, annotation: Any, kind: str) -> None:
        appearance = annotation.get("/AP")
        if not isinstance(appearance, Dictionary):
            if kind not in ("Popup", "Link") and not _is_nothing(annotation.get("/Rect")):
                self.look.tell("PDFA-APPARENCE", kind)
            return
        if any(key != "/N" for key in appearance):
            self.look.tell("PDFA-APPARENCE", kind)
        normal = appearance.get("/N")
        is_button = kind == "Widget" and _inherited(annotation, "/FT") == "/Btn"
        if not isinstance(normal, Dictionary if is_button else Stream):
            self.look.tell("PDFA-APPARENCE", kind)
        if isinstance(normal, Stream):
            self.appearances.append(normal)
        elif isinstance(normal, Dictionary):
            self.appearances.extend(stream for _, stream in list(normal.items())[:100] if isinstance(stream, Stream))

    # ---- pages and catalog ----

    def _page(self, page: Any) -> None:
        if page.get("/AA") is not None:
            self.look.tell("PDFA-DECLENCHEUR")
        if page.get("/PresSteps") is not None:
            self.look.tell("PDFA-PRESENTATION", "PresSteps")
        for key in ("/MediaBox", "/CropBox", "/TrimBox", "/ArtBox", "/BleedBox"):
            box = page.get(key)
            sides = _sides(box)
            if sides and (min(sides) < _MIN_SIDE or max(sides) > _MAX_SIDE):
                self.look.tell("PDFA-LIMITES", key.lstrip("/"))

    def catalog(self) -> None:
        root, look = self.root, self.look
        if root.get("/AA") is not None:
            look.tell("PDFA-DECLENCHEUR")
        if root.get("/Requirements") is not None:
            look.tell("PDFA-EXIGENCES")
        if root.get("/NeedsRendering") is True:
            look.tell("PDFA-XFA")
        names = root.get("/Names")
        if isinstance(names, Dictionary):
            if names.get("/AlternatePresentations") is not None:
                look.tell("PDFA-PRESENTATION", "AlternatePresentations")
            if names.get("/JavaScript") is not None:
                look.tell("PDFA-ACTION", "JavaScript")
        form = root.get("/AcroForm")
        if isinstance(form, Dictionary):
            if form.get("/NeedAppearances") is True:
                look.tell("PDFA-NEEDAPPEARANCES")
            if form.get("/XFA") is not None:
                look.tell("PDFA-XFA")
        self._permissions(root.get("/Perms"))
        self._layers(root.get("/OCProperties"))

    def _permissions(self, permissions: Any) -> None:
        if not isinstance(permissions, Dictionary):
            return
        if any(key not in ("/UR3", "/DocMDP") for key in permissions):
            self.look.tell("PDFA-PERMISSIONS")
        signature = permissions.get("/DocMDP")
        rows = signature.get("/Reference") if isinstance(signature, Dictionary) else None
        for row in list(rows)[:100] if isinstance(rows, Array) else ():
            if isinstance(row, Dictionary) and any(
                row.get(key) is not None for key in ("/DigestLocation", "/DigestMethod", "/DigestValue")
            ):
                self.look.tell("PDFA-PERMISSIONS")

    def _layers(self, layers: Any) -> None:
        if not isinstance(layers, Dictionary):
            return
        configurations = layers.get("/Configs")
        rows = [layers.get("/D"), *(list(configurations)[:200] if isinstance(configurations, Array) else [])]
        groups = layers.get("/OCGs")
        wanted = {layer_group.objgen for layer_group in list(groups)[:5_000]} if isinstance(groups, Array) else set()
        names = set()
        for row in rows:
            if not isinstance(row, Dictionary):
                continue
            name = row.get("/Name")
            if not isinstance(name, String) or not str(name) or str(name) in names:
                self.look.tell("PDFA-CALQUES", "Name")
            names.add(str(name))
            if row.get("/AS") is not None:
                self.look.tell("PDFA-CALQUES", "AS")
            order = row.get("/Order")
            if isinstance(order, Array) and wanted - _leaves(order):
                self.look.tell("PDFA-CALQUES", "Order")

    # ---- embedded files ----

    def _file(self, spec: Any) -> None:
        names = [spec.get(key) for key in ("/UF", "/F")]
        if not all(isinstance(name, String) and str(name) for name in names):
            self.look.tell("PDFA-FICHIER-NOM")
        name = next((str(name) for name in names if isinstance(name, String)), "")
        if not isinstance(spec.get("/AFRelationship"), Name):
            self.look.tell("PDFA-FICHIER-LIEN", name)
        files = spec.get("/EF")
        if isinstance(files, Dictionary):
            for key in ("/F", "/UF", "/DOS", "/Mac", "/Unix"):
                stream = files.get(key)
                if isinstance(stream, Stream):
                    kind = stream.get("/Subtype")
                    if not isinstance(kind, Name) or _MIME.fullmatch(str(kind)) is None:
                        self.look.tell("PDFA-FICHIER-TYPE", name)
            self.files[spec.objgen if spec.is_indirect else (-len(self.files) - 1, 0)] = (name, files)

    def _associate(self, spec: Any) -> None:
        """By what is embedded: a specification may be written out twice, in AF and in the tree of names."""
        files = spec.get("/EF") if isinstance(spec, Dictionary) else None
        if isinstance(files, Dictionary):
            self._associated.update(stream.objgen for stream in files.values() if isinstance(stream, Stream))

    def _files(self) -> None:
        for name, files in self.files.values():
            if not any(stream.objgen in self._associated for stream in files.values() if isinstance(stream, Stream)):
                self.look.tell("PDFA-FICHIER-ASSOCIE", name)


def look_at_level_a(look: Observations, root: Any) -> None:
    """The few things of clause 6.7 that can be seen without walking over the structure."""
    marks = root.get("/MarkInfo")
    if not isinstance(marks, Dictionary) or marks.get("/Marked") is not True:
        look.tell("PDFA-BALISES")
    tree = root.get("/StructTreeRoot")
    if not isinstance(tree, Dictionary):
        look.tell("PDFA-STRUCTURE")
        return
    roles = tree.get("/RoleMap")
    pairs = {str(name): str(to) for name, to in list(roles.items())[:2_000]} if isinstance(roles, Dictionary) else {}
    for name in pairs:
        seen, at = {name}, pairs[name]
        while at not in STRUCTURES and at in pairs and at not in seen:
            seen.add(at)
            at = pairs[at]
        if name == pairs[name] and name in STRUCTURES:
            continue  # says nothing, and is widely written
        if name in STRUCTURES or at not in STRUCTURES:
            look.tell("PDFA-ROLES", name.lstrip("/"))
    todo, steps = [tree.get("/K")], 0
    while todo and steps < MAX_OBJECTS:
        node = todo.pop()
        steps += 1
        if isinstance(node, Array):
            todo.extend(node)
        elif isinstance(node, Dictionary):
            kind = node.get("/S")
            if kind is not None and str(kind) not in STRUCTURES and str(kind) not in pairs:
                look.tell("PDFA-ROLES", str(kind).lstrip("/"))
            _language(look, node.get("/Lang"))
            if node.get("/K") is not None:
                todo.append(node.get("/K"))
    _language(look, root.get("/Lang"))


_LANGUAGE = re.compile(r"(?:[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)?")


def _language(look: Observations, value: Any) -> None:
    if value is not None and _LANGUAGE.fullmatch(str(value)) is None:
        look.tell("PDFA-LANGUE", str(value))


STRUCTURES: Final = frozenset(
    f"/{name}"
    for name in (
        "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl "
        "LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP "
        "Warichu WT WP Figure Formula Form"
    ).split()
)


def _is_nothing(box: Any) -> bool:
    sides = _sides(box)
    return sides is not None and not any(sides)


def _sides(box: Any) -> tuple[float, float] | None:
    if not isinstance(box, Array) or len(box) != 4:
        return None
    try:
        left, bottom, right, top = (float(part) for part in box)
    except (TypeError, ValueError):
        return None
    return abs(right - left), abs(top - bottom)


def _inherited(field: Any, key: str) -> Any:
    for _ in range(16):
        if not isinstance(field, Dictionary):
            return None
        if field.get(key) is not None:
            return field.get(key)
        field = field.get("/Parent")
    return None


def _leaves(order: Any) -> set[tuple[int, int]]:
    found, todo, steps = set(), [order], 0
    while todo and steps < 20_000:
        node = todo.pop()
        steps += 1
        if isinstance(node, Array):
            todo.extend(list(node)[:5_000])
        elif isinstance(node, Dictionary):
            found.add(node.objgen)
    return found
