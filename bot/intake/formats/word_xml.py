"""The names Word's XML uses, and how its values are read."""

from collections.abc import Iterator

from bot.intake.formats.zipped import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_OFF = ("0", "false", "off", "none")


def local(element: Element) -> str:
    """ "p" for <w:p>; "" for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: Element | None, path: str) -> Element | None:
    """The element at "pPr/numPr" below this one, or None."""
    for name in path.split("/"):
        if element is None:
            return None
        element = element.find(W + name)
    return element


def value(element: Element | None, path: str, name: str = "val") -> str | None:
    """An attribute of the element at a path, or None."""
    found = child(element, path)
    text = found.get(W + name) if found is not None else None
    return str(text) if text is not None else None


def number(text: str | None) -> int | None:
    """A whole number as Word writes it ("720", "-1", "12.5"), or None."""
    try:
        found = int(float(text)) if text else None
    except (ValueError, OverflowError):
        return None
    return found if found is not None and abs(found) < 1_000_000 else None


def switch(element: Element | None, path: str) -> bool | None:
    """On, off, or nothing said: <w:b/>, <w:b w:val="0"/>, none."""
    found = child(element, path)
    return None if found is None else (found.get(W + "val") or "1") not in _OFF


def chosen(alternate: Element) -> Iterator[Element]:
    """What of an AlternateContent to read: it says the same twice, for new programs and for old."""
    choices = [one for one in alternate if local(one) in ("Choice", "Fallback")]
    texts = [one for one in choices if next(one.iter(W + "t"), None) is not None]
    yield from (texts or choices)[:1]
