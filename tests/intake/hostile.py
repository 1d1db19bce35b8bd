"""Files made to crash, hang, flood or mislead an importer, made afresh by code: nothing is kept on disk.

``HOSTILE`` names each with the file name it comes under and whether it must be refused. The others are
merely odd: they may be refused or taken in, whichever is honest.
"""

import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO

from fpdf import FPDF
from fpdf.enums import EncryptionMethod
from PIL import Image, ImageDraw

from tests.intake.documents import odt


@dataclass(frozen=True)
class Hostile:
    """One file: its name, how its bytes are made, and whether it must be refused."""

    file: str
    make: Callable[[], bytes]
    refused: bool = True


SENTENCE = "Staff must not film pupils at school. "
_MB = 1024 * 1024
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


# Word -----------------------------------------------------------------------------------------------


def docx(body: str, more: Mapping[str, str | bytes] | None = None, head: str = "") -> bytes:
    """A Word file with this body; ``more`` are further parts by name, ``head`` stands before the XML."""
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        f'<Override PartName="/word/numbering.xml" ContentType="{_TYPE}.numbering+xml"/></Types>',
        "_rels/.rels": _rels(("officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": _rels(
            ("styles", "styles.xml"), ("numbering", "numbering.xml")
        ),
        "word/styles.xml": f'<w:styles xmlns:w="{_W}"/>',
        "word/numbering.xml": f'<w:numbering xmlns:w="{_W}"/>',
        "word/document.xml": f'{head}<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
    }
    return zipped({**parts, **(more or {})})


def _rels(*related: tuple[str, str]) -> str:
    found = "".join(
        f'<Relationship Id="r{n}" Type="{_RELATED}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(related)
    )
    home = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{home}">{found}</Relationships>'


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()


def para(text: str, said: str = "") -> str:
    return f"<w:p><w:pPr>{said}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


GOOD = docx(para("Phone Policy") + para(SENTENCE) * 20)
_ODT = odt(f"<text:p>{SENTENCE}</text:p>" * 20)


def _numbered(level: int, start: int, text: str = "%1.") -> bytes:
    numbering = (
        f'<w:numbering xmlns:w="{_W}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="{level}">'
        f'<w:start w:val="{start}"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="{text}"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    used = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
    return docx(para(SENTENCE, used) * 5, {"word/numbering.xml": numbering})


def _ringed_styles() -> bytes:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{one}"><w:name w:val="{one}"/><w:basedOn w:val="{other}"/>'
        "</w:style>"
        for one, other in (("A", "B"), ("B", "C"), ("C", "A"), ("D", "D"))
    )
    body = "".join(para(SENTENCE, f'<w:pStyle w:val="{one}"/>') for one in "ABCD")
    return docx(body, {"word/styles.xml": f'<w:styles xmlns:w="{_W}">{styles}</w:styles>'})


def _ringed_numbers() -> bytes:
    numbering = (
        f'<w:numbering xmlns:w="{_W}"><w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="N"/>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    styles = (
        f'<w:styles xmlns:w="{_W}"><w:style w:type="numbering" w:styleId="N"><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style></w:styles>'
    )
    body = para(SENTENCE, '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    return docx(body, {"word/numbering.xml": numbering, "word/styles.xml": styles})


def _tables(deep: int) -> str:
    opened, closed = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    return opened * deep + para(SENTENCE) + closed * deep


# Zip files ------------------------------------------------------------------------------------------


def _patched(raw: bytes, name: bytes, size: int) -> bytes:
    """The directory lies about how big a part is once unpacked."""
    at = raw.index(b"PK\x01\x02")
    while raw[at + 46 : at + 46 + len(name)] != name:
        at = raw.index(b"PK\x01\x02", at + 4)
    return raw[: at + 24] + struct.pack("<I", size) + raw[at + 28 :]


def _flagged(raw: bytes) -> bytes:
    """Every part says that it has a password."""
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        parts = raw.split(magic)
        parts[1:] = [p[: offset - 4] + b"\x01\x00" + p[offset - 2 :] for p in parts[1:]]
        raw = magic.join(parts)
    return raw


def _overlapping(many: int = 200) -> bytes:
    """One packed block of 4 MB that the directory names again and again."""
    content = b"<w:p/>" * (4 * _MB // 6)
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = body.compress(content) + body.flush()
    crc, name = zlib.crc32(content), b"word/document.xml"
    common = struct.pack("<HHHHHIII", 20, 0, 8, 0, 0, crc, len(packed), len(content))
    local = b"PK\x03\x04" + common + struct.pack("<HH", len(name), 0) + name
    entries = b""
    for n in range(many):
        own = name if not n else b"word/x%09d.xml" % n
        entries += b"PK\x01\x02" + struct.pack("<H", 20) + common
        entries += struct.pack("<HHHHHII", len(own), 0, 0, 0, 0, 0, 0) + own
    start = len(local) + len(packed)
    end = struct.pack("<HHHHIIH", 0, 0, many, many, len(entries), start, 0)
    return local + packed + entries + b"PK\x05\x06" + end


def _many_entries() -> bytes:
    return zipped({f"word/x{n}.xml": "" for n in range(20_000)} | {"word/document.xml": "<a/>"})


def _nested() -> bytes:
    inner = zipped({"zeros": b"\0" * (20 * _MB)})
    for _ in range(3):
        inner = zipped({f"{n}.zip": inner for n in range(10)})
    return docx(para(SENTENCE) * 5, {"word/embeddings/inner.zip": inner})


# XML that unfolds -----------------------------------------------------------------------------------


def _laughs() -> str:
    told = '<!ENTITY l0 "ha">' + "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)
    )
    return f"<!DOCTYPE d [{told}]>"


_SECRET = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def _odt_with(head: str, text: str, codec: str = "utf-8") -> bytes:
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    names += ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    content = (
        f"{head}<office:document-content {names}><office:body><office:text><text:p>{text}</text:p>"
        "</office:text></office:body></office:document-content>"
    )
    return zipped({"content.xml": content.encode(codec)})


# PDF ------------------------------------------------------------------------------------------------


def pdf(objects: list[bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of these objects, numbered from 1, with a true table of where they stand."""
    file, places = bytearray(b"%PDF-1.7\n"), []
    for n, one in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (n, one)
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    file += b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(file)


def stream(content: bytes, said: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), said, content)


def _packed_stream(content: bytes) -> bytes:
    return stream(zlib.compress(content, 9), b"/Filter /FlateDecode")


_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_SHOWN = b"BT /F1 11 Tf 60 700 Td (%s) Tj ET\n" % SENTENCE.encode()
_ALL_OVER = b"".join(
    b"BT /F1 %d Tf %d %d Td (%s) Tj ET\n" % (1 + n % 3, n % 590, n % 840, SENTENCE.encode())
    for n in range(5000)
)


def _page(parent: int, content: int, font: int) -> bytes:
    return (
        b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
        b"/Resources << /Font << /F1 %d 0 R >> >> >>" % (parent, content, font)
    )


def _one_page(content: bytes, catalog: bytes = b"", *more: bytes) -> bytes:
    """Objects 1 to 5: catalogue, pages, page, its content, a font; more from 6 on."""
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    start = b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog
    return pdf([start, pages, _page(2, 4, 5), content, _FONT, *more])


def _cyclic_pages() -> bytes:
    kids = b"<< /Type /Pages /Kids [3 0 R] /Count 9 >>"
    back = b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 9 >>"
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", kids, back])


def _many_pages(said: int, real: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (n + 5) for n in range(real))
    pages = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, said)
    start = b"<< /Type /Catalog /Pages 2 0 R >>"
    return pdf([start, pages, stream(_SHOWN), _FONT, *[_page(2, 3, 4)] * real])


def _ringed_forms() -> bytes:
    form = stream(
        b"/X Do /X Do " + _SHOWN,
        b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] "
        b"/Resources << /XObject << /X 6 0 R >> /Font << /F1 5 0 R >> >>",
    )
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources "
    page += b"<< /XObject << /X 6 0 R >> /Font << /F1 5 0 R >> >> >>"
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    start = b"<< /Type /Catalog /Pages 2 0 R >>"
    return pdf([start, pages, page, stream(b"/X Do " + _SHOWN), _FONT, form])


def written_pdf(pages: int = 1, password: str = "") -> bytes:
    made = FPDF()
    made.set_font("Helvetica", size=11)
    for _ in range(pages):
        made.add_page()
        made.multi_cell(0, 6, "Phone Policy\n\n" + SENTENCE * 20)
    if password:
        made.set_encryption("owner-word", password, EncryptionMethod.AES_128)
    return bytes(made.output())


def _scanned() -> bytes:
    picture = Image.new("L", (800, 1100), 255)
    ImageDraw.Draw(picture).text((80, 80), SENTENCE, fill=0)
    made = FPDF()
    for _ in range(3):
        made.add_page()
        made.image(picture, 0, 0, 210)
    return bytes(made.output())


_JAVASCRIPT = b"/OpenAction << /S /JavaScript /JS (app.alert\\('x'\\);) >>"


def _random(size: int, seed: int) -> bytes:
    return random.Random(seed).randbytes(size)


def _ole() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + _random(20_000, 1)


# All of them ----------------------------------------------------------------------------------------


def _cut(file: str, whole: Callable[[], bytes], *shares: float) -> dict[str, Hostile]:
    """The same file, broken off at these shares of its length."""
    kind = file.rpartition(".")[2]
    return {
        f"{kind} cut at {round(100 * share)} %": Hostile(
            file,
            lambda s=share: whole()[: max(9, int(len(whole()) * s))],  # type: ignore[misc]
        )
        for share in shares
    }


HOSTILE: dict[str, Hostile] = {
    **_cut("a.docx", lambda: GOOD, 0.001, 0.2, 0.5, 0.8, 0.97, 0.999),
    **_cut("a.odt", lambda: _ODT, 0.01, 0.3, 0.6, 0.9, 0.99),
    **_cut("a.pdf", written_pdf, 0.01, 0.1, 0.3),
    # Readers mend a PDF that has lost its end.
    "pdf cut at 60 %": Hostile("a.pdf", lambda: written_pdf()[:-600], False),
    # Passwords and macros.
    "docx with a password": Hostile("a.docx", _ole),
    "doc renamed": Hostile("a.doc", _ole),
    "docx with flags of a password": Hostile("a.docx", lambda: _flagged(GOOD)),
    "odt with flags of a password": Hostile("a.odt", lambda: _flagged(_ODT)),
    "odt with a password": Hostile(
        "a.odt",
        lambda: odt("<text:p>x</text:p>", **{"META-INF__manifest.xml": "<m:encryption-data/>"}),
    ),
    "pdf with a password": Hostile("a.pdf", lambda: written_pdf(1, "secret")),
    "docm renamed to docx": Hostile(
        "a.docx", lambda: docx(para(SENTENCE), {"word/vbaProject.bin": _random(5000, 2)})
    ),
    "docm": Hostile("a.docm", lambda: GOOD),
    "odt with macros": Hostile("a.odt", lambda: odt("<text:p>x</text:p>", Basic__A__M="x")),
    # Zip bombs.
    "docx that unpacks to 300 MB": Hostile(
        "a.docx", lambda: docx("<w:p/>" * 10, {"word/media/a.xml": b"<a/>" * (75 * _MB)})
    ),
    "docx whose text unpacks to 60 MB": Hostile("a.docx", lambda: docx("<w:p/>" * (10 * _MB))),
    "odt whose text unpacks to 60 MB": Hostile("a.odt", lambda: odt("<text:p/>" * (7 * _MB))),
    "docx with bombs in bombs": Hostile("a.docx", _nested, False),
    "docx with 20,000 parts": Hostile("a.docx", _many_entries),
    "odt with 20,000 parts": Hostile("a.odt", _many_entries),
    "docx that says its text is small": Hostile(
        "a.docx", lambda: _patched(docx("<w:p/>" * _MB), b"word/document.xml", 100)
    ),
    "docx that says its text is 4 GB": Hostile(
        "a.docx", lambda: _patched(GOOD, b"word/document.xml", 2**32 - 2)
    ),
    "odt that says its text is small": Hostile("a.odt", lambda: _patched(_ODT, b"content.xml", 90)),
    "docx of one block named 200 times": Hostile("a.docx", _overlapping),
    "odt of one block named 200 times": Hostile("a.odt", _overlapping),
    # XML that unfolds or reaches out.
    "docx of a billion laughs": Hostile("a.docx", lambda: docx(para("&l9;"), head=_laughs())),
    "odt of a billion laughs": Hostile("a.odt", lambda: _odt_with(_laughs(), "&l9;")),
    "odt of a billion laughs in UTF-16": Hostile(
        "a.odt", lambda: _odt_with(_laughs(), "&l9;", "utf-16")
    ),
    "html of a billion laughs": Hostile(
        "a.html", lambda: f"{_laughs()}<p>{SENTENCE}&l9;</p>".encode(), False
    ),
    "docx that asks for a file": Hostile("a.docx", lambda: docx(para("&x;"), head=_SECRET)),
    "odt that asks for a file": Hostile("a.odt", lambda: _odt_with(_SECRET, "&x;")),
    "html that asks for a file": Hostile(
        "a.html", lambda: f"{_SECRET}<p>{SENTENCE}&x;</p>".encode(), False
    ),
    # Names that lead elsewhere.
    "docx with a part above its folder": Hostile(
        "a.docx",
        lambda: docx(para(SENTENCE), {"../../evil.txt": "x", "/evil.txt": "x", "C:\\evil": "x"}),
        False,
    ),
    "docx related to a part above it": Hostile(
        "a.docx",
        lambda: docx(
            para(SENTENCE),
            {"word/_rels/document.xml.rels": _rels(("styles", "../../../../etc/passwd"))},
        ),
        False,
    ),
    # Not what they say.
    "pdf called docx": Hostile("a.docx", written_pdf),
    "docx called pdf": Hostile("a.pdf", lambda: GOOD),
    "docx called odt": Hostile("a.odt", lambda: GOOD),
    "odt called docx": Hostile("a.docx", lambda: _ODT),
    "docx called html": Hostile("a.html", lambda: GOOD),
    "docx called txt": Hostile("a.txt", lambda: GOOD),
    "rtf called docx": Hostile("a.docx", lambda: b"{\\rtf1\\ansi Staff must ask.}"),
    "html called docx": Hostile("a.docx", lambda: b"<html><p>Staff must ask.</p></html>"),
    "plain zip called docx": Hostile("a.docx", lambda: zipped({"a.txt": "Staff must ask."})),
    "spreadsheet called docx": Hostile("a.docx", lambda: zipped({"xl/workbook.xml": "<a/>"})),
    "spreadsheet called odt": Hostile(
        "a.odt", lambda: zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"})
    ),
    "program called docx": Hostile("a.docx", lambda: b"MZ" + _random(3000, 3)),
    # Nothing, or noise.
    **{
        f"empty {kind}": Hostile(f"a.{kind}", lambda: b"")
        for kind in ("docx", "pdf", "odt", "html")
    },
    "only a byte order mark": Hostile("a.html", lambda: b"\xef\xbb\xbf"),
    "only a wide byte order mark": Hostile("a.html", lambda: b"\xff\xfe"),
    "zeros called pdf": Hostile("a.pdf", lambda: b"\0" * 100_000),
    "noise that begins like docx": Hostile("a.docx", lambda: b"PK\x03\x04" + _random(50_000, 4)),
    "noise that begins like odt": Hostile("a.odt", lambda: b"PK\x03\x04" + _random(50_000, 5)),
    "noise that begins like pdf": Hostile("a.pdf", lambda: b"%PDF-1.7\n" + _random(50_000, 6)),
    "24 MB of noise that begins like pdf": Hostile(
        "a.pdf", lambda: b"%PDF-1.7\n" + _random(24 * _MB, 7)
    ),
    "noise called html": Hostile("a.html", lambda: _random(50_000, 8), False),
    # PDF.
    "pdf whose pages go in a ring": Hostile("a.pdf", _cyclic_pages),
    "pdf that says it has a thousand million pages": Hostile(
        "a.pdf", lambda: _many_pages(10**9, 1), False
    ),
    "pdf of 20,000 pages": Hostile("a.pdf", lambda: _many_pages(20_000, 20_000)),
    "pdf of 100,000 objects": Hostile(
        "a.pdf", lambda: _one_page(stream(_SHOWN), b"", *[b"<< /A [1 2 3] >>"] * 100_000), False
    ),
    "pdf of 100,000 arrays in arrays": Hostile(
        "a.pdf",
        lambda: _one_page(stream(_SHOWN), b"/X 6 0 R", b"[" * 100_000 + b"]" * 100_000),
        False,
    ),
    "pdf of 100,000 arrays in arrays on its page": Hostile(
        "a.pdf", lambda: _one_page(stream(b"[" * 100_000 + b"]" * 100_000 + _SHOWN)), False
    ),
    "pdf of one page that unpacks to 200 MB": Hostile(
        "a.pdf", lambda: _one_page(_packed_stream(b"0 0 m " * (33 * _MB))), False
    ),
    "pdf of one page with a million words, all in one place": Hostile(
        "a.pdf", lambda: _one_page(_packed_stream(_SHOWN * 150_000)), False
    ),
    "pdf of one page with a million words": Hostile(
        "a.pdf", lambda: _one_page(_packed_stream(_ALL_OVER * 30))
    ),
    "pdf with forms in a ring": Hostile("a.pdf", _ringed_forms, False),
    "pdf with a script": Hostile("a.pdf", lambda: _one_page(stream(_SHOWN), _JAVASCRIPT), False),
    "pdf of scanned pages": Hostile("a.pdf", _scanned),
    # Word.
    "docx of a million empty paragraphs": Hostile("a.docx", lambda: docx("<w:p/>" * 1_000_000)),
    "docx of 300,000 short paragraphs": Hostile("a.docx", lambda: docx(para("a") * 300_000)),
    "docx of 10,000 tables in tables": Hostile("a.docx", lambda: docx(_tables(10_000))),
    "docx of 60 tables in tables": Hostile("a.docx", lambda: docx(_tables(60)), False),
    "docx of one paragraph of 20 MB": Hostile(
        "a.docx", lambda: docx(para(_random(10 * _MB, 9).hex()))
    ),
    "docx whose numbers begin beyond all": Hostile("a.docx", lambda: _numbered(0, 2**31), False),
    "docx whose levels go beyond all": Hostile("a.docx", lambda: _numbered(99, 1), False),
    "docx whose number is a long text": Hostile(
        "a.docx", lambda: _numbered(0, 3999, "%1%2%9%0" * 2000), False
    ),
    "docx whose styles go in a ring": Hostile("a.docx", _ringed_styles, False),
    "docx whose numbers go in a ring": Hostile("a.docx", _ringed_numbers, False),
    # Web pages and OpenDocument texts.
    "html of 100,000 boxes in boxes": Hostile(
        "a.html", lambda: (b"<div>" * 100_000) + SENTENCE.encode()
    ),
    "html of 200 boxes in boxes": Hostile(
        "a.html", lambda: b"<div><b>" * 100 + SENTENCE.encode(), False
    ),
    "html of 900,000 empty paragraphs": Hostile("a.html", lambda: b"<p>" * 900_000 + b"</p>x"),
    "html of one paragraph of 7 MB": Hostile(
        "a.html", lambda: b"<p>" + SENTENCE.encode() * (7 * _MB // len(SENTENCE))
    ),
    "html of a table in a table": Hostile(
        "a.html", lambda: b"<table><tr><td>a<td>" * 2000 + SENTENCE.encode()
    ),
    "html with a style for everything": Hostile(
        "a.html",
        lambda: b"<style>" + b".a.b{display:none}" * 200_000 + b"</style><p>x y</p>" * 3,
        False,
    ),
    "html of 30 MB": Hostile("a.html", lambda: b"<p>word</p>" * (30 * _MB // 11)),
    "odt of cells that are a thousand million": Hostile(
        "a.odt",
        lambda: odt(
            "<table:table><table:table-row>"
            '<table:table-cell table:number-columns-repeated="1000000000">'
            f"<text:p>{SENTENCE}</text:p></table:table-cell><table:table-cell/></table:table-row>"
            "</table:table>"
        ),
        False,
    ),
    "odt of a thousand million spaces": Hostile(
        "a.odt", lambda: odt(f'<text:p>{SENTENCE}<text:s text:c="1000000000"/>x</text:p>'), False
    ),
    "odt of 200 lists in lists": Hostile(
        "a.odt",
        lambda: odt(
            "<text:list><text:list-item>" * 100
            + f"<text:p>{SENTENCE}</text:p>"
            + "</text:list-item></text:list>" * 100
        ),
        False,
    ),
    "odt of 10,000 lists in lists": Hostile(
        "a.odt",
        lambda: odt(
            "<text:list><text:list-item>" * 10_000
            + f"<text:p>{SENTENCE}</text:p>"
            + "</text:list-item></text:list>" * 10_000
        ),
    ),
    "txt of 4 MB in one line": Hostile("a.txt", lambda: b"Staff must ask. " * 250_000, False),
    "txt of nothing but ones": Hostile("a.txt", lambda: b"1. Use\n" * 11_900, False),
    "html of nothing but first sections": Hostile(
        "a.html", lambda: b"<h2>I. Use</h2>" * 11_900, False
    ),
    "txt with a zero": Hostile("a.txt", lambda: b"Staff\0must"),
}


@cache
def made(name: str) -> bytes:
    """The bytes of one of them; the big ones take a moment."""
    return HOSTILE[name].make()
