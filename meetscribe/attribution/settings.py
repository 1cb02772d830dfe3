"""The settings of attribution; what they do is in assignment and cutting."""

from __future__ import annotations

from dataclasses import dataclass

from meetscribe.errors import SettingsError
from meetscribe.options import option

METHODS = ("viterbi", "max-overlap")


@dataclass(frozen=True, slots=True)
class AttributionSettings:
    """How words get their speakers and segments their borders; times in seconds.

    The numbers of "viterbi" are tuned by `tests.benchmarks.tuning`. Evidence and
    costs are measured in seconds: a word 0.1 s deep in a turn has 0.1 s of evidence for its speaker. Raises
    SettingsError for a negative value, a `max_segment` of zero, or an unknown method.
    """

    method: str = option(
        "viterbi", "decide all words together, or each by the speaker who covers most of it", choices=METHODS
    )
    onset: float = option(0.15, "a word is looked up among the turns this long after its start")
    edge: float = option(0.1, "deeper in a turn than this, a word has no more evidence for its speaker")
    reach: float = option(0.4, "further outside a speaker's turns than this, there is no more evidence against them")
    fade: float = option(0.01, "evidence that is lost per second in the first and last 10 s of a turn: new turns win")
    change: float = option(1.75, "evidence that it takes to change the speaker between two words")
    sentence_change: float = option(0.25, "the share of that cost after a word that ends a sentence")
    case: bool = option(True, "a capital in a sentence, or a small letter after one, is another's: a change is free")
    unpunctuated_change: float = option(0.4, "the share of that cost where no word of the transcript ends a sentence")
    breath: float = option(0.15, "after a pause this long a change costs nothing")
    max_lag: float = option(0.2, "turns may be this much later or earlier than the words; 0 takes them as they are")
    lag_cost: float = option(5.0, "the evidence that a lag must gain, per second of it")
    max_gap: float = option(2.0, "a word further than this from every turn has no speaker")
    voice: bool = option(False, "listen again to doubtful runs of words: whose voice is it?")
    voice_sound: float = option(1.2, "a run is listened to if its words last so many seconds")
    voice_margin: float = option(0.1, "how much more alike two voices must be than the next best, by the cosine")
    sentence_pause: float = option(0.3, "a segment ends at a sentence end followed by a pause this long")
    pause: float = option(1.0, "a segment ends at a pause this long, wherever it falls")
    max_segment: float = option(30.0, "a segment is at most this long, unless a single word is longer")

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise SettingsError(f"attribution.method must be one of {', '.join(METHODS)}, not {self.method!r}")
        for name in _TIMES:
            if not getattr(self, name) >= 0:
                raise SettingsError(f"attribution.{name} must not be negative, but is {getattr(self, name)}")
        if self.max_segment == 0:
            raise SettingsError("attribution.max_segment must be more than 0 seconds")


_TIMES = (
    "onset",
    "edge",
    "reach",
    "fade",
    "change",
    "sentence_change",
    "unpunctuated_change",
    "breath",
    "max_lag",
    "lag_cost",
    "max_gap",
    "voice_sound",
    "voice_margin",
) + (
    "sentence_pause",
    "pause",
    "max_segment",
)
