"""The labels of examples equal those of the reference implementations, and say what is learnt."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from meetscribe.errors import InputError, SettingsError
from meetscribe.timeline import Span
from meetscribe.training.data import Example, TimedText
from meetscribe.training.loop.labels import IGNORED, labels_of
from meetscribe.training.model.base import WhisperBase
from tests.support.training_data import SAMPLES

START, ENGLISH, TRANSCRIBE, NO_TIMESTAMPS, PREVIOUS, END, STAMP = 50258, 50259, 50359, 50363, 50361, 50257, 50364

EXAMPLE = Example(
    id="a",
    audio="clips/a.wav",
    sha256="0",
    seconds=4.0,
    text="Well, yes. No.",
    words=(),
    segments=(TimedText("Well, yes.", 0.101, 1.5), TimedText("No.", 1.5, 3.999)),
    language="en",
    speaker=None,
    recording="sha256:r",
    span=Span(0.0, 4.0),
    prompt=None,
    timestamps=False,
    split="train",
)


def test_prefix_equals_that_of_both_reference_tokenizers(short_base: WhisperBase) -> None:
    """Labels begin with exactly one start token, then language, task and notimestamps, as in both references."""
    from transformers import WhisperTokenizerFast
    from whisper.tokenizer import get_tokenizer

    labels = labels_of(EXAMPLE, short_base)
    reference = get_tokenizer(True, language="en", task="transcribe")
    assert labels.inputs[:4] == (START, ENGLISH, TRANSCRIBE, NO_TIMESTAMPS)
    assert labels.inputs[:4] == reference.sot_sequence_including_notimestamps
    assert labels.inputs[4:] == tuple(reference.encode(" Well, yes. No."))
    assert labels.inputs.count(START) == 1, "the start token must not be doubled"
    tokenizers: Any = WhisperTokenizerFast
    fast = tokenizers.from_pretrained(SAMPLES / "weights" / "asr")
    fast.set_prefix_tokens(language="english", task="transcribe", predict_timestamps=False)  # else it has none
    assert labels.inputs[:4] == tuple(fast.prefix_tokens)


def test_what_is_given_when_decoding_is_not_learnt(short_base: WhisperBase) -> None:
    """Start, language, task and notimestamps are not learnt; the text is, shifted by one, and so is its end."""
    labels = labels_of(EXAMPLE, short_base)
    assert labels.targets[:3] == (IGNORED,) * 3
    assert labels.targets[3:-1] == labels.inputs[4:]
    assert labels.targets[-1] == END
    assert labels.learnt == len(labels.inputs) - 3


def test_timestamps_are_kept(short_base: WhisperBase) -> None:
    """With timestamps, each segment stands between tokens in steps of 20 ms, and they are learnt."""
    labels = labels_of(replace(EXAMPLE, timestamps=True), short_base)
    assert NO_TIMESTAMPS not in labels.inputs
    stamps = [token - STAMP for token in labels.targets if token >= STAMP]
    assert stamps == [5, 75, 75, 200]
    assert labels.targets[2] == STAMP + 5, "the first timestamp follows the task"


def test_timestamps_never_fall(short_base: WhisperBase) -> None:
    """Overlapping segments, and times after the window, give times in order within it."""
    segments = (TimedText("a", 0.0, 2.0), TimedText("b", 1.0, 1.5), TimedText("c", 29.0, 31.0))
    labels = labels_of(replace(EXAMPLE, timestamps=True, segments=segments), short_base)
    stamps = [token - STAMP for token in labels.targets if token >= STAMP]
    assert stamps == [0, 100, 100, 100, 1450, 1500]


def test_prompt_is_read_but_not_learnt(short_base: WhisperBase) -> None:
    """The prompt stands before the start token, and nothing of it is a target."""
    labels = labels_of(replace(EXAMPLE, prompt="Good morning."), short_base)
    start = labels.inputs.index(START)
    assert labels.inputs[0] == PREVIOUS
    assert labels.targets[: start + 3] == (IGNORED,) * (start + 3)
    assert labels.targets[start + 3 :] == labels_of(EXAMPLE, short_base).targets[3:]


def test_long_prompt_loses_its_start(short_base: WhisperBase) -> None:
    """A prompt is cut to half of the context, and further if the text is long; its end stays."""
    prompt = " ".join(f"word{number}" for number in range(300))
    labels = labels_of(replace(EXAMPLE, prompt=prompt), short_base)
    assert labels.inputs.index(START) == 224
    long = labels_of(replace(EXAMPLE, prompt=prompt, text="yes " * 400), short_base)
    assert len(long.inputs) == 448


def test_text_that_does_not_fit_is_an_error(short_base: WhisperBase) -> None:
    """A text of more tokens than the decoder reads is refused, with the clip."""
    assert len(labels_of(replace(EXAMPLE, text="yes " * 443), short_base).inputs) <= 448
    with pytest.raises(InputError, match="clip a has"):
        labels_of(replace(EXAMPLE, text="yes " * 500), short_base)


def test_unknown_language_is_an_error(short_base: WhisperBase) -> None:
    """A language without a token is refused."""
    with pytest.raises(SettingsError, match="does not know"):
        labels_of(replace(EXAMPLE, language="xx"), short_base)
