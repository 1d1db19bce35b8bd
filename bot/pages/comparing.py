"""Two policies side by side, topic by topic: what each says, and which of them is stricter."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from bot.core.policies import Policy
from bot.pages.given import Compared, Given
from bot.pages.shell import Shell


class Comparing:
    def __init__(self, given: Given, shell: Shell) -> None:
        self._given, self._shell = given, shell

    async def page(self, request: web.Request) -> web.Response:
        known = self._shell.readable(request)
        if known is None:
            return self._shell.stranger(request)
        one, other = (request.query.get(name, "") for name in ("one", "other"))
        topics = self._topics(one, other, known)
        told = [t for t in topics if t.one.clauses or t.other.clauses]
        wanted = request.query.get("topic", "")
        return self._shell.html(
            request,
            "compare.html",
            known=known,
            listed=sorted(known.values(), key=lambda policy: policy.title.casefold()),
            one=one,
            other=other,
            mistake=_mistake(one, other, known),
            topics=told,
            compared=bool(topics),
            topic=wanted,
            shown=[t for t in told if t.topic == wanted] or told,
            silent=[t for t in topics if t not in told],
        )

    def _topics(self, one: str, other: str, known: Mapping[str, Policy]) -> Sequence[Compared]:
        both = one in known and other in known and one != other
        return self._given.compare(one, other) if both else ()


def _mistake(one: str, other: str, known: Mapping[str, Policy]) -> str:
    """What stops these two from being compared, by name; empty when nothing does or nobody asked."""
    if not other:
        return ""
    if one not in known or other not in known:
        return "unknown"
    return "same" if one == other else ""
