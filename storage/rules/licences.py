"""Which work only a designated or qualified organisation may take on, and for how long it may.

Programme document 2020-116, part 3(4): "特别是残疾人定点医疗机构"; 志愿服务条例 art. 15, 16.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from storage.rules.areas import Category


class Licence(StrEnum):
    """What an organisation is allowed to do, as the office has seen it in writing."""

    DESIGNATED = "designated"  # 残疾人定点康复（医疗）机构
    MEDICAL = "medical"  # 医疗机构执业许可
    CARE = "care"  # 养老、托养机构备案
    COUNSELLING = "counselling"  # 心理服务资质
    LEGAL = "legal"  # 法律服务资质
    OTHER = "other"


_CLINICAL = frozenset({Licence.DESIGNATED, Licence.MEDICAL})

# Any one of these will do. A category that is absent asks for none.
LICENCES_FOR = MappingProxyType(
    {
        Category.HOME_REHAB: _CLINICAL,
        Category.CHILD_REHAB: frozenset({Licence.DESIGNATED}),
        Category.MEDICAL_MEDICINE: _CLINICAL,
        Category.MENTAL_SUPPORT: _CLINICAL | {Licence.COUNSELLING},
    }
)


def is_fit(category: Category, held: Iterable[tuple[str, date | None]], today: date) -> bool:
    """Whether who holds these licences, each with its last day, may do this kind of work today."""
    wanted = LICENCES_FOR.get(category)
    if wanted is None:
        return True
    return any(kind in wanted and (until is None or until >= today) for kind, until in held)
