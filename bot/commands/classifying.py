"""How a sentence is read, as one JSON object: for whoever tunes the words, and for tests."""

import json
import sys

from messages.render import Wording
from storage.rules.areas import CATEGORIES
from storage.rules.dangers import Danger
from storage.rules.reading import Asked, Reading, read_need
from storage.rules.text import looks_empty

# As much as one message may hold.
LONGEST = 4096


class NotReadable(Exception):
    """There is nothing to read, or too much; ``kind`` says which."""

    def __init__(self, kind: str, line: str) -> None:
        super().__init__(line)
        self.kind = kind


def classify(text: str, *, wording: Wording) -> str:
    """Read one sentence; raises NotReadable."""
    if looks_empty(text):
        raise NotReadable("empty", "there is nothing to read: give one sentence")
    if len(text) > LONGEST:
        raise NotReadable("too_long", f"at most {LONGEST} characters, as in one message")
    reading = read_need(text)
    # Whoever wrote in Latin letters only is asked in English.
    language = "en" if text.isascii() else "zh"
    asked = reading.asked
    question = None if asked is None else wording.label(f"question.{asked}", language=language)
    answer = {
        "category": reading.category.value,
        "alternatives": [category.value for category in reading.alternatives],
        "urgency": reading.urgency.value,
        "emergency": reading.danger is Danger.CERTAIN,
        "question": question,
        "reasons": _reasons(reading),
    }
    return json.dumps(answer, ensure_ascii=False)


def _reasons(reading: Reading) -> list[str]:
    """What was heard, in the words of the sentence, and what it was taken for."""
    says = ", ".join(f"“{word}”" for word in reading.reasons if word)
    reasons = [f"{says} → {reading.category.value}"] if says else []
    if reading.danger is not Danger.NONE and reading.danger_kind is not None:
        reasons.append(f"danger: {reading.danger_kind.value} ({reading.danger.value})")
    if reading.urgent_for:
        soon = ", ".join(f"“{word}”" for word in reading.urgent_for)
        reasons.append(f"{soon} → {reading.urgency.value}")
    elif reading.danger is Danger.NONE:
        usual = CATEGORIES[reading.category].urgency.value
        reasons.append(f"{usual} is usual for {reading.category.value}")
    if reading.asked is Asked.WHAT:
        reasons.append("nothing says what is needed")
    return reasons


def run(text: str) -> int:
    """Print the reading of a sentence (- stands for the standard input); the code to exit with."""
    said = sys.stdin.read() if text == "-" else text
    try:
        answer = classify(said, wording=Wording(zone="Asia/Shanghai"))
    except NotReadable as error:
        sys.stderr.write(f"jiai: {error} ({error.kind})\n")
        return 2
    sys.stdout.write(f"{answer}\n")
    return 0


def main() -> None:
    """``jiai classify TEXT`` without the rest of the program, which takes longer to start."""
    sys.exit(run(sys.argv[2]))
