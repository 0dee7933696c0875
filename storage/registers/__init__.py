"""The two registers: profiles, certificates, households and qualifications of people."""

from storage.registers.certificates import (
    Certificate,
    CheckDigitWrong,
    NumberUnfit,
    change_certificate_state,
    find_certificate,
    list_certificates,
    list_same_number,
    record_certificate,
)
from storage.registers.disabilities import Disability, find_disability, list_disabilities
from storage.registers.families import Facts, find_facts, list_facts
from storage.registers.homes import (
    Household,
    Member,
    Namesake,
    find_household,
    list_children,
    list_members,
    list_namesakes,
)
from storage.registers.households import (
    add_family_member,
    leave_household,
    place_in_household,
    set_group,
    set_head,
)
from storage.registers.permission import check_may_change, check_staff
from storage.registers.profiles import (
    Profile,
    UnknownField,
    change_profile,
    find_born_on,
    list_profiles,
    open_profile,
    profile_version,
)
from storage.registers.qualifications import (
    Qualification,
    QualificationEnded,
    add_qualification,
    decide_qualification,
    end_qualification,
    find_qualification,
    list_qualifications,
    list_to_look_at,
)
from storage.registers.reminding import next_end_at, remind_of_ends

__all__ = [
    "Certificate",
    "CheckDigitWrong",
    "Disability",
    "Facts",
    "Household",
    "Member",
    "Namesake",
    "NumberUnfit",
    "Profile",
    "Qualification",
    "QualificationEnded",
    "UnknownField",
    "add_family_member",
    "add_qualification",
    "change_certificate_state",
    "change_profile",
    "check_may_change",
    "check_staff",
    "decide_qualification",
    "end_qualification",
    "find_born_on",
    "find_certificate",
    "find_disability",
    "find_facts",
    "find_household",
    "find_qualification",
    "leave_household",
    "list_certificates",
    "list_children",
    "list_disabilities",
    "list_facts",
    "list_members",
    "list_namesakes",
    "list_profiles",
    "list_qualifications",
    "list_same_number",
    "list_to_look_at",
    "next_end_at",
    "open_profile",
    "place_in_household",
    "profile_version",
    "record_certificate",
    "remind_of_ends",
    "set_group",
    "set_head",
]
