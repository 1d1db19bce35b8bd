"""The zip for Teams: what the manifest asks for, the two pictures, the same bytes each time."""

import io
import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from bot.__main__ import cli, main
from bot.config import version
from bot.platforms.teams import icons
from bot.platforms.teams.package import PackageMistake, School, manifest, package
from tests.teams.schemas import MANIFEST, faults
from tests.teams.seen import FIXED

APP = "12345678-1234-1234-1234-123456789abc"
OAK = School("Oak School", "https://oak.example/policybot")
OPTIONS = ("--name", OAK.name, "--address", OAK.address)
SETTINGS = {"TEAMS_APP_ID": APP, "TEAMS_TENANT_ID": APP, "TEAMS_APP_SECRET": "canary-secret"}


def made() -> dict[str, Any]:
    return dict(manifest(APP, version(), OAK, FIXED))


def test_the_manifest_is_what_teams_asks_for() -> None:
    assert faults(made(), MANIFEST) == ()


def test_a_broken_manifest_is_found() -> None:
    assert faults({**made(), "id": "policybot"}, MANIFEST)
    assert faults({**made(), "botz": []}, MANIFEST)


def test_the_bot_is_for_chats_and_channels_and_asks_for_no_permission() -> None:
    told = made()
    (bot,) = told["bots"]
    assert (bot["botId"], bot["scopes"]) == (APP, ["personal", "team", "groupChat"])
    assert (told["id"], told["defaultInstallScope"], bot["supportsFiles"]) == (
        APP,
        "personal",
        False,
    )
    assert not {"authorization", "permissions", "webApplicationInfo", "staticTabs"} & set(told)


def test_commands_are_offered_where_nobody_else_reads_them() -> None:
    (bot,) = made()["bots"]
    (listed,) = bot["commandLists"]
    assert listed["scopes"] == ["personal"]
    assert [(c["title"], c["prompt"]) for c in listed["commands"]] == [
        (prompt.title, prompt.message) for prompt in FIXED.prompts
    ]


def test_each_message_has_report_this_message_in_its_menu() -> None:
    (extension,) = made()["composeExtensions"]
    assert extension == {
        "botId": APP,
        "commands": [
            {
                "id": "reportMessage",
                "type": "action",
                "context": ["message"],
                "title": "Report this message",
                "fetchTask": True,
            }
        ],
    }


# The zip --------------------------------------------------------------------------------------------


def test_the_zip_holds_the_manifest_and_what_it_names_and_nothing_else() -> None:
    told = package(APP, "1.2.3", OAK, FIXED)
    with ZipFile(io.BytesIO(told)) as folder:
        assert folder.testzip() is None
        assert folder.namelist() == ["manifest.json", "color.png", "outline.png"]
        read = json.loads(folder.read("manifest.json"))
        assert {*read["icons"].values()} == {"color.png", "outline.png"}
    assert read == manifest(APP, "1.2.3", OAK, FIXED)
    assert package(APP, "1.2.3", OAK, FIXED) == told


@pytest.mark.parametrize(
    ("app_id", "school", "said"),
    [
        ("", OAK, "TEAMS_APP_ID is not set"),
        (APP, replace(OAK, name=""), "1 to 32 characters"),
        (APP, replace(OAK, name="O" * 33), "1 to 32 characters"),
        (APP, replace(OAK, address="http://oak.example"), "begins with https://"),
        (APP, replace(OAK, address="https://"), "begins with https://"),
        (APP, replace(OAK, address="oak.example"), "begins with https://"),
        (APP, replace(OAK, address="https://[oak/"), "begins with https://"),
        (APP, replace(OAK, address="https://oak example/"), "begins with https://"),
        (APP, replace(OAK, address="https://oak.example/\n"), "begins with https://"),
        (APP, replace(OAK, name="Oak\nSchool"), "in one line"),
    ],
)
def test_what_teams_would_refuse_is_one_sentence(app_id: str, school: School, said: str) -> None:
    with pytest.raises(PackageMistake, match=said):
        package(app_id, "1.0.0", school, FIXED)


# The pictures ---------------------------------------------------------------------------------------


def pixels(png: bytes) -> list[list[tuple[int, ...]]]:
    """The rows of a PNG, each pixel as red, green, blue, solid; every check sum is looked at."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at, chunks = 8, dict[bytes, bytes]()
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        kind, told = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", png, at + 8 + length) == (zlib.crc32(kind + told),)
        chunks[kind] = told
        at += 12 + length
    wide, high, *rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert rest == [8, 6, 0, 0, 0]
    flat = zlib.decompress(chunks[b"IDAT"])
    rows = [flat[y * (wide * 4 + 1) :][: wide * 4 + 1] for y in range(high)]
    assert not any(row[0] for row in rows)
    return [[tuple(row[x : x + 4]) for x in range(1, len(row), 4)] for row in rows]


def seen(picture: Sequence[Sequence[tuple[int, ...]]]) -> set[tuple[int, ...]]:
    return {pixel for row in picture for pixel in row}


def test_the_coloured_picture_has_192_pixels_each_way_and_no_hole() -> None:
    picture = pixels(icons.colour())
    assert {len(picture), *map(len, picture)} == {192}
    assert seen(picture) == {(0x17, 0x45, 0x6B, 255), (255, 255, 255, 255)}


def test_the_outline_has_32_pixels_each_way_and_is_white_on_nothing() -> None:
    picture = pixels(icons.outline())
    assert {len(picture), *map(len, picture)} == {32}
    assert seen(picture) == {(0, 0, 0, 0), (255, 255, 255, 255)}
    edge = [*picture[0], *picture[-1], *(row[0] for row in picture), *(row[-1] for row in picture)]
    assert {*edge} == {(0, 0, 0, 0)}


# The command ----------------------------------------------------------------------------------------


def test_the_command_writes_the_zip_and_no_secret(tmp_path: Path) -> None:
    out = tmp_path / "app.zip"
    ran = CliRunner().invoke(cli, ["teams-package", *OPTIONS, "--out", str(out)], env=SETTINGS)
    assert (ran.exit_code, ran.output) == (
        0,
        f"{out} is ready to upload: see Teams in deploy/README.md.\n",
    )
    assert out.read_bytes() == package(APP, version(), OAK, FIXED)
    with ZipFile(out) as folder:
        assert b"canary-secret" not in b"".join(folder.read(name) for name in folder.namelist())


@pytest.mark.parametrize("env", [{}, {"TEAMS_AUTH": "off"}])
def test_without_an_app_id_the_command_refuses_in_one_sentence(
    env: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TEAMS_AUTH", *SETTINGS):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    out = tmp_path / "app.zip"
    monkeypatch.setattr("sys.argv", ["bot", "teams-package", *OPTIONS, "--out", str(out)])
    with pytest.raises(SystemExit, match=r"^TEAMS_APP_ID is not set"):
        main()
    assert not out.exists()


@pytest.mark.parametrize("place", ["", "not-there/app.zip"])
def test_a_place_that_cannot_be_written_is_one_sentence(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    out = tmp_path / place
    monkeypatch.setattr("sys.argv", ["bot", "teams-package", *OPTIONS, "--out", str(out)])
    with pytest.raises(SystemExit, match="cannot be written"):
        main()
