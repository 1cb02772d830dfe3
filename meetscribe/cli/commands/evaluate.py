"""`meetscribe evaluate`: score transcripts against reference transcripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from meetscribe.cli.display import messages, scores
from meetscribe.cli.options import STDIN, encoding_option, general_options, json_option
from meetscribe.cli.sections import OUTPUT, SCORING, SectionedCommand, option
from meetscribe.cli.transcripts import print_reading_notices, read_stdin
from meetscribe.evaluation import EvaluationSettings, Scores, score
from meetscribe.evaluation.pairing import Pair, Recordings, check_complete, read_pairs
from meetscribe.evaluation.results import Results
from meetscribe.formats import write_file
from meetscribe.formats.recording_files import find_transcripts, load_regions, transcripts_in
from meetscribe.publishing.destinations import require_new
from meetscribe.report.audio_source import audio_url
from meetscribe.report.evaluation_page import Comparison, make_evaluation_page
from meetscribe.transcript import Transcript

EPILOG = """\b
Examples:
  meetscribe evaluate out/standup.json samples/standup.words.jsonl
  meetscribe evaluate out samples --metrics wer,cpwer,der --json
  meetscribe evaluate new samples --against old
  meetscribe evaluate out/standup.json samples/standup.stm --fail-over cpwer=0.12
  meetscribe evaluate out samples --html errors.html --audio samples

\b
Metrics:
  wer, cer           word and character error rate, ignoring speakers
  cpwer              word error rate per speaker, with the best mapping of speakers
  tcpwer             cpwer that also requires matching times (--time-collar)
  orcwer             word error rate with the best assignment of reference
                     utterances to hypothesis streams
  wder               share of aligned words with the wrong speaker
  speakers           difference in the number of speakers
  der, jer           diarization and Jaccard error rate
  purity, coverage   purity and coverage of speaker clusters
  segment-purity, segment-coverage
                     the same for segments
  boundaries         errors of the start and end times of words
  detection          words found within --word-collar

Rates over several recordings are total errors divided by total length. If a metric cannot be computed for a
recording, the output says why.
"""


@click.command(cls=SectionedCommand, epilog=EPILOG)
@click.argument("hypothesis", metavar="HYP", type=click.Path())
@click.argument("reference", metavar="REF", type=click.Path())
@option("--against", metavar="B", type=click.Path(), section=SCORING, help="Second hypothesis, to compare with HYP.")
@option("--metrics", metavar="LIST", section=SCORING, help="Metrics to compute, separated by commas.  [default: all]")
@option(
    "--normalization",
    type=click.Choice(("none", "basic", "whisper", "cjk")),
    default="basic",
    show_default=True,
    section=SCORING,
    help="Text normalization before scoring. basic ignores case and punctuation; whisper also normalizes English "
    "numbers and spelling; cjk is basic, with scripts without spaces split into characters.",
)
@option(
    "--collar",
    metavar="SECONDS",
    type=float,
    default=0.0,
    show_default=True,
    section=SCORING,
    help="Unscored time on each side of a turn boundary, as in md-eval (pyannote's collar is the sum of both sides).",
)
@option("--skip-overlap", is_flag=True, section=SCORING, help="Do not score overlapping speech.")
@option(
    "--time-collar",
    metavar="SECONDS",
    type=float,
    default=5.0,
    show_default=True,
    section=SCORING,
    help="Maximum difference in time between matching words of tcpwer.",
)
@option(
    "--word-collar",
    metavar="SECONDS",
    type=float,
    default=0.2,
    show_default=True,
    section=SCORING,
    help="Maximum difference in time between matching words of detection.",
)
@option(
    "--uem",
    metavar="FILE",
    type=click.Path(path_type=Path),
    section=SCORING,
    help="UEM file with the regions to score.",
)
@encoding_option
@json_option
@option(
    "--fail-over",
    "limits",
    metavar="METRIC=RATE",
    multiple=True,
    section=OUTPUT,
    help="Exit with code 1 if the metric exceeds this rate. Repeatable.",
)
@option(
    "--html",
    "page",
    metavar="FILE",
    type=click.Path(path_type=Path),
    section=OUTPUT,
    help="Write a web page that shows both transcripts, aligned word by word, with the errors in colour.",
)
@option(
    "--audio",
    metavar="PATH",
    type=click.Path(path_type=Path),
    section=OUTPUT,
    help="Recording, or folder of recordings, for playback in the page.",
)
@option("--overwrite", is_flag=True, section=OUTPUT, help="Replace an existing page.")
@general_options
def command(hypothesis: str, reference: str, **given: Any) -> None:
    """Score the transcript HYP against the reference REF.

    Both are files in any format that meetscribe reads, or folders of such files, matched by name. One of them can be
    - for stdin. Plain text without times is scored only with metrics that need no times, such as WER and CER. The turns
    of a reference X.words.jsonl can be in a separate file X.rttm.
    """
    settings, limits = _settings(given), scores.parse_limits(given["limits"])
    _check_page(given)
    regions = load_regions(given["uem"])
    references = _recordings(reference, given["encoding"], with_turns=True)
    hypotheses = _recordings(hypothesis, given["encoding"])
    pairs = read_pairs(references, hypotheses, regions, by_name=_are_folders(hypothesis, reference))
    for pair in pairs:
        print_reading_notices(pair.reference)
        print_reading_notices(pair.hypothesis)
    results = _score(pairs, settings)
    others = None
    if given["against"]:
        against = _recordings(given["against"], given["encoding"])
        by_name = _are_folders(given["against"], reference)
        others = _score(read_pairs(references, against, regions, by_name=by_name), settings)
    if given["as_json"]:
        scores.print_json(results, others, settings)
    else:
        click.echo(_heading(hypothesis, reference, given, pairs))
        scores.print_tables(results, others, settings)
    if given["page"]:
        _write_page(pairs, results, settings, given)
    scores.check_limits(results, limits)
    check_complete(references, hypotheses, pairs)


def _are_folders(*paths: str) -> bool:
    """Return whether all paths are folders, whose transcripts are matched by name."""
    return all(path != STDIN and Path(path).is_dir() for path in paths)


def _settings(given: Mapping[str, Any]) -> EvaluationSettings:
    """Return the settings given by the options."""
    names = tuple(dict.fromkeys(name.strip() for name in (given["metrics"] or "").split(",") if name.strip()))
    return EvaluationSettings(
        metrics=names,
        normalization=given["normalization"],
        collar=given["collar"],
        skip_overlap=given["skip_overlap"],
        time_collar=given["time_collar"],
        word_collar=given["word_collar"],
    )


def _check_page(given: Mapping[str, Any]) -> None:
    """Raise UsageError or OutputError if the page cannot be written."""
    if given["audio"] and not given["page"]:
        raise click.UsageError("--audio requires --html.")
    if given["page"]:
        require_new([given["page"]], given["overwrite"])


def _recordings(path: str, encoding: str | None, *, with_turns: bool = False) -> Recordings:
    """Return the recordings in a file, in a folder or on stdin."""
    if path == STDIN:
        return transcripts_in(read_stdin(), Path(path), with_turns=with_turns, encoding=encoding)
    return find_transcripts(Path(path), with_turns=with_turns, encoding=encoding)


def _score(pairs: Sequence[Pair], settings: EvaluationSettings) -> Results:
    """Return the scores of all pairs."""
    return Results({pair.name: _score_pair(pair, settings) for pair in pairs})


def _score_pair(pair: Pair, settings: EvaluationSettings) -> Scores:
    return score(reference=pair.reference, hypothesis=pair.hypothesis, settings=settings, within=pair.within)


def _heading(hypothesis: str, reference: str, given: Mapping[str, Any], pairs: Sequence[Pair]) -> str:
    """Return the line above the tables: the files, and which turns are derived from words."""
    against = f" (B: {given['against']})" if given["against"] else ""
    within = f", within {given['uem']}" if given["uem"] else ""
    sides = (("REF", [pair.reference for pair in pairs]), ("HYP", [pair.hypothesis for pair in pairs]))
    derived = [side for side, transcripts in sides if any(map(_derives_turns, transcripts))]
    words = f"; turns of {' and '.join(derived)} are derived from words" if derived else ""
    return f"{hypothesis} against {reference}{against}{within}{words}"


def _derives_turns(transcript: Transcript) -> bool:
    """Return whether a transcript has no turns, but words with times from which turns can be derived."""
    return not transcript.turns and any(word.end for word in transcript.words)


def _write_page(
    pairs: Sequence[Pair], results: Results, settings: EvaluationSettings, given: Mapping[str, Any]
) -> None:
    """Write the page and print its path."""
    page: Path = given["page"]
    comparisons = [
        Comparison(
            pair.name,
            pair.reference,
            pair.hypothesis,
            results.recordings[pair.name],
            audio_url(given["audio"], pair.name, page.parent, single=len(pairs) == 1),
            pair.within,
        )
        for pair in pairs
    ]
    write_file(page, make_evaluation_page(comparisons, settings).encode("utf-8", "replace"))
    messages.info(f"wrote {page}")
