"""The language of a channel, detected from its first seconds of speech."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from meetscribe.timeline import Seconds

if TYPE_CHECKING:
    from meetscribe.asr.settings import AsrSettings

_CERTAIN = 0.8
"""The mean probability from which a language is certain."""
_ENOUGH: Seconds = 10.0
"""The seconds of speech after which the most probable language is fixed."""
_SHORTEST: Seconds = 2.0
"""The least seconds of speech after which a language can be certain."""


class SpokenLanguage:
    """The language to decode in; it is fixed once it is certain, or after ten seconds of speech.

    With `asr.multilingual`, each window is decoded in its own language, unless the engine has only one.
    """

    def __init__(self, settings: AsrSettings, supported: tuple[str, ...]) -> None:
        only = supported[0] if len(supported) == 1 else None
        self.fixed: str | None = settings.language or only
        self._multilingual = settings.multilingual
        self._sums: dict[str, float] = {}
        self._heard: Seconds = 0.0

    def update(self, probabilities: Mapping[str, float], speech: Seconds, *, final: bool) -> str:
        """Return the language to decode a window in, given the probabilities of languages and its seconds of speech.

        The window counts together with the earlier final ones. Only final windows are kept, because the others are
        usually their beginnings. So audio that is cut off before the final window does not count, and context that
        windows share counts in each.
        """
        if self._multilingual:
            return max(probabilities, key=lambda code: probabilities[code])
        sums = {code: self._sums.get(code, 0.0) + value * speech for code, value in probabilities.items()}
        heard = self._heard + speech
        best = max(sums, key=lambda code: sums[code])
        if final:
            self._sums, self._heard = sums, heard
        if heard >= _ENOUGH or (heard >= _SHORTEST and sums[best] / heard >= _CERTAIN):
            self.fixed = best
        return best
