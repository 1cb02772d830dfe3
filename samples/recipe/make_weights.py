"""Make everything in `samples/weights/` again: the corpus, then recogniser, aligner and embedder, on CPU or GPU.

    python samples/recipe/make_weights.py                 # about two and a half hours on two cores
    python samples/recipe/make_weights.py --scale 0.1     # a tenth of the training, to see that it runs

Training is bounded by time, so weights differ between machines; on a GPU the same minutes go much further.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SHARDS, SHORT_SHARDS, EXTRA_SHARDS = 47, 3, 9


def step(script: str, *arguments: object) -> None:
    """Run one script of the recipe, as it would be run by hand."""
    command = [sys.executable, str(HERE / script), *map(str, arguments)]
    print("+", *command[1:], flush=True)
    subprocess.run(command, check=True)


def main() -> None:
    """Make the corpora that are not there, train, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="factor on all training times")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--work", type=Path, default=Path("samples/work"), help="corpora and checkpoints")
    parser.add_argument("-o", "--output", type=Path, default=Path("samples/weights"))
    options = parser.parse_args()
    corpus, extra, checkpoint = options.work / "corpus", options.work / "extra", options.work / "asr.pt"
    threads = ("--threads", options.threads)
    step("corpus.py", "--shards", SHARDS, "-o", corpus)
    step("corpus.py", "--shards", SHORT_SHARDS, "--first", SHARDS, "--kind", "short", "-o", corpus)
    step("corpus.py", "--shards", EXTRA_SHARDS, "--kind", "extra", "-o", extra)
    for stage, minutes in (("short", 28), ("mixed", 75), ("polish", 12)):
        asr = (
            "--stage",
            stage,
            "--minutes",
            minutes * options.scale,
            "--corpus",
            corpus,
            "--checkpoint",
            checkpoint,
        )
        step("train_asr.py", *asr, *threads)
    step("train_asr.py", "--stage", "export", "--checkpoint", checkpoint, "-o", options.output / "asr")
    step(
        "train_aligner.py",
        "--minutes",
        25 * options.scale,
        "--corpus",
        corpus,
        "-o",
        options.output / "aligner",
        *threads,
    )
    both = ("--corpus", corpus, extra)
    step(
        "train_embedder.py",
        "--minutes",
        10 * options.scale,
        *both,
        "-o",
        options.output / "embedder",
        *threads,
    )
    step("check_texts.py", "--write", corpus, extra)


if __name__ == "__main__":
    main()
