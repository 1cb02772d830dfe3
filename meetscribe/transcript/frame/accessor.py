"""`frame.meet`, a pandas accessor for frames of segments, words or turns; importing this module registers it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from meetscribe.errors import InputError
from meetscribe.text.joining import join_words
from meetscribe.timeline import Seconds, Span, Turn, total
from meetscribe.transcript.frame.dataframe import from_frame, level_of, require_one_meeting, text_column
from meetscribe.transcript.values import Meta, Transcript

if TYPE_CHECKING:
    from meetscribe.analytics import AnalyticsSettings, Statistics

_REQUIRED = ("start", "end", "speaker")


@pd.api.extensions.register_dataframe_accessor("meet")
class MeetAccessor:
    """Statistics, text and transcript of a frame with the columns start, end and speaker.

    Text, transcript and word statistics also need the text of each row, in the column text or, for words, word. The
    statistics are tables of `meetscribe.analytics`, computed from the frame alone: a frame does not hold the turns of
    the diarizer.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        missing = [name for name in _REQUIRED if name not in frame.columns]
        if missing:
            raise AttributeError(f"the frame lacks {', '.join(missing)}: it does not hold segments, words or turns")
        self._frame = frame

    @property
    def labels(self) -> list[str]:
        """The values of the column speaker (displayed names in a transcript's frame), in order of first appearance."""
        return [str(label) for label in self._frame["speaker"].dropna().unique()]

    def stats(self, settings: AnalyticsSettings | None = None) -> Statistics:
        """Return all statistics; see `meetscribe.stats`.

        A frame with text may hold several meetings, distinguished by a column `meeting`. Raises InputError for a row
        without valid times.
        """
        from meetscribe.analytics import stats

        return stats(self._turns() if text_column(self._frame) is None else self._frame, settings=settings)

    def speakers(self) -> pd.DataFrame:
        """Return a row per speaker: talk time, turns, rates, questions, interruptions and more."""
        return self.stats().frame("speakers")

    def meeting(self) -> pd.DataFrame:
        """Return a row per meeting: speech, silence, overlap, balance and more."""
        return self.stats().frame("meeting")

    def turns(self) -> pd.DataFrame:
        """Return the turns; backchannels do not interrupt them."""
        return self.stats().frame("turns")

    def overlaps(self) -> pd.DataFrame:
        """Return the overlaps of each pair of speakers."""
        return self.stats().frame("overlaps")

    def gaps(self) -> pd.DataFrame:
        """Return the transitions between successive turns, each with its floor transfer offset."""
        return self.stats().frame("gaps")

    def transitions(self) -> pd.DataFrame:
        """Return the number of transitions between each pair of speakers."""
        return self.stats().frame("transitions")

    def interruptions(self) -> pd.DataFrame:
        """Return the attempts to interrupt."""
        return self.stats().frame("interruptions")

    def timeline(self, window: Seconds = 60.0) -> pd.DataFrame:
        """Return the talk time and share of each speaker in each window; `window` is in seconds."""
        from meetscribe.analytics import AnalyticsSettings

        return self.stats(AnalyticsSettings(window=window)).frame("timeline")

    def keywords(self) -> pd.DataFrame:
        """Return the terms most characteristic of each speaker."""
        return self.stats().frame("keywords")

    def window_keywords(self, window: Seconds = 60.0) -> pd.DataFrame:
        """Return the terms most characteristic of each window; `window` is in seconds."""
        from meetscribe.analytics import AnalyticsSettings

        return self.stats(AnalyticsSettings(window=window)).frame("window_keywords")

    def topics(self) -> pd.DataFrame:
        """Return the topics in order, with their terms."""
        return self.stats().frame("topics")

    def talk_time(self) -> pd.DataFrame:
        """Return seconds of speech and share of the total for each speaker, longest first.

        The speech is that of the rows. The statistics of a transcript and `meetscribe speakers list` use the diarizer's
        turns, which a frame does not hold. Overlap of a speaker with itself counts once. Rows without a
        speaker are left out of the total too, so the shares add up to 1.
        Columns: `speaker` (string), `seconds`, `share` (Float64). Raises InputError for a frame of several meetings.
        """
        require_one_meeting(self._frame)
        known = self._frame.dropna(subset=["speaker", "start", "end"])
        seconds = {
            str(label): total(
                Span(float(start), float(end)) for start, end in zip(rows["start"], rows["end"], strict=True)
            )
            for label, rows in known.groupby("speaker", sort=False)
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
        """Return the text of all speakers or of one: words as running text, segments and turns one per line.

        Raises InputError if the frame holds no text.
        """
        level = level_of(self._frame)
        rows = self._frame if speaker is None else self._frame[(self._frame["speaker"] == speaker).fillna(False)]
        texts = [str(text) for text in rows[text_column(self._frame) or "text"].dropna()]
        return join_words(texts) if level == "word" else "\n".join(texts)

    def transcript(self, meta: Meta | None = None) -> Transcript:
        """Return the transcript of the frame; raises InputError naming the row and the column of a wrong value."""
        return from_frame(self._frame, meta)

    def export(self, path: str | Path, format: str | None = None) -> None:
        """Write the frame's transcript to a file, in `format` or the format of the suffix.

        Raises InputError if the frame is not a transcript, SettingsError and OutputError as `Transcript.save` does.
        """
        self.transcript().save(path, format)

    def _turns(self) -> list[Turn]:
        """Return the turns of a frame without text; rows without a speaker are left out."""
        require_one_meeting(self._frame)
        turns = []
        for row, (start, end, speaker) in enumerate(self._frame[["start", "end", "speaker"]].itertuples(index=False)):
            if pd.isna(speaker):
                continue
            try:
                turns.append(Turn(float(start), float(end), str(speaker)))
            except (TypeError, ValueError) as error:
                raise InputError(f"row {row}: {error}", "Correct the row, or drop it.") from error
        return turns
