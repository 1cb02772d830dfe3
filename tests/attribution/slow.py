"""Attribution the slow obvious way, every word against every turn in whole milliseconds: the oracle of the fast one."""

from __future__ import annotations

from collections.abc import Sequence

from meetscribe.timeline import Diarization, Turn
from meetscribe.transcript import Word

Stretch = tuple[int, int]


def speakers_of(
    words: Sequence[Word], diarization: Diarization, max_gap: float
) -> list[tuple[str | None, float | None, str | None, bool]]:
    """Speaker, score, source and overlap flag of each word."""
    talking = _stretches(diarization.turns)
    chosen = _stretches(diarization.exclusive) or _stretches(diarization.turns)
    return [(*_speaker(_extent(word), chosen, round(max_gap * 1000)), _overlapped(word, talking)) for word in words]


def _speaker(
    word: Stretch, chosen: dict[str, list[Stretch]], max_gap: int
) -> tuple[str | None, float | None, str | None]:
    best: tuple[int, int, int] | None = None
    name = None
    for speaker, stretches in chosen.items():
        under = [stretch for stretch in stretches if _common(word, stretch) > 0]
        if under:
            key = (-sum(_common(word, s) for s in under), 0, -max(e - b for b, e in under))
        else:
            gap = min(_gap(word, stretch) for stretch in stretches)
            key = (0, gap, -max(e - b for b, e in stretches if _gap(word, (b, e)) == gap))
        if best is None or key < best:
            best, name = key, speaker
    if best is None or name is None or best[1] > max_gap:
        return None, None, None
    if best[0] == 0:
        return name, 0.0, "nearest"
    return name, round(-best[0] / (word[1] - word[0]), 4), "turn"


def _overlapped(word: Word, talking: dict[str, list[Stretch]]) -> bool:
    begin, end = _extent(word)
    crowded = sum(
        sum(any(b <= t < e for b, e in stretches) for stretches in talking.values()) >= 2 for t in range(begin, end)
    )
    return 2 * crowded >= end - begin


def _stretches(turns: Sequence[Turn]) -> dict[str, list[Stretch]]:
    """The milliseconds of each speaker joined into stretches, speakers by first appearance."""
    found: dict[str, list[Stretch]] = {}
    for turn in sorted(turns):
        begin, end = round(turn.start * 1000), round(turn.end * 1000)
        own = found.setdefault(turn.speaker, []) if begin < end else []
        if own and begin <= own[-1][1]:
            own[-1] = (own[-1][0], max(own[-1][1], end))
        elif begin < end:
            own.append((begin, end))
    return found


def _extent(word: Word) -> Stretch:
    begin = round(word.start * 1000)
    return begin, max(round(word.end * 1000), begin + 1)


def _common(a: Stretch, b: Stretch) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def _gap(a: Stretch, b: Stretch) -> int:
    return max(0, max(a[0], b[0]) - min(a[1], b[1]))
