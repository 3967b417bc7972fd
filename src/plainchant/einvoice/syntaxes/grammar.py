"""The one pass: an element tree becomes a model, and on the way every rule about the syntax itself is looked at.

A syntax is two tables: its binding (which element is which term) and its official restrictions (which elements are not
used, how often an element may stand, which codes and attributes it may have). Both are merged into one tree of nodes, a
node for each path, grown as paths are first met and kept: reading an element costs one dictionary look-up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from sys import intern
from typing import Any

from plainchant.einvoice.model import Invoice

from .binding import Convert, Finish, Lead, Leaf, TermGroup
from .reading import CodeRestriction, Element, Reading, Restriction, Scope, Values, made
from .xml import MAX_DEPTH, WHITE_SPACE

MAX_NODES = 20_000  # a hostile file may invent names for ever; above this they are not kept
SHARED = 12  # letters: codes, units and short names, which come again on every line, are kept once
_Rest = tuple[Restriction, tuple[str, ...]]  # and the steps still to go


class Node:
    """One path of the syntax. Everything is decided when the node is made; the walk only looks."""

    __slots__ = (
        "attributes",
        "banned",
        "bound",
        "children",
        "codes",
        "convert",
        "counted",
        "depth",
        "field",
        "finish",
        "is_group",
        "is_lost",
        "is_text",
        "leaves",
        "looks",
        "many",
        "model",
        "pending",
        "present",
        "scope",
        "special",
        "steps",
        "stranger",
        "walks",
    )

    def __init__(self, steps: tuple[str, ...]) -> None:
        self.steps = steps  # names from the root, prefix:local
        self.depth = len(steps)
        self.children: dict[object, Node] = {}  # by tag: a Clark name, a function for comments
        self.bound: dict[str, Any] = {}
        self.convert: Convert | None = None
        self.field = ""
        self.many = False
        self.attributes: tuple[tuple[str, str], ...] = ()
        self.model: Any = None
        self.is_group = False
        self.is_text = False
        self.finish: Finish | None = None
        self.pending: dict[str, list[_Rest]] = {}  # by the name of the next step
        self.present: tuple[str, ...] = ()  # rules broken by the element being there at all
        self.banned: dict[str, str] = {}  # attribute → rule broken by its being there
        self.counted: tuple[Restriction, ...] = ()
        self.scope: tuple[Restriction, ...] = ()  # counted between the element's two ends
        self.codes: tuple[CodeRestriction, ...] = ()
        self.looks: tuple[Callable[[Element, Reading], None], ...] = ()
        self.special = False  # whether anything but reading happens when the element opens
        self.leaves = False  # or when it closes
        self.walks = True
        self.is_lost = False  # nothing in the model holds what it says
        self.stranger: Node | None = None  # any child of a name that no table knows


_Row = tuple[int, Scope, tuple[str, ...], bool]  # its place in the table, the scope, its context, from the root or not


class Grammar:
    """The tables of a syntax made ready: namespaces, root, binding, scopes. One a process, grown as files are read.

    ``implied``: paths that end in elements which say nothing that their place does not say (`Reading.left`).
    """

    def __init__(
        self,
        *,
        namespaces: Mapping[str, str],
        root: str,
        binding: TermGroup,
        scopes: tuple[Scope, ...] = (),
        implied: tuple[str, ...] = (),
    ) -> None:
        self.namespaces = dict(namespaces)
        self._prefixes = {uri: prefix for prefix, uri in namespaces.items()}
        # By the name of the element they are about, in the order of the table: the first that matches counts.
        self._scopes: dict[str, list[_Row]] = {}
        self._any: list[_Row] = []  # of names with a *
        for number, scope in enumerate(scopes):
            steps = _steps(scope.context)
            row = (number, scope, steps, scope.context.startswith("/") and scope.context[1] != "/")
            (self._any if "*" in steps[-1] else self._scopes.setdefault(steps[-1], [])).append(row)
        self._implied = tuple(_steps(path) for path in implied)
        # Every name a table says something of: the others of one parent share a node, so they must be alike.
        named = {step for path in self._implied for step in path}
        for _, scope, steps, _ in self._rows():
            named.update(steps, _restricted(scope), scope.not_below)
        self._known = frozenset(step for step in named if "*" not in step)
        self._patterns = tuple(sorted(step for step in named if "*" in step and step != "*"))
        self._made = 0
        self.binding = binding
        self.root_tag = self.clark(root)
        self._name = root
        self.root = self._node((root,), None, binding)

    def _rows(self) -> Iterator[_Row]:
        yield from self._any
        for rows in self._scopes.values():
            yield from rows

    def clark(self, name: str) -> str:
        """``cbc:ID`` → ``{urn:…}ID``; a name without a prefix is in no namespace."""
        prefix, _, local = name.rpartition(":")
        if not prefix:
            return local
        return f"{{{self.namespaces[prefix]}}}{local}"

    def name(self, tag: str) -> str:
        """``{urn:…}ID`` → ``cbc:ID``; an unknown namespace has the prefix ``?``."""
        if tag[0] != "{":
            return tag
        uri, _, local = tag[1:].partition("}")
        return f"{self._prefixes.get(uri, '?')}:{local}"

    def read(self, root: Element) -> Reading:
        """One pass over the tree. The root must be the syntax's own. TooMany on a file made to fill the memory."""
        if self._made >= MAX_NODES:  # what a file's invented names took is given back to the next
            self._made, self.root = 0, self._node((self._name,), None, self.binding)
        reading = Reading(invoice=Invoice(), grammar=self)
        values: Values = {}
        node = self.root
        for name in node.banned:
            if root.get(name) is not None:
                reading.fail(node.banned[name], root)
        if node.special:
            _enter(node, root, reading)
        self._walk(root, node, values, reading)
        if node.leaves:
            _leave(node, root, reading)
        above: Values = {}
        if node.finish is not None:
            node.finish(root, values, above, reading)
        reading.invoice = made(Invoice, values, root)
        return reading

    def _walk(self, element: Element, node: Node, values: Values, reading: Reading) -> None:
        children, walk = node.children, self._walk
        for child in element:
            tag = child.tag
            sub = children.get(tag)
            if sub is None:
                sub = self._grow(node, tag)
            banned = sub.banned
            if banned:
                for name in child.keys():  # noqa: SIM118 - an element is not a dict: iterating it gives its children
                    if name in banned:
                        reading.fail(banned[name], child)
            if sub.special:
                _enter(sub, child, reading)
            if sub.is_text and not len(child):
                name = sub.field
                if name not in values:
                    text = (child.text or "").strip(WHITE_SPACE)
                    values[name] = intern(text) if len(text) < SHARED else text
                    for attribute, target in sub.attributes:
                        value = child.get(attribute)
                        if value is not None:
                            values[target] = value
                else:
                    reading.leave(child)
            elif sub.convert is not None:
                name = sub.field
                if sub.many:
                    reading.count()
                    values.setdefault(name, []).append(sub.convert(child, reading))
                elif name not in values:
                    values[name] = sub.convert(child, reading)
                    for attribute, target in sub.attributes:
                        value = child.get(attribute)
                        if value is not None:
                            values[target] = value
                else:
                    reading.leave(child)
                if len(child):
                    walk(child, sub, {}, reading)
            elif sub.is_group:
                reading.count()
                inner: Values = {}
                walk(child, sub, inner, reading)
                finish = sub.finish
                if finish is not None:
                    finish(child, inner, values, reading)
                elif sub.many:
                    values.setdefault(sub.field, []).append(made(sub.model, inner, child))
                elif sub.field not in values:
                    values[sub.field] = made(sub.model, inner, child)
                else:
                    reading.leave(child)
            elif sub.walks:
                if sub.is_lost and not node.is_lost:
                    reading.leave(child)
                walk(child, sub, values, reading)
                if sub.finish is not None:
                    sub.finish(child, values, values, reading)
            if sub.leaves:
                _leave(sub, child, reading)

    def _grow(self, parent: Node, tag: Any) -> Node:
        """The node of a path met for the first time."""
        if not isinstance(tag, str):
            return _IGNORED
        name = self.name(tag)
        if parent.depth >= MAX_DEPTH:
            return _IGNORED
        bound = parent.bound.get(name)
        if bound is None and self._is_stranger(name):
            node = parent.stranger
            if node is None:
                node = parent.stranger = self._node((*parent.steps, name), parent, None)
        else:
            node = self._node((*parent.steps, name), parent, bound)
        if self._made < MAX_NODES:
            self._made += 1
            parent.children[tag] = node
        return node

    def _is_stranger(self, name: str) -> bool:
        """Whether neither table says anything of this name: all such children of one parent are alike."""
        return name not in self._known and not any(_matches(pattern, name) for pattern in self._patterns)

    def _node(self, steps: tuple[str, ...], parent: Node | None, bound: Any) -> Node:
        node = Node(steps)
        if isinstance(bound, Leaf):
            node.convert, node.field, node.many, node.attributes = (
                bound.convert,
                bound.field,
                bound.many,
                bound.attributes,
            )
            node.is_text = bound.is_text
        elif isinstance(bound, TermGroup):
            node.is_group, node.field, node.many, node.finish = True, bound.field, bound.many, bound.finish
            node.bound = bound.children
            node.model = bound.model
        elif isinstance(bound, Lead):
            node.bound, node.finish = bound.children, bound.finish
        elif bound is not None:
            node.bound = bound
        else:
            node.is_lost = not any(_ends(steps, implied, False) for implied in self._implied)
        self._restrict(node, parent)
        return node

    def _restrict(self, node: Node, parent: Node | None) -> None:
        present: list[str] = []
        counted: list[Restriction] = []
        scope: list[Restriction] = []
        looks = []
        codes: list[CodeRestriction] = []

        def met(restriction: Restriction, rest: tuple[str, ...]) -> None:
            """``rest``: the steps still to go below this node."""
            if not rest:
                if restriction.maximum == 0:
                    present.append(restriction.rule)
                else:
                    counted.append(restriction)
            elif rest[0].startswith("@"):
                node.banned[rest[0][1:]] = restriction.rule
            else:
                node.pending.setdefault(rest[0], []).append((restriction, rest[1:]))

        if parent is not None:
            for restriction, rest in parent.pending.get(node.steps[-1], ()):
                met(restriction, rest)
        seen: set[str] = set()
        for _, found, context, absolute in sorted(
            [*self._scopes.get(node.steps[-1], ()), *self._any], key=lambda row: row[0]
        ):
            if found.pattern in seen or not _ends(node.steps, context, absolute):
                continue
            if any(name in found.not_below for name in node.steps[:-1]):
                continue
            seen.add(found.pattern)
            for restriction in found.restrictions:
                if restriction.maximum != 0 or restriction.minimum:
                    scope.append(restriction)
                met(restriction, tuple(restriction.path.split("/")))
            codes.extend(found.codes)
            if found.look is not None:
                looks.append(found.look)
        node.present, node.counted, node.scope = tuple(present), tuple(counted), tuple(scope)
        node.looks, node.codes = tuple(looks), tuple(codes)
        node.special = bool(present or counted or scope or codes)
        node.leaves = bool(scope or looks)


def _enter(node: Node, element: Element, reading: Reading) -> None:
    for rule in node.present:
        reading.fail(rule, element)
    counts = reading.counts
    for restriction in node.counted:
        counts[restriction] = counts.get(restriction, 0) + 1
    for restriction in node.scope:
        counts[restriction] = 0
    for code in node.codes:
        if code.attribute is None:
            value = (element.text or "").strip(WHITE_SPACE)
        else:
            given = element.get(code.attribute)
            if given is None:
                if code.wanted:
                    reading.fail(code.rule, element)
                continue
            value = given.strip(WHITE_SPACE)
        if (value.upper() if code.any_case else value) not in code.allowed:
            reading.fail(code.rule, element)


def _leave(node: Node, element: Element, reading: Reading) -> None:
    counts = reading.counts
    for restriction in node.scope:
        count = counts[restriction]
        if count < restriction.minimum or (restriction.maximum is not None and count > restriction.maximum):
            reading.fail(restriction.rule, element)
    for look in node.looks:
        look(element, reading)


_IGNORED = Node(())
_IGNORED.walks = False


def _steps(context: str) -> tuple[str, ...]:
    return tuple(step for step in context.split("/") if step)


def _restricted(scope: Scope) -> Iterator[str]:
    for restriction in scope.restrictions:
        yield from restriction.path.split("/")


def _ends(steps: tuple[str, ...], context: tuple[str, ...], absolute: bool) -> bool:
    if len(context) > len(steps) or (absolute and len(context) != len(steps)):
        return False
    return all(_matches(wanted, own) for wanted, own in zip(context, steps[-len(context) :], strict=True))


def _matches(wanted: str, own: str) -> bool:
    if wanted == own or wanted == "*":
        return True
    if "*" not in wanted:
        return False
    prefix, _, ending = wanted.partition("*")
    return own.startswith(prefix) and own.endswith(ending)
