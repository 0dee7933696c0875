"""Which columns of a register reach whom; 精神卫生法 art. 4 keeps the psychiatric category close.

Volunteers are told what somebody needs, never what they have. A category that must be named to
prepare a visit goes through ``shown_category``: category 6 then reads "professional support".
"""

from enum import StrEnum
from types import MappingProxyType

from storage.rules.certificate import DisabilityCategory
from storage.rules.fields import FIELDS, Register


class Viewer(StrEnum):
    """Who looks."""

    VOLUNTEER = "volunteer"
    CAREGIVER = "caregiver"
    STAFF = "staff"
    LEADING_GROUP = "leading_group"
    PUBLICITY = "publicity"


# What stands in the place of the psychiatric category: its wording is a label of its own.
PROFESSIONAL_SUPPORT = "professional_support"

# Forgotten when the yes to recording a disability is taken back.
DISABILITY_FIELDS = MappingProxyType(
    {
        Register.RESIDENT: frozenset(
            {
                *("category", "category_second", "grade", "cause", "self_care"),
                *("subsidies", "subsidy_amount", "subsidy_since", "rehab_need"),
                *("devices", "device_need", "care_state", "care_need"),
            }
        ),
        Register.VOLUNTEER: frozenset({"disabled", "disabled_category", "disabled_grade"}),
    }
)

# How to speak with somebody at the door, and nothing about why.
_AT_THE_DOOR = frozenset(
    {"name", "community", "address", "phone", "communication", "dialect", "helper_sex"}
)
_ALL = frozenset(key for register in Register for key in FIELDS[register])
_SHOWN = MappingProxyType(
    {
        Viewer.VOLUNTEER: _AT_THE_DOOR,
        Viewer.CAREGIVER: _ALL - {"id_number", "certificate_number", "remarks"},
        Viewer.STAFF: _ALL,
        # They see figures and sign reports.
        Viewer.LEADING_GROUP: frozenset[str](),
        # Only what was agreed to, one yes for each (publish_name, publish_picture, publish_story).
        Viewer.PUBLICITY: frozenset({"name", "community"}),
    }
)


def fields_for(viewer: Viewer) -> frozenset[str]:
    """The columns that may reach this viewer at all; consent and scope come on top."""
    return _SHOWN[viewer]


def shown_category(viewer: Viewer, category: DisabilityCategory | None) -> str | None:
    """The key of what a category reads like to this viewer; None for what is not shown."""
    if category is None or viewer in (Viewer.LEADING_GROUP, Viewer.PUBLICITY):
        return None
    if viewer is Viewer.VOLUNTEER:
        psychiatric = category is DisabilityCategory.PSYCHIATRIC
        return PROFESSIONAL_SUPPORT if psychiatric else None
    return category.value
