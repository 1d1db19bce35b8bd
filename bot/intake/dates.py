"""Dates as UK schools write them -> ISO text as exact as the writing: 2018-10-31, 2018-10, 2018."""

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"((?:19|20)\d\d)"
_TERMS = {
    "autumn": 12,
    "michaelmas": 12,
    "spring": 4,
    "lent": 4,
    "easter": 4,
    "summer": 7,
    "trinity": 7,
}
_DATE = re.compile(
    rf"\b(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:day\s+)?(?:of\s+)?)?(?P<m>{_MONTH})[\s,/-]+(?P<y>{_YEAR})\b"
    rf"|\b(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>{_YEAR})\b"
    rf"|\b(?P<d5>\d{{1,2}})[\s-](?P<m5>{_MONTH})[\s-](?P<y5>\d\d)\b"
    rf"|\b(?P<m6>{_MONTH})[\s'’-]+(?P<y6>\d\d)\b"
    rf"|\b(?P<d3>\d{{1,2}})(?P<s>[/.-])(?P<m3>\d{{1,2}})(?P=s)(?P<y3>\d{{4}}|\d\d)\b"
    rf"|\b(?P<y4>{_YEAR})-(?P<m4>\d\d)-(?P<d4>\d\d)\b"
    rf"|\b(?P<m7>\d{{1,2}})/(?P<y7>{_YEAR})\b"
    rf"|\b(?P<t>{'|'.join(_TERMS)})(?:\s+term)?,?\s+(?P<ty>{_YEAR})(?P<tz>\s?[-/–]\s?\d{{2,4}})?\b"
    rf"|\b(?P<sy>{_YEAR})\s?[-/–]\s?(?P<sz>\d\d(?:\d\d)?)\b"
    rf"|\b(?P<yy>{_YEAR})\b",
    re.I,
)


def dates(text: str) -> list[str]:
    """Every date in a text, in order, as ISO text."""
    return [iso for found in _DATE.finditer(text[:2000]) if (iso := _iso(found))]


def first_date(text: str) -> str:
    """The first date in a text, or empty."""
    return next(iter(dates(text)), "")


def date_place(text: str) -> int:
    """Where the first date in a text begins, or -1."""
    found = _DATE.search(text[:2000])
    return found.start() if found else -1


def is_date(text: str) -> bool:
    """Nothing but a date, perhaps with a remark in brackets: "January 2019 (Three Years)"."""
    bare = re.sub(r"\([^()]{0,60}\)", "", text[:120]).strip(" .:-")
    found = _DATE.match(bare)
    return len(text) < 100 and found is not None and found.end() == len(bare)


def _iso(found: re.Match[str]) -> str:
    part = found.groupdict()
    if part["yy"]:
        return str(part["yy"])
    if part["sy"]:
        return _school_year(part["sy"], part["sz"])
    if part["t"]:
        month = _TERMS[part["t"].lower()]
        year = int(part["ty"]) + (1 if part["tz"] and month < 9 else 0)
        return f"{year}-{month:02}"
    day, month_text, year_text = _parts(part)
    month = _month(month_text)
    year = int(year_text) + (2000 if len(year_text) == 2 else 0)
    return _checked(year, month, int(day) if day else 0)


def _school_year(first: str, second: str) -> str:
    """ "2024-25" lasts until August 2025."""
    end = int(first[:2] + second) if len(second) == 2 else int(second)
    if end == int(first) + 1:
        return f"{end}-08"
    return f"{first}-{second}" if len(second) == 2 and 1 <= int(second) <= 12 else first


def _parts(part: dict[str, str | None]) -> tuple[str, str, str]:
    for tag in ("", "2", "3", "4", "5", "6", "7"):
        if part.get(f"m{tag}"):
            day = part.get(f"d{tag}") or ""
            return day, part[f"m{tag}"] or "", part[f"y{tag}"] or ""
    return "", "", ""


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS.index(text[:3].lower()) + 1


def _checked(year: int, month: int, day: int) -> str:
    try:
        whole = date(year, month, day or 1)
    except ValueError:
        return ""
    return whole.isoformat() if day else f"{year}-{month:02}"
