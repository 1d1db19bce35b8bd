"""Whom a question about a policy goes to, when staff send it on."""

from bot.core.book import Answer, Book
from bot.core.people import Holder
from bot.core.policies import Policy


def asked_about(answer: Answer, mine: tuple[str, ...], book: Book) -> Policy | None:
    """The policy nearest to the question, of those in force for its asker (``mine``)."""
    near = [policy for policy, _ in answer.ranked if policy in mine] or list(mine)
    return book.policies[near[0]] if near else None


def owner_of(policy: Policy, book: Book) -> Holder | None:
    """Who holds the role its front matter names, else the policy owner, else the head."""
    school = book.schools.get(policy.school)
    if school is None:
        return None
    roles = (policy.owner.lower().replace(" ", "_"), "policy_owner", "headteacher")
    held = (holder for role in roles if (holder := school.holder(role)))
    return next((holder for holder in held if holder.person in school.people), None)
