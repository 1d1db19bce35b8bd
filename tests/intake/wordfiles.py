"""Small Word files, made of the XML Word writes: only what a test needs to say of itself."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from bot.intake.document import Document
from bot.intake.importing import Imported, import_document
from bot.intake.source import source_of

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NS = (
    f'xmlns:w="{_W}" xmlns:r="{_R}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
HEADINGS = "".join(
    f'<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/>'
    f'<w:basedOn w:val="Normal"/><w:pPr><w:spacing w:before="240"/><w:outlineLvl w:val="{n - 1}"/>'
    "</w:pPr><w:rPr><w:b/></w:rPr></w:style>"
    for n in range(1, 7)
)
STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>' + HEADINGS
)
BLANK = "<w:p/>"


def run(text: str, props: str = "") -> str:
    """A run; tabs and line breaks in the text are the elements Word has for them."""
    rules = f"<w:rPr>{props}</w:rPr>" if props else ""
    said = f'<w:t xml:space="preserve">{escape(text)}</w:t>'
    for sign, name in (("\t", "tab"), ("\n", "br")):
        said = said.replace(sign, f'</w:t><w:{name}/><w:t xml:space="preserve">')
    return f"<w:r>{rules}{said}</w:r>"


def para(
    *parts: str,
    style: str = "",
    num: tuple[int, int] | None = None,
    props: str = "",
    bold: bool = False,
) -> str:
    """A paragraph of texts and of ready XML, in a list where ``num`` says (num, level)."""
    told = "".join(
        part if part.startswith("<") else run(part, "<w:b/>" if bold else "") for part in parts
    )
    rules = f'<w:pStyle w:val="{style}"/>' if style else ""
    if num:
        rules += f'<w:numPr><w:ilvl w:val="{num[1]}"/><w:numId w:val="{num[0]}"/></w:numPr>'
    return f"<w:p><w:pPr>{rules}{props}</w:pPr>{told}</w:p>"


def level(at: int, text: str, format: str = "decimal", start: int = 1, more: str = "") -> str:
    """A w:lvl; its paragraphs stand a quarter of an inch further in at each level."""
    left = 360 * (at + 1)
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{format}"/>{more}'
        f'<w:lvlText w:val="{escape(text)}"/><w:pPr><w:ind w:left="{left}" w:hanging="360"/></w:pPr>'
        "</w:lvl>"
    )


def rules(
    lists: Mapping[int, Sequence[str]],
    nums: Mapping[int, int],
    changes: Mapping[int, str] | None = None,
) -> str:
    """numbering.xml: the levels of each list, the list of each num, and what a num changes."""
    told = "".join(
        f'<w:abstractNum w:abstractNumId="{id}">{"".join(levels)}</w:abstractNum>'
        for id, levels in lists.items()
    )
    told += "".join(
        f'<w:num w:numId="{id}"><w:abstractNumId w:val="{of}"/>{(changes or {}).get(id, "")}</w:num>'
        for id, of in nums.items()
    )
    return told


CLAUSES = (level(0, "%1."), level(1, "%1.%2"), level(2, "(%3)", "lowerLetter"))
DOTS = (level(0, "•", "bullet"), level(1, "o", "bullet"), level(2, "▪", "bullet"))
USUAL = rules({0: CLAUSES, 1: DOTS}, {1: 0, 2: 1})
"""num 1 counts 1., 1.1, (a); num 2 are bullets."""


def table(*rows: Iterable[str], props: str = "") -> str:
    """A table of texts or ready XML."""
    told = ""
    for row in rows:
        cells = (cell if cell.startswith("<w:") else para(cell) for cell in row)
        cells = (cell if cell.startswith("<w:tc>") else f"<w:tc>{cell}</w:tc>" for cell in cells)
        told += f"<w:tr>{''.join(cells)}</w:tr>"
    return f"<w:tbl><w:tblPr>{props}</w:tblPr>{told}</w:tbl>"


def notes(kind: str, texts: Mapping[int, str]) -> str:
    """footnotes.xml or endnotes.xml, with the line Word draws above them."""
    told = f'<w:{kind} w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:{kind}>'
    for id, text in texts.items():
        told += f'<w:{kind} w:id="{id}">{para("<w:r><w:footnoteRef/></w:r>", text)}</w:{kind}>'
    return told


def word(
    *body: str,
    numbering: str = USUAL,
    styles: str = STYLES,
    parts: Mapping[str, str] | None = None,
    files: Mapping[str, bytes] | None = None,
    main: str = _MAIN,
    sect: str = "",
) -> bytes:
    """A .docx. ``parts``: "footnotes" or "header1" and the XML inside; ``files``: bytes as they are."""
    told = {
        "styles": styles,
        "numbering": numbering,
        **(parts or {}),
    }
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_R}/{name.rstrip("0123456789")}" Target="{name}.xml"/>'
        for n, name in enumerate(told)
    )
    whole = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
        ),
        "_rels/.rels": _relations(
            f'<Relationship Id="r1" Type="{_R}/officeDocument" Target="word/document.xml"/>'
        ),
        "word/_rels/document.xml.rels": _relations(links),
        "word/document.xml": f"<w:document {_NS}><w:body>{''.join(body)}<w:sectPr>{sect}</w:sectPr>"
        "</w:body></w:document>",
        **{f"word/{name}.xml": f"<w:{name} {_NS}>{xml}</w:{name}>" for name, xml in told.items()},
    }
    return zipped({name: text.encode() for name, text in whole.items()} | dict(files or {}))


def _relations(links: str) -> str:
    kind = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{kind}">{links}</Relationships>'


def zipped(files: Mapping[str, bytes]) -> bytes:
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return held.getvalue()


def document(raw: bytes) -> Document:
    """What the reader makes of these bytes, in its own process as for a real file."""
    return source_of("policy.docx", raw).document


def imported(raw: bytes) -> Imported:
    return import_document(document(raw), "p")


def labels(raw: bytes) -> list[str]:
    return [clause.label for clause in imported(raw).policy.clauses]


def texts(raw: bytes) -> dict[str, str]:
    return {clause.label: clause.text for clause in imported(raw).policy.clauses}


def marks(raw: bytes) -> list[str]:
    """The number or bullet before each line."""
    return [line.mark for line in document(raw).lines]


def dropped(raw: bytes) -> list[tuple[str, str]]:
    """(why, text) of what was left out."""
    return [(one.why, one.text) for one in document(raw).dropped]
