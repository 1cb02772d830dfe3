"""What becomes of a model when things go wrong between a hub and this machine.

    python -m tests.benchmarks.hub

Each case is a process of its own that fetches a model of 8 MiB by huggingface_hub from a hub on this machine, with
an empty cache, and says what it has; `bytes` is what was sent in all, so that 8.0 MiB means that nothing came twice.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.support.hub import Fault, Hub, serving

MODEL = "Systran/faster-whisper-small"
PAGE = f"https://huggingface.co/{MODEL}"
WEIGHTS = bytes(range(256)) * (32 << 10)
CODE = f"""
from meetscribe.errors import MeetscribeError
from meetscribe.weights import check, fetch, verify, whisper_spec
need = whisper_spec({MODEL!r})
try:
    check([need])
    verification = verify(fetch(need))
    print("whole" if verification.compared == 2 and not verification.damaged else "WRONG")
except MeetscribeError as error:
    print(error.exit_code, *str(error).splitlines(), sep="\\n")
"""


@dataclass(frozen=True, slots=True)
class Case:
    """What goes wrong, and what must be said: "whole", or a part of the error."""

    name: str
    expected: str
    prepare: Callable[[Hub], object] = lambda hub: None
    environment: tuple[tuple[str, str], ...] = ()


def _fault(path: str, **what: object) -> Callable[[Hub], object]:
    return lambda hub: hub.faults.append(Fault(path, **what))  # type: ignore[arg-type]


CASES = (
    Case("whole", "whole"),
    Case("slow: a second for the weights", "whole", _fault("model.bin", kind="slow")),
    Case("cut in the middle, twice", "whole", _fault("/model.bin", kind="cut", times=2)),
    Case("bytes changed on the way", "does not match the hash on the hub", _fault("model.bin", kind="changed")),
    Case("401, conditions not accepted", PAGE, lambda hub: hub.gated.add(MODEL)),
    Case("403, another's token", PAGE, lambda hub: hub.gated.add(MODEL), (("HF_TOKEN", "other"),)),
    Case("token accepted", "whole", lambda hub: hub.gated.add(MODEL), (("HF_TOKEN", "good"),)),
    Case("404, no such model", "there is no such model", lambda hub: hub.models.clear()),
    Case("404, a file is missing", "it has no", lambda hub: hub.models[MODEL].pop("model.bin")),
    Case("429, Retry-After 2", "whole", _fault("config.json", status=429, wait=2, times=1)),
    Case("429, Retry-After 3600", "asks to wait", _fault("config.json", status=429, wait=3600)),
    Case("500, twice", "whole", _fault("config.json", status=500, times=2)),
    Case("500, for good", "the server reports an internal error", _fault("config.json", status=500)),
    Case("no network at all", "does not answer", environment=(("HF_ENDPOINT", "http://127.0.0.1:9"),)),
    Case("HF_HUB_OFFLINE", "the network is not to be used", environment=(("HF_HUB_OFFLINE", "1"),)),
)


def play(case: Case) -> tuple[bool, str, float, float]:
    """Whether it went as expected, what was said, seconds, and MiB that were sent."""
    hub = Hub()
    with serving(hub), tempfile.TemporaryDirectory() as home:
        hub.models[MODEL] = {"config.json": b"{}", "model.bin": WEIGHTS}
        case.prepare(hub)
        known = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
        environment = {**known, "HF_ENDPOINT": hub.url, "HF_HOME": home, **dict(case.environment)}
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", CODE], env=environment, cwd=Path(__file__).parents[2], capture_output=True, text=True
        )
        seconds = time.perf_counter() - began
    said = done.stdout.strip() or done.stderr.strip()
    return case.expected in said, said, seconds, hub.sent / (1 << 20)


def main() -> int:
    """Print a row for each case; returns how many did not go as expected."""
    print(f"{'case':<32} {'as it should':<13} {'s':>5} {'MiB':>5}  said")
    failed = 0
    for case in CASES:
        right, said, seconds, sent = play(case)
        failed += not right
        print(
            f"{case.name:<32} {'yes' if right else 'NO':<13} {seconds:5.1f} {sent:5.1f}  {_shown(said, case)}",
            flush=True,
        )
    print(f"{len(CASES) - failed} of {len(CASES)} as they should be")
    return failed


def _shown(said: str, case: Case) -> str:
    """The reason in what was said, from the part on that had to be in it."""
    start = said.find(case.expected)
    return said[max(0, start) :].partition("\n")[0][:80] if start >= 0 else said.replace("\n", " ")[:80]


if __name__ == "__main__":
    sys.exit(main())
