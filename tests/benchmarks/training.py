"""Fine-tune real and sample weights, and print what it gains and what it costs.

    python -m tests.benchmarks.training corrections  # meetings with names that tiny.en does not know, corrected
    python -m tests.benchmarks.training memorise     # four clips with made-up texts, tiny.en, all weights
    python -m tests.benchmarks.training terms        # names that base does not know, in voices and sentences held out
    python -m tests.benchmarks.training noise        # the samples' weights with noise on the decoder, trained back
    python -m tests.benchmarks.training gpu          # throughput and memory of base and large-v3-turbo with CUDA

`corrections`, `memorise` and `terms` need Whisper tiny.en and base in the layout of Transformers: whisper-tiny.en-hf
and whisper-base-hf in the folder of --weights, by default that of `python -m tests.benchmarks.real`; `gpu` makes random
weights of real size. All but `memorise` and `gpu` need the synthesisers of the samples' recipe. An interrupted run
continues. The settings of `noise` were chosen with its seed 0; `--seed 1 --folder OTHER` is another noise.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.benchmarks.real.places import Places
from tests.benchmarks.training_runs import corrections, gpu, memorise, noise, terms
from tests.benchmarks.training_runs.choices import Choices

RUNS = {
    "corrections": corrections.run,
    "memorise": memorise.run,
    "terms": terms.run,
    "noise": noise.run,
    "gpu": gpu.run,
}


def parse(arguments: list[str]) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("run", choices=RUNS)
    parser.add_argument("--folder", type=Path, default=Path("training-benchmark"), help="where to write [%(default)s]")
    parser.add_argument("--weights", type=Path, default=Places.default().real, help="folder of the weights [cache]")
    parser.add_argument(
        "--minutes", type=float, default=20.0, help="speech to train terms on, a third of that of noise [20]"
    )
    parser.add_argument("--threads", type=int, default=2, help="processor threads [2]")
    parser.add_argument("--seed", type=int, default=0, help="seed of the noise on the weights [0]")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="another setting of [training]; repeatable"
    )
    return parser.parse_args(arguments)


def main() -> int:
    """Run one part; return 0, also if it is skipped because something is missing."""
    options = parse(sys.argv[1:])
    settings = dict(text.split("=", 1) for text in options.set)
    choices = Choices(
        options.folder / options.run, options.weights, options.minutes, options.threads, options.seed, settings
    )
    for line in RUNS[options.run](choices):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
