"""Make the files that `test_published_scores.py` scores, and the scores that other programs give on them.

    python -m tests.evaluation.data.make_expected

It needs meeteval, pyannote.metrics and spy-der, which the tests do not. The references are the first minutes of the
samples; the hypotheses are the references with errors drawn from a fixed seed.
"""

from __future__ import annotations

import json
import random
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent
SAMPLES = Path(__file__).parents[3] / "samples"

UTTERANCES = {"interview": 12, "standup": 14}
SHIFTS = {"interview": 0.2, "standup": 5.5}
TURNS = 100
REGIONS = ((0.0, 60.5), (75.25, 240.0))
COLLARS = (0.0, 0.25)

Row = tuple[str, float, float, str]
"""Speaker, start and end in seconds, text."""


def stm_rows(name: str, count: int) -> list[Row]:
    """Return the first utterances of a sample."""
    lines = (SAMPLES / f"{name}.stm").read_text(encoding="utf-8").splitlines()[:count]
    fields = [line.split(maxsplit=5) for line in lines]
    return [(row[2], float(row[3]), float(row[4]), _plain(row[5])) for row in fields]


def rttm_rows(name: str, count: int) -> list[Row]:
    """Return the first turns of a sample."""
    fields = [line.split() for line in (SAMPLES / f"{name}.rttm").read_text(encoding="utf-8").splitlines()[:count]]
    return [(row[7], float(row[3]), round(float(row[3]) + float(row[4]), 3), "") for row in fields]


def wrong_words(rows: list[Row], chance: random.Random, shift: float) -> list[Row]:
    """Return the utterances with words inserted, deleted and replaced, speakers confused, and all times moved."""
    speakers = sorted({row[0] for row in rows})
    made: list[Row] = []
    for speaker, start, end, text in rows:
        words = [word for word in text.split() if chance.random() > 0.08]
        words = [word if chance.random() > 0.08 else word[::-1] for word in words]
        if chance.random() < 0.2:
            words.insert(chance.randrange(len(words) + 1), "well")
        found = chance.choice(speakers) if chance.random() < 0.15 else speaker
        if words:
            made.append((f"s{speakers.index(found)}", round(start + shift, 3), round(end + shift, 3), " ".join(words)))
    return sorted(made, key=lambda row: row[1])


def wrong_turns(rows: list[Row], chance: random.Random) -> list[Row]:
    """Return the turns with edges moved, turns missed, invented and given to other speakers."""
    speakers = sorted({row[0] for row in rows})
    made: list[Row] = []
    for speaker, start, end, _ in rows:
        if chance.random() < 0.05:
            continue
        found = chance.choice(speakers) if chance.random() < 0.1 else speaker
        first = max(0.0, start + chance.uniform(-0.4, 0.4))
        last = max(first + 0.1, end + chance.uniform(-0.4, 0.4))
        made.append((f"s{speakers.index(found)}", round(first, 3), round(last, 3), ""))
        if chance.random() < 0.05:
            made.append(("s9", round(last, 3), round(last + 0.7, 3), ""))
    return sorted(made, key=lambda row: row[1])


def write(name: str, lines: list[str]) -> Path:
    """Write a file of lines beside this module."""
    path = DATA / name
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def write_sessions() -> tuple[Path, Path]:
    """Write reference and hypothesis of all sessions as STM."""
    chance = random.Random(14)
    reference = {name: stm_rows(name, count) for name, count in UTTERANCES.items()}
    hypothesis = {name: wrong_words(rows, chance, SHIFTS[name]) for name, rows in reference.items()}
    return write("ref.stm", _stm(reference)), write("hyp.stm", _stm(hypothesis))


def write_turns() -> tuple[Path, Path]:
    """Write reference and hypothesis of the planning meeting as RTTM, and the scored regions as UEM."""
    rows = rttm_rows("planning", TURNS)
    write("planning.uem", [f"planning 1 {start} {end}" for start, end in REGIONS])
    reference, hypothesis = _rttm(rows), _rttm(wrong_turns(rows, random.Random(41)))
    return write("planning.ref.rttm", reference), write("planning.hyp.rttm", hypothesis)


def meeteval_scores(reference: Path, hypothesis: Path) -> dict[str, Any]:
    """Return the counts of each session and of all, by metric."""
    meeteval = import_module("meeteval")
    sides = [meeteval.io.load(path) for path in (reference, hypothesis)]
    scores: dict[str, Any] = {}
    for metric, options in (("cpwer", {}), ("tcpwer", {"collar": 5}), ("orcwer", {})):
        rates = getattr(meeteval.wer, metric)(*sides, **options)
        total = meeteval.wer.combine_error_rates(*rates.values())
        scores[metric] = {
            "per_session": {name: _counts(rate) for name, rate in rates.items()},
            "overall": _counts(total),
        }
    return scores


def pyannote_scores(reference: Path, hypothesis: Path) -> list[dict[str, Any]]:
    """Return DER with its parts, JER, purity and coverage for each scoring rule; pyannote's collar is both sides."""
    metrics, core = import_module("pyannote.metrics.diarization"), import_module("pyannote.core")
    sides = [_annotation(core, path) for path in (reference, hypothesis)]
    regions = core.Timeline([core.Segment(*region) for region in REGIONS])
    everywhere = core.Timeline([core.Segment(0, 10_000)])
    rows = []
    for collar, skip, uem in [(c, s, None) for c in COLLARS for s in (False, True)] + [(0.0, False, regions)]:
        rule = {"collar": 2 * collar, "skip_overlap": skip}
        within = everywhere if uem is None else uem
        parts = metrics.DiarizationErrorRate(**rule)(*sides, uem=within, detailed=True)
        rows.append(
            {
                "collar": collar,
                "skip_overlap": skip,
                "within": None if uem is None else [list(region) for region in REGIONS],
                "der": parts["diarization error rate"],
                "miss": parts["missed detection"],
                "false_alarm": parts["false alarm"],
                "confusion": parts["confusion"],
                "jer": metrics.JaccardErrorRate(**rule)(*sides, uem=within),
                "purity": metrics.DiarizationPurity(**rule)(*sides, uem=within),
                "coverage": metrics.DiarizationCoverage(**rule)(*sides, uem=within),
            }
        )
    return rows


def spyder_scores(reference: Path, hypothesis: Path) -> dict[str, float]:
    """Return spyder's DER of all speech, of speech of one speaker, and of overlapping speech."""
    spyder = import_module("spyder")
    sides = [
        [(row[7], float(row[3]), float(row[3]) + float(row[4])) for row in _fields(path)]
        for path in (reference, hypothesis)
    ]
    return {region: spyder.DER(*sides, regions=region, collar=0.0).der for region in ("all", "single", "overlap")}


def _annotation(core: Any, path: Path) -> Any:
    made = core.Annotation()
    for index, row in enumerate(_fields(path)):
        made[core.Segment(float(row[3]), float(row[3]) + float(row[4])), index] = row[7]
    return made.support()


def _fields(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text(encoding="utf-8").splitlines()]


def _counts(rate: Any) -> dict[str, Any]:
    names = ("error_rate", "errors", "length", "insertions", "deletions", "substitutions")
    return {name: getattr(rate, name) for name in names}


def _stm(sessions: dict[str, list[Row]]) -> list[str]:
    return [f"{name} 1 {row[0]} {row[1]} {row[2]} {row[3]}" for name, rows in sessions.items() for row in rows]


def _rttm(rows: list[Row]) -> list[str]:
    return [
        f"SPEAKER planning 1 {start:.3f} {end - start:.3f} <NA> <NA> {speaker} <NA> <NA>"
        for speaker, start, end, _ in rows
    ]


def _plain(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum() or letter in " '")


def main() -> None:
    """Write all files."""
    words, turns = write_sessions(), write_turns()
    expected = {
        "made_with": {name: version(name) for name in ("meeteval", "pyannote.metrics", "spy-der")},
        "meeteval": meeteval_scores(*words),
        "pyannote": pyannote_scores(*turns),
        "spyder": spyder_scores(*turns),
    }
    (DATA / "expected.json").write_text(json.dumps(expected, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
