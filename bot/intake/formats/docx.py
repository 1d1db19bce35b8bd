"""Word documents (.docx, of Word, LibreOffice or Google Docs) -> their lines."""

import re
from collections.abc import Callable, Iterator, Sequence

from bot.intake.document import Document, Dropped, Line
from bot.intake.formats.numbering import counted, numbering_of
from bot.intake.formats.sentences import without_false_headings
from bot.intake.formats.word_body import Body, NoteSign
from bot.intake.formats.word_styles import styles_of
from bot.intake.formats.word_text import plain_words
from bot.intake.formats.word_xml import W, local, number, value
from bot.intake.formats.zipped import Element, Related, Zipped
from bot.intake.read import IntakeMistake, folded, words

_MACROS = re.compile(r"(?:^|/)vbaProject\.bin$|(?:^|/)vbaData\.xml$", re.I)
_NOT_NOTES = ("separator", "continuationSeparator", "continuationNotice")
# What Word prints where a document does not say.
_USUAL = {"footnote": "decimal", "endnote": "lowerRoman"}
MOST_PARAGRAPHS = 20_000
MOST_SIGNS = 5_000_000


def read(name: str, raw: bytes, progress: Callable[[int], None]) -> Document:
    """The lines of a Word document, and what was left out."""
    zipped = Zipped(name, raw)
    _refuse_macros(zipped)
    whole, parts = _main(zipped)
    _refuse_length(name, whole)
    styles = styles_of(_part(zipped, parts, "styles"))
    numbering = numbering_of(_part(zipped, parts, "numbering"), styles.numbered)
    body = Body(styles, numbering, progress, _balanced(whole))
    body.story(whole)
    lines = _with_notes(zipped, parts, whole, body)
    if not any(words(line.printed) for line in lines):
        raise IntakeMistake(
            f"{name} holds no words that can be read: if its pages are pictures, get the typed document "
            "and import that."
        )
    return Document(
        without_false_headings(lines, lambda line: body.styled.get(line.no, "")),
        [
            *_margins(zipped, parts),
            *body.dropped,
            *_comments(zipped, parts, body),
            *_diagrams(zipped, parts),
        ],
        "paragraph",
    )


def _refuse_macros(zipped: Zipped) -> None:
    types = zipped.xml("[Content_Types].xml")
    said = (one.get("ContentType") or "" for one in (types if types is not None else ()))
    if any(map(_MACROS.search, zipped.paths)) or any("macroEnabled" in one for one in said):
        raise IntakeMistake(
            f"{zipped.name} holds macros, which are programs and are never taken in: open it in Word, "
            "save it as Word Document (.docx) and import that."
        )


def _refuse_length(name: str, body: Element) -> None:
    paragraphs = sum(1 for _ in body.iter(W + "p"))
    signs = sum(len(one.text or "") for one in body.iter(W + "t"))
    if paragraphs > MOST_PARAGRAPHS or signs > MOST_SIGNS:
        raise IntakeMistake(
            f"{name} has {paragraphs:,} paragraphs and {signs:,} signs, and the most is "
            f"{MOST_PARAGRAPHS:,} and {MOST_SIGNS:,}: is it a policy?"
        )


def _main(zipped: Zipped) -> tuple[Element, list[Related]]:
    """The body of the document, and the parts it points to."""
    told = next((one.path for one in zipped.related("") if one.kind == "officeDocument"), "")
    path = told if told in zipped.paths else "word/document.xml"
    root = zipped.xml(path)
    body = root.find(W + "body") if root is not None else None
    if body is None:
        raise IntakeMistake(
            f"{zipped.name} is no Word document inside: save it as Word Document (.docx) and import that."
        )
    return body, zipped.related(path)


def _part(zipped: Zipped, parts: Sequence[Related], kind: str) -> Element | None:
    path = next((one.path for one in parts if one.kind == kind), "")
    return zipped.xml(path) if path else None


def _balanced(body: Element) -> bool:
    kinds = [one.get(W + "fldCharType") for one in body.iter(W + "fldChar")]
    return kinds.count("begin") == kinds.count("end")


# What stands beside the text -------------------------------------------------------------------------


def _with_notes(zipped: Zipped, parts: Sequence[Related], whole: Element, body: Body) -> list[Line]:
    """The lines of the text, and after them those of the notes it points to, as they are numbered."""
    lines = list(body.lines)
    settings = _part(zipped, parts, "settings")
    for kind in _USUAL:
        signs = [sign for sign in body.notes if sign.kind == kind]
        root = _part(zipped, parts, f"{kind}s") if signs else None
        notes = {one.get(W + "id"): one for one in (root if root is not None else ())}
        for sign, mark in zip(signs, _note_marks(kind, signs, whole, settings), strict=True):
            body.dropped.append(Dropped(sign.line, mark, f"{kind} mark"))
            note = notes.pop(sign.id, None)
            if note is not None and note.get(W + "type") not in _NOT_NOTES:
                text = _note_text(body, note)
                lines += [Line(sign.line, 0, text, False, True, note=mark)] if text else []
    return lines


def _note_text(body: Body, note: Element) -> str:
    body.lines = []
    body.story(note)
    return folded(" ".join(line.printed for line in body.lines))


def _note_marks(
    kind: str, signs: Sequence[NoteSign], whole: Element, settings: Element | None
) -> Iterator[str]:
    """The marks as printed: 1, 2, 3 or i, ii, iii; a note with a mark of its own is not counted."""
    places = [whole.find(W + "sectPr"), settings]
    format = next((said for at in places if (said := value(at, f"{kind}Pr/numFmt"))), _USUAL[kind])
    start = next((said for at in places if (said := value(at, f"{kind}Pr/numStart"))), "1")
    count = number(start) or 1
    for sign in signs:
        yield sign.own or counted(count, format)
        count += not sign.own


def _margins(zipped: Zipped, parts: Sequence[Related]) -> Iterator[Dropped]:
    """Headers and footers, each different text once."""
    seen = set()
    for one in parts:
        root = zipped.xml(one.path) if one.kind in ("header", "footer") else None
        text = plain_words(_once(root)) if root is not None else ""
        if words(text) and (one.kind, text) not in seen:
            seen.add((one.kind, text))
            yield Dropped(1, text, one.kind)


def _once(root: Element) -> Element:
    """The same part without what old programs get to read, and without what was deleted."""
    for one in list(root.iter("{*}Fallback", W + "del", W + "moveFrom")):
        one.getparent().remove(one)
    return root


def _comments(zipped: Zipped, parts: Sequence[Related], body: Body) -> Iterator[Dropped]:
    """What people wrote in the margin."""
    root = _part(zipped, parts, "comments")
    for one in root if root is not None else ():
        text = plain_words(one) if local(one) == "comment" else ""
        if words(text):
            yield Dropped(body.commented.get(one.get(W + "id") or "", 1), text, "comment")


def _diagrams(zipped: Zipped, parts: Sequence[Related]) -> Iterator[Dropped]:
    """The words in drawn diagrams (SmartArt): no order in them can be known."""
    for one in parts:
        root = zipped.xml(one.path) if one.kind == "diagramData" else None
        text = plain_words(root) if root is not None else ""
        if words(text):
            yield Dropped(1, text, "diagram")
