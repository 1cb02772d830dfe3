"""The sequence of all checks, and the checks of the installed packages and the decoder.

A check is a function that yields results. It uses synthetic data and random weights, so that it needs no models; the
checks of models use the same functions as a run.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from meetscribe.audio import load_audio
from meetscribe.doctor.results import CheckResult
from meetscribe.errors import MeetscribeError, first_line
from meetscribe.runtime.devices import resolve_device
from meetscribe.runtime.packages import conflicts, extras, versions
from meetscribe.runtime.process import prepare_process
from meetscribe.settings import Settings


def run_checks(settings: Settings) -> Iterator[CheckResult]:
    """Yield the results of all relevant checks for a run with these settings, each as soon as it is known."""
    prepare_process()
    yield from check_packages()
    yield from check_extras()
    try:  # after the packages: their result may explain why torch cannot be imported
        from meetscribe.doctor.computing import check_devices
        from meetscribe.doctor.models import check_models
    except (ImportError, OSError) as error:
        remedy = "python -m pip install --force-reinstall torch torchaudio"
        yield CheckResult("torch", "broken", first_line(error), remedy)
        return
    yield from check_decoding()
    device = None
    try:
        device = resolve_device(settings.run.device)
    except MeetscribeError as error:
        yield CheckResult("device", "broken", error.message, error.remedy)
    yield from check_devices()
    if device is not None:
        yield from check_models(settings, device)


def check_packages() -> Iterator[CheckResult]:
    """Check that the versions of the installed packages satisfy each other's requirements."""
    found = list(conflicts())
    for conflict in found:
        yield CheckResult("packages", "broken", conflict.text, f"python -m pip install '{conflict.requirement}'")
    if not found:
        yield CheckResult("packages", "fine", ", ".join(f"{name} {version}" for name, version in versions().items()))


def check_extras() -> Iterator[CheckResult]:
    """Report which optional features are installed; a run needs none of them."""
    for name, missing in extras():
        wanted = " ".join(f"'{package}'" for package in missing)
        text = f"not installed; to use it: python -m pip install {wanted}" if missing else "installed"
        yield CheckResult(f"optional: {name}", "fine", text)


def check_decoding() -> Iterator[CheckResult]:
    """Check that a recording can be decoded, with a short clip."""
    from meetscribe.doctor.inference import write_test_clip

    with tempfile.TemporaryDirectory() as folder:
        try:
            audio = load_audio(write_test_clip(Path(folder)))
        except (MeetscribeError, OSError, ImportError) as error:
            remedy = "python -m pip install --force-reinstall av"
            yield CheckResult("decoding", "broken", first_line(error), remedy)
            return
    yield CheckResult("decoding", "fine", f"a clip of {audio.duration:.1f} s was decoded")
