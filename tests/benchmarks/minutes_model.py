"""Score minutes by a language model on written meetings: a scripted perfect one, or the one at an address.

    python -m tests.benchmarks.minutes_model                                  # a scripted model that knows the answers
    python -m tests.benchmarks.minutes_model http://localhost:8080/v1 --meetings 1 --lines 12   # a real one, in short

For SmolLM2 on this machine: pip install 'llama-cpp-python[server]', then
python -m llama_cpp.server --model smollm2-135m-instruct.gguf --port 8080 --n_ctx 2048
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any
from unittest.mock import patch

from meetscribe.errors import EndpointError
from meetscribe.minutes.dialogue import Dialogue
from meetscribe.minutes.llm.endpoint import Endpoint, Reply, ask
from meetscribe.minutes.llm.making import minutes_by_llm
from meetscribe.minutes.llm.prompts import line_id
from meetscribe.minutes.llm.replies import parse_answers
from tests.benchmarks.minutes import HEADER, print_scores
from tests.minutes.llm.server import Handler, Request, Script, completion, serving
from tests.minutes.scoring import KINDS, Meeting, as_transcript, evidence, meetings, score

_ID = re.compile(r"^\[(u\d+) ", re.MULTILINE)


def main() -> None:
    """Print the scores."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?", help="address of an endpoint; by default, a scripted one")
    parser.add_argument("--model", default="default")
    parser.add_argument("--context", type=int, default=2048)
    parser.add_argument("--meetings", type=int, default=12)
    parser.add_argument("--lines", type=int, help="only the first utterances of each meeting")
    parser.add_argument("--timeout", type=float, default=120, help="seconds for one answer")
    arguments = parser.parse_args()
    group = [shortened(one, arguments.lines) for one in list(meetings("written").values())[: arguments.meetings]]
    print(HEADER)
    if arguments.url:
        measure(
            "model",
            group,
            Endpoint(arguments.url, arguments.model, context=arguments.context, timeout=arguments.timeout),
        )
        return
    with serving(perfect(group)) as (url, _):
        measure("scripted", group, Endpoint(url, "scripted", context=arguments.context))


def shortened(meeting: Meeting, lines: int | None) -> Meeting:
    """Return the first utterances of a meeting, with the items that are stated in them."""
    utterances = meeting["utterances"][:lines]
    known = {one["id"] for one in utterances}
    expected = {key: [one for one in own if set(one["evidence"]) <= known] for key, own in meeting["expected"].items()}
    return {**meeting, "utterances": utterances, "expected": expected}


def measure(name: str, group: Iterable[Meeting], endpoint: Endpoint) -> None:
    """Print the scores of the minutes of the meetings, the kinds of replies, the coverage, and what was refused."""
    scores, refused, shares = [], Counter[str](), []
    replies = Counter[str]()
    begun = time.monotonic()
    for meeting in group:
        transcript = as_transcript(meeting)
        with patch("meetscribe.minutes.llm.kept.ask", counting(replies)):
            minutes = minutes_by_llm(transcript, endpoint)
        scores.append(score(minutes, transcript, meeting))
        shares.append(minutes.coverage.share)
        refused.update(re.sub(r"“[^”]*”|\d\S*", "…", problem) for one in minutes.candidates if one.said
                       for problem in one.said.problems[:1])  # fmt: skip
    print_scores(name, scores)
    print(f"{name}: replies: {', '.join(f'{kind} {count}' for kind, count in sorted(replies.items()))}")
    print(f"{name}: read {sum(shares) / len(shares):.0%} of the words in {time.monotonic() - begun:.0f} s; refused:")
    for problem, count in refused.most_common(12):
        print(f"    {count:3}  {problem}")


def counting(replies: Counter[str]) -> Callable[..., Reply]:
    """Return the function that asks the endpoint, and counts its replies by mode and result."""

    def asking(endpoint: Endpoint, messages: list[dict[str, str]], response_format: Any, max_tokens: int) -> Reply:
        mode = "repair" if len(messages) > 2 else response_format["type"] if response_format else "text"
        try:
            reply = ask(endpoint, messages, response_format, max_tokens)
        except EndpointError:
            replies[f"{mode} rejected"] += 1
            raise
        usable = "usable" if parse_answers(reply.text) is not None else "unusable"
        replies[f"{mode} {'truncated' if reply.finish == 'length' else usable}"] += 1
        return reply

    return asking


def perfect(group: Iterable[Meeting]) -> Script:
    """Return a script that answers with the planted items of the meeting whose lines it is sent."""
    known = {meeting["utterances"][0]["text"][:40]: meeting for meeting in group}
    current: list[Meeting] = []

    def script(handler: Handler, body: Request, number: int) -> None:
        text = body["messages"][1]["content"]
        current[:] = [one for start, one in known.items() if start in text] or current
        handler.send(completion(json.dumps({"items": planted(current[0], set(_ID.findall(text)))})))

    return script


def planted(meeting: Meeting, ids: set[str]) -> list[dict[str, object]]:
    """Return the planted items whose first evidence is among the lines with these ids."""
    transcript = as_transcript(meeting)
    dialogue, names = Dialogue(transcript), evidence(transcript, meeting)
    lines = {names[word.id]: line_id(number) for number, run in enumerate(dialogue.runs) for word in run}
    found: list[dict[str, object]] = []
    for key, kind in KINDS.items():
        for one in meeting["expected"][key]:
            cites = list(dict.fromkeys(lines[utterance] for utterance in one["evidence"]))
            if cites[0] in ids:
                text = one.get("task") or one["text"]
                item = {
                    "kind": kind,
                    "text": text,
                    "cites": cites,
                    "owner": one.get("owner"),
                    "due": one.get("due_said"),
                }
                found.append(item)
    return found


if __name__ == "__main__":
    main()
