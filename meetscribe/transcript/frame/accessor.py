"""`frame.meet`, an accessor of frames of segments, words or turns; importing this module registers it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from meetscribe.text.joining import join_words
from meetscribe.timeline import Span, total
from meetscribe.transcript.frame.dataframe import from_frame
from meetscribe.transcript.values import Meta, Transcript

_NEEDED = ("start", "end", "speaker", "text")


@pd.api.extensions.register_dataframe_accessor("meet")
class MeetAccessor:
    """Speakers, talk time and text of a frame with the columns start, end, speaker and text."""

    def __init__(self, frame: pd.DataFrame) -> None:
        missing = [name for name in _NEEDED if name not in frame.columns]
        if missing:
            raise AttributeError(f"the frame lacks {', '.join(missing)}: it does not hold segments, words or turns")
        self._frame = frame

    @property
    def speakers(self) -> list[str]:
        """The known speakers, in order of first appearance."""
        return [str(label) for label in self._frame["speaker"].dropna().unique()]

    def talk_time(self) -> pd.DataFrame:
        """Return seconds of speech and share of the total for each speaker, longest first.

        Overlap of a speaker with itself counts once. Rows without a speaker are left out, also of the total: the shares
        are those of the known speakers and add up to 1. Columns: `speaker` (string), `seconds`, `share` (Float64).
        """
        known = self._frame.dropna(subset=["speaker", "start", "end"])
        seconds = {
            str(label): total(
                Span(float(start), float(end)) for start, end in zip(own["start"], own["end"], strict=True)
            )
            for label, own in known.groupby("speaker", sort=False)
        }
        ordered = sorted(seconds.items(), key=lambda pair: -pair[1])
        whole = sum(seconds.values())
        return pd.DataFrame(
            {
                "speaker": pd.array([label for label, _ in ordered], dtype="string"),
                "seconds": pd.array([round(time, 3) for _, time in ordered], dtype="Float64"),
                "share": pd.array([time / whole if whole else 0.0 for _, time in ordered], dtype="Float64"),
            }
        )

    def text(self, speaker: str | None = None) -> str:
        """Return the text, of one speaker if given: words as running text, segments and turns a line each."""
        rows = self._frame if speaker is None else self._frame[(self._frame["speaker"] == speaker).fillna(False)]
        texts = [str(text) for text in rows["text"].dropna()]
        return join_words(texts) if "word" in self._frame.columns else "\n".join(texts)

    def transcript(self, meta: Meta | None = None) -> Transcript:
        """Return the transcript of the frame; raises InputError naming the row and the column of a wrong value."""
        return from_frame(self._frame, meta)

    def export(self, path: str | Path, format: str | None = None) -> None:
        """Write the frame's transcript to a file, in `format` or in that of the suffix.

        Raises InputError if the frame is not a transcript, SettingsError and OutputError as `Transcript.save` does.
        """
        self.transcript().save(path, format)
