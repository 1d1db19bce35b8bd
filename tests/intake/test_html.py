"""Web pages: what a browser prints before each item is its mark, and what it hides is listed."""

from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intake.document import Document, Line
from bot.intake.formats.html import read
from bot.intake.importing import import_document
from bot.intake.read import IntakeMistake, words
from tests.intake.documents import told_words


def page(body: str, head: str = "") -> Document:
    return read("a.html", f"<html><head>{head}</head><body>{body}</body>".encode(), lambda _: None)


def shown(body: str, head: str = "") -> list[str]:
    return [f"{' ' * line.indent}{line.printed}" for line in page(body, head).lines]


def lines(body: str) -> list[Line]:
    return list(page(body).lines)


@pytest.mark.parametrize(
    ("body", "printed"),
    [
        ("<ul><li>a<li>b<ul><li>c</ul></ul>", ["• a", "• b", "    ◦ c"]),
        ("<ol><li>a<li>b</ol>", ["1. a", "2. b"]),
        ("<ol type=a start=3><li>a<li value=27>b</ol>", ["c. a", "aa. b"]),
        ("<ol type=I><li>a<li>b<li>c<li>d</ol>", ["I. a", "II. b", "III. c", "IV. d"]),
        ("<ol reversed><li>a<li>b</ol>", ["2. a", "1. b"]),
        ("<ol><li>a<ol type=i><li>b</ol><li>c</ol>", ["1. a", "    i. b", "2. c"]),
        ("<ol style='list-style: lower-alpha inside'><li>a</ol>", ["a. a"]),
        ("<ul style='list-style:none'><li>a</ul>", ["a"]),
        ("<ol type=i start=99999999999><li>a</ol>", ["999999. a"]),
        ("<ul><li><p>a</p><p>b</p></ul>", ["• a", "  b"]),
        ("<p>a<br>B</p>", ["a", "B"]),
        ("<h2>a<br>b</h2>", ["a b"]),
        ("<p>al<b>one</b></p>", ["alone"]),
        ("<pre>One\nTwo</pre>", ["One", "Two"]),
    ],
)
def test_numbers_and_bullets_are_those_a_browser_prints(body: str, printed: list[str]) -> None:
    assert shown(body) == printed


def test_headings_have_their_level_and_bold_paragraphs_are_known() -> None:
    found = lines("<h1>a</h1><h4>b</h4><p><b>c</b></p><p><b>d</b> e</p>")
    assert [(line.level, line.bold) for line in found] == [
        *((1, True), (4, True), (0, True), (0, False)),
    ]


def test_a_tables_row_has_its_cells_and_stands_apart_from_the_columns_names() -> None:
    head, row = lines("<table><tr><th>A<th>B<tr><td>c <i>d</i><td><ol><li>e</ol></table>")
    assert (head.cells, row.cells, row.text) == (("A", "B"), ("c d", "1. e"), "c d 1. e")
    assert row.gap


def test_a_table_that_only_lays_out_the_page_is_no_table() -> None:
    assert [line.cells for line in lines("<table><tr><td><p>a</p><p>b</p></table>")] == [(), ()]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("<script>gone</script>", "not shown on the page"),
        ("<nav>gone</nav>", "links for finding one's way"),
        ("<p hidden>gone</p>", "hidden text"),
        ("<p style='DISPLAY: none'>gone</p>", "hidden text"),
        ("<p class=x>gone</p>", "hidden text"),
        ("<table><tr hidden><td>gone<td>gone</table>", "hidden text"),
        ("<p>kept <del>gone</del></p>", "deleted text"),
        ("<template>gone</template>", "not shown on the page"),
        ("<p class=MsoToc1>gone</p>", "contents list"),
        ("<div title=header><p>gone</p></div>", "page header"),
        ("<div style='mso-element:comment-list'><p>gone</p></div>", "comment"),
    ],
)
def test_what_nobody_sees_is_left_out_and_listed(body: str, why: str) -> None:
    found = page(f"<p>kept</p>{body}<p>kept</p>", "<title>T</title><style>.x{display:none}</style>")
    assert not any("gone" in line.text for line in found.lines)
    assert [one.why for one in found.dropped if "gone" in one.text] == [why]
    assert [one.text for one in found.dropped if one.why == "title of the window"] == ["T"]


WORD = (
    "<p class=MsoListParagraph style='margin-left:18pt;mso-list:l0 level{} lfo1'><![if !supportLists]>"
    "<span style='font-family:Symbol;mso-list:Ignore'>{}<span style='font:7.0pt'>&nbsp; </span></span>"
    "<![endif]>{}<o:p></o:p></p>"
)


def test_words_own_web_pages_keep_their_numbers() -> None:
    body = (
        WORD.format(1, "1.", "Use") + WORD.format(2, "1.1", "Not here") + WORD.format(3, "·", "x")
    )
    assert shown(body) == ["1. Use", "    1.1 Not here", "        • x"]


def test_google_docs_pages_keep_their_numbers() -> None:
    style = (
        "<style>.lst-kix_q-0>li{counter-increment:lst-ctn-kix_q-0}"
        '.lst-kix_q-0>li:before{content:"" counter(lst-ctn-kix_q-0,decimal) ". "}'
        '.lst-kix_q-1>li:before{content:"" counter(lst-ctn-kix_q-0,decimal) "." '
        'counter(lst-ctn-kix_q-1,lower-latin) " "}'
        '.lst-kix_z-0>li:before{content:"\\0025cf   "}'
        "ol.lst-kix_q-0.start{counter-reset:lst-ctn-kix_q-0 0}.c1{font-weight:700}</style>"
    )
    body = (
        "<ol class='c1 lst-kix_q-0 start'><li>a</ol><ol class='lst-kix_q-1 start'><li>b<li>c</ol>"
        "<ol class='lst-kix_q-0'><li>d</ol><ul class='lst-kix_z-0 start'><li>e</ul>"
    )
    assert shown(body, style) == ["1. a", "1.a b", "1.b c", "2. d", "● e"]


@pytest.mark.parametrize(
    "back", ["#_ftnref1", "#ftnt_ref1", "#sdfootnote1anc", "#fnref1", "#fnref:1"]
)
def test_a_footnote_is_citable(back: str) -> None:
    body = (
        f"<h1>Phone Policy</h1><p>Staff must ask.</p><p><a href='{back}'>[1]</a> Or the head.</p>"
    )
    policy = import_document(page(body), "p").policy
    assert [c.text for c in policy.clauses if c.label == "Footnote 1"] == ["Or the head."]


def test_footnotes_in_a_list_of_their_own_are_citable() -> None:
    body = "<p>Use<a href='#fn1'>1</a></p><ol><li id=fn1><p>Or not.<a href='#fnref1'>↩</a></p></ol>"
    assert [(line.text, line.note) for line in page(body).lines] == [("Use", ""), ("Or not.", "1")]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<p>Don’t – ever</p>".encode("cp1252"), "Don’t – ever"),
        ("<meta charset=iso-8859-1><p>Don’t</p>".encode("cp1252"), "Don’t"),
        ("<meta charset=utf-16><p>Don’t</p>".encode(), "Don’t"),
        ("<meta charset='koi8-r'><p>да</p>".encode("koi8-r"), "да"),
        ("<meta charset=nonsense><p>é</p>".encode(), "é"),
        ("<p>Don’t</p>".encode("utf-16"), "Don’t"),
        ("<p>Don’t</p>".encode("utf-8-sig"), "Don’t"),
        (
            "<?xml version='1.0' encoding='utf-8'?><p>Don’t &amp; can’t</p>".encode(),
            "Don’t & can’t",
        ),
    ],
)
def test_the_usual_encodings_are_read(raw: bytes, text: str) -> None:
    assert [line.text for line in read("a.htm", raw, lambda _: None).lines] == [text]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"<p> </p>", "no words"),
        (b"<!-- -->", "no words"),
        (b"<div>" * 400 + b"words", "nested deeper"),
        (b"<p>" * 400_000 + b"words", "more tags than any page"),
        (b" " * 9_000_000 + b"words", "most for a web page"),
    ],
)
def test_a_page_that_cannot_be_read_is_refused(raw: bytes, says: str) -> None:
    with pytest.raises(IntakeMistake, match=says):
        read("a.html", raw, lambda _: None)


# The law of words -----------------------------------------------------------------------------------


class Texts(HTMLParser):
    """Every piece of text on a page, by another reader than the one under test."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)
        self.close()

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def _wrapped(tag: str) -> Callable[[list[str]], str]:
    return lambda inner: f"<{tag}>{' '.join(inner)}</{tag}>"


_words = st.sampled_from(
    ["staff", "must not", "1.1 post", "Use of Phones:", "18", "Owner: A. Khan"]
)
_inline = st.one_of(_words, _words.map("<b>{}</b>".format), _words.map("<i>{}</i><br>".format))
_paragraph = st.builds(
    "<{0}>{1}</{0}>".format, st.sampled_from(["p", "h2", "div", "pre", "dt"]), _inline
)
_items = st.lists(_inline.map("<li>{}".format), min_size=1, max_size=4)
_blocks = st.recursive(
    st.one_of(
        _paragraph,
        _items.map(_wrapped("ul")),
        st.just("<nav>menu</nav>"),
        _inline,
        st.lists(_inline.map("<td>{}".format), min_size=1, max_size=3).map(
            lambda cells: f"<table><tr>{''.join(cells)}<tr>{''.join(cells)}</table>"
        ),
    ),
    lambda inner: st.builds(
        "<{0}>{1}</{0}>".format,
        st.sampled_from(["div", "blockquote", "section", "ul><li"]),
        st.lists(inner, min_size=1, max_size=3).map(" ".join),
    ),
    max_leaves=12,
).map(lambda text: text.replace("</ul><li>", "</ul>"))


@given(st.lists(_blocks, min_size=1, max_size=6).map("\n".join))
@settings(max_examples=200, deadline=None)
def test_every_word_of_a_page_ends_in_one_clause_or_is_listed(body: str) -> None:
    source = words(" ".join(Texts(body).found))
    if source == ["menu"] * len(source):
        return
    imported = import_document(page(body), "p")
    told = told_words(imported.policy.clauses)
    dropped = [word for one in imported.dropped for word in words(one.text)]
    assert Counter(told) + Counter(dropped) == Counter(source)


@pytest.mark.parametrize(
    ("body", "printed"),
    [
        ("<h4>Lending</h2>Books go home.", ["Lending", "Books go home."]),
        ("<h2>A</h3><p>b</p><h3>C</h3>d", ["A", "b", "C", "d"]),
        ("<p>a</div>b", ["a b"]),
        ("<p>gl<b>ue</b>d</i> on</p>", ["glued on"]),
    ],
)
def test_tags_that_do_not_match_glue_no_words_together(body: str, printed: list[str]) -> None:
    assert shown(body) == printed


def test_the_word_contents_goes_with_its_list() -> None:
    body = "<h1>Kit Policy</h1>{}<p class=MsoToc1>Kit 2</p><h2>Kit</h2><p>Pupils bring a cap.</p>"
    found = import_document(page(body.format("<p>Contents</p>")), "kit")
    assert [one.label for one in found.policy.clauses] == ["Title", "Kit"]
    assert [one.text for one in found.dropped] == ["Contents", "Kit 2"]


def test_the_word_contents_stays_where_no_list_stood_below_it() -> None:
    body = "<h1>Kit Policy</h1><p class=MsoToc1>Kit 2</p><h2>Kit</h2><p>Pupils bring:</p><p>Contents</p>"
    found = import_document(page(body + "<p>of a bag.</p>"), "kit")
    assert any("Contents" in (one.text, *one.headings) for one in found.policy.clauses)
