"""Words in cells: yes and no, choices, category and grade, names, and the community meant."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from storage.rules.importing.cells import Cell, Reason, cell_text
from storage.rules.numerals import half_width
from storage.rules.text import normalise

YES = frozenset(("是", "有", "对", "y", "yes", "true", "1", "√", "✓", "✔", "☑", "需要", "愿意"))
NO = frozenset(("否", "无", "没有", "不是", "不", "n", "no", "false", "0", "×", "x", "✗", "☐"))
NO |= frozenset(("不需要", "不愿意", "非"))
_TICKS = dict.fromkeys(("√", "✓", "✔", "☑", "y", "yes"), "是")
_TICKS |= dict.fromkeys(("×", "✗", "✘", "☐", "x", "n", "no"), "否")

CATEGORIES = ("视力", "听力", "言语", "肢体", "智力", "精神", "多重")
_GRADES = {"一": 1, "二": 2, "三": 3, "四": 4, "壹": 1, "贰": 2, "叁": 3, "肆": 4}
_GRADES |= {"Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_GRADE = re.compile(r"([一二三四壹贰叁肆ⅠⅡⅢⅣ1234])(?:级|等|$)")

NAME_LIMIT = 30
_DOTS = re.compile(r"\s*[·•・．.‧∙⋅᛫●]\s*")


def read_yes_no(cell: Cell) -> bool | Reason:
    """Read a yes or a no."""
    text = half_width(cell_text(cell)).strip().casefold()
    if text in YES or text in NO:
        return text in YES
    return Reason("yes_no_unreadable", {"value": text[:20]})


def read_choice(cell: Cell, options: Mapping[str, Sequence[str]]) -> str | Reason:
    """Read one of the options: a key by any of its words."""
    text = cell_text(cell)
    found = _option(text, options)
    if found is not None:
        return found
    offered = [words[0] for words in options.values()][:12]
    return Reason("choice_unknown", {"value": text[:40], "offered": offered})


def read_choices(cell: Cell, options: Mapping[str, Sequence[str]]) -> list[str] | Reason:
    """Read several options, "理发、代购": each must be one."""
    parts: list[str] = []
    for part in re.split(r"[、,，;；/／|\n]+|\s{2,}", cell_text(cell)):
        # One space parts them as well, unless it stands inside the words of one ("Party member").
        parts += [part] if _option(part, options) else part.split()
    found: list[str] = []
    for part in parts:
        one = read_choice(part, options)
        if isinstance(one, Reason):
            return one
        if one not in found:
            found.append(one)
    return found


def _option(text: str, options: Mapping[str, Sequence[str]]) -> str | None:
    wanted = normalise(text)
    for key, words in options.items():
        if wanted == normalise(key) or any(wanted == normalise(word) for word in words):
            return key
    # Under 是否低保 a tick says what 是 says there.
    said = _TICKS.get(half_width(text).strip().casefold())
    return _option(said, options) if said else None


@dataclass(frozen=True, slots=True)
class Disability:
    """What a cell says of a disability: the category's word, the grade, or both."""

    category: str | None
    grade: int | None


def read_disability(cell: Cell) -> Disability | Reason:
    """Read "视力一级", "肢体残疾2级", "一级", "1" (a grade), "精神"."""
    text = re.sub(r"\s+", "", half_width(cell_text(cell)))
    named = [word for word in CATEGORIES if word in text]
    if "语言" in text and "言语" not in named:
        named.append("言语")
    if len(named) > 1 and "多重" not in named:
        return Reason("categories_several", {"value": text[:40]})
    category = "多重" if "多重" in named else (named[0] if named else None)
    rest = re.sub(r"残疾|残|等级|类别|[（(].*?[）)]", "", text)
    for word in (*CATEGORIES, "语言"):
        rest = rest.replace(word, "")
    if rest == "":
        return (
            Disability(category, None) if category else Reason("grade_unreadable", {"value": text})
        )
    grade = _GRADE.fullmatch(rest)
    if grade is None:
        return Reason("grade_unreadable", {"value": text[:40]})
    return Disability(category, _GRADES[grade[1]])


def read_name(cell: Cell) -> str | Reason:
    """Read a name: one kind of dot between its parts, no gaps inside a short Chinese one."""
    text = " ".join(cell_text(cell).split())
    text = _DOTS.sub("·", text).strip("·")
    if re.fullmatch(
        r"[\u3400-\u9fff\U00020000-\U0003ffff·][\u3400-\u9fff\U00020000-\U0003ffff· ]*", text
    ):
        text = text.replace(" ", "")
    if not text:
        return Reason("name_missing")
    if len(text) > NAME_LIMIT:
        return Reason("name_too_long", {"limit": NAME_LIMIT})
    if re.search(r"\d{3,}", half_width(text)):
        return Reason("name_has_digits", {"value": text})
    return text


# Titles around the bare name of a community, longest first.
_ENDINGS = (
    *("社区居民委员会", "村民委员会", "居民委员会", "社区居委会", "村委会", "居委会"),
    *("社区残协", "村残协", "残协", "社区", "村"),
)


def _stem(name: str) -> str:
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) > len(ending):
            return name.removesuffix(ending)
    return name


def find_community(text: str, communities: Mapping[str, int]) -> int | None:
    """Which community a text names: by its whole name, without 村/社区, or inside an address."""
    plain = re.sub(r"\s+", "", half_width(text))
    if plain in communities:
        return communities[plain]
    by_stem = [number for name, number in communities.items() if _stem(name) == _stem(plain)]
    if len(by_stem) == 1:
        return by_stem[0]
    inside = [(name, number) for name, number in communities.items() if name in plain]
    if inside:
        # 青山村 also stands in 大青山村: the longest name is the one that is meant.
        longest = max(len(name) for name, _ in inside)
        meant = {number for name, number in inside if len(name) == longest}
        return meant.pop() if len(meant) == 1 else None
    return None


def read_community(cell: Cell, communities: Mapping[str, int]) -> int | Reason:
    """Read a community; an unknown one comes back with the nearest names."""
    text = cell_text(cell)
    found = find_community(text, communities)
    if found is not None:
        return found
    near = get_close_matches(text, list(communities), n=3, cutoff=0.4)
    return Reason("community_unknown", {"value": text[:40], "near": near})
