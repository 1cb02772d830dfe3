"""Count wordings that hide a sentence's subject or verb, in docstrings, comments, messages and READMEs of the rooms.

python -m tests.benchmarks.wording                     the working tree
python -m tests.benchmarks.wording --against v0.1      beside a commit
python -m tests.benchmarks.wording --show aloud        print the sentences of one row

A sentence is counted once per row. The patterns also match some good sentences ("who said what"), so a count shows a
direction, and no row has to reach zero.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping

from tests.benchmarks.structure import at_commit, working_tree

_SUFFIXES = (".py", ".md")
_PASSIVE = r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+)?(?:not\s+)?\w+(?:ed|wn|ught|nt|ept|eft|ost|ade|ut)\b"
PATTERNS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "what is …, what it …": r"\bwhat\s+(?:is|are|was|were|has|have|it|they|the|a|an|no|each)\b",
        "who …, whoever": r"\b(?:(?:those|one|ones|people|person)\s+who|whoever|whom)\b",
        "nobody, somebody": r"\b(?:nobody|somebody|no one|someone)\b",
        "told": r"\btold\b",
        "aloud, anew, at hand": r"\b(?:aloud|anew|at hand)\b",
        "let go": r"\b(?:let|lets|letting) go\b",
        "so many, of its own": r"\b(?:so many|as many as there|of (?:its|their) own)\b",
        "three passives or more": rf"{_PASSIVE}.*?{_PASSIVE}.*?{_PASSIVE}",
    }.items()
}
_SENTENCE_END = re.compile(r"(?<=[.;:?!])\s+(?=\S)|\n\s*\n|\n\s*[-|>]")


def sentences(source: str) -> Iterator[str]:
    """Yield the sentences of the docstrings, comments and string literals of a module."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = [token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT]
    texts = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    prose = [text for text in texts if isinstance(text, str) and " " in text]
    for text in (*prose, " ".join(comments)):
        yield from split(text)


def split(text: str) -> Iterator[str]:
    """Yield the sentences of a text, with single spaces."""
    for sentence in _SENTENCE_END.split(text):
        if len(words := sentence.split()) > 1:
            yield " ".join(words)


def found(texts: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the sentences that match each pattern, with their files, in texts by their path."""
    matches: dict[str, list[str]] = {name: [] for name in PATTERNS}
    for path, text in texts.items():
        for sentence in sentences(text) if path.endswith(".py") else split(text):
            for name, pattern in PATTERNS.items():
                if pattern.search(sentence):
                    matches[name].append(f"{path}: {sentence}")
    return matches


def main() -> None:
    """Print the number of sentences per pattern, or the sentences of one pattern."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", metavar="COMMIT", help="print the counts of this commit in a first column")
    parser.add_argument("--show", metavar="TEXT", help="print the sentences of the rows that contain this text")
    given = parser.parse_args()
    trees = {"now": working_tree(*_SUFFIXES)}
    if given.against:
        trees = {given.against[:12]: at_commit(given.against, *_SUFFIXES), **trees}
    matches = {title: found(texts) for title, texts in trees.items()}
    if given.show:
        print("\n".join(each for name, lines in matches["now"].items() if given.show in name for each in lines))
        return
    print(f"{'sentences with':<28}" + "".join(f"{title:>14}" for title in trees))
    for name in PATTERNS:
        print(f"{name:<28}" + "".join(f"{len(each[name]):>14}" for each in matches.values()))
    lines = (sum(text.count("\n") for text in texts.values()) for texts in trees.values())
    print(f"{'lines of code and READMEs':<28}" + "".join(f"{count:>14,}" for count in lines))


if __name__ == "__main__":
    main()
