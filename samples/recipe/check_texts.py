"""Check that no sentence of four or more words of the recordings occurs in any text the weights were trained on.

    python samples/recipe/check_texts.py samples [FOLDER …]

`samples/weights/training-texts.txt` holds those texts, a sentence a line; `--write` makes it from the corpus.
Exits with 1 and names them if there are any.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from language import sentences, words

TEXTS = Path(__file__).parents[1] / "weights" / "training-texts.txt"
SHORTEST = 4


def recorded(folder: Path) -> set[str]:
    """The sentences of four or more words of the recordings in a folder, as plain words."""
    spoken = (
        line.split(maxsplit=5)[5] for path in sorted(folder.glob("*.stm")) for line in path.read_text().splitlines()
    )
    plain = (words(sentence) for text in spoken for sentence in sentences(text))
    return {" ".join(sentence) for sentence in plain if len(sentence) >= SHORTEST}


def trained(sentences_recorded: set[str], texts: Iterable[str]) -> set[str]:
    """Those of the sentences that occur in a text, whole or as a part of it."""
    everything = "\n" + "\n".join(f" {' '.join(words(text))} " for text in texts) + "\n"
    return {sentence for sentence in sentences_recorded if f" {sentence} " in everything}


def write_texts(corpora: list[Path]) -> None:
    """Keep the text of every utterance of the corpora."""
    from corpus import load_shard

    texts = {u.text for corpus in corpora for path in sorted(corpus.glob("[0-9]*.npz")) for u in load_shard(path)}
    TEXTS.write_text("\n".join(sorted(texts)) + "\n")


def main() -> None:
    """Check the folders that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[TEXTS.parents[1]])
    parser.add_argument("--write", nargs="+", type=Path, metavar="CORPUS", help="first make the file of texts")
    options = parser.parse_args()
    if options.write:
        write_texts(options.write)
    found = set().union(*(recorded(folder) for folder in options.folders))
    texts = TEXTS.read_text().splitlines()
    overlap = trained(found, texts)
    print(f"{len(found)} recorded sentences, {len(texts)} training texts, {len(overlap)} in both")
    for sentence in sorted(overlap):
        print(f"  {sentence}")
    sys.exit(bool(overlap))


if __name__ == "__main__":
    main()
