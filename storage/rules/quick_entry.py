"""Lines that staff write for people who do not use the chat, read by rules alone.

"登记 王桂英 女 1948年 青山村3组 肢体二级 10012345678 独居", "需求 王桂英 青山村 灯坏了",
"电话 王桂英 没接", "上门 王桂英 见到都好". What was not understood is named, never dropped.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from storage.rules.ladder import Outcome
from storage.rules.numerals import half_width, small_number
from storage.rules.outcomes import read_outcome
from storage.rules.phones import Phone, parse_phone

LINES_AT_MOST = 30
NAME_LIMIT = 30


class Kind(StrEnum):
    """What a line brings."""

    REGISTER = "register"
    NEED = "need"
    CALL = "call"
    VISIT = "visit"


class Problem(StrEnum):
    """Why a line cannot be kept as it is."""

    NO_KIND = "no_kind"
    NO_NAME = "no_name"
    NO_WORDS = "no_words"
    NO_OUTCOME = "no_outcome"
    PHONE = "phone"


_VERBS: Mapping[str, Kind] = MappingProxyType(
    {"登记": Kind.REGISTER, "新增": Kind.REGISTER, "register": Kind.REGISTER}
    | {"需求": Kind.NEED, "need": Kind.NEED}
    | {"电话": Kind.CALL, "问候": Kind.CALL, "call": Kind.CALL}
    | {"上门": Kind.VISIT, "走访": Kind.VISIT, "visit": Kind.VISIT}
)
_NUMBERED = r"(?:\d{1,2}[.、．)）]\s*)?"
_VERB = re.compile(rf"{_NUMBERED}({'|'.join(_VERBS)})(?:[\s:：,，]+|$)", re.IGNORECASE)
_SPLIT = re.compile(r"[\s,，、;；]+")
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[·•・‧.]){0,29}")
_LATIN = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line as it was understood; ``unread`` is what was not."""

    kind: Kind | None
    text: str
    name: str = ""
    community: str | None = None
    group: str = ""
    words: str = ""
    outcome: Outcome | None = None
    phone: str | None = None
    sex: str | None = None
    born_on: str | None = None
    category: str | None = None
    grade: str | None = None
    certificate: str | None = None
    alone: bool = False
    address: str = ""
    unread: tuple[str, ...] = field(default=())
    problem: Problem | None = None


def begins_entry(text: str) -> bool:
    """Whether a message begins as staff write their lines."""
    return _VERB.match(half_width(text).lstrip()) is not None


def read_lines(
    text: str, *, communities: Sequence[str], today: date, like: Kind | None = None
) -> list[Entry]:
    """Read each line; one without a verb is read like the one before it, or ``like``."""
    entries: list[Entry] = []
    for line in [one for one in half_width(text).splitlines() if one.strip()][:LINES_AT_MOST]:
        found = _VERB.match(line.strip())
        kind = _VERBS[found.group(1).casefold()] if found else like
        said = line.strip()
        rest = said[found.end() :] if found else re.sub(_NUMBERED, "", said, count=1)
        entries.append(_read(kind, rest.strip(), said, communities, today))
        like = kind
    return entries


def _read(
    kind: Kind | None, rest: str, line: str, communities: Sequence[str], today: date
) -> Entry:
    if kind is None:
        return Entry(None, line, problem=Problem.NO_KIND)
    head, after = _first(rest)
    if _NAME.fullmatch(head) is None:
        return Entry(kind, line, problem=Problem.NO_NAME)
    while _LATIN.fullmatch(head.split()[-1]) and _LATIN.fullmatch(_first(after)[0]):
        more, after = _first(after)
        head = f"{head} {more}"
    if kind is Kind.REGISTER:
        return _register(line, head, after, communities, today)
    community, group, after = _place(after, communities)
    known = Entry(kind, line, name=head, community=community, group=group)
    if kind is Kind.NEED:
        return replace(known, words=after, problem=None if after else Problem.NO_WORDS)
    outcome, words = read_outcome(after, visit=kind is Kind.VISIT)
    problem = Problem.NO_OUTCOME if outcome is None else None
    return replace(known, words=words, outcome=outcome, problem=problem)


def _first(text: str) -> tuple[str, str]:
    parts = _SPLIT.split(text.strip(), maxsplit=1)
    return parts[0], parts[1] if len(parts) > 1 else ""


# ---- where somebody lives ----

_NUMBER = r"[0-9一二三四五六七八九十]{1,3}"
_GROUP = re.compile(rf"(?:第)?({_NUMBER})(组|社|栋|幢|号楼|院落|单元)")
_SUFFIX = re.compile(r"(?:村|社区|居委会)$")


def _place(text: str, communities: Sequence[str]) -> tuple[str | None, str, str]:
    """The community and group that a text begins with, and the rest."""
    head, after = _first(text)
    community, left = _community(head, communities)
    if community is None:
        return None, "", text.strip()
    if not left:
        head, later = _first(after)
        left, after = (head, later) if _group(head) else ("", after)
    group = _group(left)
    if left and not group:
        after = f"{left} {after}".strip()
    return community, group, after


def _community(token: str, communities: Sequence[str]) -> tuple[str | None, str]:
    """The community that a token begins with, also without 村 or 社区, and what follows."""
    for name in sorted(communities, key=len, reverse=True):
        short = _SUFFIX.sub("", name)
        for way in (name, f"{short}村", f"{short}社区", short):
            if len(way) > 1 and token.startswith(way):
                return name, token[len(way) :]
    return None, token


def _group(token: str) -> str:
    found = _GROUP.fullmatch(token)
    if found is None:
        return ""
    number = small_number(found.group(1))
    return f"{number if number is not None else found.group(1)}{found.group(2)}"


# ---- the register ----

_CATEGORIES = MappingProxyType(
    {"视力": "visual", "听力": "hearing", "言语": "speech", "肢体": "physical", "肢": "physical"}
    | {"智力": "intellectual", "精神": "psychiatric", "多重": "multiple", "视": "visual"}
    | {"听": "hearing", "智": "intellectual", "盲": "visual"}
)
_GRADES = MappingProxyType(
    {"一": "1", "二": "2", "三": "3", "四": "4", "1": "1", "2": "2", "3": "3", "4": "4"}
)
_DISABILITY = re.compile(
    rf"({'|'.join(sorted(_CATEGORIES, key=len, reverse=True))})(?:残疾|残)?(?:([一二三四1-4])级?)?"
)
_YEAR = re.compile(
    r"(\d{4})(?:年|[-./])?(?:(\d{1,2})(?:月|[-./])?)?(?:(\d{1,2})[日号]?)?(?:生|出生)?"
)
_LONG_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_CERTIFICATE = re.compile(r"\d{17}[\dXx][1-7][1-4](?:[Bb][1-9])?")
# "电话10012345678", "残疾证号：5002…": the word in front only says which number it is.
_LABELS = re.compile(
    r"(?<![^\s,，、;；])(?:(?:联系)?(?:电话|手机)|(?:残疾人?)?证)(?:号码?)?:?\s*(?=[+\d])"
)
_ALONE = ("独居", "一个人住", "独自居住")
_ADDRESS = re.compile(
    r".{2,}(?:\d|[一二三四五六七八九十])(?:号|室|栋|幢|单元|楼).*|.+(?:路|街|巷|院子|院落)\d*.*"
)


def _register(line: str, name: str, after: str, communities: Sequence[str], today: date) -> Entry:
    found: dict[str, str | bool] = {}
    unread: list[str] = []
    problem = None
    for token in [one for one in _SPLIT.split(_LABELS.sub("", after)) if one]:
        read = _fact(token, communities, today)
        new = {key: value for key, value in read.items() if key not in found}
        if not new:
            unread.append(token)
            if re.fullmatch(r"[+0-9\-]{7,}", token):
                problem = Problem.PHONE
        found |= new
    return Entry(
        Kind.REGISTER,
        line,
        name=name,
        community=_text(found, "community"),
        group=str(found.get("group", "")),
        phone=_text(found, "phone"),
        sex=_text(found, "sex"),
        born_on=_text(found, "born_on"),
        category=_text(found, "category"),
        grade=_text(found, "grade"),
        certificate=_text(found, "certificate"),
        alone=bool(found.get("alone")),
        address=str(found.get("address", "")),
        unread=tuple(unread),
        problem=problem,
    )


def _text(found: Mapping[str, str | bool], key: str) -> str | None:
    value = found.get(key)
    return value if isinstance(value, str) else None


def _fact(token: str, communities: Sequence[str], today: date) -> dict[str, str | bool]:
    """What one word of a registration says."""
    if token in ("男", "女"):
        return {"sex": "male" if token == "男" else "female"}
    if token in _ALONE:
        return {"alone": True}
    if _CERTIFICATE.fullmatch(token):
        return {"certificate": token.upper()}
    born = _born(token, today)
    if born is not None:
        return {"born_on": born}
    disability = _DISABILITY.fullmatch(token)
    if disability is not None:
        kind: dict[str, str | bool] = {"category": _CATEGORIES[disability.group(1)]}
        grade = disability.group(2)
        return kind | ({"grade": _GRADES[grade]} if grade else {})
    phone = parse_phone(token)
    if isinstance(phone, Phone) and re.fullmatch(r"[+0-9\-]+", token):
        return {"phone": phone.e164}
    return _where(token, communities)


def _where(token: str, communities: Sequence[str]) -> dict[str, str | bool]:
    community, left = _community(token, communities)
    if community is not None:
        group = _group(left)
        place: dict[str, str | bool] = {"community": community}
        if group:
            return place | {"group": group}
        return place | ({"address": token} if left else {})
    group = _group(token)
    if group:
        return {"group": group}
    return {"address": token} if _ADDRESS.fullmatch(token) else {}


def _born(token: str, today: date) -> str | None:
    """ "1948年", "1948年3月", "1948-03-05", "19480305" as the register keeps them."""
    found = _LONG_DATE.fullmatch(token) or _YEAR.fullmatch(token)
    if found is None or (token.isdigit() and len(token) not in (4, 8)):
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        born = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    if not born.year >= 1900 or born > today:
        return None
    parts = [f"{born.year:04d}"]
    if month:
        parts.append(f"{month:02d}")
    if day:
        parts.append(f"{day:02d}")
    return "-".join(parts)
