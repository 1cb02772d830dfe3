"""The settings of attribution."""

from __future__ import annotations

from dataclasses import dataclass

from meetscribe.errors import SettingsError
from meetscribe.options import option

METHODS = ("viterbi", "max-overlap")


@dataclass(frozen=True, slots=True)
class AttributionSettings:
    """Settings of the assignment of words to speakers and of their division into segments; times in seconds.

    The defaults of "viterbi" were chosen by `tests.benchmarks.tuning`, which reports their held-out errors. Evidence
    and costs are measured in seconds: a word 0.1 s inside a turn has 0.1 s of evidence for its speaker. Raises
    SettingsError for a negative value, a `max_segment` of zero, or an unknown method.
    """

    method: str = option(
        "viterbi",
        "viterbi: assign all words jointly; max-overlap: assign each word to the speaker who covers most of it",
        choices=METHODS,
    )
    onset: float = option(0.15, "time after the start of a word at which it is compared with the turns")
    edge: float = option(
        0.15, "maximum evidence of a word, reached at this distance inside or outside a turn", renamed=["reach"]
    )
    fade: float = option(
        0.01,
        "evidence lost per second of distance from the nearer end of a turn, up to 10 s; "
        "this favours a short turn within a long one",
    )
    sentence_evidence: float = option(1.0, "evidence of a sentence covered by only one speaker")
    change: float = option(1.0, "cost of a change of speaker between two words")
    sentence_change: float = option(
        0.4,
        "fraction of attribution.change at the end of a sentence, or everywhere if no word ends a sentence",
        renamed=["unpunctuated_change"],
    )
    case: bool = option(
        True, "a change is free before a capitalised word within a sentence, and before a lower-case word after one"
    )
    breath: float = option(0.15, "changes are free after a pause of this length")
    max_lag: float = option(0.2, "maximum corrected offset between the turns and the words; 0 to disable")
    lag_cost: float = option(5.0, "evidence that a correction must gain per second of offset")
    max_gap: float = option(2.0, "a word farther than this from every turn has no speaker")
    voiceprints: bool = option(False, "check uncertain words against the speakers' voiceprints", renamed=["voice"])
    voiceprint_seconds: float = option(
        1.2, "minimum length of speech to check against voiceprints", renamed=["voice_sound"]
    )
    voiceprint_margin: float = option(
        0.1, "minimum lead in cosine similarity over the second best voiceprint", renamed=["voice_margin"]
    )
    sentence_pause: float = option(0.3, "a segment ends at a sentence end followed by a pause of this length")
    sentence_length: float = option(2.0, "a segment of this length ends at the next sentence end, even without a pause")
    pause: float = option(1.0, "a segment ends at any pause of this length")
    max_segment: float = option(30.0, "maximum length of a segment of more than one word")

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise SettingsError(f"attribution.method must be one of {', '.join(METHODS)}, not {self.method!r}")
        for name in _NOT_NEGATIVE:
            if not getattr(self, name) >= 0:
                raise SettingsError(f"attribution.{name} must not be negative, but is {getattr(self, name)}")
        if self.max_segment == 0:
            raise SettingsError("attribution.max_segment must be more than 0 seconds")


_NOT_NEGATIVE = (
    "onset",
    "edge",
    "fade",
    "sentence_evidence",
    "change",
    "sentence_change",
    "breath",
    "max_lag",
    "lag_cost",
    "max_gap",
    "voiceprint_seconds",
    "voiceprint_margin",
    "sentence_pause",
    "sentence_length",
    "pause",
    "max_segment",
)
