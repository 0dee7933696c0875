"""Sample facts for every template, read off the template itself: what it does with each fact."""

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files

from jinja2 import Environment, meta, nodes

from messages.filters import filters_for
from messages.render import Fact
from tests.messages import calls, figures, visits
from tests.messages.call_plans import lists_of_calls
from tests.messages.duties import lists_of_duties
from tests.messages.institutions import lists_of_institutions
from tests.messages.pairs import lists_of_pairs
from tests.messages.privacy import lists_of_privacy
from tests.messages.ties import lists_of_ties

MOMENT = "2026-11-25T02:00:00+00:00"
# Row 5 and 6 of what people try: shown as they are, whatever stands in them.
HOSTILE = "</b><i>\"' onx=<script>{{ 7*7 }}{% for %}{0.__class__}%s & 陈·素芬"
LONG = "&" * 4096
BY_FILTER: dict[str, Fact] = {
    "day": MOMENT,
    "full_day": MOMENT,
    "clock": MOMENT,
    "when": MOMENT,
    "phone": "+8610012345678",
    "minutes": 95,
    "waited": 2900,
    "short": LONG,
    "details": [
        f"when={MOMENT}",
        f"where={HOSTILE}",
        "point=",
        "access=stairs",
        "floor=3",
        "wish=woman",
    ],
}
# What cannot be read off: several lists that run side by side.
GIVEN: dict[str, dict[str, Fact]] = {
    "claim_contact": {"map": "https://uri.amap.com/marker?position=107.3,30.3&coordinate=wgs84"},
    "outage_told": {"kinds": ["offers", "digests"], "counts": ["12", "3"]},
    "privacy": {"kinds": ["name", "needs", "media"], "values": [HOSTILE, "3", "1"]},
    "overdue_list": {
        "residents": [HOSTILE, ""],
        "communities": ["桂花社区", ""],
        "categories": ["errand", "two_subsidies"],
        "states": ["unclaimed", "open"],
        "levels": ["office", "department"],
        "owners": ["", "社会事务办公室"],
        "since": [MOMENT, MOMENT],
    },
    "office_lines": {
        "kinds": ["alarms", "applicants"],
        "counts": ["1", "3"],
        "minutes": ["0", "-2900"],
    },
    "audience_preview": {
        "places": [HOSTILE, ""],
        "place_people": ["12", "3"],
        "place_by_chat": ["5", "0"],
    },
    "document_list": {
        "titles": [HOSTILE, "培训制度"],
        "references": [HOSTILE, ""],
        "sorts": ["plan", "training"],
    },
    "survey_list": {
        "titles": [HOSTILE, "冬季摸底"],
        "states": ["open", "closed"],
        "closes": [MOMENT, MOMENT],
        "people": ["12", "3"],
        "answered": ["5", "0"],
    },
    "survey_one": {
        "places": [HOSTILE, ""],
        "place_people": ["12", "3"],
        "place_answered": ["5", "0"],
        "place_percent": ["41", "0"],
        "place_left": ["7", "3"],
        "questions": [HOSTILE],
        "yes": ["4"],
        "no": ["1"],
    },
    "survey_lacking": {
        "names": [HOSTILE, "罗德明"],
        "places": [HOSTILE, ""],
        "fields": ["婚姻状况、就业状况", HOSTILE],
    },
    "survey_differs": {"fields": [HOSTILE], "before": [HOSTILE], "now": ["三口人"]},
    "notice_list": {
        "texts": [HOSTILE, "明天停水"],
        "sent_at": [MOMENT, MOMENT],
        "people": ["12", "3"],
        "read": ["5", "0"],
    },
    "notice_one": {"places": [HOSTILE, ""], "place_people": ["12", "3"], "place_read": ["5", "0"]},
    "notice_unread": {
        "names": [HOSTILE, "罗德明"],
        "places": [HOSTILE, ""],
        "chats": ["yes", ""],
        "channel": "phone",
    },
    "notice_phones": {"names": [HOSTILE, "罗德明"], "phones": ["+8610012345678", ""]},
    "answer_list": {"titles": [HOSTILE, "换证"], "marks": ["stale", "withdrawn"]},
    "org_attached": {
        "names": [HOSTILE, "陈素芬"],
        "communities": [HOSTILE, ""],
        "categories": ["physical", ""],
        "grades": ["2", ""],
    },
    "paper": {
        "lines": [HOSTILE, "电话 陈素芬"],
        "notes": [HOSTILE, ""],
        "kept": [HOSTILE],
        "faults": [HOSTILE],
    },
    "today": {"heads": [HOSTILE, ""], "lines": [HOSTILE, "10:00 电话 陈素芬"]},
    "pause_card": {
        "needs": ["12", "13"],
        "categories": ["repair", "other"],
        "volunteers": [HOSTILE, ""],
    },
    "pause_settled": {
        "needs": ["12", "13"],
        "volunteers": [HOSTILE, ""],
        "callers": [HOSTILE, "张强"],
    },
    "import_preview": {
        "problems": ["number_eaten", "name_missing"],
        "letters": ["D", ""],
        "titles": [HOSTILE, ""],
        "counts": ["12", "1"],
    },
    "import_how": {"names": [HOSTILE, "名单.xlsx"], "states": ["applied", "staged"]},
    "import_columns": {
        "letters": ["A", "B"],
        "titles": [HOSTILE, "电话"],
        "fields": ["姓名", ""],
    },
    "duplicate_pair": {
        "names": [HOSTILE, "陈素芬"],
        "homes": ["青山村", ""],
        "births": ["1945-03-07", ""],
        "phones": ["1001•••••78", ""],
        "cards": ["", ""],
        "roles": ["居民", "居民"],
        "days": [MOMENT, MOMENT],
        "chats": ["yes", ""],
    },
    "desk_why": {
        "moments": [MOMENT, MOMENT],
        "whys": ["first", "nobody"],
        "reaches": ["near_with_skill", "coordinator"],
        "numbers": ["5", "0"],
        "names": [HOSTILE, "张强"],
        "communities": [HOSTILE, ""],
        "states": ["offered", "assigned"],
        "reasons": ["same_community,has_skill", ""],
        "stops": ["over_limit", "paused"],
        "stopped": ["2", "1"],
        "teams": [HOSTILE],
        "answers": ["put_forward"],
    },
    "desk_why_one": {
        "communities": [HOSTILE, "", ""],
        "states": ["declined", "", ""],
        "stops": ["said_no", "over_limit,no_skill", ""],
        "reasons": ["same_community", "", "has_skill,free_then"],
    },
    "desk_willing": {
        "names": [HOSTILE, "张强"],
        "reasons": ["same_community,has_skill", ""],
    },
    "licence_list": {
        "kinds": ["designated", "medical"],
        "days": ["2027-12-31", ""],
        "hold": ["yes", ""],
    },
}

GIVEN |= lists_of_institutions(hostile=HOSTILE, moment=MOMENT) | visits.LISTS | calls.LISTS
GIVEN |= figures.lists_of_figures(hostile=HOSTILE)
GIVEN |= lists_of_calls(hostile=HOSTILE, moment=MOMENT)
GIVEN |= lists_of_ties(HOSTILE)
GIVEN |= lists_of_pairs(HOSTILE) | lists_of_privacy(hostile=HOSTILE, moment=MOMENT)
GIVEN |= lists_of_duties(hostile=HOSTILE)


@dataclass
class Uses:
    """What a template does with one fact."""

    filters: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    equals: list[Fact] = field(default_factory=list)
    is_list: bool = False
    is_number: bool = False
    is_tested: bool = False


def source_of(language: str, template: str) -> str:
    """The text of a template."""
    return (files("messages") / language / f"{template}.j2").read_text(encoding="utf-8")


def tree_of(language: str, template: str) -> nodes.Template:
    """The syntax tree of a template."""
    environment = Environment(autoescape=True)
    # Only their names matter for reading.
    environment.filters |= dict.fromkeys(filters_for({}, language="zh", zone="UTC"), str)
    return environment.parse(source_of(language, template))


def samples(
    language: str, template: str, labels: dict[str, list[str]]
) -> Iterator[dict[str, Fact]]:
    """Facts for each way through a template: all given, all that may be missing left out,
    and each word that it compares or looks up."""
    uses = _uses(language, template)
    full = {name: _value(use, labels) for name, use in uses.items()}
    for part in (template, *_included(language, template)):
        full |= GIVEN.get(part, {})
    yield full
    yield full | {
        name: [] if use.is_list else None
        for name, use in uses.items()
        if use.is_tested and not use.equals
    }
    for name, use in uses.items():
        for value in _words(use, labels):
            yield full | {name: value}


def _uses(language: str, template: str) -> dict[str, Uses]:
    tree = tree_of(language, template)
    found: dict[str, Uses] = defaultdict(Uses)
    for part in _included(language, template):
        found |= _uses(language, part)
    free = meta.find_undeclared_variables(tree)
    for test in _tests(tree):
        for name in _names(test):
            found[name].is_tested = True
    for node in tree.find_all((nodes.Filter, nodes.For, nodes.Getitem, nodes.Compare)):
        _look_at(node, found)
    for name in free:
        found[name].filters |= set()
    return {name: use for name, use in found.items() if name in free or not _bound(tree, name)}


def _included(language: str, template: str) -> list[str]:
    return [
        one.template.value
        for one in tree_of(language, template).find_all(nodes.Include)
        if isinstance(one.template, nodes.Const)
    ]


def _bound(tree: nodes.Template, name: str) -> bool:
    stores = (one for one in tree.find_all(nodes.Name) if one.ctx == "store")
    return name == "loop" or any(one.name == name for one in stores)


def _tests(tree: nodes.Template) -> Iterator[nodes.Node]:
    yield from (node.test for node in tree.find_all(nodes.If))
    yield from (node.test for node in tree.find_all(nodes.CondExpr))


def _names(test: nodes.Node) -> Iterator[str]:
    """The facts whose mere presence is asked for."""
    if isinstance(test, nodes.Name):
        yield test.name
    elif isinstance(test, nodes.And | nodes.Or):
        yield from (*_names(test.left), *_names(test.right))
    elif isinstance(test, nodes.Not):
        yield from _names(test.node)


def _look_at(node: nodes.Node, found: dict[str, Uses]) -> None:
    if isinstance(node, nodes.Filter) and isinstance(node.node, nodes.Name):
        use = found[node.node.name]
        use.filters.add(node.name)
        use.is_list |= node.name in ("labelled", "join", "length")
        if node.name in ("label", "labelled") and isinstance(node.args[0], nodes.Const):
            use.kinds.add(node.args[0].value)
    elif isinstance(node, nodes.For) and isinstance(node.iter, nodes.Name):
        found[node.iter.name].is_list = True
        found[node.iter.name].kinds |= _kinds_of_each(node)
    elif isinstance(node, nodes.Getitem) and isinstance(node.node, nodes.Name):
        found[node.node.name].is_list = True
    elif isinstance(node, nodes.Compare):
        _compare(node, found)


def _kinds_of_each(loop: nodes.For) -> set[str]:
    """The tables of labels in which the loop looks up its each."""
    each = loop.target.name if isinstance(loop.target, nodes.Name) else ""
    return {
        one.args[0].value
        for one in loop.find_all(nodes.Filter)
        if one.name == "label"
        and isinstance(one.node, nodes.Name)
        and one.node.name == each
        and isinstance(one.args[0], nodes.Const)
    }


def _compare(node: nodes.Compare, found: dict[str, Uses]) -> None:
    for operand in node.ops:
        if operand.op in ("in", "notin") and isinstance(operand.expr, nodes.Name):
            found[operand.expr.name].is_list = True
        if not isinstance(node.expr, nodes.Name):
            continue
        use = found[node.expr.name]
        if isinstance(operand.expr, nodes.Tuple):
            use.equals += [one.value for one in operand.expr.items if isinstance(one, nodes.Const)]
        elif isinstance(operand.expr, nodes.Const) and operand.op in ("eq", "ne"):
            use.equals.append(operand.expr.value)
        elif operand.op not in ("eq", "ne", "in", "notin"):
            use.is_number = True


def _value(use: Uses, labels: dict[str, list[str]]) -> Fact:
    words = [word for kind in sorted(use.kinds) for word in labels[kind]]
    if use.is_list:
        return words or [HOSTILE, "陈素芬"]
    if words:
        return words[0]
    for name, value in BY_FILTER.items():
        if name in use.filters:
            return value
    if use.is_number or any(isinstance(one, int) for one in use.equals):
        return 3
    return use.equals[0] if use.equals else HOSTILE


def _words(use: Uses, labels: dict[str, list[str]]) -> list[Fact]:
    if use.is_list:
        return []
    return [*use.equals, *(word for kind in sorted(use.kinds) for word in labels[kind])]


def label_tables(language: str) -> dict[str, list[str]]:
    """The words of each table of labels."""
    text = (files("messages") / language / "labels.toml").read_text(encoding="utf-8")
    return {table: list(words) for table, words in tomllib.loads(text).items()}
