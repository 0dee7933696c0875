"""People who try what they may not, and what stands in the database before and after."""

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import insert, select

from storage.database import Session
from storage.people import add_person, find_person, set_phone
from storage.tables import (
    alarm,
    caregiver,
    check_in,
    check_in_plan,
    claim,
    community,
    consent,
    invitation,
    journal,
    licence,
    need,
    offer,
    pair,
    pair_log,
    pair_telling,
    person,
    referral,
    role,
    service,
    verification,
    volunteer,
)
from tests.journeys.village import Village

# Whatever is known of the resident of the cast that a stranger must not see, however written.
CANARIES = ("陈素芬", "桂花小区", "2 单元 501", "100 1234 5678", "10012345678")
DATA = (alarm, caregiver, check_in, check_in_plan, claim, community, consent, invitation)

STATE = (
    *DATA,
    pair,
    pair_log,
    pair_telling,
    licence,
    referral,
    service,
    verification,
    need,
    offer,
    person,
    role,
    volunteer,
)

# Every act of every topic; test_every_button_that_is_made_is_tried holds it complete.
AT_ONCE = 200

ACTS: dict[str, tuple[str, ...]] = {
    "join": ("agree", "later", "abroad", "phone", "resident", "caregiver", "volunteer", "code"),
    "language": ("zh", "en"),
    "days": ("on", "off"),
    "pause": (
        *("week", "fortnight", "month", "resume", "rest"),
        *("end", "undo", "home", "call", "need"),
    ),
    "sheet": ("place", "caller"),
    "today": ("page", "call", "said", "undo", "tell", "told"),
    "leave": ("yes", "no"),
    "office": ("list", "figures", "applicants", "ties", "consents", "certificates"),
    "find": ("ask", "next", "see"),
    "incident": ("undelivered", "set_aside", "phone", "done"),
    "approval": ("approve", "decline", "phone"),
    "caregiver": (
        *("yes", "no", "guardian", "end", "phones"),
        *("hush", "copy", "wish", "make", "unmake"),
    ),
    "community": (
        *("list", "add", "see", "rename", "hide", "show"),
        *("near", "beside", "apart"),
    ),
    "category": ("list", "area", "see", "field", "set", "undo"),
    "alarm": (
        *("yes", "no", "safe", "unsafe", "take", "longer", "on_way", "at_door", "on_phone"),
        *("seen", "reached", "handed_over", "false_alarm", "not_danger", "list"),
    ),
    "answer": (
        *("list", "see", "helped", "person", "add", "renew", "review", "withdraw", "restore"),
        "before",
    ),
    "question": ("withdraw", "list", "reply"),
    "complaint": ("about", "withdraw", "list", "see", "take", "phones", "end"),
    "number": ("list", "see", "same", "tried", "change"),
    "extra": ("new", "end", "festival"),
    "change": ("back",),
    "plan": (
        *("more", "for", "change", "end", "yes_end", "keep", "refuse", "yes_refuse", "keep_calls"),
        *("skip", "unskip", "move", "button", "no_button", "fine", "not_fine"),
        *("contact_yes", "contact_no", "stand_in_yes", "stand_in_no"),
    ),
    "tie": ("desk", "list", "new", "overdue", "overrides"),
    "tie_item": ("kinds", "list", "add", "on", "off"),
    "tie_back": ("say",),
    "pair": (
        *("yes", "no", "reach", "tell", "agreement", "stop", "yes_stop", "keep"),
        *("done", "nothing", "problem", "list", "unpaired", "home", "see", "ask", "other"),
        *("spoken", "withdraw", "called", "paper", "end", "yes_end", "enough", "told", "looked"),
        *("tellings", "problems", "seeking", "dormant", "asked", "sheet"),
    ),
    "check_in": (
        *("take", "longer_60", "longer_120", "spoke_fine", "no_answer", "needs_help"),
        *("could_not_tell", "seen", "own_button", "need_help", "no_report", "list", "unheld"),
        *("heard", "slip", "errand", "calls", "callers", "number", "concerns", "looked", "history"),
        "forget",
    ),
    "hold": (
        *("at_door", "on_phone", "on_way", "longer_60", "longer_120", "handed", "false_alarm"),
        *("hand_110", "hand_119", "hand_120", "found_out", "found_hospital", "found_family"),
        *("found_phone_off", "found_wrong_time", "back"),
    ),
    "missed_call": ("take", "more", "callers"),
    "consent": ("list", "one", "yes", "no", "record"),
    "look": ("ask", "list", "yes", "no"),
    "offer": ("go", "will", "no", "more", "kind", "rest", "apart", "back"),
    "kinds": ("on",),
    "small": ("take",),
    "team": ("put", "one", "no", "back"),
    "desk": (
        *("list", "overdue", "phone", "assign", "to", "close", "again", "free", "see"),
        *("refer", "give", "choose", "one", "why", "whynot", "willing", "small", "long"),
    ),
    "place": ("ask", "set", "split"),
    "verify": ("list", "right", "change", "no", "object"),
    "referral": (
        *("list", "desk", "accept", "ask", "decline", "contact", "done", "date"),
        *("yes", "no", "answer", "back"),
    ),
    "wish": ("ask",),
    "browse": ("areas", "area", "kind"),
    "service": (
        *("org", "add", "unconfirmed", "see", "change", "pause", "resume", "confirm"),
        *("end", "ended"),
    ),
    "licence": ("list", "add", "end"),
    "figures": ("month", "last_month", "quarter", "year", "last_year", "week", "dates", "calls"),
    "call_figures": ("month", "last_month", "quarter", "year", "last_year", "dates"),
    "series": (
        *("new", "more", "see", "skip", "move", "pause", "resume"),
        *("end", "yes_end", "leave", "yes_leave"),
    ),
    "door": ("see", "access", "code", "pets", "side", "key", "forget"),
    "duty": (
        *("show", "week", "day", "holes", "others", "stop", "stop_yes", "who", "set", "because"),
        *("copy", "swap", "offer", "swap_yes", "swap_no", "swap_back"),
    ),
    "media": ("play", "heard", "write", "danger", "phone", "need", "list"),
    "site": ("see", "overdue", "notes", "register", "guide"),
    "rate": ("give",),
    "visit_log": ("list", "see", "new"),
    "org_link": ("links", "add", "end"),
    "org_visit": ("ask",),
    "need": (
        *("all", "add", "change", "cancel", "keep", "drop", "yes", "notyet"),
        *("rate", "reopen", "other", "welcome"),
    ),
    "claim": (
        *("ask", "at", "pick", "where", "done", "way", "cannot", "can", "here", "risky"),
        *("free", "stand", "name", "swap", "give", "keep"),
    ),
    "stand": ("yes", "no"),
    "visit": ("safe", "help", "remark", "reflect", "remove", "reflections"),
    "hours": ("list", "mark", "later"),
    "call_back": ("list", "phone", "reached", "missed", "later"),
    "form": ("pick", "ready", "skip", "back", "cancel", "resume"),
    "privacy": ("see", "looks", "copy", "correct"),
    "erase": ("ask", "sure", "go", "keep", "hand_over"),
    "retention": ("allow",),
    "org": ("root", "see", "add", "rename", "move", "hide", "show", "gaps"),
    "org_staff": ("contact", "staff", "coordinator", "leading_group", "end"),
    "org_tied": ("tied", "add", "end", "phone"),
    "org_kind": ("list", "add", "rename"),
    "org_action": ("list", "owner"),
    "person": ("see", "section", "show", "field", "change"),
    "certificate": ("see", "enter", "move", "end"),
    "home": ("see", "add", "join", "left", "leave", "head", "set_head", "alone"),
    "qualification": ("list", "of", "add", "confirm", "decline", "end", "ending"),
    "own": ("see", "field"),
    "notice": ("read", "text"),
    "notices": ("list", "new", "see", "stop", "remind", "unread", "phones", "told"),
    "survey": ("mine", "theirs", "start", "refuse", "closed"),
    "round": (
        *("list", "new", "see", "fill", "go", "next", "way", "refused", "missed"),
        *("lacking", "file", "ask_close", "close", "extend", "longer"),
    ),
    "document": (
        *("list", "add", "see", "text", "title", "number", "effective_on", "reference", "year"),
        *("renew", "before", "standing", "restore", "withdraw", "withdrawn"),
    ),
    "export": ("ask", "categories", "communities", "grades", "skills"),
    "import": (
        *("list", "see", "apply_with", "apply_without", "drop", "keep", "undo", "undo_yes"),
        *("columns", "col", "set", "sheet", "unread", "back"),
    ),
    "duplicate": ("list", "first", "second", "apart", "later"),
}
# What acts on a row of which table.
TABLE_OF = {
    "leave": person,
    "approval": role,
    "caregiver": caregiver,
    "community": community,
    "alarm": alarm,
    "plan": check_in_plan,
    "check_in": check_in,
    "hold": check_in,
    "need": need,
    "offer": need,
    "claim": claim,
    "desk": need,
    "small": need,
    "place": need,
    "verify": need,
    "referral": referral,
    "service": service,
    "wish": service,
    "licence": licence,
}
# Acts on nobody but the one who presses.
ONLY_ONESELF = ("join", "language", "days", "pause")


def state_of(village: Village) -> str:
    """Everything that presses might change, as one text to compare."""
    return village.program.database.do(_state)


def _state(session: Session) -> str:
    rows = {t.name: [[repr(c) for c in r] for r in session.all(select(t))] for t in STATE}
    return json.dumps(rows, ensure_ascii=False, indent=1)


def written(village: Village, *, what: str) -> list[Any]:
    """The journal's rows of one kind, or all of them."""
    rows = village.program.database.do(lambda session: session.all(select(journal)))
    return [row for row in rows if what in ("*", row.what)]


def rows_of(village: Village, table: Any) -> list[tuple[int, int]]:
    """Ids and versions of a table."""
    found = village.program.database.do(lambda session: session.all(select(table)))
    return [(row.id, getattr(row, "version", 0)) for row in found]


async def register(
    village: Village, number: int, name: str, *kinds: str, state: str = "approved"
) -> int:
    """Somebody more, with roles, in the chat and in the register; returns the person's id."""
    await village.add_person(number, name)

    def add(session: Session) -> int:
        now = village.program.clock.now()
        person_id = add_person(session, now=now, name=name, telegram_id=number, community_id=1)
        set_phone(session, person_id=person_id, phone=f"+86100{number:08d}")
        common = {"person_id": person_id, "created_at": now, "state": state, "version": 1}
        for kind in kinds:
            session.execute(insert(role).values(**common, kind=kind))
        if "volunteer" in kinds:
            values = {"skills": "", "times": "any_time", "open_limit": 2}
            pledge = {"pledge_version": "1", "pledged_at": now, "person_id": person_id}
            session.execute(insert(volunteer).values(**values, **pledge))
        session.execute(
            insert(consent).values(
                person_id=person_id,
                purpose="keep_data",
                version="practice",
                given_by=person_id,
                ground="self",
                given_at=now,
            )
        )
        return person_id

    return village.program.database.do(add)


def person_of(village: Village, chat: int) -> int:
    """The person's id."""
    found = village.program.database.do(find_person, telegram_id=chat)
    assert found is not None
    return found.id


async def press_all(village: Village, chat: int, presses: Sequence[str]) -> None:
    """Send forged presses, as many in one go as are answered well within the wait for rest."""
    for some in batched(presses, AT_ONCE):
        for data in some:
            await village.post("press", chat=chat, message_id=1, data=data, forged=True)
        await village.rest()


def batched(presses: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Cut a list into pieces of a size."""
    for first in range(0, len(presses), size):
        yield presses[first : first + size]


async def everything_shown(village: Village, chat: int) -> str:
    """All that a chat was ever shown, edited texts and buttons included."""
    seen = []
    for one in await village.shown(chat):
        if one["from"] == "bot":
            seen += [one["text"], *one["history"]]
            seen += [button["text"] for row in one["buttons"] or [] for button in row]
    return "\n".join(seen)


class Lines(logging.Handler):
    """Keeps every line of every logger."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def listening() -> Iterator[Lines]:
    """All that is logged, at the level of DEBUG."""
    root, lines = logging.getLogger(), Lines()
    before = root.level
    root.addHandler(lines)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(lines)
        root.setLevel(before)
