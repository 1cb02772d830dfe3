from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path

import pytest

from meetscribe.asr.settings import AsrSettings
from meetscribe.attribution.settings import AttributionSettings
from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.errors import SettingsError
from meetscribe.settings import ROOMS, Settings, find_key, keys, load_settings, user_config_file


@pytest.fixture(autouse=True)
def clean_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder and configuration folder, and no variables of ours."""
    for variable in [name for name in os.environ if name.startswith("MEETSCRIBE_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("meetscribe.settings.sources.user_config_file", lambda: tmp_path / "config" / "config.toml")
    (tmp_path / "config").mkdir()
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def write(path: str | Path, text: str) -> Path:
    """The file with that text."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")
    return Path(path)


def refusal(config: str | Path | None = None, **overrides: object) -> str:
    """What is said about settings that are refused; `asr__model` stands for asr.model."""
    named = {name.replace("__", "."): value for name, value in overrides.items()}
    with pytest.raises(SettingsError) as error:
        load_settings(config, named)
    return str(error.value)


def test_without_any_source_the_defaults_hold() -> None:
    assert load_settings() == Settings()


def test_a_later_source_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Flag before variable before project's file before user's file before default, key by key."""
    write(user_config_file_of_test(), "[asr]\nmodel = 'user'\nprompt = 'user'\nbeam_size = 2\nlanguage = 'fr'")
    assert load_settings().asr == AsrSettings(model="user", prompt="user", beam_size=2, language="fr")
    write("meetscribe.toml", "[asr]\nmodel = 'project'\nprompt = 'project'\nbeam_size = 3")
    monkeypatch.setenv("MEETSCRIBE_ASR__PROMPT", "variable")
    monkeypatch.setenv("MEETSCRIBE_ASR__MODEL", "variable")
    asr = load_settings(overrides={"asr.model": "flag"}).asr
    assert asr == AsrSettings(model="flag", prompt="variable", beam_size=3, language="fr")


def user_config_file_of_test() -> Path:
    """The user's file as the fixture puts it."""
    from meetscribe.settings import sources

    return sources.user_config_file()


def test_a_named_file_takes_the_place_of_the_projects() -> None:
    """With --config the file in the working folder is not read; the user's is."""
    write(user_config_file_of_test(), "[run]\nthreads = 3")
    write("meetscribe.toml", "[asr]\nbeam_size = 3")
    settings = load_settings(write("other.toml", "[asr]\nprompt = 'x'"))
    assert settings.asr == AsrSettings(prompt="x")
    assert settings.run.threads == 3


def test_every_setting_can_be_given_as_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each field of each room has a variable, which is read as the field's type."""
    for room in ROOMS:
        for name, key in keys(room).items():
            default = key.default
            text = ",".join(map(str, default)) if isinstance(default, tuple) else str(default).lower()
            monkeypatch.setenv(f"MEETSCRIBE_{room}__{name}".upper(), text)
    assert load_settings() == Settings()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("asr.beam_size", "3", 3),
        ("attribution.pause", "2", 2.0),
        ("attribution.max_gap", "0.25", 0.25),
        ("alignment.enabled", "off", False),
        ("run.offline", "TRUE", True),
        ("diarization.speakers", "4", 4),
        ("diarization.speakers", "none", None),
        ("asr.language", "auto", None),
        ("asr.language", "German", "de"),
        ("asr.model", "auto", "auto"),
        ("asr.vocabulary", "Ünal, pyannote ,", ("Ünal", "pyannote")),
        ("asr.prompt", "12", "12"),
        ("asr.temperatures", "0, 0.5,1", (0.0, 0.5, 1.0)),
        ("asr.log_prob_threshold", "none", None),
    ],
)
def test_texts_are_read_by_the_fields_type(name: str, text: str, value: object) -> None:
    room, _, key = name.partition(".")
    read = getattr(getattr(load_settings(overrides={name: text}), room), key)
    assert (read, type(read)) == (value, type(value))


def test_toml_types() -> None:
    """A whole number serves as a number, an array as a tuple."""
    settings = load_settings(write("a.toml", "[attribution]\npause = 2\n[asr]\nvocabulary = ['a', 'b c']"))
    assert settings.attribution == AttributionSettings(pause=2.0)
    assert isinstance(settings.attribution.pause, float)
    assert settings.asr.vocabulary == ("a", "b c")


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[asr]\nbeam_size = '5'", "'5' for asr.beam_size in a.toml is not a whole number"),
        ("[asr]\nbeam_size = true", "True for asr.beam_size in a.toml is not a whole number"),
        ("[asr]\nbeam_size = 2.0", "2.0 for asr.beam_size in a.toml is not a whole number"),
        ("[asr]\nprompt = 1", "1 for asr.prompt in a.toml is not a text"),
        ("[asr]\nvocabulary = 'a'", "'a' for asr.vocabulary in a.toml is not a list of texts"),
        ("[asr]\nvocabulary = [1]", "[1] for asr.vocabulary in a.toml is not a list of texts"),
        ("[asr]\ntemperatures = ['hot']", "['hot'] for asr.temperatures in a.toml is not a list of numbers"),
        ("[run]\noffline = 1", "1 for run.offline in a.toml is not true or false"),
        ("[vad]\npad = true", "True for vad.pad in a.toml is not a number"),
        (
            "[asr]\nengine = 'wisperx'",
            "unknown value 'wisperx' for asr.engine in a.toml: did you mean 'whisperx'?",
        ),
        ("[asr]\nlangage = 'de'", "unknown setting 'asr.langage' in a.toml: did you mean 'language'?"),
        ("[asr]\nthreads = 2", "unknown setting 'asr.threads' in a.toml: did you mean 'run.threads'?"),
        ("[diarisation]\nspeakers = 2", "unknown table [diarisation] in a.toml: did you mean 'diarization'?"),
        ("speakers = 2", "unknown setting 'speakers' in a.toml: did you mean 'diarization.speakers'?"),
        ("[asr", "a.toml is not TOML"),
        ("[asr]\nbeam_size = 0", "asr.beam_size must be at least 1, but is 0"),
    ],
)
def test_what_a_file_says_wrong_is_named(toml: str, said: str) -> None:
    """A wrong key, table or value is named with its file, and an unknown name with the nearest known one."""
    assert refusal(write("a.toml", toml)).startswith(said)


def test_what_cannot_be_read_is_named() -> None:
    assert refusal("missing.toml").startswith("the settings file missing.toml cannot be read: No such file")
    Path("latin.toml").write_bytes(b"[asr]\nprompt = '\xff'")
    assert refusal("latin.toml").startswith("latin.toml is not TOML")


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("MEETSCRIBE_ASR__MODLE", "did you mean 'MEETSCRIBE_ASR__MODEL'?"),
        ("MEETSCRIBE_ASR_MODEL", "did you mean 'MEETSCRIBE_ASR__MODEL'?"),
        ("MEETSCRIBE_ASRR__MODEL", "did you mean 'MEETSCRIBE_ASR__MODEL'?"),
    ],
)
def test_a_misspelt_variable_is_an_error(variable: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is meant to be a setting never goes unheard."""
    monkeypatch.setenv(variable, "x")
    assert said in refusal()


def test_other_variables_are_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEETSCRIBE_HOME", "x")
    assert load_settings() == Settings()


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEETSCRIBE_ASR__BEAM_SIZE", "many")
    assert refusal() == ("'many' for asr.beam_size in the variable MEETSCRIBE_ASR__BEAM_SIZE is not a whole number")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("asr.modle", "unknown setting 'asr.modle': did you mean 'model'?"),
        ("atribution.pause", "unknown setting 'atribution.pause': did you mean 'attribution.pause'?"),
        ("pause", "unknown setting 'pause': did you mean 'attribution.pause'?"),
        ("asr.", "unknown setting 'asr.': known: engine"),
        ("x.", "unknown setting 'x.': "),
        ("modell", "unknown setting 'modell': did you mean 'asr.model'?"),
    ],
)
def test_an_unknown_override_names_the_nearest(name: str, said: str) -> None:
    with pytest.raises(SettingsError) as error:
        load_settings(overrides={name: "1"})
    assert str(error.value).startswith(said)


def test_paths_are_relative_to_their_file(clean_place: Path) -> None:
    """A path beside the file is found from any working folder; ids and what is not there stay as written."""
    home = clean_place / "elsewhere"
    for folder in ("weights/asr", "named"):
        (home / folder).mkdir(parents=True)
    config = write(
        home / "a.toml",
        "[asr]\nmodel = 'weights/asr'\n[alignment]\nmodel = 'org/model'\n"
        "[diarization]\npipeline = './missing'\nembedder = 'named'",
    )
    settings = load_settings(config)
    assert settings.asr.model == str(home / "weights" / "asr")
    assert settings.alignment.model == "org/model"
    assert settings.diarization.pipeline == str(home / "missing")
    assert settings.diarization.embedder == str(home / "named")


def test_auto_is_never_a_path(clean_place: Path) -> None:
    (clean_place / "auto").mkdir()
    assert load_settings(write("a.toml", "[asr]\nmodel = 'auto'")).asr.model == "auto"


def test_home_is_understood(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_settings(overrides={"asr.model": "~/m"}).asr.model == str(tmp_path / "m")


def test_a_description_has_no_secrets_and_no_places(tmp_path: Path) -> None:
    """What a transcript says of its settings: what was changed, without tokens and the paths of models."""
    settings = Settings(
        asr=AsrSettings(model=str(tmp_path), vocabulary=("a",)),
        diarization=DiarizationSettings(token="hf_secret", speakers=2),
        attribution=AttributionSettings(max_gap=float("inf")),
    )
    assert settings.described() == {
        "asr": {"model": tmp_path.name, "vocabulary": ["a"]},
        "diarization": {"speakers": 2},
        "attribution": {"max_gap": "inf"},
    }
    assert Settings().described() == {}


def test_a_secret_is_not_told_in_an_error() -> None:
    assert "hf_" not in refusal(write("a.toml", "[diarization]\ntoken = ['hf_secret']"))


def test_the_rooms_are_the_fields_of_settings() -> None:
    """The tables of a file and the fields of Settings are the same, and every key has a help."""
    assert list(ROOMS) == [declared.name for declared in fields(Settings)]
    for room, kind in ROOMS.items():
        assert isinstance(getattr(Settings(), room), kind)
        assert all(key.help for key in keys(room).values())


def test_find_key_and_user_file() -> None:
    assert str(find_key("asr.model")) == "asr.model"
    assert user_config_file().name == "config.toml"
