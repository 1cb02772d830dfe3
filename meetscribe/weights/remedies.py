"""What is said of models that cannot be had: one error for all, with each reason and every way out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from meetscribe.errors import WeightsError, nearest
from meetscribe.weights.catalogue import TORCHAUDIO_BUNDLES, WHISPER
from meetscribe.weights.needs import Need, Obstacle, missing
from meetscribe.weights.store import files_in

Unmet: TypeAlias = tuple[Need, Obstacle]
"""A model that cannot be had, and why."""

_REASONS: dict[Obstacle, str] = {
    "absent": "there is no such file or directory",
    "offline": "it is not on this machine, and the network is not to be used",
    "unreachable": "it is not on this machine, and where it could be fetched does not answer",
    "failing": "it is not on this machine, and where it could be fetched answers that something is wrong there",
    "busy": "it is not on this machine, and where it could be fetched asks to wait longer than a minute",
    "gated": "its conditions must be accepted, and a token must say by whom",
    "refused": "the token was refused",
    "unknown": "there is no such model, or it is private",
}
_TOKENS = "https://huggingface.co/settings/tokens"


def unmet(needs: Sequence[Unmet]) -> WeightsError:
    """The error for models that cannot be had."""
    lines = ["a model is missing" if len(needs) == 1 else f"{len(needs)} models are missing"]
    lines += [f"  {need}{_details(need, obstacle)}: {_reason(need, obstacle)}" for need, obstacle in needs]
    remedies = [_acceptance(need) for need, obstacle in needs if need.gated or obstacle == "gated"]
    remedies += [_remedy(need, obstacle) for need, obstacle in needs]
    remedies += _by_hand([need for need, obstacle in needs if obstacle not in ("absent", "unknown")])
    remedies += [need.instead for need, _ in needs]
    return WeightsError("\n".join(lines), "\n".join(dict.fromkeys(filter(None, remedies))))


def _details(need: Need, obstacle: Obstacle) -> str:
    """Size and licence in brackets, as far as they are known of what may exist."""
    if obstacle in ("absent", "incomplete", "unknown"):
        return ""
    size = None if need.size_mb is None else f"about {need.size_mb} MB"
    known = [part for part in (size, need.licence) if part is not None]
    return f" ({', '.join(known)})" if known else ""


def _reason(need: Need, obstacle: Obstacle) -> str:
    """Why a model cannot be had."""
    if obstacle != "incomplete":
        return _REASONS[obstacle]
    lacking = missing(need, files_in(Path(need.model).expanduser())) if _is_here(need) else need.files
    return f"it has no {' and no '.join(pattern.replace('|', ' or ') for pattern in lacking)}"


def _remedy(need: Need, obstacle: Obstacle) -> str:
    """What to do about one obstacle, beside accepting conditions."""
    if obstacle == "unknown":
        return f"Check the name {need.model}{_suggestion(need)}; what is private needs a token in HF_TOKEN."
    return {
        "gated": "",
        "absent": f"Check the path {need.model}.",
        "incomplete": "Put the files where they belong, or name another model.",
        "offline": "Run it once without --offline and HF_HUB_OFFLINE, to fetch what is missing.",
        "unreachable": "Check the connection, and HTTPS_PROXY or HF_ENDPOINT if one is needed.",
        "failing": "Try again later, or set HF_ENDPOINT to a mirror.",
        "busy": "Try again later; with a token in HF_TOKEN more may be fetched.",
        "refused": f"Make another token at {_TOKENS}, and set HF_TOKEN to it.",
    }[obstacle]


def _acceptance(need: Need) -> str:
    """How to become one of those who may fetch a model."""
    return (
        f"Accept the conditions at {need.page}, make a token at {_TOKENS}, and set HF_TOKEN to it or run: hf auth login"
    )


def _suggestion(need: Need) -> str:
    """What may have been meant, in brackets."""
    if need.kind == "torchaudio":
        return f" ({nearest(need.model, TORCHAUDIO_BUNDLES)})"
    return f" ({nearest(need.model, WHISPER)})" if need.stage == "asr" and "/" not in need.model else ""


def _by_hand(needs: Sequence[Need]) -> list[str]:
    """How to bring models here from a machine that has a network."""
    names = " ".join(need.model for need in needs if not _is_here(need))
    if not names:
        return []
    return [
        "Or fetch on another machine, bring the folder here, and name it:",
        f"  meetscribe weights pull {names} --to weights",
        "  meetscribe run RECORDING --weights weights",
    ]


def _is_here(need: Need) -> bool:
    """Whether the model is given as a directory."""
    return Path(need.model).expanduser().is_dir()
