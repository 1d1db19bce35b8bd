"""Where Microsoft is: one value for the cloud a school is in. Every address of Microsoft's stands here."""

import re
from dataclasses import dataclass

# A name and a plain path: no port, no userinfo, no query, nothing that two readers could read in two ways.
_PLAIN = re.compile(r"https://([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:/[A-Za-z0-9._~-]*)*")
LONGEST = 300


@dataclass(frozen=True)
class Hosts:
    """The public cloud, where UK schools are (US schools of GCC too).

    ``metadata`` names the keys that what comes in is signed with, ``issuer`` who signs it. ``services``
    are the hosts that Teams may ask us to answer at; ``under`` those whose every sub-domain is one.
    """

    login: str = "https://login.microsoftonline.com"
    metadata: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    issuer: str = "https://api.botframework.com"
    connector: str = "https://api.botframework.com"
    graph: str = "https://graph.microsoft.com"
    services: tuple[str, ...] = ("smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com")
    under: tuple[str, ...] = ("botframework.com",)

    @property
    def connector_scope(self) -> str:
        return f"{self.connector}/.default"

    @property
    def graph_scope(self) -> str:
        return f"{self.graph}/.default"

    def trusts(self, url: str) -> bool:
        """Whether a bearer token may be sent to an address that somebody else named."""
        plain = _PLAIN.fullmatch(url) if len(url) <= LONGEST else None
        if plain is None:
            return False
        host = plain[1]
        return host in self.services or any(host.endswith(f".{name}") for name in self.under)


PUBLIC = Hosts()
