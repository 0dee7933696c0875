"""Sheets: printed for a community or a caller, and typed back into the mode's draft."""

from dataclasses import replace

from handlers.doors import let_in
from handlers.paper.drafts import Draft, Line
from handlers.turn import Press, Turn, press_data, read_number
from storage.choices import Button
from storage.paper import count_sheet_people, list_choices, list_lines, make_sheet, week_of
from storage.papers.asking import ask_for_paper
from storage.people import Person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.quick_entry import Entry, Kind
from storage.rules.sheets import LINES_AT_MOST, Fault, Ticked, day_of, read_day, read_sheet

CARD = "sheets"
SHOWN_AT_MOST = 40


def open_sheets(turn: Turn) -> None:
    """/sheets: for staff; for anybody else a command like any unknown one."""
    person = let_in(turn, "sheets")
    if person is None:
        return
    places, callers = list_choices(turn.session, actor=person)
    flat = [
        Button(
            f"sheet.{act}",
            press_data("sheet", act, one.id, 0),
            {"name": one.name, "people": one.people},
        )
        for act, those in (("place", places), ("caller", callers))
        for one in those
    ][:SHOWN_AT_MOST]
    lines = [flat[at : at + 2] for at in range(0, len(flat), 2)]
    turn.say("sheets", buttons=lines, card=CARD, any=bool(flat))


def press_sheet(turn: Turn, press: Press) -> None:
    """Print the sheet of a community or a caller; of many people, the part that is chosen."""
    person = turn.person
    if person is None or not person.is_approved("coordinator"):
        raise NotAllowed
    if press.act not in ("place", "caller"):
        raise TooLate
    whose = {"community_id" if press.act == "place" else "caller_id": press.id}
    part = read_number(press.extra or "0")
    if part is None:
        raise TooLate
    if part == 0:
        people = count_sheet_people(turn.session, now=turn.now, actor=person, **whose)
        if people > LINES_AT_MOST:
            _show_parts(turn, press, people)
            return
    number = make_sheet(
        turn.session,
        now=turn.now,
        actor=person,
        first_day=week_of(turn.session, turn.now),
        part=max(part, 1),
        **whose,
    )
    facts: dict[str, Fact] = {"sheet": number}
    ask_for_paper(turn.session, now=turn.now, actor=person, kind="call_sheet", facts=facts)


def _show_parts(turn: Turn, press: Press, people: int) -> None:
    """More people than fit on one sheet: nobody is left out, each part has its button."""
    parts = range(1, -(-people // LINES_AT_MOST) + 1)
    buttons = [
        Button(
            "sheet.part",
            press_data("sheet", press.act, press.id, 0, str(part)),
            {
                "part": part,
                "first": (part - 1) * LINES_AT_MOST + 1,
                "last": min(part * LINES_AT_MOST, people),
            },
        )
        for part in parts[:SHOWN_AT_MOST]
    ]
    turn.say(
        "sheet_parts",
        buttons=[buttons[at : at + 2] for at in range(0, len(buttons), 2)],
        people=people,
        most=LINES_AT_MOST,
        parts=len(parts),
    )


def read_back(turn: Turn, actor: Person, draft: Draft, text: str) -> Draft:
    """The draft with a sheet's lines; what is not kept of it is said, each with its reason."""
    number, ticked = read_sheet(text)
    known = list_lines(turn.session, actor=actor, number=number) if number is not None else {}
    if not known:
        return replace(draft, faults=(_fault(turn, Fault.NO_SHEET),))
    today, said = turn.session.house.local(turn.now).date(), read_day(text)
    faults: list[str] = []
    lines: list[Line] = []
    seen = {line.sheet_line for line in draft.lines if line.sheet_line}
    for one in ticked:
        found = known.get(one.number) if one.number is not None else None
        if found is None:
            faults.append(_fault(turn, Fault.NO_LINE, one))
        elif found.outcome is not None:
            faults.append(_fault(turn, Fault.TYPED, one, name=found.name, by=found.typed_by or ""))
        elif found.id in seen:
            faults.append(_fault(turn, Fault.TWICE, one, name=found.name))
        elif one.outcome is None:
            faults.append(_fault(turn, Fault.UNCLEAR, one, name=found.name))
        else:
            seen.add(found.id)
            entry = Entry(
                Kind.CALL,
                f"{found.name} {one.words}",
                name=found.name,
                words=one.words,
                outcome=one.outcome,
            )
            on = day_of(found.first_day, today=today, due_days=found.due_days, said=said)
            if on is None:
                return replace(draft, faults=(_fault(turn, Fault.DAY),))
            lines.append(
                Line(
                    entry,
                    person_id=found.person_id,
                    sheet_line=found.id,
                    on=on.isoformat(),
                    heard=one.heard,
                )
            )
    if not ticked:
        faults.append(_fault(turn, Fault.NOTHING))
    return replace(draft, lines=(*draft.lines, *lines), faults=tuple(faults), kept=(), undo=())


def _fault(
    turn: Turn, fault: Fault, one: Ticked | None = None, *, name: str = "", by: str = ""
) -> str:
    facts: dict[str, Fact] = {"code": one.code if one else "", "name": name, "by": by}
    return turn.wording.label(f"sheet_fault.{fault.value}", language=turn.language, facts=facts)
