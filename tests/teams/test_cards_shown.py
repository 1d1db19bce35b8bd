"""One card at a time: what Teams is given for an answer, a form, a link, and for too much at once."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.cards import Card, Choice, Field, Quote
from bot.platforms.teams.cards import adaptive, parts, summary
from tests.teams.seen import ACTIONS, FIXED, MOST, PAGES, TOKEN, found, seen, size

DECIDES = "Staff must not accept friend requests from pupils."
QUOTE = Quote(
    f"{DECIDES} *See* 2.1_a and [x](https://y).",
    "2.1 · Social media policy · version 3",
    lead="When using social media:",
    strong=(0, len(DECIDES)),
    link="/policies/social/c/c3",
)


def run(words: str, **look: object) -> dict[str, object]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": words, **look}]}


def body(content: Any) -> list[dict[str, Any]]:
    return list(content["body"])


def pressed(title: str, action: str, **more: object) -> dict[str, object]:
    submit = {
        "type": "Action.Submit",
        "title": title,
        "data": {"action": action, "token": TOKEN},
        **more,
    }
    return {**submit, "type": "Action.Execute", "verb": "press", "fallback": submit}


def test_an_answer_as_a_whole() -> None:
    card = Card(
        title="No.",
        banner=("Its review date was October 2018.",),
        quotes=(QUOTE,),
        after=("Tell Ms Shah (safeguarding lead).",),
        facts=(("Samaritans", "116 123"),),
        choices=(
            Choice("See it in the policy", link="/policies/social/c/c3"),
            Choice("Yes, or I'm not sure", action="danger yes", main=True),
            Choice("Not what I asked", action="not-this d1"),
        ),
        foot="What you typed here also stays in this chat.",
    )
    small = {"size": "Small", "isSubtle": True}
    opened = {"type": "Action.OpenUrl", "url": f"{PAGES}/policies/social/c/c3"}
    assert adaptive(card, FIXED, TOKEN, pages=PAGES) == {
        "type": "AdaptiveCard",
        "version": "1.5",
        "fallbackText": "No.",
        "body": [
            {
                "type": "Container",
                "style": "warning",
                "bleed": True,
                "items": [run("! Its review date was October 2018.", weight="Bolder")],
            },
            {
                "type": "TextBlock",
                "text": "No.",
                "wrap": True,
                "style": "heading",
                "size": "Large",
                "weight": "Bolder",
            },
            {
                "type": "Container",
                "style": "emphasis",
                "bleed": False,
                "items": [
                    run("“When using social media:”"),
                    {
                        "type": "RichTextBlock",
                        "inlines": [
                            {"type": "TextRun", "text": "“"},
                            {"type": "TextRun", "text": DECIDES, "weight": "Bolder"},
                            {"type": "TextRun", "text": " *See* 2.1_a and [x](https://y).”"},
                        ],
                    },
                    run(QUOTE.source, **small, selectAction=opened),
                ],
            },
            run("Tell Ms Shah (safeguarding lead)."),
            {"type": "FactSet", "facts": [{"title": "Samaritans", "value": "116 123"}]},
            {
                "type": "ActionSet",
                "actions": [
                    {**opened, "title": "See it in the policy"},
                    pressed("Yes, or I'm not sure", "danger yes", style="positive"),
                    pressed("Not what I asked", "not-this d1"),
                ],
            },
            run("What you typed here also stays in this chat.", **small),
        ],
    }


FORM = Card(
    title="Send this question to the policy owner, without your name?",
    fields=(
        Field("words", "Your question", "may i wear a hat", "You can change it.", "", long=True),
    ),
    choices=(Choice("Send these words", "send d1", main=True), Choice("Don't send", "help")),
)


def test_a_form_as_a_whole_with_its_mistake_under_the_field() -> None:
    wrong = replace(
        FORM, fields=(replace(FORM.fields[0], error="Please write your question here."),)
    )
    assert body(adaptive(wrong, FIXED, TOKEN))[1:] == [
        {
            "type": "Input.Text",
            "id": "words",
            "label": "Your question",
            "isMultiline": True,
            "value": "may i wear a hat",
            "isRequired": True,
            "errorMessage": FIXED.missing,
            "maxLength": 8000,
            "placeholder": "You can change it.",
        },
        run("Please write your question here.", weight="Bolder", color="Attention"),
        {
            "type": "ActionSet",
            "actions": [
                pressed("Send these words", "send d1", style="positive"),
                # Nothing need be typed to leave, and nothing is sent along.
                pressed("Don't send", "help", associatedInputs="none"),
            ],
        },
    ]


def test_in_the_window_of_a_message_extension_buttons_submit() -> None:
    shown = found(adaptive(FORM, FIXED, TOKEN, "submit"), *ACTIONS)
    assert [(one["type"], one["data"], "fallback" in one) for one in shown] == [
        ("Action.Submit", {"action": "send d1", "token": TOKEN}, False),
        ("Action.Submit", {"action": "help", "token": TOKEN}, False),
    ]


@pytest.mark.parametrize(
    ("link", "pages", "opens"),
    [
        ("/policies/p/c/1", PAGES, f"{PAGES}/policies/p/c/1"),
        ("/policies/p", f"{PAGES}/", f"{PAGES}/policies/p"),
        ("https://x.example/a b", "", "https://x.example/a%20b"),
        ("/policies/p", "", None),
        ("/policies/p", "http://127.0.0.1:8080", None),
        ("http://x.example", PAGES, None),
        ("javascript:alert(1)", PAGES, None),
        ("https:///etc/passwd", PAGES, None),
    ],
)
def test_only_https_is_opened_and_any_other_link_is_its_words(
    link: str, pages: str, opens: str | None
) -> None:
    card = Card(
        "Policies.", quotes=(replace(QUOTE, link=link),), choices=(Choice("Read", link=link),)
    )
    content = adaptive(card, FIXED, TOKEN, pages=pages)
    urls = [action["url"] for action in found(content, "Action.OpenUrl")]
    assert urls == ([opens, opens] if opens else [])
    assert "Read" in [*seen(content)]


def test_more_than_six_buttons_are_all_shown_in_order() -> None:
    choices = tuple(Choice(f"Policy {n}", f"open {n}") for n in range(14))
    content = adaptive(Card("Which?", choices=choices), FIXED, TOKEN)
    sets = [[a["title"] for a in few["actions"]] for few in found(content, "ActionSet")]
    assert [len(few) for few in sets] == [6, 6, 2]
    assert [title for few in sets for title in few] == [choice.label for choice in choices]


def test_the_same_words_urgent_stand_on_their_own_ground_and_say_no_more() -> None:
    card = Card("Ring 999.", urgent=True)
    (ground,) = body(adaptive(card, FIXED, TOKEN))
    assert ground["style"] == "attention"
    assert [*seen(ground)] == ["Ring 999."]


def test_a_notification_shows_the_first_line_and_of_what_is_urgent_nothing() -> None:
    assert summary(Card("No."), FIXED) == "No."
    assert summary(Card("Ring 999, then Ms Shah.", urgent=True), FIXED) == FIXED.preview
    assert summary(Card(), FIXED) == FIXED.preview


# Too much for one card --------------------------------------------------------------------------------

SENTENCE = "Staff must keep their accounts private. "
GIANT = replace(QUOTE, text=SENTENCE * 500, source="9.9 · Giant", strong=(0, 0))


def test_on_one_card_a_clause_that_does_not_fit_leaves_whole_with_its_place_and_the_card_says_so() -> (
    None
):
    card = Card(
        "No.",
        quotes=(GIANT, QUOTE),
        after=("Tell Ms Shah.",),
        choices=(Choice("Report a concern", "concern"),),
    )
    assert [*seen(adaptive(card, FIXED, TOKEN))] == [
        "No.",
        "9.9 · Giant",
        FIXED.left_out,
        f"“{QUOTE.lead}”",
        "“",
        DECIDES,
        " *See* 2.1_a and [x](https://y).”",
        QUOTE.source,
        "Tell Ms Shah.",
        "Report a concern",
    ]


def test_what_is_only_to_hand_leaves_before_what_answers() -> None:
    half = replace(GIANT, text=SENTENCE * 200)
    quotes = (replace(half, aside=True, source="aside"), half)
    told = "".join(seen(adaptive(Card("No.", quotes=quotes), FIXED, TOKEN)))
    assert told == f"No.“{half.lead}”“{half.text}”9.9 · Giantaside{FIXED.left_out}"


def test_however_many_clauses_there_are_the_buttons_stay() -> None:
    many = tuple(
        replace(QUOTE, source=f"{n} · Policy", link=f"/policies/p/c/{n}") for n in range(99)
    )
    card = Card("No.", quotes=many, after=("Tell Ms Shah.",), choices=(Choice("Go", "go 1"),))
    content = adaptive(card, FIXED, TOKEN, pages=PAGES)
    assert [*seen(content)][-2:] == ["Tell Ms Shah.", "Go"]
    assert size(content) <= MOST


def test_a_message_goes_on_in_the_next_card_after_a_whole_sentence() -> None:
    several = parts(Card("No.", quotes=(GIANT,)), FIXED, TOKEN)
    told = ["".join(seen(part)) for part in several]
    assert len(several) > 1
    assert all(one.endswith(f"private. {FIXED.goes_on}") for one in told[:-1])
    assert "".join(one.removesuffix(FIXED.goes_on) for one in told) == (
        f"No.“{GIANT.lead}”“{GIANT.text}”{GIANT.source}"
    )
