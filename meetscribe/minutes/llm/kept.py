"""Keep replies in a folder, so that an interrupted run resumes where it stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from meetscribe.minutes.llm.endpoint import Endpoint, Reply, ask
from meetscribe.storage.files import replace_file

_ANSWER_TOKENS = 800  # the longest reply


@dataclass(frozen=True, slots=True)
class KeptReplies:
    """The replies of an endpoint, kept in `folder` without the key; None keeps none."""

    endpoint: Endpoint
    folder: Path | None

    def ask(self, request: Sequence[Mapping[str, str]], mode: str, response_format: object) -> Reply:
        """Return the kept reply to messages, else ask the endpoint and keep its reply; raises EndpointError."""
        file = self._file(request, mode)
        if file is not None and file.exists():
            try:
                return Reply(**json.loads(file.read_text(encoding="utf-8")))
            except (OSError, ValueError, TypeError):
                file.unlink(missing_ok=True)
        reply = ask(self.endpoint, request, response_format, _ANSWER_TOKENS)
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            members = {"text": reply.text, "finish": reply.finish, "prompt_tokens": reply.prompt_tokens}
            replace_file(file, json.dumps(members).encode())
        return reply

    def _file(self, request: Sequence[Mapping[str, str]], mode: str) -> Path | None:
        """Return the file of a kept reply, named by a digest of the request."""
        if self.folder is None:
            return None
        identity = json.dumps([self.endpoint.url, self.endpoint.model, mode, request])
        return self.folder / f"{hashlib.sha256(identity.encode()).hexdigest()[:32]}.json"
