"""Measure the structure of the code: rooms, sizes of modules and functions, parameters, imports inside functions.

python -m tests.benchmarks.structure                   the working tree
python -m tests.benchmarks.structure --against v0.1    beside a commit
"""

from __future__ import annotations

import argparse
import ast
import io
import statistics
import subprocess
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Measures:
    """The sizes found in one tree: lines per module, and per function its body lines, parameters and imports."""

    modules: Mapping[str, int]
    bodies: Sequence[int]
    parameters: Sequence[int]
    nested_imports: int

    def rows(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the value of each measure."""
        yield "modules", str(len(self.modules))
        yield "lines", str(sum(self.modules.values()))
        yield "module lines: median / p90 / max", _spread(list(self.modules.values()))
        yield "modules over 300 lines", str(sum(lines > 300 for lines in self.modules.values()))
        yield "functions", str(len(self.bodies))
        yield "function body lines: median / p90 / max", _spread(self.bodies)
        yield "functions over 25 lines", str(sum(lines > 25 for lines in self.bodies))
        yield "parameters: p90 / max", f"{_quantile(self.parameters, 90)} / {max(self.parameters)}"
        yield "imports inside functions", str(self.nested_imports)


def measure(sources: Mapping[str, str]) -> Measures:
    """Return the sizes in a tree, given as the text of each file by its path."""
    bodies: list[int] = []
    parameters: list[int] = []
    nested = 0
    for source in sources.values():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, Function):
                bodies.append(_body_lines(node))
                parameters.append(_parameter_count(node))
                nested += sum(isinstance(statement, ast.Import | ast.ImportFrom) for statement in _own(node))
    return Measures({name: source.count("\n") for name, source in sources.items()}, bodies, parameters, nested)


def working_tree(*suffixes: str) -> dict[str, str]:
    """Return the texts of the package in the working tree by path: modules, or the files with these suffixes."""
    files = sorted(file for file in (ROOT / "meetscribe").rglob("*") if file.suffix in (suffixes or (".py",)))
    return {file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8") for file in files}


def at_commit(commit: str, *suffixes: str) -> dict[str, str]:
    """Return the texts of the package at a commit, like `working_tree`."""
    packed = subprocess.run(["git", "archive", commit, "meetscribe"], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        found = [each for each in archive if Path(each.name).suffix in (suffixes or (".py",))]
        files = {each.name: archive.extractfile(each) for each in found}
        return {name: file.read().decode() for name, file in files.items() if file is not None}


def rooms(sources: Mapping[str, str]) -> Iterator[tuple[str, int, int]]:
    """Yield each room and sub-room with its number of modules and lines, sub-rooms after their room."""
    found: dict[str, list[int]] = {}
    for name, source in sources.items():
        parts = Path(name).parts[1:]
        for depth in range(1, len(parts)):
            found.setdefault("/".join(parts[:depth]) + "/", []).append(source.count("\n"))
        if len(parts) == 1:
            found.setdefault(parts[0], []).append(source.count("\n"))
    for room in sorted(found):
        yield room, len(found[room]), sum(found[room])


def _own(function: Function) -> Iterator[ast.AST]:
    """Yield the nodes of a function without those of the functions defined in it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, Function):
            waiting.extend(ast.iter_child_nodes(node))


def _body_lines(function: Function) -> int:
    """Return the lines of a function's body, without its docstring."""
    body = function.body
    first = body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        body = body[1:]
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def _parameter_count(function: Function) -> int:
    """Return the number of parameters of a function, without `self` and `cls`."""
    arguments = function.args
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return len([name for name in names if name not in ("self", "cls")])


def _spread(values: Sequence[int]) -> str:
    """Return the median, the 90th percentile and the maximum."""
    return f"{statistics.median(values):g} / {_quantile(values, 90)} / {max(values)}"


def _quantile(values: Sequence[int], percent: int) -> int:
    """Return the smallest value that at least `percent` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, -(-len(ordered) * percent // 100) - 1)]


def main() -> None:
    """Print the tables of rooms and of measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", metavar="COMMIT", help="print the measures of this commit in a second column")
    against = parser.parse_args().against
    here = working_tree()
    print(f"{'room':<28} {'modules':>8} {'lines':>8}")
    for room, modules, lines in rooms(here):
        print(f"{'  ' * (room.rstrip('/').count('/')) + room:<28} {modules:>8} {lines:>8}")
    columns = [measure(here)] if against is None else [measure(at_commit(against)), measure(here)]
    titles = ["now"] if against is None else [against[:12], "now"]
    print(f"\n{'measure':<42}" + "".join(f"{title:>20}" for title in titles))
    for entries in zip(*(column.rows() for column in columns), strict=True):
        print(f"{entries[0][0]:<42}" + "".join(f"{value:>20}" for _, value in entries))


if __name__ == "__main__":
    main()
