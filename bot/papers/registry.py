"""Every kind of long work, one line each; the key is the ``kind`` that ``ask_for_paper`` names.

What is read goes its own way beside what is made: an import does not wait for an export.
"""

from collections.abc import Mapping

from bot.office.work import Maker
from bot.papers import (
    call_figures,
    call_sheet,
    figures,
    lacking,
    lists,
    my_data,
    pair_agreement,
    pair_coverage,
    residents,
    volunteers,
)

MAKERS: Mapping[str, Maker] = {
    "survey_lacking": Maker(lacking.make),
    "call_sheet": Maker(call_sheet.make),
    "call_figures": Maker(call_figures.make),
    "need_figures": Maker(figures.make),
    "my_data": Maker(my_data.make),
    "pair_agreement": Maker(pair_agreement.make),
    "pair_coverage": Maker(pair_coverage.make),
    "residents": Maker(residents.make),
    "volunteers": Maker(volunteers.make),
    "import_read": Maker(lists.read, lane="read"),
    "import_apply": Maker(lists.write, lane="write"),
    "import_undo": Maker(lists.take_back, lane="write"),
    "import_unread": Maker(lists.unread),
}
