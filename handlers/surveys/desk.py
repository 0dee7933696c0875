"""The desk of rounds: coverage, who is asked next, who lacks what, closing and extending."""

from collections.abc import Callable
from datetime import timedelta

from handlers.dialogue import start
from handlers.doors import let_in, present
from handlers.surveys.filling import fill_in
from handlers.surveys.going_round import choose_place, choose_way, show_next, way_of
from handlers.surveys.opening import FORM
from handlers.surveys.values import name_of
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.refusals import TooLate
from storage.rules.fields import Register
from storage.surveys import (
    PAGE,
    Round,
    ask_for_lacking,
    close_round,
    extend_round,
    get_round,
    list_lacking,
    list_rounds,
    note_not_reached,
    refuse_round,
)

CARD = "round"
LONGER = (7, 14, 30)


def open_surveys(turn: Turn) -> None:
    """/survey: for staff; for anybody else a command like any unknown one."""
    if let_in(turn, "survey"):
        _show_list(turn, turn.say)


def press_round(turn: Turn, press: Press) -> None:
    """A button of the desk."""
    acts: dict[str, Callable[[Turn, Press], None]] = {
        "list": lambda turn, _: _show_list(turn, turn.edit),
        "new": lambda turn, _: start(turn, FORM),
        "see": lambda turn, press: _show_one(turn, press.id),
        "go": lambda turn, press: choose_way(turn, _round(turn, press)),
        "way": lambda turn, press: choose_place(turn, _round(turn, press), press.extra),
        "next": _next,
        "fill": _fill,
        "missed": _note,
        "refused": _note,
        "lacking": _show_lacking,
        "file": _make_file,
        "ask_close": _ask_close,
        "close": _close,
        "longer": _ask_longer,
        "extend": _extend,
    }
    if press.act not in acts:
        raise TooLate
    list_rounds(turn.session, actor=present(turn))  # raises for whoever is not staff
    acts[press.act](turn, press)


def _round(turn: Turn, press: Press) -> Round:
    return get_round(turn.session, actor=present(turn), round_id=press.id)


def _show_list(turn: Turn, show: Callable[..., None]) -> None:
    found = list_rounds(turn.session, actor=present(turn))
    lines = [
        [Button("survey.see", press_data("round", "see", one.id, 0), {"title": one.title})]
        for one in found
    ]
    show(
        "survey_list",
        buttons=[[Button("survey.new", press_data("round", "new", 0, 0))], *lines],
        card=CARD,
        titles=[one.title for one in found],
        states=[one.state for one in found],
        closes=[one.closes_at.isoformat() for one in found],
        people=[str(one.coverage.people) for one in found],
        answered=[str(one.coverage.answered) for one in found],
    )


def _show_one(turn: Turn, round_id: int) -> None:
    one = get_round(turn.session, actor=present(turn), round_id=round_id)
    places = one.places
    turn.edit(
        "survey_one",
        buttons=_buttons(one),
        card=CARD,
        title=one.title,
        state=one.state,
        closes_at=one.closes_at.isoformat(),
        people=one.coverage.people,
        answered=one.coverage.answered,
        percent=one.coverage.percent,
        refused=one.coverage.refused,
        not_reached=one.coverage.not_reached,
        outstanding=one.coverage.outstanding,
        by_chat=one.by_chat,
        without_chat=one.coverage.people - one.by_chat,
        places=[place.name or "" for place in places],
        place_people=[str(place.coverage.people) for place in places],
        place_answered=[str(place.coverage.answered) for place in places],
        place_percent=[str(place.coverage.percent) for place in places],
        place_left=[
            str(place.coverage.outstanding + place.coverage.not_reached) for place in places
        ],
        questions=[tally.question for tally in one.tallies],
        yes=[str(tally.yes) for tally in one.tallies],
        no=[str(tally.no) for tally in one.tallies],
    )


def _buttons(one: Round) -> list[list[Button]]:
    lines = []
    if one.state == "open" and one.coverage.outstanding + one.coverage.not_reached:
        lines.append([Button("survey.go", press_data("round", "go", one.id, 0))])
    if one.fields:
        lines.append([Button("survey.lacking", press_data("round", "lacking", one.id, 0))])
    if one.manages:
        act, label = ("longer", "extend") if one.state == "open" else ("longer", "reopen")
        data = press_data("round", act, one.id, one.version)
        lines.append([Button(f"survey.{label}", data)])
    if one.manages and one.state == "open":
        close = press_data("round", "ask_close", one.id, one.version)
        lines.append([Button("survey.close", close)])
    return [*lines, [Button("survey.list", press_data("round", "list", 0, 0))]]


def _next(turn: Turn, press: Press) -> None:
    channel, place = way_of(press.extra)
    show_next(turn, round_id=press.id, place=place, channel=channel, after=press.version)


def _fill(turn: Turn, press: Press) -> None:
    channel, place = way_of(press.extra)
    fill_in(turn, press.id, channel, place=place)


def _note(turn: Turn, press: Press) -> None:
    """Nobody was met, or they would rather not; then whoever is next."""
    channel, place = way_of(press.extra)
    order = note_not_reached if press.act == "missed" else refuse_round
    name = order(
        turn.session,
        now=turn.now,
        actor=present(turn),
        answer_id=press.id,
        channel=channel,
    )
    show_next(turn, round_id=press.version, place=place, channel=channel, after=press.id, done=name)


def _show_lacking(turn: Turn, press: Press) -> None:
    one = _round(turn, press)
    found = list_lacking(
        turn.session,
        actor=present(turn),
        round_id=press.id,
        after=press.version,
        limit=PAGE + 1,
    )
    shown = found[:PAGE]
    lines = []
    if len(found) > PAGE:
        more = press_data("round", "lacking", press.id, shown[-1].answer_id)
        lines.append([Button("survey.more", more)])
    if shown:
        lines.append([Button("survey.file", press_data("round", "file", press.id, 0))])
    lines.append([Button("survey.back", press_data("round", "see", press.id, 0))])
    between = "、" if turn.language == "zh" else ", "
    turn.edit(
        "survey_lacking",
        buttons=lines,
        card=CARD,
        title=one.title,
        names=[who.name for who in shown],
        places=[who.community or "" for who in shown],
        fields=[
            between.join(name_of(turn, Register(one.kind), key) for key in who.fields)
            for who in shown
        ],
    )


def _make_file(turn: Turn, press: Press) -> None:
    """The whole list as a workbook; its card says how far it is."""
    ask_for_lacking(turn.session, now=turn.now, actor=present(turn), round_id=press.id)


def _ask_close(turn: Turn, press: Press) -> None:
    one = _round(turn, press)
    turn.edit(
        "survey_ask_close",
        buttons=[
            [Button("survey.yes_close", press_data("round", "close", press.id, press.version))],
            [Button("survey.back", press_data("round", "see", press.id, 0))],
        ],
        card=CARD,
        title=one.title,
        left=one.coverage.outstanding + one.coverage.not_reached,
    )


def _close(turn: Turn, press: Press) -> None:
    close_round(
        turn.session,
        now=turn.now,
        actor=present(turn),
        round_id=press.id,
        version=press.version,
    )
    _show_one(turn, press.id)


def _ask_longer(turn: Turn, press: Press) -> None:
    one = _round(turn, press)
    turn.edit(
        "survey_ask_longer",
        buttons=[
            *(
                [
                    Button(
                        "survey.longer",
                        press_data("round", "extend", press.id, press.version, str(days)),
                        {"days": days},
                    )
                ]
                for days in LONGER
            ),
            [Button("survey.back", press_data("round", "see", press.id, 0))],
        ],
        card=CARD,
        title=one.title,
        closes_at=one.closes_at.isoformat(),
    )


def _extend(turn: Turn, press: Press) -> None:
    one = _round(turn, press)
    if press.extra not in map(str, LONGER):
        raise TooLate
    extend_round(
        turn.session,
        now=turn.now,
        actor=present(turn),
        round_id=press.id,
        version=press.version,
        closes_at=max(one.closes_at, turn.now) + timedelta(days=int(press.extra)),
    )
    _show_one(turn, press.id)
