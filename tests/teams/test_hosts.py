"""Where we speak back to: Microsoft's hosts alone, or this machine alone where nothing is checked."""

import pytest

from bot.platforms.teams.hosts import PUBLIC, Hosts
from bot.platforms.teams.token_in import Checked, Refused, Unchecked, is_here
from tests.fakes import VirtualClock
from tests.teams.stub import SERVICE, TENANT
from tests.teams.stub_signer import activity


@pytest.mark.parametrize(
    "url",
    [
        SERVICE,
        "https://smba.trafficmanager.net",
        "https://smba.trafficmanager.net/",
        "https://smba.trafficmanager.net/uk/5e6f7a8b-0000-4000-8000-00000000000b/",
        "https://smba.infra.gcc.teams.microsoft.com/gcc",
        "https://europe.botframework.com/",
        "https://a.b.botframework.com/x",
    ],
)
def test_a_token_may_go_to_microsoft(url: str) -> None:
    assert PUBLIC.trusts(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "smba.trafficmanager.net",
        "//smba.trafficmanager.net/",
        "http://smba.trafficmanager.net/",
        "HTTPS://smba.trafficmanager.net/",
        "https:/smba.trafficmanager.net/",
        "https:smba.trafficmanager.net/",
        "https://smba.trafficmanager.net.evil.example/",
        "https://evil.example/smba.trafficmanager.net/",
        "https://evil.example#smba.trafficmanager.net/",
        "https://evil.example?smba.trafficmanager.net/",
        "https://evil-smba.trafficmanager.net/",
        "https://evil.smba.trafficmanager.net/",
        "https://trafficmanager.net/",
        "https://evil.trafficmanager.net/",
        "https://botframework.com/",
        "https://evilbotframework.com/",
        "https://.botframework.com/",
        "https://botframework.com.evil.example/",
        "https://smba.trafficmanager.net@evil.example/",
        "https://evil.example@smba.trafficmanager.net/",
        "https://:@smba.trafficmanager.net/",
        "https://smba.trafficmanager.net:443/",
        "https://smba.trafficmanager.net:8443/",
        "https://smba.trafficmanager.net:/",
        "https://smba.trafficmanager.net:x@evil.example/",
        "https://evil.example\\@smba.trafficmanager.net/",
        "https://evil.example\\.botframework.com/",
        "https://smba.trafficmanager.net\\evil",
        "https://smba.trafficmanager.net./",
        "https://smba.trafficmanager.net/?next=evil",
        "https://smba.trafficmanager.net/#x",
        "https://smba.trafficmanager.net/%2e%2e/",
        "https://smba.trafficmanager.net/ ",
        " https://smba.trafficmanager.net/",
        "https://smba.trafficmanager.net/\n",
        "https://smba.trafficmanager.net\t/",
        "https://smba.trafficmanager.net/\r\nX: y",
        "https://ſmba.trafficmanager.net/",
        "https://smba。trafficmanager。net/",
        "https://xn--evil.example/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/",
        "file:///etc/passwd",
        "https://smba.trafficmanager.net/" + "a" * 400,
    ],
)
def test_a_token_goes_nowhere_else(url: str) -> None:
    assert not PUBLIC.trusts(url)


def test_another_cloud_is_another_value() -> None:
    elsewhere = Hosts(services=("smba.cloud.example",), under=())
    assert elsewhere.trusts("https://smba.cloud.example/teams/")
    assert not elsewhere.trusts(SERVICE)


# The local test client ------------------------------------------------------------------------------

LOCAL = "http://localhost:56150/_connector"


async def unchecked(url: str, peer: str) -> str | Checked:
    try:
        return await Unchecked(VirtualClock().now).check([], activity(serviceUrl=url), peer)
    except Refused as refused:
        return refused.reason


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize(
    "url", [LOCAL, "http://127.0.0.1:1/", "https://[::1]:9/x", "http://localhost"]
)
async def test_without_a_check_this_machine_may_speak_to_this_machine(url: str, peer: str) -> None:
    assert await unchecked(url, peer) == Checked(url, TENANT)


@pytest.mark.parametrize(
    ("url", "peer"),
    [
        (LOCAL, "192.0.2.1"),
        (LOCAL, "0.0.0.0"),
        (LOCAL, ""),
        (LOCAL, "localhost"),
        (LOCAL, "127.0.0.1:80"),
        (LOCAL, "::ffff:192.0.2.1"),
        (SERVICE, "127.0.0.1"),
        ("http://localhost@evil.example/", "127.0.0.1"),
        ("http://localhost:80@evil.example/", "127.0.0.1"),
        ("http://localhost.evil.example/", "127.0.0.1"),
        ("http://127.0.0.1.evil.example/", "127.0.0.1"),
        ("http://evil.example/localhost", "127.0.0.1"),
        ("http://localhost\\@evil.example/", "127.0.0.1"),
        ("http://localhost:1234567/", "127.0.0.1"),
        ("", "127.0.0.1"),
    ],
)
async def test_without_a_check_nothing_comes_from_or_goes_elsewhere(url: str, peer: str) -> None:
    assert await unchecked(url, peer) == "not from here"


def test_an_address_is_here_only_if_it_is_one() -> None:
    assert [is_here(peer) for peer in ("::1", "::1%lo", "fe80::1", "x", "127.1")] == [
        *(True, True, False, False, False)
    ]
