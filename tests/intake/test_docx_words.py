"""The law of words for Word files: all that is printed is in one clause or listed, once."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intake.formats import docx
from bot.intake.importing import import_document
from bot.intake.read import words
from tests.intake.documents import told_words
from tests.intake.wordfiles import BLANK, CLAUSES, DOTS, level, notes, para, rules, run, table, word

# Left out and never printed, so that the count of what is printed takes no notice of it.
UNSEEN = ("deleted text", "hidden text", "comment")
_LISTS = rules(
    {0: CLAUSES, 1: DOTS, 2: [level(0, "Article %1"), level(1, "%2)", "lowerRoman")]},
    {1: 0, 2: 1, 3: 2},
)
_word = st.sampled_from(
    [
        "staff",
        "must",
        "not",
        "Post",
        "2018",
        "Or",
        "a",
        "Policy",
        "Headteacher",
        "(a)",
        "3.2",
        "May",
    ]
)
_short = st.lists(_word, min_size=1, max_size=4).map(" ".join)
_sentence = st.lists(_word, min_size=3, max_size=14).map(lambda found: " ".join(found) + ".")
_typed = st.sampled_from(["", "", "", "1. ", "2.1 ", "(b) ", "• ", "Owner: ", "Owner\t", "1\n2.1 "])
_text = st.builds("{}{}".format, _typed, st.one_of(_short, _sentence))
_unseen = st.sampled_from(
    [
        "<w:del><w:r><w:delText>gone gone</w:delText></w:r></w:del>",
        f"<w:moveFrom>{run('gone')}</w:moveFrom>",
        run("unseen", "<w:vanish/>"),
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF gone</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    ]
)
_mark = st.sampled_from(["<w:rPr><w:del/></w:rPr>", "", "", "", "", "<w:rPr><w:vanish/></w:rPr>"])
_style = st.sampled_from(["", "", "", "Heading1", "Heading2", "Heading3", "Title"])
_num = st.one_of(st.none(), st.none(), st.tuples(st.integers(0, 3), st.integers(0, 2)))


@st.composite
def _paragraph(draw: st.DrawFn) -> tuple[str, str, list[tuple[int, int]]]:
    """A paragraph, the words it prints, and the list item it is."""
    text, tail = draw(_text), draw(st.one_of(st.just(""), _short))
    parts = [text, draw(st.one_of(st.just(""), _unseen)), f" {tail} "]
    num, props = draw(_num), draw(_mark)
    xml = para(
        *filter(None, parts), style=draw(_style), num=num, props=props, bold=draw(st.booleans())
    )
    return xml, f"{text} {tail}", [num] if num and "del" not in props else []


_block = st.one_of(
    _paragraph(),
    _paragraph(),
    _paragraph(),
    st.just((BLANK, "", [])),
    st.lists(st.lists(_short, min_size=1, max_size=3), min_size=1, max_size=3).map(
        lambda rows: (table(*rows) + BLANK, " ".join(cell for row in rows for cell in row), [])
    ),
    _sentence.map(
        lambda said: (
            "<w:p><w:r><w:pict><v:textbox><w:txbxContent>"
            f"{para(said)}</w:txbxContent></v:textbox></w:pict></w:r></w:p>",
            said,
            [],
        )
    ),
)


@given(st.lists(_block, min_size=1, max_size=14), st.lists(_sentence, max_size=2))
@settings(max_examples=250, deadline=None)
def test_every_printed_word_is_in_one_clause_or_listed(
    blocks: list[tuple[str, str, list[tuple[int, int]]]], footnotes: list[str]
) -> None:
    signs = "".join(f'<w:r><w:footnoteReference w:id="{n}"/></w:r>' for n in range(len(footnotes)))
    raw = word(
        *(xml for xml, _, _ in blocks),
        para("The end", signs, "."),
        numbering=_LISTS,
        parts={"footnotes": notes("footnote", dict(enumerate(footnotes))), "header1": para("Elm")},
    )
    document = docx.read("p.docx", raw, lambda pages: None)
    done = import_document(document, "p")
    shown = [one for one in done.dropped if one.why not in UNSEEN]
    told = told_words(done.policy.clauses)
    told += [one for listed in shown for one in words(listed.text)]
    printed = words(" ".join([*(said for _, said, _ in blocks), "The end Elm", *footnotes]))
    printed += [str(n + 1) for n in range(len(footnotes))]
    printed += [one for line in document.lines for one in words(line.mark)]
    printed += [one for d in shown if d.why == "empty list item" for one in words(d.text)]
    assert Counter(told) == Counter(printed)
