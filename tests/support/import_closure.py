"""The modules that a module of meetscribe imports, directly and through others, read from the source code."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "meetscribe"
LAZY = re.compile(r"meetscribe((?:\.\w+)+):\w+")
"""A place in a table of lazily imported objects."""


def import_closure(roots: Iterable[str], stop: Collection[str] = ()) -> tuple[set[str], set[str]]:
    """Return the modules of meetscribe and the top-level names of other packages that the roots import.

    Modules are named without "meetscribe". Imports of the modules in `stop`, and of those below them, are not
    followed, and they are not in the result. Imports inside functions and for type checkers count, too.
    """
    found: set[str] = set()
    packages: set[str] = set()
    waiting = list(roots)
    while waiting:
        module = waiting.pop()
        if module in found or covers(stop, module):
            continue
        found.add(module)
        for target in _imports(module):
            own = _resolved(*target)
            waiting += own
            if not own and (name := target[0].split(".")[0]) not in sys.stdlib_module_names:
                packages.add(name)
    return found, packages


def covers(declared: Collection[str], module: str) -> bool:
    """Whether a module, or a package above it, is declared."""
    return any(module == name or module.startswith(f"{name}.") for name in declared)


@cache
def _imports(module: str) -> tuple[tuple[str, str | None], ...]:
    """Return the imports of a module: the dotted name of a module, and the name that is imported from it."""
    return tuple(_walk(ast.parse(_file(module).read_text(encoding="utf-8"))))


def _walk(tree: ast.AST) -> Iterator[tuple[str, str | None]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports in meetscribe are absolute"
            yield from ((node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and (lazy := LAZY.fullmatch(node.value)):
            yield f"meetscribe{lazy[1]}", None


def _resolved(module: str, name: str | None) -> list[str]:
    """Return the module that defines an imported name, looking through packages; none if it is not ours."""
    top, _, own = module.partition(".")
    if top != "meetscribe":
        return []
    if name and _exists(inner := f"{own}.{name}".lstrip(".")):
        return [inner]
    if name and own and _file(own).name == "__init__.py":
        for origin, imported in _imports(own):
            if imported == name:
                return _resolved(origin, name)
    return [own] if own else []


def _exists(module: str) -> bool:
    path = PACKAGE.joinpath(*module.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def _file(module: str) -> Path:
    path = PACKAGE.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
