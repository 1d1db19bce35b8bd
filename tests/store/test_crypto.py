"""What people typed is sealed, and the key is kept where the records are not."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.crypto import STEP, Sealer, load_or_make_key
from bot.store.mistakes import StoreMistake

SEALER = Sealer(bytes(32))


@given(st.text(st.characters(), max_size=600))
def test_words_come_back_as_they_went(words: str) -> None:
    assert (
        SEALER.open(SEALER.seal(words, "drafts", "d1", "words"), "drafts", "d1", "words") == words
    )


def test_the_same_words_never_look_the_same() -> None:
    assert len({SEALER.seal("no", "drafts", "d1", "words") for _ in range(20)}) == 20


def test_lengths_are_rounded_up() -> None:
    lengths = {len(SEALER.seal("a" * count, "drafts", "d1", "words")) for count in range(600)}
    assert len(lengths) == 3
    assert {(length - min(lengths)) % STEP for length in lengths} == {0}


@pytest.mark.parametrize(
    "place", [("q", "d1", "words"), ("drafts", "d2", "words"), ("drafts", "d1", "x")]
)
def test_words_open_only_in_their_own_row_and_field(place: tuple[str, str, str]) -> None:
    sealed = SEALER.seal("mine", "drafts", "d1", "words")
    with pytest.raises(StoreMistake, match="does not open"):
        SEALER.open(sealed, *place)


def test_a_changed_or_cut_seal_does_not_open() -> None:
    sealed = SEALER.seal("mine", "drafts", "d1", "words")
    changed = [
        sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))
    ]
    for wrong in [*changed, sealed[:-1], sealed[:20], b""]:
        with pytest.raises(StoreMistake, match="does not open"):
            SEALER.open(wrong, "drafts", "d1", "words")


def test_another_key_does_not_open_it() -> None:
    sealed = SEALER.seal("mine", "drafts", "d1", "words")
    with pytest.raises(StoreMistake, match="drafts d1: words does not open with this key"):
        Sealer(bytes([1] * 32)).open(sealed, "drafts", "d1", "words")


def test_a_key_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(StoreMistake, match="32 bytes, not 16"):
        Sealer(bytes(16))


def test_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "kek"
    made = load_or_make_key(path, tmp_path / "data" / "policybot.sqlite")
    assert load_or_make_key(path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("beside", ["data/kek", "data/keys/kek", "data/../data/kek"])
def test_a_key_beside_the_records_is_refused(tmp_path: Path, beside: str) -> None:
    with pytest.raises(StoreMistake, match="Keep it elsewhere"):
        load_or_make_key(tmp_path / beside, tmp_path / "data" / "policybot.sqlite")


def test_no_new_key_is_made_for_records_that_have_one(tmp_path: Path) -> None:
    database = tmp_path / "data" / "policybot.sqlite"
    database.parent.mkdir()
    database.touch()
    with pytest.raises(StoreMistake, match="Put the key back"):
        load_or_make_key(tmp_path / "keys" / "kek", database)


def test_a_key_others_may_read_is_refused(tmp_path: Path) -> None:
    load_or_make_key(tmp_path / "kek")
    (tmp_path / "kek").chmod(0o640)
    with pytest.raises(StoreMistake, match="Others may read the key"):
        load_or_make_key(tmp_path / "kek")


@pytest.mark.parametrize("held", ["", "not hexadecimal", "00" * 31])
def test_a_file_that_is_no_key_is_refused(tmp_path: Path, held: str) -> None:
    (tmp_path / "kek").write_text(held)
    (tmp_path / "kek").chmod(0o600)
    with pytest.raises(StoreMistake, match="64 hexadecimal digits"):
        load_or_make_key(tmp_path / "kek")
