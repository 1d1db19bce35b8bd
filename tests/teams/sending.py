"""Activities as Teams sends them, and as Microsoft's local test client does, with auth off.

The shapes were written down from what was seen (facts: teams 1.2, 2026-11); nothing is copied.
"""

from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Any

from tests.teams.stub import APP, SERVICE, TENANT

Json = dict[str, Any]
BOT = f"28:{APP}"
TEAM, CHANNEL = "19:team@thread.tacv2", "19:chan@thread.tacv2"
THREAD = f"{CHANNEL};messageid=1795000000001"
GROUP = "19:group@thread.v2"
_numbers = count(1_700_000_000_000)


@dataclass(frozen=True)
class Someone:
    """A person on Teams. ``oid`` empty: not signed in."""

    name: str
    role: str = "user"
    tenant: str = TENANT
    oid: str | None = None

    @property
    def user(self) -> str:
        return f"29:{self.name}"

    @property
    def object_id(self) -> str:
        if self.oid is not None:
            return self.oid
        return f"0000AAAA-0000-4000-8000-{sha256(self.name.encode()).hexdigest()[:12].upper()}"

    @property
    def account(self) -> str:
        return f"teams:{self.object_id.lower()}"

    @property
    def place(self) -> str:
        return f"teams:@{self.object_id.lower()}"

    @property
    def chat(self) -> str:
        return f"a:own-{self.name}"

    @property
    def email(self) -> str:
        return f"{self.name}@school.example"

    @property
    def member(self) -> Json:
        """As the Connector tells of them."""
        return {
            "id": self.user,
            "name": self.name.title(),
            "aadObjectId": self.object_id,
            "email": self.email.title(),
            "userPrincipalName": self.email,
            "tenantId": self.tenant,
            "userRole": self.role,
        }

    @property
    def sender(self) -> Json:
        told = {"id": self.user, "name": self.name.title(), "aadObjectId": self.object_id}
        return {name: one for name, one in told.items() if one}


def activity(who: Someone, kind: str, conversation: Json | None = None, **more: Any) -> Json:
    """What every activity has; in somebody's own conversation with the bot unless told otherwise."""
    personal = {"id": who.chat, "conversationType": "personal", "tenantId": TENANT}
    return {
        "type": kind,
        "id": str(next(_numbers)),
        "channelId": "msteams",
        "serviceUrl": SERVICE,
        "timestamp": "2026-11-20T08:00:00.000Z",
        "from": who.sender,
        "recipient": {"id": BOT, "name": "Policybot"},
        "conversation": conversation or personal,
        "channelData": {"tenant": {"id": TENANT}},
        "entities": [{"type": "clientInfo", "locale": "en-GB", "country": "GB"}],
        "locale": "en-GB",
        **more,
    }


def said(who: Someone, text: str, **more: Any) -> Json:
    return activity(who, "message", **{"text": text, "textFormat": "plain", **more})


def in_group(who: Someone, text: str, **more: Any) -> Json:
    """Said in a group chat, to the bot."""
    group = {"id": GROUP, "conversationType": "groupChat", "isGroup": True, "tenantId": TENANT}
    return said(who, f"<at>Policybot</at> {text}", conversation=group, entities=[mention()], **more)


def in_channel(who: Someone, text: str, kind: str = "standard", **more: Any) -> Json:
    """Said in a thread of a channel, to the bot."""
    thread = {"id": THREAD, "conversationType": "channel", "isGroup": True, "tenantId": TENANT}
    of = {"team": {"id": TEAM}, "channel": {"id": CHANNEL, "type": kind}, "tenant": {"id": TENANT}}
    told = {"conversation": thread, "channelData": of, "entities": [mention()], **more}
    return said(who, f"<at>Policybot</at>&nbsp;{text}", **told)


def mention(id: str = BOT, name: str = "Policybot") -> Json:
    return {"type": "mention", "mentioned": {"id": id, "name": name}, "text": f"<at>{name}</at>"}


def pressed(who: Someone, action: str, token: str = "t1", **more: Any) -> Json:
    """A button of a card, by Action.Execute. ``fields`` are what was typed on the card."""
    fields = more.pop("fields", {})
    data = {"action": action, "token": token, **fields}
    value = {"action": {"type": "Action.Execute", "data": data}, "trigger": "manual"}
    more = {"replyToId": "1699999999999", **more}
    return activity(who, "invoke", **{"name": "adaptiveCard/action", "value": value, **more})


def submitted(who: Someone, action: str, token: str = "t1", **more: Any) -> Json:
    """The same by Action.Submit, as an older client sends it: a message without words."""
    data = {"action": action, "token": token, **more.pop("fields", {})}
    return activity(who, "message", **{"value": data, "replyToId": "1699999999999", **more})


def reports(who: Someone, message: str, **more: Any) -> Json:
    """ "Report this message", out of a chat of two colleagues that the bot is no member of."""
    chat = {"id": "19:two@unq.gbl.spaces", "conversationType": "groupChat", "tenantId": TENANT}
    payload = {
        "id": "1700000000009",
        "from": {"user": {"id": message, "displayName": message}},
        "body": {"contentType": "html", "content": f"<p>{message}</p>"},
        "attachments": [],
    }
    value = {"commandId": "reportMessage", "commandContext": "message", "messagePayload": payload}
    told = {"name": "composeExtension/fetchTask", "value": value, "conversation": chat, **more}
    return activity(who, "invoke", **told)


def sends_window(who: Someone, action: str, token: str, message: str = "", **more: Any) -> Json:
    """A button in the window of the message extension."""
    told = reports(who, message)
    data = {"action": action, "token": token, **more.pop("fields", {})}
    value = {**told["value"], "data": data}
    return {**told, "name": "composeExtension/submitAction", "value": value, **more}


def installed(who: Someone, change: str = "add", **more: Any) -> Json:
    return activity(who, "installationUpdate", **{"action": change, **more})


def added(who: Someone, *ids: str, **more: Any) -> Json:
    """Somebody, or the bot, came to a conversation."""
    members = [{"id": id} for id in ids or (who.user, BOT)]
    return activity(who, "conversationUpdate", **{"membersAdded": members, **more})


def as_local(told: Json, url: str) -> Json:
    """The same as the local test client sends it: its own ids and addresses, and no tenant of ours."""
    tenant = {"id": "00000000-0000-0000-0000-0000000000001"}
    conversation = {**told["conversation"], "tenantId": tenant["id"]}
    return {
        **told,
        "serviceUrl": url,
        "channelData": {**told["channelData"], "tenant": tenant},
        "conversation": conversation,
        "localTimezone": "Etc/UTC",
    }
