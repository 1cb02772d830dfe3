"""The settings of minutes: the table [minutes] of a settings file."""

from __future__ import annotations

from dataclasses import dataclass

from meetscribe.errors import SettingsError
from meetscribe.minutes.llm.endpoint import Endpoint
from meetscribe.minutes.rules.extraction import PAGE
from meetscribe.options import option

SERVERS = {
    "ollama": "http://localhost:11434/v1",
    "llama.cpp": "http://localhost:8080/v1",
    "vllm": "http://localhost:8000/v1",
    "lmstudio": "http://localhost:1234/v1",
}
"""The default URLs of servers on this machine, by name."""

MIN_CONTEXT = 1200
"""The smallest context length in tokens, chosen by hand: `llm/prompts.py` reserves 900, which leaves 300 for lines."""


@dataclass(frozen=True, slots=True)
class MinutesSettings:
    """The settings of minutes and of their language model.

    An endpoint on another machine must be allowed with each command, so that no settings file sends transcripts away.
    Raises SettingsError for a context below 1200 tokens, and for no items.
    """

    llm: str = option("", f"endpoint of a language model: a URL up to /v1, or {', '.join(SERVERS)}; empty for rules")
    model: str = option("default", "name of the model at the endpoint")
    key: str | None = option(None, "key of the endpoint", secret=True)
    context: int = option(4096, "tokens that the model can read; longer meetings are sent in parts")
    redact: bool = option(False, "replace names before anything is sent")
    judge: bool = option(False, "let the model judge whether the quotes support each item")
    text_language: str | None = option(None, "language of the texts that the model writes")
    template: str | None = option(None, "TOML or JSON file with sections, each with title and instruction", path=True)
    page: int = option(PAGE, "largest number of items shown")
    more_dates: bool = option(False, "use dateparser for due dates that the rules do not know")

    def __post_init__(self) -> None:
        if self.context < MIN_CONTEXT:
            raise SettingsError(f"minutes.context must be at least {MIN_CONTEXT} tokens, not {self.context}")
        if self.page < 1:
            raise SettingsError(f"minutes.page must be at least 1, not {self.page}")

    def endpoint(self, *, allow_remote: bool = False) -> Endpoint | None:
        """Return the endpoint of the language model, None without one; raises SettingsError for another machine."""
        if not self.llm:
            return None
        url = SERVERS.get(self.llm, self.llm)
        return Endpoint(url, self.model, self.key, context=self.context, allow_remote=allow_remote)
