"""What every store holds to, whatever it keeps its records in."""

from datetime import timedelta

from bot.core.records import Decision, Reads

REMEMBERED = timedelta(days=7)  # Slack and Teams send again within hours; replays are older
LAPSE = timedelta(minutes=2)  # longer than any call to a platform may take


def remembered(records: Reads, key: str) -> Decision | None:
    """What was decided under this key the first time; None when there is no key or it is new."""
    answers = records.seen(key) if key else None
    return None if answers is None else Decision(answers, key=key)
