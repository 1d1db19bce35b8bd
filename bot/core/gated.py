"""What a draft remembers of a concern: whom it is about and whom its words name, and never the words."""

from collections.abc import Sequence

from bot.core.gate import Concern
from bot.core.messages import Json
from bot.core.records import Draft

# What a gate's draft says of the concern.
ABOUT = ("route", "about", "imagery", "named")


def facts_of(concern: Concern) -> dict[str, Json]:
    return {
        "route": concern.route,
        "about": concern.about,
        "imagery": concern.imagery,
        "named": list(concern.named),
    }


def whom(draft: Draft) -> dict[str, Json]:
    """Whom the concern is about, and whom its words name: none of them is somebody to tell."""
    return {name: draft.facts[name] for name in ABOUT if name in draft.facts}


def shown(draft: Draft) -> dict[str, Json]:
    """What a gate's card speaks of: whom it is about, and which draft its buttons go back to."""
    return {**whom(draft), "draft": draft.id, "waiting": "answer" in draft.facts}


def is_danger(draft: Draft) -> bool:
    """What came past the gate, or stood under the danger line, keeps it to the end."""
    return draft.kind == "gate" or draft.facts.get("danger") is True


def still_danger(drafts: Sequence[Draft]) -> dict[str, Json]:
    """The danger line for a card of policy text, while one of these remembers what may be a live concern."""
    grave = [draft for draft in drafts if is_danger(draft)]
    return {"danger": True, **whom(grave[0])} if grave else {"danger": False}
