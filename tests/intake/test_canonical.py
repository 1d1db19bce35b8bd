"""The policy file itself: its page of help is true, and a mistake is named by its line."""

import re
from pathlib import Path

import pytest

from bot.intake.canonical import CanonicalMistake, parse, write

README = Path(__file__).parents[2] / "policies" / "README.md"


def test_the_example_in_the_readme_is_a_policy_and_written_the_same() -> None:
    example = re.search(r"```\n(\+\+\+\n.*?)```", README.read_text("utf-8"), re.S)
    assert example
    policy = parse(example[1])
    assert write(policy) == example[1]
    assert [clause.label for clause in policy.clauses][-1] == "1.1 (bullet 2)"
    assert policy.lead_of(policy.clauses[3]) == policy.clauses[2]
    assert set(policy.said.values()) | set(policy.pins["phone.lesson"]) <= set(policy.by_id)


HEAD = '+++\nid = "p"\ntitle = "P"\n+++\n\n'


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("hello", 1, "first line"),
        ('+++\nid = "p"\n', 1, "not closed"),
        ('+++\nid = "p"\nowner = Khan\n+++\n', 3, "TOML"),
        ('+++\ntitle = "p"\n+++\n', 1, 'id = "..."'),
        ('+++\nid = "p"\ncolour = "red"\n+++\n', 1, "no fact"),
        ('+++\nid = "p"\nowner = 3\n+++\n', 1, "quotes"),
        (HEAD + "stray words\n", 6, "no <!--"),
        (HEAD + "<!-- k7m2qp | 1 -->\none\n\n<!-- k7m2qp | 2 -->\ntwo\n", 9, "stands twice"),
        (HEAD + "<!-- k7m2qp | 1 | under=zzzzzz -->\none\n", 1, "no such clause"),
        (HEAD + "<!-- k7m2qp -->\none\n", 6, "should read"),
        (HEAD + "<!-- k7m2qp | 1 | kind=joke -->\none\n", 6, "kind is"),
        (HEAD + '<!-- k7m2qp | 1 | mark="5.2" -->\none\n', 6, "does not"),
    ],
)
def test_a_mistake_in_a_policy_file_is_named_by_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(CanonicalMistake, match=re.escape(says)) as mistake:
        parse(text)
    assert mistake.value.line == line


def test_a_secretary_may_wrap_a_clause_over_several_lines() -> None:
    policy = parse(HEAD + "## Use\n\n<!-- k7m2qp | 1.1 -->\n1.1 Staff must\nnot film.\n")
    assert [(c.marker, c.text, c.headings) for c in policy.clauses] == [
        ("1.1", "Staff must not film.", ("Use",))
    ]
