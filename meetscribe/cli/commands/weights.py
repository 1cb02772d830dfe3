"""`meetscribe weights`: models on this machine, and how they come here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from meetscribe.asr.protocol import ENGINES
from meetscribe.cli.display.run_progress import gauge
from meetscribe.cli.options import FLAGS, overrides, settings_flags, talk_flags
from meetscribe.models.catalogue import USES, find_models, known_models
from meetscribe.models.resolution import weights_folder
from meetscribe.settings import Settings, load_settings

if TYPE_CHECKING:
    from meetscribe.models.catalogue import CatalogueEntry
    from meetscribe.weights import Need, Verdict

LAYOUTS = ("ctranslate2", "transformers", "openai-whisper", "mlx")

EXAMPLES = """\b
Examples:
  meetscribe weights convert my-whisper --to ctranslate2
  meetscribe weights convert my-whisper --to mlx -o my-whisper-mlx
  meetscribe meeting.mp4 --engine openai-whisper \\
    --model "$(meetscribe weights convert my-whisper --to openai-whisper)"
"""


PULL_EXAMPLES = """\b
Examples:
  meetscribe weights pull --language en                 all that a run in English needs on this machine
  meetscribe weights pull large-v3 community-1
  meetscribe weights pull --language de --to stick      for a machine without a network, and there:
  meetscribe run meeting.mp4 --language de --weights stick --offline
"""

_CHOOSING = ("--language", "--asr", "--model", "--no-align", "--no-diarize", "--device")
CHOOSING = tuple(flag for flag in FLAGS if flag.name in _CHOOSING)
"""The settings that say which models are needed."""

LYING = tuple(flag for flag in FLAGS if flag.name in (*_CHOOSING, "--weights"))
"""And where they lie."""

AS = click.option(
    "--as", "use", type=click.Choice(USES), help="what an id is for that the list does not have  [default: asr.model]"
)


@click.group()
def group() -> None:
    """Models: which there are, fetching them, and whether they are whole."""


@group.command("list")
@click.option("--asr", "engine", type=click.Choice(tuple(ENGINES)), default="faster-whisper", show_default=True,
              help="the engine whose models to list")  # fmt: skip
@click.option("--language", metavar="LANG", help="only what is made for this language or for all")
@click.option("--weights", "folder", type=click.Path(path_type=Path), metavar="DIR", help="a folder of models, too")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def list_models(engine: str, language: str | None, folder: Path | None, as_json: bool) -> None:
    """List the models that are known, with size, licence, and what they ask for.

    The first column is what is given to --model, alignment.model, diarization.pipeline or diarization.embedder; any
    other model of these kinds on the Hugging Face hub may be given by its id, and by a commit as ID@COMMIT.
    """
    from meetscribe import weights

    rows = [each for each in known_models(engine) if language is None or language in (each.languages or (language,))]
    here = [all(weights.locate(need, folder) for need in each.needs) for each in rows]
    if as_json:
        click.echo(json.dumps([_described(each, found) for each, found in zip(rows, here, strict=True)], indent=1))
        return
    use = ""
    for each, found in zip(rows, here, strict=True):
        if each.use != use:
            click.echo(f"{'' if not use else chr(10)}{each.use}")
            use = each.use
        for line in _lines(each, found):
            click.echo(line)


@group.command(epilog=PULL_EXAMPLES)
@click.argument("names", metavar="[MODEL]...", nargs=-1)
@click.option("--to", type=click.Path(path_type=Path), metavar="DIR", help="a folder to carry away, for --weights DIR")
@AS
@settings_flags(CHOOSING)
@talk_flags
def pull(names: tuple[str, ...], to: Path | None, use: str | None, quiet: bool, **given: Any) -> None:
    """Fetch models, and print where they lie.

    MODEL is a name in `meetscribe weights list` or an id on the Hugging Face hub; without one, it is all that a run
    with these settings needs. What is here already is compared with its hashes, and what of it is damaged is fetched
    again; what breaks off is taken up by the next try. HF_TOKEN, HF_HOME, HF_ENDPOINT and HTTPS_PROXY are honoured.
    """
    from meetscribe import weights
    from meetscribe.cli.display import messages

    settings = load_settings(given["config"], overrides(given))
    needs = tuple(dict.fromkeys(_needs(names, settings, use)))
    token = settings.diarization.token
    weights.check(needs, token=token, folder=to)
    with gauge({"quiet": quiet}, "weights") as shown:
        for need in needs:
            shown(need.model, 0.0)
            click.echo(weights.pull(need, token, partial(shown, need.model), folder=to))
    for need in needs:
        if not need.commercial:
            messages.say(f"{need.model} must not be used commercially ({need.licence})", "warning")


@group.command()
@click.argument("names", metavar="[MODEL]...", nargs=-1)
@AS
@settings_flags(LYING)
def path(names: tuple[str, ...], use: str | None, **given: Any) -> None:
    """Print where models lie on this machine; one that does not is an error.

    MODEL is as for `meetscribe weights pull`.
    """
    from meetscribe import weights

    settings = load_settings(given["config"], overrides(given))
    for found in weights.check(_needs(names, settings, use), offline=True, folder=weights_folder(settings)):
        click.echo(found.path)


@group.command()
@click.argument("names", metavar="[MODEL]...", nargs=-1)
@AS
@settings_flags(LYING)
def verify(names: tuple[str, ...], use: str | None, **given: Any) -> None:
    """Compare models on this machine with their hashes, without the network.

    MODEL is as for `meetscribe weights pull`; without one, it is all that are known and lie here. What is damaged is
    named, and the exit code is 4: `meetscribe weights pull` fetches it again.
    """
    from meetscribe import weights
    from meetscribe.errors import WeightsError

    settings = load_settings(given["config"], overrides(given))
    folder = weights_folder(settings)
    if names:
        needs = find_models(names, settings, use)
        weights.check(needs, offline=True, folder=folder)
    else:
        needs = tuple(need for engine in ENGINES for known in known_models(engine) for need in known.needs)
    damaged = []
    for need in dict.fromkeys(needs):
        if (found := weights.locate(need, folder)) is None:
            continue
        verdict = weights.verify(found)
        click.echo(f"{need.model}: {_judged(verdict)}")
        damaged += [need.model] if verdict.wrong else []
    if damaged:
        many = "a model is" if len(damaged) == 1 else f"{len(damaged)} models are"
        raise WeightsError(f"{many} damaged", f"Fetch again: meetscribe weights pull {' '.join(damaged)}")


@group.command(epilog=EXAMPLES)
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--to", "layout", type=click.Choice(LAYOUTS), required=True, help="The layout to write.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Where to write it; it must not be there yet. By default, it lies in the cache.",
)
def convert(directory: Path, layout: str, output: Path | None) -> None:
    """Write a Whisper that Transformers saved as another engine reads it, and print where.

    DIRECTORY has config.json and model.safetensors or pytorch_model.bin, such as a model that was fine-tuned or
    fetched from the Hugging Face hub. The engines faster-whisper and whisperx read ctranslate2, mlx-whisper reads
    mlx, both directories; openai-whisper reads a .pt file.

    A run converts by itself what its engine cannot read: this is for a model that is to be carried elsewhere, or
    used by another program. The numbers are kept in half precision.
    """
    from meetscribe import weights

    made = weights.converted(directory, layout)  # type: ignore[arg-type]  # click checked it
    click.echo(made if output is None else weights.copied(made, output))


def _needs(names: tuple[str, ...], settings: Settings, use: str | None) -> tuple[Need, ...]:
    """The models that are named, or all that a run needs."""
    if names:
        return find_models(names, settings, use)
    from meetscribe.models.resolution import locate_models
    from meetscribe.runtime.devices import resolve_device

    _, models = locate_models(settings, resolve_device(settings.run.device))
    return tuple(found.need for found in models.values())


def _lines(known: CatalogueEntry, here: bool) -> Iterator[str]:
    """A model as a row of the list, and the pages whose conditions are to be accepted."""
    size = "" if known.size_mb is None else f"{known.size_mb} MB"
    marks = [
        known.need.licence or "licence: see its page",
        *([] if known.need.commercial else ["not for commercial use"]),
        *(["needs a token"] if any(need.gated for need in known.needs) else []),
        *(["here"] if here else []),
    ]
    yield f"  {', '.join(known.names):<50} {size:>8}  {', '.join(known.languages):<3} {'; '.join(marks)}".rstrip()
    for need in known.needs:
        if need.gated:
            yield f"    to be accepted: {need.page}"


def _described(known: CatalogueEntry, here: bool) -> dict[str, object]:
    """A model for machines."""
    return {
        "use": known.use,
        "names": known.names,
        "models": [need.model for need in known.needs],
        "languages": known.languages or None,
        "size_mb": known.size_mb,
        "licence": known.need.licence,
        "commercial": None if known.need.licence is None else known.need.commercial,
        "page": known.need.page,
        "accept_at": [need.page for need in known.needs if need.gated],
        "here": here,
    }


def _judged(verdict: Verdict) -> str:
    """What was found, in words."""
    if verdict.wrong:
        return f"damaged: {', '.join(verdict.wrong)} in {verdict.path}"
    if not verdict.compared:
        return f"no hashes are known of it, in {verdict.path}"
    return f"whole, {verdict.compared} files compared"
