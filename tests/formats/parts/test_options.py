from __future__ import annotations

import pytest

from meetscribe.errors import SettingsError
from meetscribe.formats import FORMATS
from meetscribe.formats.parts.options import check_unused_options, choices_of, describe, options_of, parse_options


def test_options_are_the_parameters_of_the_writer() -> None:
    """Options, defaults and choices come from the writer's keyword parameters; read-only formats have none."""
    assert options_of(FORMATS["csv"]) == {"level": "segment", "excel": False}
    assert choices_of(FORMATS["csv"]) == {"level": ("segment", "word")}
    assert options_of(FORMATS["deepgram"]) == {}
    assert choices_of(FORMATS["deepgram"]) == {}


def test_values_have_the_type_of_the_default() -> None:
    """Flags, numbers and text are converted, and a value may hold further equals signs."""
    assignments = ["srt.width=30", "srt.dialogue=Yes", "chapters.minutes=2.5", "txt.template={start}={text}"]
    assert parse_options(assignments) == {
        "srt": {"width": 30, "dialogue": True},
        "chapters": {"minutes": 2.5},
        "txt": {"template": "{start}={text}"},
    }


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ("srt.preset", "is not an option"),
        ("preset=bbc", "is not an option"),
        ("srts.preset=bbc", "did you mean 'srt'"),
        ("srt.presets=bbc", "did you mean 'preset'"),
        ("rttm.words=yes", "rttm has no options"),
        ("srt.width=wide", "srt.width must be a number, not 'wide'"),
        ("srt.dialogue=maybe", "srt.dialogue must be true or false"),
    ],
)
def test_invalid_options_are_refused(assignment: str, message: str) -> None:
    """An unknown format or option, or a value of the wrong type, is refused with the nearest or the right one."""
    with pytest.raises(SettingsError) as caught:
        parse_options([assignment])
    assert message in str(caught.value)


def test_options_of_formats_that_are_not_written() -> None:
    """Options of a format that is not written are refused."""
    check_unused_options({"srt": {}}, ["json", "srt"])
    with pytest.raises(SettingsError, match="options are set for srt"):
        check_unused_options({"srt": {}}, ["json"])


def test_descriptions_leave_errors_out() -> None:
    """Every written format is described, without the errors that its writer raises."""
    for row in FORMATS.values():
        if row.writes:
            assert describe(row)
            assert not any("Raises" in paragraph for paragraph in describe(row)), row.name
