"""For whoever oversees a school: what is wrong with its policies, and whether everything is there."""

from aiohttp import web

from bot.core.policies import Policy
from bot.pages.given import Given
from bot.pages.shell import Shell
from bot.pages.told import GRAVEST, Seen, counted, seen_of

# doctor's marks, the ones to act on first.
MARKS = ("NOT OK", "LOOK", "ok")


class Overseeing:
    def __init__(self, given: Given, shell: Shell) -> None:
        self._given, self._shell = given, shell

    async def health(self, request: web.Request) -> web.Response:
        """The report that is printed for governors and inspectors."""
        mine = self._shell.may(request).oversees
        if not mine:
            return self._shell.refused(request)
        flags, known = self._given.health(), {p.id: p for p in self._given.policies()}
        rows = [(p, seen_of(p, flags, known)) for p in known.values() if p.school in mine]
        rows.sort(key=_gravest_first)
        return self._shell.html(
            request,
            "health.html",
            rows=[(policy, seen, counted(seen)) for policy, seen in rows],
            total=counted(one for _, seen in rows for one in seen),
            schools=sorted({self._given.schools.get(p.school, "") for p, _ in rows} - {""}),
        )

    async def doctor(self, request: web.Request) -> web.Response:
        mine = self._shell.may(request).oversees
        if not mine:
            return self._shell.refused(request)
        lines = self._given.doctor(mine)
        groups = [(mark, [said for m, said in lines if m == mark]) for mark in MARKS]
        return self._shell.html(request, "doctor.html", groups=dict(groups))


def _gravest_first(row: tuple[Policy, list[Seen]]) -> tuple[tuple[int, ...], str]:
    """The policy with most rules nobody can rely on comes first; those without a fault last."""
    found = dict(counted(row[1]))
    return tuple(-found.get(severity, 0) for severity in GRAVEST), row[0].title.casefold()
