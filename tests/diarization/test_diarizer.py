"""A diarizer finds the speakers of recordings of any length, reports progress, and adds notices."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.audio import Audio
from meetscribe.diarization import DiarizationSettings, Diarizer
from meetscribe.diarization.diarizer import LoadedPipeline, batch_size
from meetscribe.diarization.windows import join_windows
from meetscribe.errors import SettingsError
from meetscribe.evaluation import der
from meetscribe.runtime.devices import Device
from meetscribe.timeline import Diarization, Turn
from tests.diarization.conftest import AmplitudeEmbedder, AmplitudePipeline, amplitude_pipeline, spoken
from tests.support.notices import notices, texts_of


def conversation(seconds: float, speakers: range, seed: int = 0) -> list[Turn]:
    """Return turns of 2 to 8 seconds, of speakers named by numbers, with pauses between them."""
    rng, turns, now = random.Random(seed), list[Turn](), 1.0
    while now < seconds - 9:
        end = now + rng.uniform(2, 8)
        turns.append(Turn(now, end, str(rng.choice(speakers))))
        now = end + rng.uniform(0.6, 1.5)
    return turns


def diarizer(**settings: object) -> Diarizer:
    return Diarizer(amplitude_pipeline(), DiarizationSettings(pipeline="made", **settings))  # type: ignore[arg-type]


def test_clustering_in_blocks_gives_the_same_turns() -> None:
    turns = conversation(600, range(1, 5))
    whole = diarizer(block=600.0).diarize(spoken(turns, 600))
    blocks = diarizer(block=60.0).diarize(spoken(turns, 600))
    assert len(whole.speakers) == 4
    assert (blocks.turns, blocks.exclusive) == (whole.turns, whole.exclusive)
    assert (der(turns, blocks.turns).rate or 0) < 0.02
    for speaker in whole.speakers:
        np.testing.assert_allclose(blocks.voiceprints[speaker], whole.voiceprints[speaker], atol=0.01)


def test_a_speaker_keeps_the_label_across_blocks_of_other_speakers_and_silence() -> None:
    first, last = conversation(100, range(1, 3), 1), conversation(100, range(1, 3), 2)
    others = [Turn(turn.start + 120, turn.end + 120, turn.speaker) for turn in conversation(100, range(3, 6), 3)]
    again = [Turn(turn.start + 500, turn.end + 500, turn.speaker) for turn in last]
    found = diarizer(block=60.0).diarize(spoken([*first, *others, *again], 610))
    assert len(found.speakers) == 5
    assert (der([*first, *others, *again], found.turns).rate or 0) < 0.02


def test_a_speaker_with_little_speech_in_each_block_is_found_if_it_is_enough_in_total() -> None:
    turns = conversation(600, range(1, 3))
    rare = [Turn(start, start + 1.4, "5") for start in range(59, 600, 60)]
    turns = [turn for turn in turns if all(turn.span.gap(other.span) > 0.5 for other in rare)]
    found = diarizer(block=60.0).diarize(spoken([*turns, *rare], 600))
    assert len(found.speakers) == 3


@pytest.mark.parametrize("block", [60.0, 600.0])
@pytest.mark.parametrize(("hints", "count"), [({"speakers": 3}, 3), ({"max_speakers": 2}, 2), ({"min_speakers": 4}, 4)])
def test_the_number_of_speakers_holds_for_the_whole_recording(block: float, hints: dict[str, int], count: int) -> None:
    found = diarizer(block=block, **hints).diarize(spoken(conversation(300, range(1, 5)), 300))
    assert (len(found.speakers), found.notices) == (count, ())


@pytest.mark.parametrize("block", [60.0, 600.0])
def test_a_number_of_speakers_that_was_not_found_gives_a_notice(block: float) -> None:
    alone = spoken([Turn(1, 3.5, "1"), Turn(90, 91, "1")], 120)
    found = diarizer(block=block, speakers=9).diarize(alone)
    number = "1 was" if len(found.speakers) == 1 else f"{len(found.speakers)} were"
    assert texts_of(found.notices) == (f"9 speakers were requested, but {number} found",)
    silence = Audio(np.zeros(160000, np.float32), "zeros.wav", "sha256:0")
    empty = diarizer(block=block, min_speakers=2).diarize(silence)
    assert texts_of(empty.notices) == ("at least 2 speakers were requested, but 0 were found",)


def test_progress_rises_to_one() -> None:
    reported: list[float] = []
    diarizer().diarize(spoken(conversation(100, range(1, 3)), 100), reported.append)
    assert reported == sorted(reported) and reported[-1] == 1.0 and len(reported) > 3


def test_the_output_of_the_callback_is_not_silenced(capsys: pytest.CaptureFixture[str]) -> None:
    diarizer().diarize(spoken([Turn(0, 4, "1")], 5), print)
    assert capsys.readouterr().out.split() == ["0.98", "1.0"]


def test_a_long_recording_is_read_one_batch_of_windows_at_a_time() -> None:
    class Hour:
        """An hour of alternating speakers, computed on access."""

        longest = 0

        def __len__(self) -> int:
            return 3600 * 16000

        def __getitem__(self, part: slice) -> npt.NDArray[np.float32]:
            start, stop, _ = part.indices(len(self))
            self.longest = max(self.longest, stop - start)
            five = np.arange(start, stop) // 80000 % 3
            return np.where(five < 2, (1 + five) / 32, 0).astype(np.float32)

    samples = Hour()
    assert len(diarizer().diarize(Audio(samples, "hour.wav", "sha256:0")).speakers) == 2
    assert samples.longest == (64 - 1) * 8000 + 80000


def test_settings_override_tuned_parameters() -> None:
    found = diarizer(clustering_threshold=0.9, segmentation_threshold=0.3)
    found.diarize(spoken([Turn(0, 4, "1")], 5))
    assert isinstance(found.loaded.pipeline, AmplitudePipeline)
    expected = {
        "segmentation": {"threshold": 0.3, "min_duration_off": 0.0},
        "clustering": {"method": "centroid", "threshold": 0.9, "min_cluster_size": 12},
    }
    assert found.loaded.pipeline.parameters == [expected]


def test_windows_of_parts_can_be_clustered_together() -> None:
    """Parts that begin with a window give the diarization of the whole recording, as long as audio arrives live."""
    turns = conversation(120, range(1, 4))
    audio = spoken(turns, 120)
    whole, live = diarizer(), diarizer()
    assert (live.window, live.hop) == (5.0, 0.5)
    edges = [0, 40, 41, 231]  # windows; the last one is the first that reaches beyond the end
    parts = []
    for first, end in zip(edges, edges[1:], strict=False):
        samples = audio.samples[first * 8000 : (end - 1) * 8000 + 80_000]
        parts.append(live.windows(Audio(samples, "part", "")))
        assert len(parts[-1]) == end - first
    found = live.cluster(join_windows(parts), 120.0)
    assert (der(turns, found.turns).rate or 0) < 0.02
    assert (der(whole.diarize(audio).turns, found.turns).rate or 0) < 0.02
    with pytest.raises(ValueError, match="no windows"):
        join_windows([])


def test_an_unsupported_setting_is_refused_before_anything_runs() -> None:
    vbx = {"clustering": {"threshold": 0.6, "Fa": 0.07, "Fb": 0.8}}
    loaded = LoadedPipeline(None, AmplitudeEmbedder(), lambda _: vbx, 0.7)
    with pytest.raises(SettingsError, match="min_cluster_size"):
        Diarizer(loaded, DiarizationSettings(min_cluster_size=3))


@pytest.mark.parametrize("samples", [0, 800])
def test_a_recording_too_short_for_a_word_has_no_speakers(samples: int) -> None:
    noise = np.random.default_rng(0).standard_normal(samples).astype(np.float32)
    assert diarizer().diarize(Audio(noise, "short.wav", "sha256:0")) == Diarization((), ())


def test_notices_of_the_pipeline_are_added_to_the_diarization() -> None:
    warned = replace(amplitude_pipeline(), notices=notices("not tuned"))
    found = Diarizer(warned, DiarizationSettings(speakers=2)).diarize(spoken([Turn(0, 4, "1")], 5))
    assert texts_of(found.notices) == ("not tuned", "2 speakers were requested, but 1 was found")


def test_the_batch_size_depends_on_the_device() -> None:
    automatic, fixed = DiarizationSettings(), DiarizationSettings(batch_size=7)
    assert [batch_size(automatic, Device(kind)) for kind in ("cpu", "cuda", "mps")] == [4, 32, 32]
    assert batch_size(fixed, Device("cpu")) == 7
