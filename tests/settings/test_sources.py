from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.asr.settings import AsrSettings
from meetscribe.attribution.settings import AttributionSettings
from meetscribe.errors import SettingsError
from meetscribe.settings import ROOMS, Settings, as_settings, keys, load_settings, sources, user_config_file


def write(path: str | Path, text: str) -> Path:
    """Write a text file and return its path."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")
    return Path(path)


def error_of(config: str | Path | None = None, **overrides: object) -> str:
    """Return the SettingsError that loading raises; `asr__model` stands for asr.model."""
    named = {name.replace("__", "."): value for name, value in overrides.items()}
    with pytest.raises(SettingsError) as error:
        load_settings(config, named)
    return str(error.value)


def test_without_any_source_the_defaults_hold() -> None:
    assert load_settings() == Settings()


def test_later_sources_override_earlier_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """The order is flag, variable, project file, user file, default, key by key."""
    write(sources.user_config_file(), "[asr]\nmodel = 'user'\nprompt = 'user'\nbeam_size = 2\nlanguage = 'fr'")
    assert load_settings().asr == AsrSettings(model="user", prompt="user", beam_size=2, language="fr")
    write("meetscribe.toml", "[asr]\nmodel = 'project'\nprompt = 'project'\nbeam_size = 3")
    monkeypatch.setenv("MEETSCRIBE_ASR__PROMPT", "variable")
    monkeypatch.setenv("MEETSCRIBE_ASR__MODEL", "variable")
    asr = load_settings(overrides={"asr.model": "flag"}).asr
    assert asr == AsrSettings(model="flag", prompt="variable", beam_size=3, language="fr")


def test_config_replaces_the_project_file() -> None:
    """With --config the file in the working folder is not read; the user's file is."""
    write(sources.user_config_file(), "[run]\nthreads = 3")
    write("meetscribe.toml", "[asr]\nbeam_size = 3")
    settings = load_settings(write("other.toml", "[asr]\nprompt = 'x'"))
    assert settings.asr == AsrSettings(prompt="x")
    assert settings.run.threads == 3


def test_every_setting_has_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each field of each room can be set by a variable, parsed as the type of the field."""
    for room in ROOMS:
        for name, key in keys(room).items():
            default = key.default
            text = ",".join(map(str, default)) if isinstance(default, tuple) else str(default).lower()
            monkeypatch.setenv(f"MEETSCRIBE_{room}__{name}".upper(), text)
    assert load_settings() == Settings()


def test_toml_values_are_converted() -> None:
    """An integer is accepted as a number, an array as a tuple."""
    settings = load_settings(write("a.toml", "[attribution]\npause = 2\n[asr]\nvocabulary = ['a', 'b c']"))
    assert settings.attribution == AttributionSettings(pause=2.0)
    assert settings.asr.vocabulary == ("a", "b c")


def test_a_language_is_normalized() -> None:
    assert load_settings(overrides={"asr.language": "German"}).asr.language == "de"


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("[asr]\nbeam_size = '5'", "'5' for asr.beam_size in a.toml is not an integer"),
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
def test_errors_in_a_file_name_it(toml: str, message: str) -> None:
    """The error names the file, and for an unknown name the nearest known one."""
    assert error_of(write("a.toml", toml)).startswith(message)


def test_an_unreadable_file_is_an_error() -> None:
    assert error_of("missing.toml").startswith("the settings file missing.toml cannot be read: No such file")
    Path("latin.toml").write_bytes(b"[asr]\nprompt = '\xff'")
    assert error_of("latin.toml").startswith("latin.toml is not TOML")


@pytest.mark.parametrize(
    ("variable", "message"),
    [
        ("MEETSCRIBE_ASR__MODLE", "did you mean 'MEETSCRIBE_ASR__MODEL'?"),
        ("MEETSCRIBE_ASR_MODEL", "did you mean 'MEETSCRIBE_ASR__MODEL'?"),
        ("MEETSCRIBE_ASRR__MODEL", "did you mean 'MEETSCRIBE_ASR__MODEL'?"),
    ],
)
def test_a_misspelt_variable_is_an_error(variable: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that looks like a setting is never ignored."""
    monkeypatch.setenv(variable, "x")
    assert message in error_of()


def test_other_variables_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEETSCRIBE_HOME", "x")
    assert load_settings() == Settings()


def test_an_invalid_value_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEETSCRIBE_ASR__BEAM_SIZE", "many")
    assert error_of() == "'many' for asr.beam_size in the variable MEETSCRIBE_ASR__BEAM_SIZE is not an integer"


def test_an_unknown_override_is_an_error() -> None:
    assert error_of(asr__modle="x").startswith("unknown setting 'asr.modle': did you mean 'model'?")


def test_paths_are_relative_to_their_file(work_folder: Path) -> None:
    """A path beside the file is found from any working folder; ids and missing paths stay as written."""
    home = work_folder / "elsewhere"
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


def test_auto_is_never_a_path(work_folder: Path) -> None:
    (work_folder / "auto").mkdir()
    assert load_settings(write("a.toml", "[asr]\nmodel = 'auto'")).asr.model == "auto"


def test_a_secret_is_not_shown_in_an_error() -> None:
    assert "hf_" not in error_of(write("a.toml", "[diarization]\ntoken = ['hf_secret']"))


def test_the_user_file_is_in_the_configuration_folder() -> None:
    assert user_config_file().name == "config.toml"


def test_a_former_name_is_accepted_with_a_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A renamed key is read from every source; the notice contains the new name."""
    notices: list[str] = []
    config = write("a.toml", "[run]\nfallback = false")
    assert not load_settings(config, notify=notices.append).run.cpu_fallback
    assert not load_settings(overrides={"run.fallback": "no"}, notify=notices.append).run.cpu_fallback
    monkeypatch.setenv("MEETSCRIBE_RUN__FALLBACK", "no")
    assert not load_settings(notify=notices.append).run.cpu_fallback
    assert notices == [
        "run.fallback in a.toml is now called run.cpu_fallback",
        "run.fallback is now called run.cpu_fallback",
        "MEETSCRIBE_RUN__FALLBACK is now called MEETSCRIBE_RUN__CPU_FALLBACK",
    ]


def test_without_notify_a_former_name_is_a_warning() -> None:
    with pytest.warns(FutureWarning, match="run.fallback is now called run.cpu_fallback") as caught:
        load_settings(overrides={"run.fallback": False})
    assert [warning.filename for warning in caught] == [__file__]


def test_the_current_name_takes_precedence_over_a_former_one() -> None:
    """Within one source the current name wins; a later source wins with either name."""
    config = write("a.toml", "[run]\ncpu_fallback = true\nfallback = false")
    assert load_settings(config, notify=lambda _: None).run.cpu_fallback
    assert not load_settings(config, {"run.fallback": "no"}, notify=lambda _: None).run.cpu_fallback


def test_current_names_give_no_notice() -> None:
    notices: list[str] = []
    load_settings(write("a.toml", "[run]\ncpu_fallback = false"), {"asr.model": "x"}, notices.append)
    assert notices == []


def test_settings_of_a_call_may_be_a_path(tmp_path: Path) -> None:
    """A program may give the path of a TOML file, settings, or nothing for the defaults."""
    path = tmp_path / "fast.toml"
    path.write_text("[asr]\nbeam_size = 1\n", encoding="utf-8")
    assert as_settings(path).asr.beam_size == as_settings(str(path)).asr.beam_size == 1
    assert as_settings(None) == Settings()
    own = Settings()
    assert as_settings(own) is own


def test_settings_of_a_call_may_be_a_mapping() -> None:
    """A mapping of tables changes the defaults; names that are no tables, and other values, are answered."""
    assert as_settings({"asr": {"model": "tiny"}}) == Settings(asr=AsrSettings(model="tiny"))
    with pytest.raises(SettingsError, match=r"unknown setting 'asr.modle': did you mean"):
        as_settings({"asr": {"modle": "tiny"}})
    with pytest.raises(SettingsError, match=r"(?s)unknown table 'asr.model'.*\{\"asr\": \{\"model\": \"small\"\}\}"):
        as_settings({"asr.model": "tiny"})
    with pytest.raises(SettingsError, match="must be Settings, a mapping or the path of a TOML file, not int"):
        as_settings(3)  # type: ignore[arg-type]
