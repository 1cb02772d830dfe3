"""The headings and phrases of show notes by language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NotesWording:
    """The headings of show notes, the roles of speakers, and the phrase for a percentage of the talk time."""

    summary: str
    chapters: str
    speakers: str
    links: str
    host: str
    guest: str
    share: str

    def share_text(self, share: float) -> str:
        """Return the phrase for a share of the talk time, from 0 to 1."""
        return self.share.format(100 * share)

    def role(self, role: str | None) -> str:
        """Return the word for a role, "host" or "guest"; empty for None."""
        return {"host": self.host, "guest": self.guest}.get(role or "", "")


_ENGLISH = NotesWording(
    "In this episode", "Chapters", "Speakers", "Links mentioned", "host", "guest", "{:.0f}% of the talk time"
)
_WORDINGS: Mapping[str, NotesWording] = {
    "de": NotesWording(
        "In dieser Folge",
        "Kapitel",
        "Mitwirkende",
        "Erwähnte Links",
        "Moderation",
        "Gast",
        "{:.0f}\u00a0% der Redezeit",
    ),
    "es": NotesWording(
        "En este episodio",
        "Capítulos",
        "Participantes",
        "Enlaces mencionados",
        "presenta",
        "invitado/a",
        "{:.0f}\u00a0% del tiempo de palabra",
    ),
    "fr": NotesWording(
        "Dans cet épisode",
        "Chapitres",
        "Participants",
        "Liens mentionnés",
        "animation",
        "invité·e",
        "{:.0f}\u00a0% du temps de parole",
    ),
    "it": NotesWording(
        "In questo episodio",
        "Capitoli",
        "Partecipanti",
        "Link citati",
        "conduzione",
        "ospite",
        "{:.0f}% del tempo di parola",
    ),
    "nl": NotesWording(
        "In deze aflevering",
        "Hoofdstukken",
        "Sprekers",
        "Genoemde links",
        "presentatie",
        "gast",
        "{:.0f}% van de spreektijd",
    ),
    "pt": NotesWording(
        "Neste episódio",
        "Capítulos",
        "Participantes",
        "Links mencionados",
        "apresentação",
        "convidado/a",
        "{:.0f}% do tempo de fala",
    ),
}


def wording_of(language: str) -> NotesWording:
    """Return the wording for a language code; English for languages without one."""
    return _WORDINGS.get(language.partition("-")[0], _ENGLISH)
