"""Load the engine of the settings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from meetscribe.asr.engine_table import ENGINES, NEUTRAL, engine_entry, import_object
from meetscribe.errors import SettingsError

if TYPE_CHECKING:
    from meetscribe.asr.planning import DecodingPlan
    from meetscribe.asr.protocol import Engine
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.runtime.devices import Device


def load_engine(settings: AsrSettings, device: Device, plan: DecodingPlan) -> Engine:
    """Load the engine of `settings` with its model.

    `settings.model` must be a path or a hub id that the engine can load. Raises SettingsError for a setting that the
    engine cannot honour and for an engine that is not installed, WeightsError if the model cannot be loaded.
    """
    entry = engine_entry(settings.engine)
    if settings.model == "auto" and entry.models is not None:
        raise SettingsError("asr.model must name a model here", "Give a directory, or an id of the Hugging Face hub.")
    try:
        return cast("Engine", import_object(entry.factory)(supported_settings(settings), device, plan))
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"the engine {settings.engine} needs the package {error.name}, which is not installed",
            f"Install it (pip install {' '.join(entry.requires)}), or choose another engine: {', '.join(ENGINES)}.",
        ) from error


def supported_settings(settings: AsrSettings) -> AsrSettings:
    """Return the settings with defaults that the engine cannot honour replaced by neutral values.

    Values chosen by the user are not replaced: AsrSettings rejects those that the engine cannot honour.
    """
    neutral: dict[str, Any] = {name: NEUTRAL[name] for name in engine_entry(settings.engine).unsupported}
    return replace(settings, **neutral)
