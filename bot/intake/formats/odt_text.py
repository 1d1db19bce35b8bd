"""What single elements of an OpenDocument text say."""

from collections.abc import Iterator

from lxml import etree

from bot.intake.formats.odt_styles import TABLE, TEXT
from bot.intake.read import cleaned, folded

NO_TEXT = {"title", "desc", "change-info", "sequence-decls", "forms", "bibliography-mark-details"}


def style_of(element: etree._Element) -> str | None:
    found: str | None = element.get(f"{TEXT}style-name")
    return found


def attribute_text(element: etree._Element) -> str:
    return element.get(f"{TEXT}string-value") or ""


def local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def tabbed(text: str) -> str:
    return "\t".join(map(folded, text.split("\t"))).strip()


def not_shown(element: etree._Element) -> bool:
    return bool(
        element.get(f"{TEXT}display") == "none" or element.get(f"{TEXT}is-hidden") == "true"
    )


def lays_out(table: etree._Element) -> bool:
    """One column, or other tables inside: it only puts things in their places."""
    if table.find(f".//{TABLE}table") is not None:
        return True
    cell = f"{TABLE}table-cell"
    return all(len(row.findall(cell)) < 2 for row in table.iter(f"{TABLE}table-row"))


def plain(element: etree._Element) -> str:
    """The words of an element, whatever is in it, paragraphs with a space between."""
    return folded(cleaned("".join(_pieces(element))))


def _pieces(element: etree._Element) -> Iterator[str]:
    """Parsers let nothing be nested deeper than 256, so this may call itself."""
    if local(element) in NO_TEXT:
        return
    yield element.text or ""
    for child in element:
        yield from _pieces(child) if isinstance(child.tag, str) else ()
        yield child.tail or ""
    yield " " if local(element) in ("p", "h", "s", "tab", "line-break") else ""
