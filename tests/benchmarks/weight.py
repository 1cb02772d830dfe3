"""Weigh the project: rooms, copied and unused code, packages, start times, tests.

    python -m tests.benchmarks.weight                              the tables
    python -m tests.benchmarks.weight --against v0.1               also the growth since a commit
    python -m tests.benchmarks.weight --picture rooms.png          the rooms as bars
    python -m tests.benchmarks.weight --install train ray          time of real installations, from the package index
    python -m tests.benchmarks.weight --install all                the same for each extra
    python -m pytest --junitxml tests.xml; python -m tests.benchmarks.weight --junit tests.xml

Copied code are windows of eight equal lines in two places. Unused code is what vulture finds (`pip install vulture`);
it does not see engines and commands that are loaded by name. The size of an extra is that of its installed packages
that the base package does not need. Each extra is installed into a copy of an environment that has the base package;
times include downloads that pip has not kept in its cache.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from packaging.requirements import Requirement

from meetscribe.settings.toml_files import read_toml
from tests.benchmarks.structure import ROOT, at_commit, working_tree

WINDOW = 8
"""The least number of equal lines in two places."""

_IGNORED = re.compile(r"#|from |import |if TYPE_CHECKING|[\"\w]+,$")


def lines_by_room(sources: Mapping[str, str]) -> Counter[str]:
    """Return the lines of each room, the top level under its file names."""
    rooms: Counter[str] = Counter()
    for name, source in sources.items():
        parts = Path(name).parts
        rooms[parts[1]] += source.count("\n")
    return rooms


def copies(sources: Mapping[str, str]) -> Iterator[tuple[str, int, str, int]]:
    """Yield the places of equal windows, each pair of copies once: file and line, file and line.

    Blank lines, comments, imports, lists of names and closing brackets do not count.
    """
    seen: dict[tuple[str, ...], tuple[str, int]] = {}
    for name, source in sources.items():
        lines = [(number, line.strip()) for number, line in enumerate(source.splitlines(), 1)]
        code = [(number, line) for number, line in lines if len(line) > 3 and not _IGNORED.match(line)]
        skip = 0
        for index in range(len(code) - WINDOW + 1):
            window = tuple(line for _, line in code[index : index + WINDOW])
            first = seen.setdefault(window, (name, code[index][0]))
            if first != (name, code[index][0]) and index >= skip:
                skip = index + WINDOW
                yield *first, name, code[index][0]


def packages_of(extra: str | None) -> set[str]:
    """Return the names of the installed packages that the base package, or one of its extras, needs."""
    found: set[str] = set()
    waiting = [("meetscribe", frozenset([extra] if extra else []))]
    seen = set(waiting)
    while waiting:
        name, extras = waiting.pop()
        try:
            requires = _declared() if name == "meetscribe" else importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        found |= {name} - {"meetscribe"}
        for requirement in map(Requirement, requires):
            if _applies(requirement, extras):
                needed = (requirement.name.lower().replace("_", "-"), frozenset(requirement.extras))
                if needed not in seen:
                    seen.add(needed)
                    waiting.append(needed)
    return found


def _declared() -> list[str]:
    """Return the requirements in pyproject.toml, those of extras with a marker."""
    project = _project()
    optional = project["optional-dependencies"]
    return [*project["dependencies"], *(_marked(text, extra) for extra in optional for text in optional[extra])]


def _project() -> dict[str, Any]:
    project: dict[str, Any] = read_toml(ROOT / "pyproject.toml", "", "Correct it.")["project"]
    return project


def _marked(requirement: str, extra: str) -> str:
    name, _, marker = requirement.partition(";")
    return f"{name}; ({marker}) and extra == '{extra}'" if marker else f"{name}; extra == '{extra}'"


def _applies(requirement: Requirement, extras: frozenset[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in (extras or frozenset([""])))


def installed_bytes(packages: set[str]) -> int:
    """Return the size of the installed files of packages."""
    files = (file for name in packages for file in importlib.metadata.files(name) or ())
    return sum(file.size or 0 for file in files)


def extras() -> list[str]:
    """Return the extras for users, in alphabetical order."""
    return sorted(extra for extra in _project()["optional-dependencies"] if not extra.startswith("dev"))


def seconds_of(*command: str) -> float:
    """Return the least wall time of three runs of a command."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return min(times)


def installation_seconds(extras: Sequence[str]) -> dict[str, float]:
    """Return the wall time to install the base package ("base") in a new environment, and each extra beside it."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "base"
        venv.create(base, with_pip=True)
        times = {"base": _pip_install(base, str(ROOT))}
        for extra in extras:
            with_extra = base.with_name(extra)
            shutil.copytree(base, with_extra, symlinks=True, copy_function=os.link)
            times[extra] = _pip_install(with_extra, f"{ROOT}[{extra}]")
            shutil.rmtree(with_extra)
    return times


def _pip_install(environment: Path, package: str) -> float:
    began = time.perf_counter()
    subprocess.run([environment / "bin" / "python", "-m", "pip", "install", "-q", package], check=True)
    return time.perf_counter() - began


def test_seconds(junit: Path) -> dict[str, float]:
    """Return the wall time of the tests of each room in a report of `pytest --junitxml`."""
    rooms: dict[str, float] = defaultdict(float)
    for case in ElementTree.parse(junit).iter("testcase"):  # written by pytest on this machine
        parts = (case.get("classname") or "").split(".")
        rooms[parts[1] if len(parts) > 1 else parts[0]] += float(case.get("time") or 0)
    return rooms


def unused() -> list[str] | None:
    """Return the findings of vulture in the package, whose tests count as uses; None if it is not installed."""
    command = [sys.executable, "-m", "vulture", "meetscribe", "tests", "--min-confidence", "60"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if "No module named" in found.stderr:
        return None
    return [line for line in found.stdout.splitlines() if line.startswith("meetscribe")]


def draw(now: Counter[str], before: Counter[str], path: Path) -> None:
    """Draw a bar per room, the largest first, and a mark at its size before."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 0.28 * len(now) + 1), layout="constrained")
    axes = figure.subplots()
    rooms = [room for room, _ in now.most_common()][::-1]
    axes.barh(rooms, [now[room] for room in rooms], color="#56B4E9")
    if before:
        axes.plot([before[room] for room in rooms], rooms, "|", color="black", markersize=10, label="before")
        axes.legend(loc="lower right", frameon=False)
    for place, room in enumerate(rooms):
        axes.text(now[room], place, f" {now[room]:,}", va="center", fontsize=8)
    axes.set_xlabel("lines")
    axes.margins(y=0.01)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.savefig(path, dpi=120)


def _print_rooms(now: Counter[str], before: Counter[str]) -> None:
    print("| room | lines | growth |\n|---|--:|--:|")
    for room, lines in now.most_common():
        print(f"| {room} | {lines:,} | {lines - before[room]:+,} |" if before else f"| {room} | {lines:,} | |")
    print(
        f"| all | {now.total():,} | {now.total() - before.total():+,} |" if before else f"| all | {now.total():,} | |"
    )


def _print_code(sources: Mapping[str, str]) -> None:
    pairs = list(copies(sources))
    print(f"\ncopied code: {len(pairs)} windows of {WINDOW} lines")
    for first, line, second, other in pairs:
        print(f"  {first}:{line}  {second}:{other}")
    findings = unused()
    print("\nunused code: vulture is not installed" if findings is None else f"\nunused code: {len(findings)} findings")
    for finding in findings or ():
        print(f"  {finding}")


def _print_packages(timed: Sequence[str]) -> None:
    base = packages_of(None)
    times = installation_seconds(extras() if "all" in timed else timed) if timed else {}
    print("\n| installed | packages | MB | seconds |\n|---|--:|--:|--:|")
    for name in ("base", *extras()):
        packages = base if name == "base" else packages_of(name) - base
        seconds = f"{times[name]:.0f}" if name in times else ""
        print(f"| {name} | {len(packages)} | {installed_bytes(packages) / 1e6:.0f} | {seconds} |")


def main() -> None:
    """Print the tables, and draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", metavar="COMMIT", help="print the growth of the rooms since this commit")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draw the rooms as bars (PNG, SVG, PDF)")
    parser.add_argument("--install", nargs="+", default=(), metavar="EXTRA", help='time installations, of "all" extras')
    parser.add_argument("--junit", type=Path, metavar="FILE", help="print the time of the tests by room")
    options = parser.parse_args()
    sources = working_tree()
    now = lines_by_room(sources)
    before = lines_by_room(at_commit(options.against)) if options.against else Counter[str]()
    _print_rooms(now, before)
    if options.picture:
        draw(now, before, options.picture)
    _print_code(sources)
    _print_packages(options.install)
    print(f"\nimport meetscribe: {seconds_of(sys.executable, '-c', 'import meetscribe'):.2f} s")
    print(f"meetscribe --help: {seconds_of(sys.executable, '-m', 'meetscribe', '--help'):.2f} s")
    print(f"README.md: {len((ROOT / 'README.md').read_text(encoding='utf-8').splitlines())} lines")
    if options.junit:
        times = test_seconds(options.junit)
        print("\n| tests | seconds |\n|---|--:|")
        for room, seconds in [*sorted(times.items(), key=lambda each: -each[1]), ("all", sum(times.values()))]:
            print(f"| {room} | {seconds:.1f} |")


if __name__ == "__main__":
    main()
