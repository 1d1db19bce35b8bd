"""The policy library, one page for each policy, and one address for each clause."""

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import quote

from aiohttp import web

from bot.core.policies import Clause, Policy, last_day
from bot.core.sections import headings_of
from bot.pages.given import Given
from bot.pages.reading import parts
from bot.pages.shell import HEADERS, Shell
from bot.pages.told import at_clauses, counted, seen_of

QUERY_LIMIT = 300


class Policies:
    def __init__(self, given: Given, shell: Shell) -> None:
        self._given, self._shell = given, shell

    async def all(self, request: web.Request) -> web.Response:
        known, flags = self._shell.readable(request), self._given.health()
        if known is None:
            return self._shell.stranger(request)
        listed = sorted(known.values(), key=lambda policy: policy.title.casefold())
        query = _query(request)
        return self._shell.html(
            request,
            "policies.html",
            rows=[(p, counted(seen_of(p, flags, known))) for p in listed],
            review=lambda policy: _review(policy, self._given.today()),
            searchable=self._given.search_all is not None,
            query=query,
            found=self._found_anywhere(query, known),
            may_import=self._given.may_import(self._given.visits.who(request)),
        )

    async def policy(self, request: web.Request) -> web.Response:
        asked, known = request.match_info, self._shell.readable(request)
        if known is None:
            return self._shell.stranger(request)
        policy = known.get(asked["policy"])
        if policy is None and (now := _renamed(asked["policy"], asked.get("clause", ""), known)):
            return web.Response(status=302, headers={**HEADERS, "Location": now})
        if policy is None:
            return self._shell.html(request, "missing.html", 404, policy=None)
        shown = asked.get("clause", "")
        if shown and shown not in policy.by_id:
            return self._shell.html(request, "missing.html", 404, policy=policy)
        query, seen = _query(request), seen_of(policy, self._given.health(), known)
        return self._shell.html(
            request,
            "policy.html",
            policy=policy,
            wrong=seen,
            total=counted(seen),
            wrong_at=at_clauses(seen),
            parts=parts(policy),
            shown=shown,
            section=_section(policy, shown),
            searchable=self._given.search is not None,
            query=query,
            found=self._found(policy, query),
            others=len(known) > 1,
        )

    def _found(self, policy: Policy, query: str) -> Sequence[Clause]:
        ids = self._given.search(query, policy.id) if self._given.search and query else ()
        return [policy.by_id[id] for id in ids if id in policy.by_id]

    def _found_anywhere(
        self, query: str, known: Mapping[str, Policy]
    ) -> Sequence[tuple[Policy, Clause]]:
        pairs = self._given.search_all(query) if self._given.search_all and query else ()
        return [
            (known[p], known[p].by_id[c]) for p, c in pairs if p in known and c in known[p].by_id
        ]


def _renamed(policy: str, clause: str, known: Mapping[str, Policy]) -> str:
    """Where an address leads since a second school has a policy of the same short name, and the two are
    told apart by their schools; empty where nobody can say which is meant."""
    alike = [p for id, p in known.items() if id.endswith(f".{policy}")]
    meant = [p for p in alike if not clause or clause in p.by_id]
    if len(meant) != 1:
        return ""
    return f"/policies/{quote(meant[0].id)}" + (f"/c/{quote(clause)}" if clause else "")


def _query(request: web.Request) -> str:
    return request.query.get("q", "").strip()[:QUERY_LIMIT]


def _section(policy: Policy, clause: str) -> str:
    """The innermost heading over the clause that was asked for."""
    headings = headings_of(policy, policy.by_id[clause]) if clause else ()
    return headings[-1] if headings else ""


def _review(policy: Policy, today: date) -> str:
    """Where the review stands, by name: replaced, late, due, or empty when no date is given."""
    gone, due = last_day(policy.replaced_on), last_day(policy.review_due)
    if gone and gone <= today:
        return "replaced"
    if due and due < today:
        return "late"
    return "due" if policy.review_due else ""
