"""The command line: a few lines each over app.py."""

import asyncio
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import click

from bot.config import Config, ConfigMistake, config_from, version

# What a mistake's class is called when its sentence is for the person at the keyboard.
_SENTENCES = ("Mistake", "WeightsMissing")


@click.group()
def cli() -> None:
    """Answers a school's policy questions with the clause, word for word."""


@cli.command()
def demo() -> None:
    """A web chat on this machine, with the example school and its own throw-away records."""
    from bot import demo

    _run(demo.serve(_config(), click.echo))


@cli.command()
@click.option("--teams-local", is_flag=True, help="For Microsoft's test client: nothing checked.")
@click.option("--as", "who", default="", help="With --teams-local: whom its people speak as.")
def serve(teams_local: bool, who: str) -> None:
    """The bot on Slack and Microsoft Teams, with the installation's own records (the test client's people
    have others)."""
    from bot import live

    settings = _config()
    _run(live.serve(live.local(settings, who) if teams_local else settings, click.echo))


@cli.command()
@click.option("--as", "who", default="", help="Whom to chat as: an id from school.toml.")
def chat(who: str) -> None:
    """Chat in the terminal, with the installation's own records."""
    from bot import app

    _run(app.chat(_config(), who))


@cli.command()
@click.argument("question", required=False)
@click.option("--policy", default="", help="Ask this policy only: its file's name without .md.")
@click.option("--policies", type=click.Path(path_type=Path), help="A folder of policies.")
@click.option(
    "--role", default="staff", help="staff, governor, volunteer, contractor, agency, pta."
)
@click.option("--today", default="", help="Answer as on this day, such as 2026-11-20.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of words.")
@click.option("--batch", type=click.Path(path_type=Path), help="JSON lines to answer.")
@click.option("--out", type=click.Path(path_type=Path), help="Where the batch's answers go.")
def ask(
    question: str | None,
    policy: str,
    policies: Path | None,
    role: str,
    today: str,
    as_json: bool,
    batch: Path | None,
    out: Path | None,
) -> None:
    """Answer one question, or a file of them with --batch IN --out OUT."""
    from bot import asking

    settings = _config()
    if batch is not None:
        if out is None:
            raise click.UsageError("--batch needs --out: where should the answers go?")
        asking.batch(settings, policies, batch, out, today)
    elif question:
        click.echo(asking.one(settings, policies, question, policy, role, today, as_json))
    else:
        raise click.UsageError('type a question in quotation marks, such as "can i accept it?"')


@cli.command("import")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE_OR_FOLDER")
@click.option("--id", "policy_id", default="", help="Short name for a file, such as staff-online.")
@click.option("--school", default="", help="The school's folder under policies/.")
@click.option(
    "--into", type=click.Path(path_type=Path), help="Where to write (default: policies/)."
)
@click.option("--replace", is_flag=True, help="Even if nothing of the version before is left.")
def import_(file: Path, policy_id: str, school: str, into: Path | None, replace: bool) -> None:
    """Read a policy (.docx, .pdf, .odt, .html, .txt, .md) and write its clauses, each with a lasting id.

    Of a folder every document is read, and its file's name is its id.
    """
    from bot.intake.importing import import_file
    from bot.intake.shown import import_shown
    from bot.intake.told import refuse_another, refuse_no_school, told

    folder = into or _config().policies
    refuse_no_school(school, folder)
    if file.is_dir():
        if policy_id:
            raise click.UsageError("--id is for one file: in a folder each file's name is its id.")
        sys.exit(0 if import_shown(file, school, folder, replace) else 1)
    if not policy_id:
        raise click.UsageError(
            "--id is missing: a short name for the policy, such as staff-online."
        )
    if not replace:
        refuse_another(file, policy_id, school, folder)
    click.echo(told(import_file(file, policy_id, school, folder)))


@cli.command()
@click.option("--done", default="", help="The id of a question that is dealt with: it is deleted.")
def unanswered(done: str) -> None:
    """Questions that staff sent to the policy owners. Nobody's name is kept."""
    from bot import app

    click.echo(app.settle(_config(), done) if done else app.unanswered(_config()))


@cli.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--show", is_flag=True, help="Print the dialogues whole, as they go now.")
@click.option("--record", is_flag=True, help="Rewrite the bot's lines in the files you name.")
def play(files: tuple[Path, ...], show: bool, record: bool) -> None:
    """Play written dialogues (the tests' own if you name none) and show where the bot differs."""
    from bot import playing

    if show and record:
        raise click.UsageError("--show only prints and --record rewrites: choose one of them")
    if show:
        playing.show(_config(), files or playing.shipped(), click.echo)
    elif record:
        playing.record(_config(), files, click.echo)
    else:
        sys.exit(playing.play(_config(), files or playing.shipped(), click.echo))


@cli.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="A list of objects instead of words.")
@click.option("--today", default="", help="Check as on this day, such as 2026-11-20.")
def check(folder: Path | None, as_json: bool, today: str) -> None:
    """What is wrong with policies, or with documents not yet imported, and what to do about it."""
    from bot import checking

    found = checking.check(_config(), folder, today)
    click.echo(checking.as_json(found) if as_json else checking.as_text(found))
    sys.exit(1 if found.stops else 0)


@cli.command()
@click.option(
    "--online", is_flag=True, help="Ask Slack and Microsoft as well; nobody is written to."
)
def doctor(online: bool) -> None:
    """Is everything there? One line each; fails if staff would not be answered."""
    from bot import doctor as examined

    settings = _config()
    lines, well = examined.examine(settings)
    for line in lines:
        click.echo(line)
    sys.exit(0 if (not online or _online(settings)) and well else 1)


def _online(settings: Config) -> bool:
    """Whether Slack and Microsoft would let the bot speak."""
    from bot import online

    lines, well = online.examine(settings)
    for line in lines:
        click.echo(line)
    return well


@cli.command("teams-package")
@click.option("--name", required=True, help="The school's name, as people read it in Teams.")
@click.option("--address", required=True, help="An https page of the school that tells of the bot.")
@click.option(
    "--out", default="policybot-teams.zip", type=click.Path(path_type=Path), help="Where it goes."
)
def teams_package(name: str, address: str, out: Path) -> None:
    """Build the zip that a technician uploads to Microsoft Teams."""
    from bot.conversations import read_conversations
    from bot.platforms.teams.package import PackageMistake, School, package

    settings = _config()
    fixed = read_conversations(settings.conversations).fixed
    app_id = settings.teams.app_id if settings.teams else ""
    made = package(app_id, version(), School(name.strip(), address), fixed)
    try:
        out.write_bytes(made)
    except OSError as error:
        raise PackageMistake(f"{out} cannot be written: {error.strerror}") from None
    click.echo(f"{out} is ready to upload: see Teams in deploy/README.md.")


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end, or to Ctrl+C: the way to leave is no failure."""
    try:
        asyncio.run(work)
    except KeyboardInterrupt:
        click.echo()


def _config() -> Config:
    return config_from(os.environ)


def main() -> None:
    """Run a command. A mistake is one sentence, never a traceback."""
    try:
        cli()
    except ConfigMistake as mistake:
        raise SystemExit(str(mistake)) from None
    except Exception as error:
        if type(error).__name__.endswith(_SENTENCES):
            raise SystemExit(str(error)) from None
        raise


if __name__ == "__main__":
    main()
