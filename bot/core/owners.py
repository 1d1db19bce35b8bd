"""Whom a question about a policy goes to, when staff send it on."""

from bot.core.book import Answer, Book
from bot.core.facts import role_named
from bot.core.people import Holder
from bot.core.phrases import plain
from bot.core.policies import Policy


def asked_about(answer: Answer, mine: tuple[str, ...], book: Book) -> Policy | None:
    """The policy nearest to the question, of those in force for its asker (``mine``)."""
    near = [policy for policy, _ in answer.ranked if policy in mine] or list(mine)
    return book.policies[near[0]] if near else None


def owning_role(policy: Policy, book: Book) -> str:
    """The role a policy names as its owner: "dsl" for "Designated Safeguarding Lead"; "" for none."""
    school = book.schools.get(policy.school)
    written = policy.owner.lower().replace(" ", "_")
    if school and written in school.holders:
        return written
    return role_named(book.records, plain(policy.owner))


def owner_of(policy: Policy, book: Book) -> Holder | None:
    """Who holds the role its front matter names, else the policy owner, else the head."""
    school = book.schools.get(policy.school)
    if school is None:
        return None
    roles = (owning_role(policy, book), "policy_owner", "headteacher")
    held = (holder for role in roles if (holder := school.holder(role)))
    return next((holder for holder in held if holder.person in school.people), None)
