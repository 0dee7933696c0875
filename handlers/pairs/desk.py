"""Pairs on the desk: coverage, the unpaired, a household with its suggestions, and what waits."""

from collections.abc import Mapping, Sequence

from handlers.pairs.own import Act, show_one
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.pairs import (
    Pair,
    Suggestion,
    Unpaired,
    ask_for_agreement,
    ask_for_list,
    check_staff_of,
    close_problem,
    count_coverage,
    end_pair,
    get_pair,
    is_with_staff,
    list_log,
    list_of_household,
    list_tellings,
    list_unpaired,
    list_waiting_pairs,
    mark_told,
    seek_no_more,
    side_of,
    suggest_neighbours,
    total_of,
    whose_turn,
    withdraw_pair,
)
from storage.pairs.coverage import PAGE
from storage.pairs.saying import facts_of
from storage.people import Person, get_person
from storage.refusals import Fact, NotAllowed
from storage.rules.pairs import PairState, Side
from storage.scope import readers_view

CARD = "pairs"
WAITING = ("problems", "seeking", "ties_seeking", "dormant", "asked")


def show_coverage(turn: Turn, person: Person) -> None:
    """How many households have a neighbour, by community; who leads sees figures alone."""
    found = count_coverage(turn.session, actor=readers_view(turn.session, actor=person))
    total = total_of(found)
    turn.say(
        "pair_coverage",
        buttons=_tools(turn, person) if person.is_approved("coordinator") else (),
        card=CARD,
        households=total.households,
        paired=total.paired,
        percent=round(100 * total.paired / total.households) if total.households else None,
        places=[one.name or "" for one in found],
        all=[str(one.households) for one in found],
        have=[str(one.paired) for one in found],
    )


def _tools(turn: Turn, person: Person) -> list[list[Button]]:
    lines = [[Button("pair.unpaired", press_data("pair", "unpaired", 0, 0))]]
    if list_tellings(turn.session, actor=person):
        lines.append([Button("pair.tellings", press_data("pair", "tellings", 0, 0))])
    for what in WAITING:
        if list_waiting_pairs(turn.session, actor=person, what=what):
            lines.append([Button(f"pair.{what}", press_data("pair", what, 0, 0))])
    lines.append([Button("pair.sheet", press_data("pair", "sheet", 0, 0))])
    return lines


def _unpaired(turn: Turn, person: Person, press: Press) -> None:
    found = list_unpaired(turn.session, actor=person, after=press.id or None)
    shown = found[:PAGE]
    lines = [[_home_button(one)] for one in shown]
    if len(found) > PAGE:
        more = press_data("pair", "unpaired", shown[-1].resident_id, 0)
        lines.append([Button("pair.more", more)])
    turn.edit(
        "pairs_unpaired",
        buttons=lines,
        card=CARD,
        names=[one.name for one in shown],
        places=[one.community or "" for one in shown],
        whys=[one.why.value for one in shown],
        endings=[one.ending.value if one.ending else "" for one in shown],
    )


def _home_button(one: Unpaired) -> Button:
    data = press_data("pair", "home", one.resident_id, 0)
    return Button("pair.find", data, {"name": one.name})


def _home(turn: Turn, person: Person, press: Press) -> None:
    show_home(turn, person, press.id)


def show_home(turn: Turn, person: Person, resident_id: int) -> None:
    """A household: its pairs, and who could be asked, with the reasons."""
    pairs = list_of_household(turn.session, now=turn.now, actor=person, resident_id=resident_id)
    found = suggest_neighbours(turn.session, now=turn.now, actor=person, resident_id=resident_id)
    lines = [[_see_button(one)] for one in pairs]
    lines += [[_ask_button(resident_id, one)] for one in found]
    lines.append([Button("pair.other", press_data("pair", "other", resident_id, 0))])
    turn.edit(
        "pair_home",
        buttons=lines,
        card=f"pair_home:{resident_id}",
        name=get_person(turn.session, person_id=resident_id).name,
        helpers=[one.helper for one in pairs],
        states=[one.state.value for one in pairs],
        kinds=[one.kind.value for one in pairs],
        names=[one.name for one in found],
        reasons=[",".join(one.reasons) for one in found],
        chats=["chat" if one.by_chat else "" for one in found],
    )


def _see_button(one: Pair) -> Button:
    return Button("pair.see_with", press_data("pair", "see", one.id, 0), {"name": one.helper})


def _ask_button(resident_id: int, one: Suggestion) -> Button:
    data = press_data("pair", "ask", resident_id, one.person_id)
    return Button("pair.ask", data, {"name": one.name})


def _see(turn: Turn, person: Person, press: Press) -> None:
    one = get_pair(turn.session, pair_id=press.id)
    try:
        show_pair(turn, person, one)
    except NotAllowed:
        # An organisation's own staff see their side of it, once the household said yes.
        if not one.is_live or not one.said_yes or side_of(turn.session, one, person) is None:
            raise
        show_one(turn, person, one, edit=True)


def show_pair(turn: Turn, person: Person, one: Pair, *, edit: bool = True) -> None:
    """One pair as staff see it, with its log."""
    check_staff_of(turn.session, one, person)
    log = list_log(turn.session, one, words=True)
    say = turn.edit if edit else turn.say
    say(
        "pair_see",
        buttons=_pair_buttons(one),
        card=f"{one.card}:desk",
        more={
            **facts_of(turn.session, one),
            "resident_yes": Side.RESIDENT in one.said_yes,
            "helper_yes": Side.HELPER in one.said_yes,
            "with_staff": is_with_staff(turn.session, one, now=turn.now),
            "keeper": one.keeper,
            "agreed_at": one.agreed_at.isoformat() if one.agreed_at else None,
            "sign_at": one.sign_at.isoformat() if one.sign_at else None,
            "at": [each.at.isoformat() for each in log],
            "by": [each.by for each in log],
            "outcomes": [each.outcome.value for each in log],
            "done": [",".join(each.acts) for each in log],
            "words": [each.words or "" for each in log],
        },
    )


def _pair_buttons(one: Pair) -> Sequence[Sequence[Button]]:
    def button(act: str, extra: str = "", **facts: Fact) -> list[Button]:
        return [
            Button(f"pair.{act}", press_data("pair", act, one.id, one.version, extra), dict(facts))
        ]

    if one.state is PairState.PROPOSED:
        side = whose_turn(one) or Side.RESIDENT
        name = one.resident if side is Side.RESIDENT else one.helper
        return [button("spoken", side.value, name=name), button("withdraw")]
    if one.is_agreed:
        lines = [button("called"), button("paper"), button("agreement"), button("end")]
        if "phone_greeting" in one.acts and one.helper_id is not None:
            data = press_data("plan", "for", one.resident_id, one.helper_id)
            lines.insert(1, [Button("tie.calls", data)])
        return lines
    return [[Button("pair.home", press_data("pair", "home", one.resident_id, 0))]]


def _list(what: str) -> Act:
    def show(turn: Turn, person: Person, press: Press) -> None:
        found = list_waiting_pairs(turn.session, actor=person, what=what)
        lines = []
        if what == "ties_seeking":
            # Proposed anew as any other is: of each kind that is missing.
            for kind in dict.fromkeys(one.kind.value for one in found):
                new = press_data("tie", "new", 0, 0, kind)
                lines.append([Button(f"tie.new_{kind}", new)])
        for one in found:
            if what == "seeking":
                home = press_data("pair", "home", one.resident_id, 0)
                lines.append([Button("pair.find", home, {"name": one.resident})])
            if what in ("seeking", "ties_seeking"):
                data = press_data("pair", "enough", one.id, one.version)
                lines.append([Button("pair.enough", data, {"name": one.resident})])
            else:
                data = press_data("pair", "see", one.id, 0)
                lines.append([Button("pair.see_pair", data, _names(one))])
        turn.edit(
            "pairs_waiting",
            buttons=lines,
            card=CARD,
            what=what,
            residents=[one.resident for one in found],
            helpers=[one.helper for one in found],
            endings=[one.ending.value if one.ending else "" for one in found],
        )

    return show


def _names(one: Pair) -> dict[str, Fact]:
    return {"resident": one.resident, "helper": one.helper}


def _tellings(turn: Turn, person: Person, press: Press) -> None:
    found = list_tellings(turn.session, actor=person)
    turn.edit(
        "pairs_tellings",
        buttons=[
            [
                Button(
                    "pair.told_to",
                    press_data("pair", "told", one.id, one.version),
                    {"name": one.name},
                )
            ]
            for one in found
        ],
        card=CARD,
        names=[one.name for one in found],
        others=[
            one.pair.resident if one.person_id == one.pair.helper_id else one.pair.helper
            for one in found
        ],
        endings=[one.pair.ending.value if one.pair.ending else "" for one in found],
        staff=[one.staff for one in found],
    )


def _told(turn: Turn, person: Person, press: Press) -> None:
    one = mark_told(
        turn.session,
        now=turn.now,
        actor=person,
        telling_id=press.id,
        version=press.version,
    )
    home = press_data("pair", "home", one.resident_id, 0)
    turn.edit(
        "pair_done",
        buttons=[[Button("pair.home", home)]],
        card=f"pair_telling:{press.id}",
        what="told",
        more=one.facts,
    )


def _looked(turn: Turn, person: Person, press: Press) -> None:
    one = close_problem(
        turn.session, now=turn.now, actor=person, log_id=press.id, version=press.version
    )
    turn.edit("pair_done", card=f"{one.card}:desk", what="looked", more=one.facts)


def _enough(turn: Turn, person: Person, press: Press) -> None:
    one = seek_no_more(
        turn.session, now=turn.now, actor=person, pair_id=press.id, version=press.version
    )
    turn.edit("pair_done", card=CARD, what="enough", more=one.facts)


def _withdraw(turn: Turn, person: Person, press: Press) -> None:
    one = withdraw_pair(
        turn.session, now=turn.now, actor=person, pair_id=press.id, version=press.version
    )
    turn.edit("pair_done", card=f"{one.card}:desk", what="withdrawn", more=one.facts)


def _ask_end(turn: Turn, person: Person, press: Press) -> None:
    one = get_pair(turn.session, pair_id=press.id)
    check_staff_of(turn.session, one, person)
    data = press_data("pair", "yes_end", one.id, press.version)
    turn.say(
        "pair_ask_end",
        buttons=[
            [Button("pair.yes_end", data)],
            [Button("pair.see", press_data("pair", "see", one.id, 0))],
        ],
        card=f"{one.card}:end",
        more=one.facts,
    )


def _end(turn: Turn, person: Person, press: Press) -> None:
    one = get_pair(turn.session, pair_id=press.id)
    check_staff_of(turn.session, one, person)
    ended = end_pair(
        turn.session, now=turn.now, actor=person, pair_id=press.id, version=press.version
    )
    turn.edit("pair_done", card=f"{one.card}:end", what="ended", more=ended.facts)


def _paper(turn: Turn, person: Person, press: Press) -> None:
    ask_for_agreement(turn.session, now=turn.now, actor=person, pair_id=press.id)


def _sheet(turn: Turn, person: Person, press: Press) -> None:
    if not person.is_approved("coordinator"):
        raise NotAllowed
    ask_for_list(turn.session, now=turn.now, actor=person)


def _coverage(turn: Turn, person: Person, press: Press) -> None:
    if not person.is_approved("coordinator"):
        raise NotAllowed
    show_coverage(turn, person)


ACTS: Mapping[str, Act] = {
    "list": _coverage,
    "unpaired": _unpaired,
    "home": _home,
    "see": _see,
    "tellings": _tellings,
    "told": _told,
    "looked": _looked,
    "enough": _enough,
    "withdraw": _withdraw,
    "end": _ask_end,
    "yes_end": _end,
    "paper": _paper,
    "sheet": _sheet,
    **{what: _list(what) for what in WAITING},
}
