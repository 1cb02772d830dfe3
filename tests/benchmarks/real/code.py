"""A digest of code by which stored outputs are found."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import meetscribe

_ROOT = Path(meetscribe.__file__).parent
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def digest_of_statements(modules: Iterable[str]) -> str:
    """Return a digest of modules and packages of meetscribe, such as "asr" or "pipeline.flow".

    Comments and docstrings, which change no output, do not count.
    """
    digest = hashlib.sha256()
    for file in sorted(file for module in modules for file in _files(module)):
        digest.update(f"{file.relative_to(_ROOT)}: {statements(file.read_text(encoding='utf-8'))}\n".encode())
    return digest.hexdigest()[:16]


def statements(source: str) -> str:
    """Return the syntax tree of a module as text, without docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            del node.body[0]
    return ast.dump(tree)


def _files(module: str) -> Iterator[Path]:
    """Yield the source files of a module, or of a package with all that it contains."""
    path = _ROOT.joinpath(*module.split("."))
    yield from path.rglob("*.py") if path.is_dir() else [path.with_suffix(".py")]
