"""Download a model from a local hub that injects faults, and check the outcome.

    python -m tests.benchmarks.hub

Each case is a new process with an empty cache that downloads a model of 8 MiB with huggingface_hub from a hub on this
machine. `MiB` is the total amount sent: 8.0 means that nothing was sent twice.
"""

from __future__ import annotations

import argparse
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
spec = whisper_spec({MODEL!r})
try:
    check([spec])
    verification = verify(fetch(spec))
    print("complete" if verification.compared == 2 and not verification.damaged else "WRONG")
except MeetscribeError as error:
    print(error.exit_code, *str(error).splitlines(), sep="\\n")
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A fault and the expected result: "complete", or a part of the error message."""

    name: str
    expected: str
    prepare: Callable[[Hub], object] = lambda hub: None
    environment: tuple[tuple[str, str], ...] = ()


def _fault(path: str, **options: object) -> Callable[[Hub], object]:
    return lambda hub: hub.faults.append(Fault(path, **options))  # type: ignore[arg-type]


CASES = (
    Case("no fault", "complete"),
    Case("slow: one second for the weights", "complete", _fault("model.bin", kind="slow")),
    Case("connection cut, twice", "complete", _fault("/model.bin", kind="cut", times=2)),
    Case("bytes changed in transit", "does not match the hash on the hub", _fault("model.bin", kind="changed")),
    Case("401, conditions not accepted", PAGE, lambda hub: hub.gated.add(MODEL)),
    Case("403, wrong token", PAGE, lambda hub: hub.gated.add(MODEL), (("HF_TOKEN", "other"),)),
    Case("token accepted", "complete", lambda hub: hub.gated.add(MODEL), (("HF_TOKEN", "good"),)),
    Case("404, no such model", "there is no such model", lambda hub: hub.models.clear()),
    Case("404, a file is missing", "it has no", lambda hub: hub.models[MODEL].pop("model.bin")),
    Case("429, Retry-After 2", "complete", _fault("config.json", status=429, wait=2, times=1)),
    Case("429, Retry-After 3600", "limits the rate", _fault("config.json", status=429, wait=3600)),
    Case("500, twice", "complete", _fault("config.json", status=500, times=2)),
    Case("500, always", "the server reports an internal error", _fault("config.json", status=500)),
    Case("no network", "does not answer", environment=(("HF_ENDPOINT", "http://127.0.0.1:9"),)),
    Case("HF_HUB_OFFLINE", "the network is disabled", environment=(("HF_HUB_OFFLINE", "1"),)),
)


def run_case(case: Case) -> tuple[bool, str, float, float]:
    """Return whether the result is as expected, the output, the seconds, and the MiB sent."""
    hub = Hub()
    with serving(hub), tempfile.TemporaryDirectory() as home:
        hub.models[MODEL] = {"config.json": b"{}", "model.bin": WEIGHTS}
        case.prepare(hub)
        known = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
        environment = {**known, "HF_ENDPOINT": hub.url, "HF_HOME": home, **dict(case.environment)}
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", CODE], env=environment, cwd=Path(__file__).parents[2], capture_output=True, text=True
        )
        seconds = time.perf_counter() - start
    output = done.stdout.strip() or done.stderr.strip()
    return case.expected in output, output, seconds, hub.sent / (1 << 20)


def main() -> int:
    """Print a row for each case; return the number of unexpected results."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    print(f"{'case':<32} {'as expected':<13} {'s':>5} {'MiB':>5}  output")
    failed = 0
    for case in CASES:
        passed, output, seconds, sent = run_case(case)
        failed += not passed
        print(
            f"{case.name:<32} {'yes' if passed else 'NO':<13} {seconds:5.1f} {sent:5.1f}  {_excerpt(output, case)}",
            flush=True,
        )
    print(f"{len(CASES) - failed} of {len(CASES)} as expected")
    return failed


def _excerpt(output: str, case: Case) -> str:
    """Return the output from the expected part to the end of its line, at most 80 characters."""
    start = output.find(case.expected)
    return output[max(0, start) :].partition("\n")[0][:80] if start >= 0 else output.replace("\n", " ")[:80]


if __name__ == "__main__":
    sys.exit(main())
