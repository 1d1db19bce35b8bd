"""Settings from the environment."""

from pathlib import Path

import pytest

from bot.config import ROOT, ConfigMistake, config_from


def test_without_settings_everything_lies_in_the_repository() -> None:
    told = config_from({})
    assert (told.policies, told.data, told.port) == (ROOT / "policies", ROOT / "var", 8080)


def test_an_empty_setting_is_the_default() -> None:
    names = ("POLICIES_DIR", "CONVERSATIONS_DIR", "DATA_DIR", "PORT", "KEK_FILE", "NO_BROWSER")
    assert config_from(dict.fromkeys(names, "")) == config_from({})


def test_settings_that_are_given_count() -> None:
    told = config_from({"DATA_DIR": "/srv/data", "PORT": "8123", "NO_BROWSER": "1"})
    assert (told.data, told.port, told.browser) == (Path("/srv/data"), 8123, False)


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80.5", "²", " "])
def test_a_port_that_is_none_is_one_sentence(port: str) -> None:
    with pytest.raises(ConfigMistake, match="PORT is "):
        config_from({"PORT": port})
