"""The words the doors speak: everything that comes in, everything that goes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Reply = Literal["answer", "post"]


@dataclass(frozen=True)
class Said:
    """A person wrote something.

    ``key`` names this delivery so that a second one has no second effect (the platform's event id).
    ``place`` is the conversation; ``reply`` says whether the platform wants the answer in its own
    response or posted; ``handle`` opens one view, once, within 3 s, where the platform gives one: the
    answer is opened with it. ``private``: others of the staff read ``place``, and this is where the
    person is answered alone; empty when ``place`` itself is the person's own. ``under`` is the message
    that the answer is put under, where one conversation has threads.
    """

    person: str
    text: str
    at: datetime
    key: str
    place: str
    reply: Reply = "answer"
    handle: str = ""
    private: str = ""
    under: str = ""


@dataclass(frozen=True)
class Pressed:
    """A person pressed a button or sent a form. ``action`` is what the button carried, ours, opaque
    to the platform: a verb and its arguments parted by single spaces. ``fields`` are what was typed.
    ``card`` is the message it stands on, where the platform can put another in its place."""

    person: str
    action: str
    at: datetime
    key: str
    place: str
    fields: Mapping[str, str] = field(default_factory=dict)
    reply: Reply = "answer"
    handle: str = ""
    private: str = ""
    card: str = ""
    under: str = ""


Incoming = Said | Pressed


@dataclass(frozen=True)
class Outgoing:
    """One message to one person: which wording, about which records. Never text anybody typed.

    ``refs`` is JSON: policy, version and clause ids, a draft's id, a verdict, a role. The words are
    put in when it is sent. kind answer: returned in the platform's own response. now: a view opened
    with a handle, tried once, never stored, else ``template`` is posted instead. post: an outbox row.
    ``key`` names the occasion of a post, so that posting the same occasion twice sends once.
    ``over`` is the message it takes the place of, as the platform names it; empty for a new one.
    ``under`` is the message it is put under, where one conversation has threads.
    """

    to: str
    template: str
    refs: Mapping[str, Json] = field(default_factory=dict)
    kind: Literal["answer", "now", "post"] = "answer"
    place: str = ""
    key: str = ""
    over: str = ""
    under: str = ""

    def posted(self, key: str) -> "Outgoing":
        """The same message as an outbox row."""
        return replace(self, kind="post", key=key)
