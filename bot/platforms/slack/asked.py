"""What a card asks for, as blocks: its fields as inputs, its choices as buttons."""

from collections.abc import Sequence

from bot.core.cards import Card, Choice, Field
from bot.core.messages import Json
from bot.platforms.slack.mrkdwn import address
from bot.platforms.slack.parts import Blocks, paragraphs, small
from bot.platforms.slack.texts import MOST, parted, plain, shortened, size

# Every button's action_id begins so, and its value is what the button carries. One without a value
# opens a page by itself: Slack tells of the press all the same, and there is nothing to do.
ACTION = "do"
LABEL = 2000  # of a field and its hint
BUTTON = 75
_ROW = 5  # as many as a phone shows beside each other; a row takes 25
_MANY = 100


def inputs(fields: Sequence[Field]) -> Blocks:
    return [block for field in fields for block in field_input(field)]


def field_input(field: Field) -> Blocks:
    """The box, and under it what was wrong with the words the last time.

    A box takes 3000 characters: what is over stands below it, to be read and copied.
    """
    first, *over = [*parted(field.value, MOST)] or [""]
    box: dict[str, Json] = {"type": "plain_text_input", "action_id": field.id, "max_length": MOST}
    box["multiline"] = field.long or "\n" in first
    if first:
        box["initial_value"] = first
    block: dict[str, Json] = {"type": "input", "block_id": field.id, "element": box}
    block["label"] = plain(shortened(field.label, LABEL))
    if field.hint.strip():
        block["hint"] = plain(shortened(field.hint, LABEL))
    long = [words for words in (field.label, field.hint) if size(words) > LABEL]
    return [*paragraphs(long), block, *small(field.error), *paragraphs(over)]


def as_facts(fields: Sequence[Field]) -> tuple[tuple[str, str], ...]:
    """The same to read only, where there is nothing that could send what is typed."""
    return tuple(
        (field.label, "\n".join(filter(None, (field.value, field.hint, field.error))))
        for field in fields
    )


def buttons(card: Card, pages: str) -> Blocks:
    """Rows of buttons. A label too long for one stands whole above them."""
    shown = [
        (choice, button)
        for number, choice in enumerate(card.choices)
        if (button := _button(choice, number, card.urgent, pages))
    ]
    long = [choice.label for choice, _ in shown if size(choice.label) > BUTTON]
    made: Blocks = [button for _, button in shown]
    row = _ROW if len(made) <= _MANY else 25
    rows: Blocks = [
        {"type": "actions", "elements": made[at : at + row]} for at in range(0, len(made), row)
    ]
    return [*paragraphs(long), *rows]


def _button(choice: Choice, number: int, urgent: bool, pages: str) -> dict[str, Json]:
    """Empty for a link that cannot be opened from Slack."""
    opens = "" if choice.action else address(choice.link, pages)
    if not (choice.action or opens):
        return {}
    made: dict[str, Json] = {"type": "button", "action_id": f"{ACTION} {number}"}
    made["text"] = plain(shortened(choice.label, BUTTON))
    made |= {"value": choice.action} if choice.action else {"url": opens}
    if choice.main:
        made["style"] = "danger" if urgent else "primary"
    return made
