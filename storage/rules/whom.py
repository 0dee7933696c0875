"""Of whom words of danger speak: of who writes them, or of somebody whom they care for."""

import re

from storage.rules.alerts import find_danger
from storage.rules.dangers import DangerKind
from storage.rules.speech import standard

_KIN = (
    r"(?:妈|爸|娘|爹|老汉|婆婆|婆|公公|爷爷|奶奶|外公|外婆|父亲|母亲|老公|老婆|老伴|丈夫|妻子|"
    r"儿子|女儿|娃|孩子|儿|孙子|孙女|哥|弟|姐|妹|家人|家里人|屋头的?人)"
)
_PERSON = re.compile(
    rf"(?P<other>(?:我们?|俺)?(?:的|家)?{_KIN}+|她|他|老人家?|病人|"
    r"\b(?:my|our|the) (?:mother|mum|mom|father|dad|grand\w+|wife|husband|son|daughter|child|kid|"
    r"brother|sister|old (?:man|woman))|\b(?:she|he|her|him)\b)"
    r"|(?P<own>我|俺|本人|\bi\b|\bi'm\b|\bme\b)"
)
# Whoever is struck stands behind the blow: "爸爸打我" is danger to who writes.
_STRUCK = re.compile(r"(?:我|俺|\bme\b)")
_STRUCK_OTHER = re.compile(rf"(?:她|他|老人|我?{_KIN}|\bher\b|\bhim\b)")


def speaks_of_other(words: str) -> bool:
    """Whether the one in danger is somebody else than the writer."""
    said = standard(words)
    alert = find_danger(said)
    at = said.find(alert.words) if alert.words else -1
    if at < 0:
        return _first_is_other(said)
    if alert.kind is DangerKind.VIOLENCE:
        struck = _struck(said[at : at + len(alert.words) + 4])
        if struck is not None:
            return struck
    named = [one.lastgroup for one in _PERSON.finditer(said[:at])]
    inside = _PERSON.match(said[at:])
    if inside is not None:
        named.append(inside.lastgroup)
    return named[-1] == "other" if named else _first_is_other(said)


def _struck(said: str) -> bool | None:
    """Whether somebody else is struck; None when the blow names nobody."""
    own, other = _STRUCK.search(said, 1), _STRUCK_OTHER.search(said, 1)
    if own is None and other is None:
        return None
    # "打我妈": the longer reading stands at the same place.
    return other is not None and (own is None or other.start() <= own.start())


def _first_is_other(said: str) -> bool:
    found = _PERSON.search(said)
    return found is not None and found.lastgroup == "other"
