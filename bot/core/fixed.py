"""The few words that stand round a card on Slack and Teams: conversations/platforms.toml, as types."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Prompt:
    """A question offered before anything is asked: what its button says, and what is asked then."""

    title: str
    message: str


@dataclass(frozen=True)
class Fixed:
    """One field for each word of ``[words]``, by its name there. ``prompts``: at most four."""

    preview: str
    title: str
    close: str
    ask: str
    ask_label: str
    ask_hint: str
    elsewhere: str
    missing: str
    report_message: str
    report_concern: str
    about: str
    about_long: str
    goes_on: str
    left_out: str
    prompts: tuple[Prompt, ...] = ()
