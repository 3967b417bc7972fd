"""What `tools/mutants.py` may change in a line of the program: one function a kind of change, listed in `OPERATORS`.

An operator receives a node of the syntax tree and yields what could stand in its place; None removes a statement.
What no test could notice is not generated: the order of rows, `select_related`, logs, the words of messages.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
Node = TypeVar("Node", bound=ast.AST)
Replacement = ast.AST | None
Operator = Callable[[ast.AST, ast.AST], Iterator[Replacement]]  # (node, the node above it)

# Calls whose arguments only say how rows are fetched or sorted, what is logged, or what people read.
_NOT_ENTERED = frozenset(
    "order_by select_related prefetch_related only defer using select_for_update values values_list "
    "gettext field TypedDict TypeVar StashKey getLogger".split()
)
_NEVER_DROPPED = frozenset("debug info warning error exception success add_error __init__ pop setdefault add".split())
_LOGS = frozenset({"log", "messages", "logging"})
_QUERIES = frozenset({"filter", "exclude"})
_TEXT_FUNCTIONS = frozenset({"__str__", "__repr__"})
# How the names of the functions begin that return nothing and raise a refusal.
_REFUSING = ("require", "refuse", "check", "reread", "locked")
# Keyword arguments that say how, not whether or for whom.
_HOW = frozenset("strict flat frozen kw_only slots status widget help_text label attrs max_length verbosity".split())

_BOUNDARIES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
}  # fmt: skip
_OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_LOOKUPS = {"__lt": "__lte", "__lte": "__lt", "__gt": "__gte", "__gte": "__gt"}
# Of each enumeration, members to put in the place of another: the first that is not already there.
_MEMBERS = {
    "Status": ("DELETED", "AVAILABLE"),
    "_S": ("DELETED", "AVAILABLE"),
    "State": ("PENDING", "ACCEPTED"),
    "Side": ("SELLER", "BUYER"),
    "Right": ("SEE", "PREPARE"),
}
_STATES_TO_ADD = ("DRAFT", "FORWARDING", "REJECTED", "PAID_OUT")


def name_of(node: ast.AST) -> str:
    """The last name of a call's function, of an attribute or of a name; "" of anything else."""
    if isinstance(node, ast.Call):
        return name_of(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def is_skipped(node: ast.AST) -> bool:
    """Whether nothing in this node is to be changed: words, imports, logs, what only helps the type checker."""
    match node:
        case ast.JoinedStr() | ast.Import() | ast.ImportFrom() | ast.Raise() | ast.Assert():
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.FunctionDef(name=name):
            return name in _TEXT_FUNCTIONS
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
            return name in _LOGS
        case ast.Expr(value=ast.Call() as call):
            return is_skipped(call)
    return False


def children(node: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    """The nodes below this one that may be changed: the field that holds each, its place there if it is a list."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "ctx", "slice") or (field, type(node)) == ("targets", ast.Assign):
            continue
        if isinstance(node, ast.Call) and field in ("args", "keywords") and name_of(node) in _NOT_ENTERED:
            continue
        if field == "decorator_list":
            value = [each for each in value if name_of(each) == "page"]
        if isinstance(value, ast.AST):
            yield field, None, value
        elif isinstance(value, list):
            for place, each in enumerate(value):
                if isinstance(each, ast.keyword) and (each.arg in _HOW or (is_query(node) and _is_constant(each))):
                    continue  # a constant asked of a query is dropped with its condition
                if isinstance(each, ast.AST):
                    yield field, place, each


def is_query(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _QUERIES


def _is_constant(keyword: ast.keyword) -> bool:
    return isinstance(keyword.value, ast.Constant)


# -- Queries ----------------------------------------------------------------------------------------------------


def drop_a_term(node: ast.AST, above: ast.AST) -> Iterator[Replacement]:
    """One condition less in `filter`, `exclude` or a Q of several."""
    if not isinstance(node, ast.Call):
        return
    terms = len(node.args) + len(node.keywords)
    if is_query(node) or (name_of(node) == "Q" and terms > 1):
        yield from _without_each_argument(node)


def move_a_lookup(node: ast.AST, above: ast.AST) -> Iterator[Replacement]:
    """`at__lt` becomes `at__lte`."""
    if not isinstance(node, ast.keyword) or node.arg is None:
        return
    for ending, other in _LOOKUPS.items():
        if node.arg.endswith(ending):
            yield ast.keyword(arg=node.arg.removesuffix(ending) + other, value=node.value)


def drop_a_written_column(node: ast.AST, above: ast.AST) -> Iterator[Replacement]:
    """One column less in an `update`, in `columns=` or in `defaults=`."""
    match node:
        case ast.Call(func=ast.Attribute(attr="update"), args=[], keywords=[_, _, *_]):
            yield from _without_each_argument(node)
        case ast.keyword(arg="columns" | "defaults" | "create_defaults", value=ast.Dict(keys=[_, *_]) as columns):
            for place in range(len(columns.keys)):
                fewer = ast.Dict(keys=_without(columns.keys, place), values=_without(columns.values, place))
                yield ast.keyword(arg=node.arg, value=fewer)


def _without_each_argument(call: ast.Call) -> Iterator[ast.Call]:
    for place in range(len(call.args)):
        yield ast.Call(func=call.func, args=_without(call.args, place), keywords=call.keywords)
    for place in range(len(call.keywords)):
        yield ast.Call(func=call.func, args=call.args, keywords=_without(call.keywords, place))


def _without(items: list[T], place: int) -> list[T]:
    return items[:place] + items[place + 1 :]


# -- Conditions -------------------------------------------------------------------------------------------------


def decide_an_if(node: ast.AST, above: ast.AST) -> Iterator[Replacement]:
    """The branch is never taken; one that does not leave the function is also always taken."""
    if not isinstance(node, ast.If):
        return
    yield _with(node, test=ast.Constant(False))
    if not isinstance(node.body[-1], ast.Raise | ast.Return | ast.Continue | ast.Break):
        yield _with(node, test=ast.Constant(True))


def decide_a_choice(node: ast.AST, above: ast.AST) -> Iterator[Replacement]:
    """`a if b else c` becomes `a`, then `c`; unless it only chooses between words."""
    if isinstance(node, ast.IfExp) and not (_is_text(node.body) or _is_text(node.orelse)):
        yield node.body
        yield node.orelse


def drop_an_operand(node: ast.AST, above: ast.AST) -> Iterator[Replacement]:
    """`a and b` becomes `a`, then `b`; the same of `or`, `max`, `min`, and of a `|` or `&` of conditions or sets."""
    match node:
        case ast.BoolOp(values=values):
            for place in range(len(values)):
                left = _without(values, place)
                yield left[0] if len(left) == 1 else ast.BoolOp(op=node.op, values=left)
        case ast.BinOp(op=ast.BitOr() | ast.BitAnd(), left=left, right=right):
            if any(isinstance(each, ast.Call | ast.BinOp | ast.UnaryOp) for each in (left, right)):
                yield left
                yield right
        case ast.Call(func=ast.Name(id="max" | "min"), args=[_, _, *_], keywords=[]):
            yield from (each for each in node.args if not isinstance(each, ast.Starred))


def drop_a_not(node: ast.AST, above: ast.AST) -> Iterator[Replacement]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert) and not isinstance(above, ast.If):
        yield node.operand


def move_a_boundary(node: ast.AST, above: ast.AST) -> Iterator[Replacement]:
    """`<` becomes `<=`; `==` becomes `!=` where it is not the whole condition of an `if`, which is decided anyway."""
    if not isinstance(node, ast.Compare):
        return
    for place, operator in enumerate(node.ops):
        other = _BOUNDARIES.get(type(operator))
        if other is None and not isinstance(above, ast.If | ast.IfExp):
            other = _OPPOSITES.get(type(operator))
        if other is not None:
            operators = [*node.ops[:place], other(), *node.ops[place + 1 :]]
            yield ast.Compare(left=node.left, ops=operators, comparators=node.comparators)


def drop_a_comprehensions_if(node: ast.AST, above: ast.AST) -> Iterator[Replacement]:
    if isinstance(node, ast.comprehension):
        for place in range(len(node.ifs)):
            yield _with(node, ifs=_without(node.ifs, place))


# -- Statements -------------------------------------------------------------------------------------------------


def drop_a_statement(node: ast.AST, above: ast.AST) -> Iterator[Replacement]:
    """A call made for what it does (a check, a mail, a write), a finding, an attribute that is set."""
    match node:
        case ast.Expr(value=ast.Call() as call):
            if name_of(call) not in _NEVER_DROPPED:
                yield None
        case ast.Expr(value=ast.Yield() | ast.YieldFrom()):
            # Alone in its `if`, it is dropped with the `if`.
            if not (isinstance(above, ast.If) and len(above.body) == 1):
                yield None
        case ast.Delete():
            yield None
        case ast.Assign(targets=targets):
            if all(_is_attribute(target) for target in targets):
                yield None


def _is_attribute(target: ast.expr) -> bool:
    if isinstance(target, ast.Tuple):
        return all(_is_attribute(each) for each in target.elts)
    return isinstance(target, ast.Attribute)


# -- Values -----------------------------------------------------------------------------------------------------


def flip_a_boolean(node: ast.AST, above: ast.AST) -> Iterator[Replacement]:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)


def add_one(node: ast.AST, above: ast.AST) -> Iterator[Replacement]:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        yield ast.Constant(node.value + 1)
        if node.value > 1:
            yield ast.Constant(node.value - 1)


def turn_days_around(node: ast.AST, above: ast.AST) -> Iterator[Replacement]:
    """A duration is taken away instead of added, and the reverse."""
    match node:
        case ast.BinOp(op=ast.Add() | ast.Sub(), right=ast.Call(func=ast.Name(id="timedelta"))):
            yield ast.BinOp(left=node.left, op=_other_sign(node.op), right=node.right)


def _other_sign(operator: ast.operator) -> ast.operator:
    return ast.Sub() if isinstance(operator, ast.Add) else ast.Add()


def drop_an_element(node: ast.AST, above: ast.AST) -> Iterator[Replacement]:
    """One state less in a set of states, one exception less among those caught, one row less in a small table."""
    if not isinstance(node, ast.Set | ast.List | ast.Tuple):
        return
    is_row = isinstance(above, ast.Tuple | ast.List | ast.Call) and isinstance(node, ast.Tuple)
    is_target = isinstance(getattr(node, "ctx", None), ast.Store)
    if is_row or is_target or not all(_is_element(each) for each in node.elts):
        return
    for place in range(len(node.elts)):
        elements = _without(node.elts, place)
        if elements:
            yield _with(node, elts=elements)
        elif isinstance(node, ast.Set):
            yield ast.Call(func=ast.Name("set", ast.Load()), args=[], keywords=[])


def _is_element(node: ast.expr) -> bool:
    """A name, a code, or a row of these."""
    if isinstance(node, ast.Tuple):
        return all(_is_element(each) for each in node.elts)
    return isinstance(node, ast.Attribute | ast.Constant | ast.Starred) or (
        isinstance(node, ast.Name) and node.id[:1].isupper()
    )


def swap_a_member(node: ast.AST, above: ast.AST) -> Iterator[Replacement]:
    """Another state, another party or a lesser right, in what is written or in a row of a table."""
    if isinstance(above, ast.Call | ast.keyword | ast.Tuple) and isinstance(node, ast.Attribute):
        others = [other for other in _MEMBERS.get(name_of(node.value), ()) if other != node.attr]
        yield from (ast.Attribute(value=node.value, attr=other, ctx=node.ctx) for other in others[:1])


def add_a_source(node: ast.AST, above: ast.AST) -> Iterator[Replacement]:
    """A row of the lifecycle that may also be reached from a state that it does not name."""
    if not (isinstance(node, ast.keyword) and node.arg == "sources" and name_of(above).endswith("Move")):
        return
    for state in _STATES_TO_ADD:
        if f"_S.{state}" not in ast.unparse(node.value):
            added = ast.Set([ast.Attribute(ast.Name("_S", ast.Load()), state, ast.Load())])
            yield ast.keyword(arg="sources", value=ast.BinOp(left=node.value, op=ast.BitOr(), right=added))


def change_a_severity(node: ast.AST, above: ast.AST) -> Iterator[Replacement]:
    """A warning refuses, and what refuses only warns."""
    if isinstance(node, ast.Constant) and node.value in ("warning", "fatal"):
        yield ast.Constant("fatal" if node.value == "warning" else "warning")


def weaken_a_page(node: ast.AST, above: ast.AST) -> Iterator[Replacement]:
    """What a page changes needs no more than to see it; it no longer answers one of its methods."""
    if not (isinstance(node, ast.Call) and name_of(node) == "page"):
        return
    rows = {keyword.arg: keyword.value for keyword in node.keywords}
    for keyword in node.keywords:
        if keyword.arg == "post" and "get" in rows and ast.dump(rows["get"]) != ast.dump(keyword.value):
            others = [other for other in node.keywords if other is not keyword]
            weaker = ast.keyword(arg="post", value=rows["get"])
            yield ast.Call(func=node.func, args=node.args, keywords=[*others, weaker])
        if keyword.arg in ("get", "post") and {"get", "post"} <= set(rows):
            others = [other for other in node.keywords if other is not keyword]
            yield ast.Call(func=node.func, args=node.args, keywords=others)


# -- The table --------------------------------------------------------------------------------------------------


def _always(node: ast.AST) -> bool:
    return True


def _never(node: ast.AST) -> bool:
    return False


def _refuses(node: ast.AST) -> bool:
    """A condition whose body refuses, or a call that is made to refuse."""
    match node:
        case ast.If(body=[*_, ast.Raise()]):
            return True
        case ast.Expr(value=ast.Call() as call):
            return name_of(call).lstrip("_").startswith(_REFUSING)
    return False


def _is_a_right(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and name_of(node.value) == "Right"


@dataclass(frozen=True)
class Row:
    """An operator, and the folders (under src/plainchant) where it makes sense; () is everywhere.

    ``is_guard``: whether what it changes in a node is a guard (a refusal, a right) or a scope (whose rows are read).
    """

    operator: Operator
    folders: tuple[str, ...] = ()
    is_guard: Callable[[ast.AST], bool] = _never


_LOGIC = ("access", "portal", "einvoice")

OPERATORS = (
    Row(drop_a_term, is_guard=_always),
    Row(move_a_lookup),
    Row(drop_a_written_column),
    Row(decide_an_if, is_guard=_refuses),
    Row(decide_a_choice),
    Row(drop_an_operand),
    Row(drop_a_not),
    Row(move_a_boundary),
    Row(drop_a_comprehensions_if),
    Row(drop_a_statement, is_guard=_refuses),
    Row(flip_a_boolean),
    Row(add_one, _LOGIC),  # numbers of a page are widths and counts
    Row(turn_days_around),
    Row(drop_an_element),
    Row(swap_a_member, is_guard=_is_a_right),
    Row(add_a_source, ("portal/invoices/lifecycle.py",)),
    Row(change_a_severity),
    Row(weaken_a_page, is_guard=_always),
)


def changes(node: ast.AST, above: ast.AST, path: str) -> Iterator[tuple[Replacement, bool]]:
    """Everything that may stand in this node's place, in the file ``path``; and whether it takes a guard away."""
    for row in OPERATORS:
        if not row.folders or path.startswith(row.folders):
            for replacement in row.operator(node, above):
                yield replacement, row.is_guard(node)


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return bool(node.value)
    return isinstance(node, ast.JoinedStr)


def _with(node: Node, **fields: object) -> Node:
    """A copy of a node with other fields; its children are shared."""
    new = copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new
