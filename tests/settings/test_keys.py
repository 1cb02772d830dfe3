from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from meetscribe.errors import SettingsError
from meetscribe.options import option
from meetscribe.settings import ROOMS, find_key, keys
from meetscribe.settings.keys import former_names


@dataclass(frozen=True, slots=True)
class ExampleSettings:
    """A room with every kind of field, two of them renamed."""

    ratio: float = option(0.5, "a number", renamed=["share"])
    names: tuple[str, ...] = option((), "a list")
    folder: str | None = option(None, "a path", path=True, renamed=["run.folder"])
    token: str | None = option(None, "a secret", secret=True)


@pytest.fixture
def example_room(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """ROOMS with a room called example."""
    keys.cache_clear()
    monkeypatch.setitem(ROOMS, "example", ExampleSettings)
    yield
    keys.cache_clear()


def test_keys_describe_the_fields(example_room: None) -> None:
    """Each key has the type, the constraints and the former names of its field."""
    ratio, names, folder, token = keys("example").values()
    assert (str(ratio), ratio.kind, ratio.optional, ratio.default, ratio.help) == (
        *("example.ratio", float, False, 0.5, "a number"),
    )
    assert (names.kind, names.item) == (tuple, str)
    assert (folder.kind, folder.optional, folder.path, folder.secret) == (str, True, True, False)
    assert token.secret
    assert [key.renamed for key in (ratio, folder)] == [("example.share",), ("run.folder",)]


def test_a_former_name_finds_the_key(example_room: None) -> None:
    """A renamed key is found by its former name, in its own table or in another."""
    assert str(find_key("example.share")) == "example.ratio"
    assert str(find_key("run.folder")) == "example.folder"
    assert {"example.share", "run.folder"} <= set(former_names())


def test_an_unknown_room_has_no_keys() -> None:
    assert keys("nothing") == {}


def test_every_key_has_a_help() -> None:
    assert all(key.help for room in ROOMS for key in keys(room).values())


def test_no_former_name_is_a_current_name() -> None:
    """A former name is never reused for another key."""
    current = {str(key) for room in ROOMS for key in keys(room).values()}
    assert current & set(former_names()) == set()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("asr.modle", "unknown setting 'asr.modle': did you mean 'model'?"),
        ("atribution.pause", "unknown setting 'atribution.pause': did you mean 'attribution.pause'?"),
        ("pause", "unknown setting 'pause': did you mean 'attribution.pause'?"),
        ("asr.", "unknown setting 'asr.': known: engine"),
        ("x.", "unknown setting 'x.': "),
        ("modell", "unknown setting 'modell': did you mean 'asr.model'?"),
    ],
)
def test_an_unknown_key_is_an_error_with_the_nearest_name(name: str, message: str) -> None:
    with pytest.raises(SettingsError) as error:
        find_key(name)
    assert str(error.value).startswith(message)
