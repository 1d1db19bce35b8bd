"""The importer page as it answers forms: it does what the command does, and loses nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.core.imports import Corrections
from bot.intake.canonical import parse_whole
from bot.intake.importing import import_file
from bot.pages.correcting import iso
from bot.pages.shelf import EACH, LASTS, Paper, Shelf
from bot.pages.uploads import safe_name
from tests.web.importing import CANARIES, SCHOOL, TEXT, Page, Visitor, folder, served, visiting
from tests.web.school import HOSTILE

OTHER = "Dog Policy\n\n1. Barking\n\n1.1 Dogs bark at cats.\n"


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    return folder(tmp_path / "policies")


@pytest_asyncio.fixture
async def khan(policies: Path) -> AsyncIterator[Visitor]:
    """The policy owner at the page."""
    visitor = await visiting(served(policies))
    yield await visitor.as_("khan")
    await visitor.client.close()


def by_command(tmp_path: Path, text: str = TEXT, policy: str = "phone-policy") -> bytes:
    """What the command writes of the same document."""
    document = tmp_path / "phones.txt"
    document.write_text(text, "utf-8")
    return import_file(document, policy, "oak", tmp_path / "other").path.read_bytes()


async def saved(visitor: Visitor, page: Page) -> Page:
    done = await visitor.press(page, "save")
    assert "is saved" in done.words, done.words
    return done


async def test_with_nothing_corrected_it_writes_the_very_file_the_command_writes(
    khan: Visitor, policies: Path, tmp_path: Path
) -> None:
    page = await khan.upload()
    assert page.fields["id"] == "phone-policy"
    assert not list(policies.glob("*/*.md"))
    done = await saved(khan, page)
    assert (policies / "oak" / "phone-policy.md").read_bytes() == by_command(tmp_path)
    assert 'href="/policies/phone-policy"' in done.text
    assert (await khan.get("/policies/phone-policy")).status == 200


async def test_the_clauses_stand_beside_the_lines_they_came_from(khan: Visitor) -> None:
    page = await khan.upload()
    beside = page.words[page.words.index("The clauses, beside") :]
    source = beside.index("In the document: 2. Breaks 2.1 Staff may use")
    assert beside.index("They must ask") < source < beside.index("at lunchtime. Label")
    assert "Under 1.2" in beside


async def test_what_was_left_out_is_listed_with_why(khan: Visitor) -> None:
    page = await khan.upload(TEXT.replace("2. Breaks", "Page 1 of 2\n\n2. Breaks"))
    assert "1 line is in no clause" in page.words
    assert "Page 1 of 2" in page.words[page.words.index("Left out") :]


async def test_labels_and_facts_are_corrected_and_kept_by_the_next_import(
    khan: Visitor, policies: Path, tmp_path: Path
) -> None:
    page = await khan.upload()
    typed = {
        page.labels["2.1"]: "2.1 Lunch",
        "fact.owner": "Mrs Khan",
        "fact.approved": "1 September 2026",
        "fact.audience": "staff of years 1 and 2, governors",
        "id": "phones",
    }
    await khan.typed(page, "save", typed)
    target = policies / "oak" / "phones.md"
    policy = parse_whole(target.read_text("utf-8")).policy
    assert (policy.owner, policy.approved, policy.audience) == (
        "Mrs Khan",
        "2026-09-01",
        ("staff of years 1 and 2", "governors"),
    )
    assert "2.1 Lunch" in {clause.label for clause in policy.clauses}
    document = tmp_path / "phones.txt"
    document.write_text(TEXT, "utf-8")
    import_file(document, "phones", "oak", policies)
    again = parse_whole(target.read_text("utf-8")).policy
    assert (again.owner, again.clauses) == (policy.owner, policy.clauses)


async def test_a_clause_is_split_joined_and_hung_elsewhere(khan: Visitor, policies: Path) -> None:
    page = await khan.upload()
    at = page.labels["1.1"].removeprefix("label.")
    clause = await khan.press(page, f"open:{at}")
    assert clause.url.endswith(f"/at/{at}")
    split = await khan.press(clause, "split", words="They must ask")
    assert "Split in two" in split.words
    new = split.labels["1.1 (second)"].removeprefix("label.")
    here = await khan.press(split, f"open:{new}")
    hung = await khan.press(here, "hang", lead=at)
    assert "Under 1.1" in hung.words
    lend = hung.labels["1.2 (bullet 2)"].removeprefix("label.")
    joined = await khan.press(await khan.press(hung, f"open:{lend}"), "join")
    await saved(khan, joined)
    policy = parse_whole((policies / "oak" / "phone-policy.md").read_text("utf-8")).policy
    texts = {clause.label: clause for clause in policy.clauses}
    assert texts["1.1 (second)"].text == "They must ask the quokka first."
    assert policy.lead_of(texts["1.1 (second)"]) == texts["1.1"]
    assert texts["1.2 (bullet 1)"].text == "lend phones • share numbers"


async def test_the_sentences_of_a_clause_are_offered_as_places(khan: Visitor) -> None:
    page = await khan.upload()
    at = int(page.labels["1.1"].removeprefix("label."))
    clause = await khan.press(page, f"open:{at}")
    place = at + len("1.1Staffmustnotfilmzebras.")
    assert f'name="place" value="{place}"' in clause.text
    split = await khan.press(clause, "split", place=str(place))
    assert f"label.{place}" in split.fields


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "Choose where"),
        ("they must", "do not stand"),
        ("Staff must", "begins with these words already"),
        ("must", "more than once"),
    ],
)
async def test_a_place_that_is_none_is_told_at_the_field(
    khan: Visitor, words: str, says: str
) -> None:
    page = await khan.upload()
    at = page.labels["1.1"].removeprefix("label.")
    clause = await khan.press(page, f"open:{at}")
    told = await khan.press(clause, "split", words=words)
    assert (told.status, says in told.words) == (422, True)


async def test_a_change_is_undone(khan: Visitor) -> None:
    page = await khan.upload()
    kept = await khan.typed(page, "keep", {page.labels["2.1"]: "Lunch"})
    assert "Lunch" in kept.labels
    undone = await khan.press(kept, "undo")
    assert "Lunch" not in undone.labels


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("2.1", "", "Give this clause a label"),
        ("2.1", "2.2", "Two clauses have this label"),
        ("2.1", "2.\u200b2\u2060", "Two clauses have this label"),
        ("2.1", "\u200b\ufeff", "Give this clause a label"),
        ("2.1", "x" * 161, "too long"),
        ("fact.title", "", "Give the policy a title"),
        ("fact.review_due", "soon", "This is no date"),
        ("id", "Phones!", "policy id"),
        ("id", "cross", "every policy at once"),
        ("id", "../../x", "policy id"),
    ],
)
async def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(
    khan: Visitor, policies: Path, name: str, value: str, says: str
) -> None:
    page = await khan.upload()
    field = page.labels.get(name, name)
    told = await khan.typed(page, "save", {field: value, "fact.version": "7"})
    assert told.status == 422
    assert says in told.words
    assert f'id="{field}-error"' in told.text
    assert (told.fields[field], told.fields["fact.version"]) == (value, "7")
    assert not list(policies.glob("*/*.md"))


async def test_what_is_wrong_with_the_policy_is_shown_before_it_is_saved(khan: Visitor) -> None:
    late = TEXT.replace("September 2027", "September 2019")
    page = await khan.upload(late.replace("ask the quokka first", "ask ______ first"))
    assert "was due for review by September 2019" in page.words
    assert "a place that nobody has filled in" in page.words
    assert "It does not say who approved it." in page.words


async def test_nothing_in_a_document_or_a_field_becomes_part_of_the_page(khan: Visitor) -> None:
    page = await khan.upload(TEXT.replace("zebras", HOSTILE), f"{HOSTILE}.txt")
    await khan.typed(page, "keep", {page.labels["2.1"]: HOSTILE, "fact.owner": HOSTILE})
    told = await khan.typed(page, "save", {page.labels["2.2"]: "", "id": HOSTILE})
    await khan.press(page, f"open:{page.labels['1.1'].removeprefix('label.')}")
    assert HOSTILE in " ".join(told.fields.values())
    for shown in [one for one in khan.pages if one.url.startswith("/import")]:
        assert "<script" not in shown.text
        assert "<img" not in shown.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--x--\r\n",
        b"--x\r\n\r\n",
        b"--x\r\nContent-Disposition: form-data; name=token\r\n\r\n\xff\xfe\r\n--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; name="token"\r\n\r\n' + b"t" * 2000 + b"\r\n--x--",
        b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y--\r\n--x--\r\n",
    ],
)
async def test_a_broken_upload_is_answered_and_changes_nothing(
    khan: Visitor, policies: Path, body: bytes
) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    async with khan.client.post("/import", data=body, headers=headers) as response:
        assert response.status in (400, 403, 413)
        assert "<h1>" in await response.text()
    assert not list(policies.glob("*/*.md"))


# Who ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["khan", "reid", "dunne"])
async def test_owner_head_and_administrator_may(policies: Path, person: str) -> None:
    visitor = await (await visiting(served(policies))).as_(person)
    assert (await visitor.get("/import")).status == 200
    await visitor.client.close()


async def test_nobody_else_may_and_one_sentence_says_so(khan: Visitor) -> None:
    page = await khan.upload()
    await khan.as_("bell")
    for told in (await khan.get("/import"), await khan.get(page.url), await khan.upload()):
        assert (told.status, "Not yours to change" in told.words) == (403, True)
        assert "zebras" not in told.words


async def test_whoever_has_not_said_who_they_are_is_sent_to_the_chat(policies: Path) -> None:
    visitor = await visiting(served(policies))
    told = await visitor.get("/import")
    assert (told.status, "Say who you are" in told.words) == (403, True)
    await visitor.client.close()


async def test_another_owner_never_sees_the_paper(khan: Visitor) -> None:
    page = await khan.upload()
    await khan.as_("reid")
    assert (await khan.get(page.url)).status == 404
    assert (await khan.get(f"{page.url}/file")).status == 404


async def test_a_form_that_is_not_from_our_page_changes_nothing(
    khan: Visitor, policies: Path
) -> None:
    page = await khan.upload()
    assert (await khan.upload(token="0" * 40)).status == 403
    told = await khan.post(page.url, {**page.fields, "token": "0" * 40, "do": "save"})
    assert (told.status, "Choose the file again" in told.words) == (403, True)
    assert not list(policies.glob("*/*.md"))


async def test_after_a_restart_the_file_is_asked_for_again(khan: Visitor, policies: Path) -> None:
    page = await khan.upload()
    other = await (await visiting(served(policies))).as_("khan")
    told = await other.get(page.url)
    assert (told.status, "Choose the file again" in told.words) == (404, True)
    await other.client.close()


# What comes in --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "raw", "says"),
    [
        ("phones.docx", b"hello", "no .docx file inside"),
        ("phones.txt", b"%PDF-1.7 hello", "really a PDF"),
        ("phones.txt", b"", "is empty"),
        ("phones.exe", b"MZ", "none of the kinds"),
    ],
)
async def test_a_bad_file_is_refused_with_the_commands_sentence(
    khan: Visitor, name: str, raw: bytes, says: str
) -> None:
    told = await khan.upload(raw, name)
    assert (told.status, says in told.words) == (422, True)
    assert 'name="file"' in told.text


async def test_no_file_chosen_is_told(khan: Visitor) -> None:
    told = await khan.upload(b"", "")
    assert (told.status, "Choose the policy's file first" in told.words) == (422, True)


async def test_what_is_no_form_of_ours_is_not_taken(khan: Visitor) -> None:
    token = (await khan.get("/import")).fields["token"]
    told = await khan.post("/import", {"token": token})
    assert (told.status, "what this page sends" in told.words) == (400, True)


async def test_more_than_25_mb_is_refused_and_the_chats_own_limit_stays(khan: Visitor) -> None:
    told = await khan.upload(b"a" * (25 * 1024 * 1024 + 1))
    assert (told.status, "bigger than 25 MB" in told.words) == (413, True)
    token = (await khan.get("/")).fields["token"]
    chat = await khan.post("/say", {"token": token, "text": "a" * 70_000})
    assert chat.status == 413


async def test_a_document_of_some_megabytes_comes_in(khan: Visitor) -> None:
    lines = "".join(f"3.{n} Staff must do thing {n} {'again ' * 40}\n" for n in range(900))
    page = await khan.upload(f"{TEXT}\n3. More\n\n{lines}{'x' * 2_000_000}\n")
    assert page.status == 200
    assert "3.899" in page.labels
    kept = await khan.typed(page, "keep", {page.labels["3.899"]: "The last"})
    assert "The last" in kept.labels


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Polisi Ffôn – ysgol ✏️.txt", "Polisi Ffôn – ysgol ✏️.txt"),
        ("C:\\Users\\me\\phones.txt", "phones.txt"),
        ("../../etc/phones.txt", "phones.txt"),
        ("a\u202etxt.exe\r\n.txt", "atxt.exe.txt"),
        ("手机" * 100 + ".txt", ("手机" * 100)[:117] + ".txt"),
        ("\u200b", "document"),
    ],
)
def test_a_files_name_is_made_safe(name: str, shown: str) -> None:
    assert safe_name(name) == shown


async def test_a_name_in_another_script_is_kept_as_the_source(
    khan: Visitor, policies: Path
) -> None:
    page = await khan.upload(TEXT.replace("Phone Policy", "Polisi Ffôn Symudol"), "Ffôn ✏️.txt")
    assert page.fields["id"] == "polisi-ffon-symudol"
    await saved(khan, page)
    written = parse_whole((policies / "oak" / "polisi-ffon-symudol.md").read_text("utf-8"))
    assert written.policy.source == "Ffôn ✏️.txt"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1 September 2026", "2026-09-01"),
        ("1st Sept 2026", "2026-09-01"),
        ("September 2026", "2026-09"),
        ("2026", "2026"),
        ("01/09/2026", "2026-09-01"),
        ("2026-09-30", "2026-09-30"),
        ("31 February 2026", ""),
        ("soon", ""),
        ("13/2026", ""),
        ("the 2026", ""),
        ("", ""),
    ],
)
def test_dates_are_read_as_people_type_them(typed: str, meant: str) -> None:
    assert iso(typed) == meant


# Twice, and at once ---------------------------------------------------------------------------------


async def test_a_double_click_saves_once(khan: Visitor, policies: Path) -> None:
    page = await khan.upload()
    done = await asyncio.gather(*(khan.press(page, "save") for _ in range(3)))
    assert ["is saved" in one.words for one in done] == [True] * 3
    assert "It is new" in done[0].words
    assert len(list(policies.glob("*/*.md"))) == 1


async def test_a_double_click_splits_once(khan: Visitor) -> None:
    page = await khan.upload()
    at = page.labels["1.1"].removeprefix("label.")
    clause = await khan.press(page, f"open:{at}")
    first = await khan.press(clause, "split", words="They must ask")
    second = await khan.press(clause, "split", words="They must ask")
    assert first.labels == second.labels


async def test_a_page_left_open_in_another_tab_undoes_nothing(khan: Visitor) -> None:
    page = await khan.upload()
    kept = await khan.typed(page, "keep", {page.labels["2.1"]: "Lunch"})
    told = await khan.typed(page, "keep", {page.labels["2.2"]: "Lockers"})
    assert (told.status, "changed in another window" in told.words) == (409, True)
    assert ("Lunch" in told.labels, "Lockers" in told.labels) == (True, False)
    assert "Lunch" in kept.labels


async def test_two_documents_in_two_tabs_do_not_mix(khan: Visitor) -> None:
    one, other = await khan.upload(), await khan.upload(OTHER, "dogs.txt")
    assert one.url != other.url
    await saved(khan, other)
    assert "zebras" in (await khan.get(one.url)).words


async def test_a_policy_that_changed_meanwhile_is_looked_at_again(
    khan: Visitor, policies: Path, tmp_path: Path
) -> None:
    one, other = await khan.upload(), await khan.upload(TEXT.replace("lunchtime", "noon"))
    await saved(khan, one)
    told = await khan.press(other, "save")
    assert (told.status, "not the one you were shown" in told.words) == (409, True)
    assert "Reworded: 1" in told.words
    await saved(khan, told)


def test_papers_are_few_and_do_not_stay() -> None:
    shelf, start = Shelf(), datetime(2026, 11, 20, 9, 0).astimezone()
    for n in range(EACH + 2):
        shelf.put(f"k{n}", Paper("khan", None, "", "oak", "x", start, Corrections()), start)
    known = [n for n in range(EACH + 2) if shelf.take(f"k{n}", "khan", start)]
    assert known == [2, 3, 4]
    assert shelf.take("k4", "reid", start) is None
    assert shelf.take("k4", "khan", start + LASTS + timedelta(seconds=1)) is None


# The version before ---------------------------------------------------------------------------------


async def test_clauses_of_the_version_before_keep_their_ids(
    khan: Visitor, policies: Path, tmp_path: Path
) -> None:
    document = tmp_path / "phones.txt"
    document.write_text(TEXT, "utf-8")
    target = import_file(document, "phones", "oak", policies).path
    before = {c.text: c.id for c in parse_whole(target.read_text("utf-8")).policy.clauses}
    page = await khan.upload(TEXT.replace("2.2 Staff must", "2.2 Bags are shut.\n2.3 Staff must"))
    assert page.fields["id"] == "phones"  # by its title
    assert "Added: 1" in page.words
    await saved(khan, page)
    after = {c.text: c.id for c in parse_whole(target.read_text("utf-8")).policy.clauses}
    assert {text: after[text] for text in before} == before


async def test_another_policys_place_is_taken_only_when_ticked(
    khan: Visitor, policies: Path
) -> None:
    await saved(khan, await khan.upload())
    target = policies / "oak" / "phone-policy.md"
    before = target.read_bytes()
    page = await khan.upload(OTHER, "dogs.txt")
    page = await khan.typed(page, "keep", {"id": "phone-policy"})
    assert "It really takes the place of Phone Policy" in page.words
    told = await khan.press(page, "save")
    assert (told.status, "keeps no clause of" in told.words) == (422, True)
    assert target.read_bytes() == before
    await khan.press(told, "save", replace="yes")
    assert b"Dogs bark" in target.read_bytes()


async def test_a_short_name_typed_at_the_last_moment_is_shown_before_it_replaces(
    khan: Visitor, policies: Path
) -> None:
    await saved(khan, await khan.upload())
    page = await khan.upload(OTHER, "dogs.txt")
    told = await khan.typed(page, "save", {"id": "phone-policy", "replace": "yes"})
    assert told.status == 409
    assert "zebras" in (policies / "oak" / "phone-policy.md").read_text("utf-8")


async def test_a_school_whose_folder_has_another_name_is_found(tmp_path: Path) -> None:
    place = tmp_path / "policies" / "oak-lane"
    place.mkdir(parents=True)
    (place / "school.toml").write_text(SCHOOL, "utf-8")
    visitor = await (await visiting(served(tmp_path / "policies"))).as_("khan")
    done = await saved(visitor, await visitor.upload())
    assert (place / "phone-policy.md").exists()
    assert 'href="/policies/phone-policy"' in done.text
    await visitor.client.close()


# Afterwards -----------------------------------------------------------------------------------------


async def test_a_mistake_in_another_file_leaves_the_bot_as_it_was(
    khan: Visitor, policies: Path
) -> None:
    page = await khan.upload()
    (policies / "oak" / "spoilt.md").write_text("no fence", "utf-8")
    done = await khan.press(page, "save")
    assert "still answers from the version before, because spoilt.md, line 1" in done.words
    assert (await khan.get("/policies/phone-policy")).status == 404
    assert (await khan.get("/policies")).status == 200


async def test_a_question_asked_while_a_policy_is_saved_is_answered(
    khan: Visitor, policies: Path
) -> None:
    page = await khan.upload()
    chat = await khan.get("/")
    form = {"token": chat.fields["token"], "key": "k1", "text": "may I use my phone at lunchtime"}
    done, answered = await asyncio.gather(khan.press(page, "save"), khan.post("/say", form))
    assert (done.status, answered.status) == (200, 200)
    again = await khan.post("/say", {**form, "key": "k2"})
    assert "Staff may use their own phones" in again.words


async def test_the_demo_says_what_it_forgets_and_offers_the_file(policies: Path) -> None:
    visitor = await (await visiting(served(policies, forgets=True))).as_("khan")
    page = await visitor.upload()
    assert "forgotten when the demo stops" in page.words
    done = await saved(visitor, page)
    assert "put it in policies/oak/" in done.words
    async with visitor.client.get(f"{page.url}/file") as response:
        assert response.headers["Content-Disposition"] == 'attachment; filename="phone-policy.md"'
        assert await response.read() == (policies / "oak" / "phone-policy.md").read_bytes()
    await visitor.client.close()


async def test_nothing_of_the_document_goes_to_a_log(
    khan: Visitor, policies: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    page = await khan.upload(name="zebra phones.txt")
    at = page.labels["1.1"].removeprefix("label.")
    clause = await khan.press(page, f"open:{at}")
    page = await khan.press(clause, "split", words="They must ask the quokka")
    await khan.typed(page, "save", {page.labels["2.1"]: ""})
    (policies / "oak" / "quokka.md").write_text(f"+++\nzebra = '{TEXT!r}\n+++\n", "utf-8")
    await khan.press(await khan.get(page.url), "save")
    assert "policies not loaded" in caplog.text
    logged = caplog.text.replace("quokka.md", "")
    assert [word for word in CANARIES if word in logged] == []
