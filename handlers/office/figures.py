"""Figures: this week beside the last; of needs or calls of any stretch, with picture and sheet."""

from handlers.dialogue import BadAnswer, Form, Question, start
from handlers.doors import let_in, present
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.dialogues import Answers
from storage.figures import CALLS, ask_for_figures
from storage.office import figure_facts
from storage.people import Person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.periods import Period, Stretch, parse_period

MAY_SEE = ("coordinator", "leading_group")
CARD = "figures"
# As they lie below the week: two in a line.
STRETCHES = (
    (Stretch.MONTH, Stretch.LAST_MONTH),
    (Stretch.QUARTER, Stretch.YEAR),
    (Stretch.LAST_YEAR, Stretch.DATES),
)


def open_figures(turn: Turn) -> None:
    """/figures, or at once "/figures 2026-11"; for anybody else a command like any unknown one."""
    person = let_in(turn, "figures", MAY_SEE)
    if person is None:
        return
    if turn.text and person.scope is not None:
        try:
            _ask(turn, {"dates": check_dates(turn, turn.text)})
        except BadAnswer:
            start(turn, FORM)
    else:
        show_figures(turn, person)


def show_figures(turn: Turn, person: Person) -> None:
    """This week so far beside the last, with the buttons of longer stretches."""
    more = figure_facts(turn.session, now=turn.now, actor=person)
    turn.say("figures", buttons=_buttons(person), card=CARD, more=more)


def press_figures(turn: Turn, press: Press) -> None:
    """A stretch was chosen; the days of another are asked for."""
    person = present(turn)
    if press.act == "calls":
        _offer_calls(turn, person)
        return
    stretch = _stretch(press)
    if stretch is not Stretch.DATES:
        ask_for_figures(turn.session, now=turn.now, actor=person, stretch=stretch)
    elif person.scope is None:
        raise NotAllowed
    else:
        start(turn, FORM)


def _offer_calls(turn: Turn, person: Person) -> None:
    """Of which days the calls are to be counted."""
    if not any(person.is_approved(kind) for kind in MAY_SEE):
        raise NotAllowed
    turn.say("call_figures_ask", buttons=_buttons(person, "call_figures"), card=CARD)


def press_call_figures(turn: Turn, press: Press) -> None:
    """A stretch was chosen for the figures of calls; whole ones only."""
    stretch = _stretch(press)
    if stretch is Stretch.DATES:
        raise TooLate
    person = present(turn)
    ask_for_figures(turn.session, now=turn.now, actor=person, stretch=stretch, kind=CALLS)


def _stretch(press: Press) -> Stretch:
    if press.act not in set(Stretch):
        raise TooLate
    return Stretch(press.act)


def check_dates(turn: Turn, text: str) -> Fact:
    """The period that was typed, as two dates; raises BadAnswer."""
    today = turn.session.house.local(turn.now).date()
    found = parse_period(text, today)
    if not isinstance(found, Period):
        raise BadAnswer("figures_dates", why=found.value)
    return [f"{found.first}", f"{found.last}"]


def _ask(turn: Turn, answers: Answers) -> None:
    dates = answers["dates"]
    if not isinstance(dates, list):
        raise TooLate
    period = Period.read(*dates)
    ask_for_figures(
        turn.session, now=turn.now, actor=present(turn), stretch=Stretch.DATES, period=period
    )


def _buttons(person: Person, topic: str = "figures") -> list[list[Button]]:
    found = [
        [
            Button(f"office.figures_{one.value}", press_data(topic, one.value, 0, 0))
            for one in line
            # Whoever sees no people chooses whole stretches only; so does who asks for calls.
            if one is not Stretch.DATES or (person.scope is not None and topic == "figures")
        ]
        for line in STRETCHES
    ]
    if topic == "figures":
        found.append([Button("office.figures_calls", press_data(topic, "calls", 0, 0))])
    return found


FORM = Form(
    topic="figures_dates",
    questions=(Question("dates", "ask_figures_dates", check_dates, counts=True),),
    finish=_ask,
)
