"""A process that has imported the whole program. In a fork of it, a mutant is another code for one function.

To import the program anew takes most of what a mutant costs. What is changed inside a function needs none of that: the
function objects that everybody else has imported are given the code that the changed module compiles to.
"""

from __future__ import annotations

import ast
import gc
import importlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from types import CodeType, FunctionType

from .changed import Module, Mutant

_Place = tuple[str, int]  # qualified name, first line

_functions: dict[str, list[FunctionType]] = defaultdict(list)  # by the name of their module


def import_the_program(targets: Sequence[Module]) -> None:
    """All that a test may need of ours, but the tests."""
    import django
    from django.db import connections

    django.setup()
    for name in ("plainchant.config.urls", "tests.making", *(module.name for module in targets)):
        importlib.import_module(name)
    connections.close_all()
    names = {module.name for module in targets}
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__module__ in names:
            _functions[each.__module__].append(each)
    gc.freeze()


def change_the_functions(mutant: Mutant) -> bool:
    """In a fork: those that the mutant changes; False if it changes what is made when the module is imported."""
    mutant.apply()
    tree = ast.fix_missing_locations(mutant.module.tree)
    changed = compile(tree, str(mutant.module.file), "exec", dont_inherit=True)
    codes = dict(_codes_in(changed))
    places = Counter(place for place, _ in _codes_in(changed))
    found = False
    for function in _functions[mutant.module.name]:
        place = function.__code__.co_qualname, function.__code__.co_firstlineno
        code = codes.get(place)
        if code is None or code == function.__code__:
            continue
        if places[place] > 1 or code.co_freevars != function.__code__.co_freevars:
            return False
        function.__code__ = code
        found = True
    return found


def _codes_in(code: CodeType) -> Iterator[tuple[_Place, CodeType]]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield (each.co_qualname, each.co_firstlineno), each
            yield from _codes_in(each)
