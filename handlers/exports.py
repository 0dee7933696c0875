"""Exporting a register in the chat: which, of whom, which columns; then how many, then the file."""

from collections.abc import Mapping, Sequence

from handlers.dialogue import Form, Option, Question, start
from handlers.doors import let_in, present
from handlers.topic import Topic
from handlers.turn import Press, Turn
from storage.audiences import list_seen_communities
from storage.communities import Community
from storage.dialogues import Answers
from storage.exports import Choice, ask_for_export, count_export
from storage.refusals import Fact, NotAllowed
from storage.rules.fields import OPTIONS, Register
from storage.rules.skills import Skill
from storage.scope import readers_view

MAY = ("coordinator", "leading_group")
COLUMNS = ("short", "all", "figures")


def _open(turn: Turn) -> None:
    """/export: for anybody else a command like any unknown one."""
    if let_in(turn, "export", MAY) is not None:
        start(turn, FORM)


def _press(turn: Turn, _press: Press) -> None:
    """The button of the office's list."""
    if not any(present(turn).is_approved(kind) for kind in MAY):
        raise NotAllowed
    start(turn, FORM)


def _registers(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(one.value, f"export.{one.value}") for one in Register]


def _seen(turn: Turn) -> list[Community]:
    reader = readers_view(turn.session, actor=present(turn))
    return list_seen_communities(turn.session, actor=reader)


def _communities(turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(str(one.id), "verbatim", {"text": one.name}) for one in _seen(turn)]


def _has_several(turn: Turn, _answers: Answers) -> bool:
    return len(_seen(turn)) > 1


def _options(name: str) -> Sequence[Option]:
    return [Option(one.key, f"choice.{name}.{one.key}") for one in OPTIONS[name]]


def _categories(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return _options("category")


def _grades(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return _options("grade")


def _skills(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(skill.value, f"skill.{skill.value}") for skill in Skill]


def _columns(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(one, f"export.{one}") for one in COLUMNS]


def _of_residents(_turn: Turn, answers: Answers) -> bool:
    return answers.get("register") == Register.RESIDENT.value


def _of_volunteers(_turn: Turn, answers: Answers) -> bool:
    return answers.get("register") == Register.VOLUNTEER.value


def _sees_people(turn: Turn, _answers: Answers) -> bool:
    return present(turn).scope is not None


def _choice(turn: Turn, answers: Answers) -> Choice:
    """What was chosen; whoever sees no people is given figures."""
    columns = answers.get("columns") if _sees_people(turn, answers) else "figures"
    return Choice.read(
        {
            "register": str(answers["register"]),
            "communities": _listed(answers, "communities"),
            "categories": _listed(answers, "categories") if _of_residents(turn, answers) else [],
            "grades": _listed(answers, "grades") if _of_residents(turn, answers) else [],
            "skills": _listed(answers, "skills") if _of_volunteers(turn, answers) else [],
            "columns": str(columns),
        }
    )


def _listed(answers: Answers, key: str) -> list[str]:
    chosen = answers.get(key)
    return chosen if isinstance(chosen, list) else []


def _review(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    choice = _choice(turn, answers)
    counted = count_export(turn.session, now=turn.now, actor=present(turn), choice=choice)
    names = [one.name for one in _seen(turn) if one.id in choice.communities]
    counts: dict[str, Fact] = {"people": counted.people, "exact": counted.exact}
    return choice.as_facts() | counts | {"communities": names}


def _go(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option("go", "export.go")]


def _finish(turn: Turn, answers: Answers) -> None:
    choice = _choice(turn, answers)
    ask_for_export(turn.session, now=turn.now, actor=present(turn), choice=choice)


FORM = Form(
    topic="export",
    questions=(
        Question(key="register", template="ask_export_register", options=_registers),
        Question(
            key="communities",
            template="ask_export_communities",
            options=_communities,
            many=True,
            columns=2,
            may_skip=True,
            applies=_has_several,
        ),
        Question(
            key="categories",
            template="ask_export_categories",
            options=_categories,
            many=True,
            columns=2,
            may_skip=True,
            applies=_of_residents,
        ),
        Question(
            key="grades",
            template="ask_export_grades",
            options=_grades,
            many=True,
            columns=2,
            may_skip=True,
            applies=_of_residents,
        ),
        Question(
            key="skills",
            template="ask_export_skills",
            options=_skills,
            many=True,
            columns=2,
            may_skip=True,
            applies=_of_volunteers,
        ),
        Question(
            key="columns", template="ask_export_columns", options=_columns, applies=_sees_people
        ),
        Question(key="review", template="ask_export_review", options=_go, facts=_review),
    ),
    finish=_finish,
)

TOPIC = Topic(commands={"export": _open}, presses={"export": _press}, forms=(FORM,))
