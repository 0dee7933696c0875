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
from storage.registers.households import (
    Household,
    Member,
    find_household,
    leave_household,
    list_members,
    place_in_household,
    set_head,
)
from storage.registers.profiles import (
    UnknownField,
    change_profile,
    check_may_change,
    find_born_on,
    list_profiles,
    open_profile,
    profile_version,
)

__all__ = [
    "Certificate",
    "CheckDigitWrong",
    "Disability",
    "Household",
    "Member",
    "NumberUnfit",
    "UnknownField",
    "change_certificate_state",
    "change_profile",
    "check_may_change",
    "find_born_on",
    "find_certificate",
    "find_disability",
    "find_household",
    "leave_household",
    "list_certificates",
    "list_disabilities",
    "list_members",
    "list_profiles",
    "list_same_number",
    "open_profile",
    "place_in_household",
    "profile_version",
    "record_certificate",
    "set_head",
]
