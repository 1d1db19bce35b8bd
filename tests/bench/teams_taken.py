"""What the bot on Teams does with what comes often, forged, foreign, replayed or misdirected."""

import json
import re
from collections.abc import Iterator
from typing import Any

from aiohttp import ClientSession

from tests.bench.figures import Figure, measured
from tests.bench.servers import Server
from tests.bench.teams_far import Activity, Far, knows_its_staff, post, posted
from tests.teams.sending import pressed, said

EACH = 250  # of four kinds
ELSEWHERE = "https://smba.trafficmanager.example/uk/"
FOREIGN = "99999999-9999-4999-8999-999999999999"
ASKS_BACK = "can i accept a friend request"


async def often(told: Far, server: Server, session: ClientSession) -> list[Figure]:
    """Twenty deliveries of one message; and of one press that files something, with its repeat under
    another id."""
    await knows_its_staff(session, server)
    signed, who = told.bearer(), told.staff[1]
    before, message = len(told.connector.posts), said(who, ASKS_BACK)
    await posted(session, server, [(signed, message)] * 20)
    await told.sent.quiet(2)
    answers = told.connector.posts[before:]
    draft = re.search(r"pick ([0-9a-f]+) ", json.dumps(answers[0].activity))
    assert draft, "the answer has no button to go on with"
    before = len(told.connector.posts)
    press = pressed(who, f"send {draft[1]}", fields={"words": "May I?"})
    again = pressed(who, f"send {draft[1]}", fields={"words": "May I?"})
    await posted(session, server, [*[(signed, press)] * 20, (signed, again)])
    await told.sent.quiet(2)
    return [
        measured("teams.effects_of_20", len(told.connector.posts) - before, 21),
        measured("teams.effects_of_20_messages", len(answers), 20),
    ]


async def forged(told: Far, server: Server, session: ClientSession, name: str) -> Figure:
    """How many requests of the bot's a thousand activities led to that nobody may send."""
    await knows_its_staff(session, server)
    good = (told.bearer(), said(told.staff[2], "help"))
    await post(session, server, good)
    before = await told.sent.quiet(2)
    await posted(session, server, _bad(told, good))
    return measured(name, await told.sent.quiet(3) - before, 4 * EACH)


def _bad(told: Far, good: Activity) -> Iterator[Activity]:
    for number in range(EACH):
        who = told.staff[number % len(told.staff)]
        yield {"Authorization": f"{told.bearer()['Authorization'][:-6]}AAAAAA"}, said(who, "help")
        yield good
        yield told.bearer(), _of_tenant(said(who, "help"))
        yield told.bearer(), {**said(who, "help"), "serviceUrl": ELSEWHERE}


def _of_tenant(told: dict[str, Any]) -> dict[str, Any]:
    conversation = {**told["conversation"], "tenantId": FOREIGN}
    return {**told, "conversation": conversation, "channelData": {"tenant": {"id": FOREIGN}}}
