"""What is said in the chunks of a recording, by any engine; what engines are is in engines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from meetscribe.asr.planning import Plan
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.audio import Audio
    from meetscribe.devices import Device
    from meetscribe.progress import Progress
    from meetscribe.timeline import Span
    from meetscribe.transcript import Transcript


class Recognizer(Protocol):
    """A loaded engine with the control of what it hears."""

    def transcribe(
        self, audio: Audio, chunks: Sequence[Span], progress: Progress, voices: Sequence[Span] = ()
    ) -> Transcript:
        """What is said in `chunks`, a segment for each in which something is, in their order.

        `voices` says where anybody is heard, by another ear than the one that made the chunks.
        """
        ...


def load_recognizer(settings: AsrSettings, device: Device, plan: Plan) -> Recognizer:
    """The engine of `settings` with its model loaded."""
    raise NotImplementedError
