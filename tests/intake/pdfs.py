"""PDFs made for tests: exact places on the paper, and paragraphs as a word processor sets them."""

import zlib
from collections.abc import Sequence

from fpdf import FPDF

from bot.intake.importing import Imported, import_document
from bot.intake.source import source_of

MM = 72 / 25.4


class Sheets(FPDF):
    """A4 pages in 11 point Times; ``head`` and ``foot`` run round every page, "#" is its number."""

    def __init__(self, head: str = "", foot: str = "") -> None:
        super().__init__(format="A4")
        self.core_fonts_encoding = "cp1252"
        self.head, self.foot = head, foot
        self.set_margins(25, 25, 25)
        self.set_auto_page_break(True, 25)
        self.add_page()
        self.body()

    def header(self) -> None:
        self._run(self.head, 12)

    def footer(self) -> None:
        self._run(self.foot, 285)

    def _run(self, text: str, y: float) -> None:
        if text:
            self.set_font("Helvetica", size=9)
            self.text(25, y, text.replace("#", str(self.page_no())))
            self.set_font("Times", size=11)

    def body(self, style: str = "", size: float = 11) -> None:
        self.set_font("Times", style, size)

    def para(self, text: str, left: float = 0, after: float = 3, align: str = "L") -> None:
        """A paragraph wrapped between the margins, ``left`` mm in, with space behind it."""
        self.set_x(25 + left)
        self.multi_cell(0, 5, text, align=align, new_x="LMARGIN", new_y="NEXT")
        self.ln(after)

    def heading(self, text: str, size: float = 14) -> None:
        self.body("B", size)
        self.multi_cell(0, 7, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(2)
        self.body()

    def hanging(self, mark: str, text: str, left: float = 0, after: float = 1.5) -> None:
        """A number or bullet, and its text 10 mm further in."""
        y = self.get_y()
        if y > 265:
            self.add_page()
            y = self.get_y()
        self.set_xy(25 + left, y)
        self.cell(10, 5, mark)
        self.set_xy(35 + left, y)
        self.multi_cell(0, 5, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(after)

    def column(self, x: float, y: float, lines: Sequence[str], step: float = 5) -> None:
        """Lines one below the other from a place on the paper, in mm."""
        for place, line in enumerate(lines):
            self.text(x, y + place * step, line)

    def raw(self) -> bytes:
        return bytes(self.output())


def imported(raw: bytes, name: str = "policy.pdf") -> Imported:
    """The policy in a PDF, all the way in: a child reads it."""
    return import_document(source_of(name, raw).document, "p")


def told(raw: bytes) -> list[tuple[str, str]]:
    """The labels and texts of the clauses in a PDF."""
    return [(clause.label, clause.text) for clause in imported(raw).policy.clauses]


def dropped(raw: bytes) -> list[tuple[int, str, str]]:
    return [(one.page, one.text, one.why) for one in imported(raw).dropped]


def by_hand(content: bytes, font: str = "", packed: bool = False) -> bytes:
    """A PDF of one page written by hand: its content, and its font's entries."""
    how = b" /Filter /FlateDecode" if packed else b""
    content = zlib.compress(content) if packed else content
    font = font or "/Type /Font /Subtype /Type1 /BaseFont /Helvetica"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(content), how, content),
        f"<< {font} >>".encode(),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    size = len(parts) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, start)
