"""Free sentences brought to standard, simplified words, so that one list of words is enough."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Speech:
    """How people here say and write things."""

    traditional: dict[int, str]
    words: dict[str, str]
    pattern: re.Pattern[str]


def _read() -> Speech:
    path = files("storage.rules").joinpath("data", "speech.toml")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    pairs = "".join(data["traditional"].split())
    words: dict[str, str] = {**data["slips"], **data["dialect"]}
    longest_first = sorted(words, key=len, reverse=True)
    return Speech(
        traditional={ord(old): new for old, new in zip(pairs[::2], pairs[1::2], strict=True)},
        words=words,
        pattern=re.compile("|".join(map(re.escape, longest_first))),
    )


_SPEECH = _read()


def standard(text: str) -> str:
    """The text in simplified standard words, small letters and plain signs.

    Slips are mended first, and dialect twice: 喊不答应 may stand in what a slip hid.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    said = re.sub(r"[^\S\n]+", " ", folded.translate(_SPEECH.traditional))
    for _ in range(2):
        said = _SPEECH.pattern.sub(lambda found: _SPEECH.words[found.group()], said)
    return said.strip()
