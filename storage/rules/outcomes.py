"""What came back from a call or a door, in a few written words; unknown is never read as fine."""

import re

from storage.rules.ladder import Outcome

_FINE = (
    r"(?:都|一切|人|身体|身体都|还|挺|很|蛮)?"
    r"(?:好|平安|正常|没事|没得事|不错|安好|健康)(?:着|的|呢)?"
)
_REACHED = r"(?:接了|接通|接通了|通了|接到|打通|打通了|见到|见到了|看到|看到了|在家|本人接)"
_IS_FINE = re.compile(rf"(?:{_REACHED}[\s,，。]*)?{_FINE}[\s。.!！]*")
_HELP = re.compile(r"(?:需要|要|想要|请)(?:人)?(?:帮忙|帮助|帮一下|帮)|求助|有困难")
_NO_ANSWER = re.compile(
    r"没有?接|没人接|无人接|未接|不接|打不通|没打通|关机|停机|占线|空号|没人应|没人开|无人应|没见到|"
    r"不在家|没人|no answer"
)
_UNCLEAR = re.compile(r"说不清|说不准|讲不清|听不清|没听清|不清楚|不知道|could not tell")
_ENGLISH_FINE = re.compile(r"(?:answered|seen)?[\s,]*(?:fine|all well|well|ok)[\s.!]*", re.I)
_ENGLISH_HELP = re.compile(r"needs? help", re.I)


def read_outcome(text: str, *, visit: bool = False) -> tuple[Outcome | None, str]:
    """What came back, and the words about it. Fine is only what says so and nothing else."""
    said = text.strip()
    needs = _HELP.search(said) or _ENGLISH_HELP.search(said)
    if needs is not None:
        return Outcome.NEEDS_HELP, _around(said, needs)
    if _IS_FINE.fullmatch(said) or _ENGLISH_FINE.fullmatch(said):
        return (Outcome.SEEN if visit else Outcome.SPOKE_FINE), ""
    for pattern, outcome in (
        (_UNCLEAR, Outcome.COULD_NOT_TELL),
        (_NO_ANSWER, Outcome.NO_ANSWER),
    ):
        found = pattern.search(said)
        if found is not None:
            return outcome, _around(said, found)
    return None, said


def _around(said: str, found: re.Match[str]) -> str:
    """The words beside the outcome itself, in which danger is listened for."""
    around = f"{said[: found.start()]} {said[found.end() :]}"
    return re.sub(r"^[\s:：,，。]+|[\s:：,，。]+$", "", around)
