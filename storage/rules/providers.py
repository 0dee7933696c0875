"""Whose services they are: the programme names 政府, 社会 and 残联 (2020-116, part 1)."""

from enum import StrEnum
from types import MappingProxyType


class ProviderType(StrEnum):
    """Who stands behind a service."""

    GOVERNMENT = "government"
    SOCIETY = "society"
    DPF = "dpf"


_BY_KIND = MappingProxyType(
    {
        "dpf_office": ProviderType.DPF,
        "village_association": ProviderType.DPF,
        "county_committee": ProviderType.GOVERNMENT,
        "subdistrict": ProviderType.GOVERNMENT,
        "leading_group": ProviderType.GOVERNMENT,
        "department": ProviderType.GOVERNMENT,
        "school": ProviderType.GOVERNMENT,
        "medical_institution": ProviderType.GOVERNMENT,
        "institution": ProviderType.GOVERNMENT,
    }
)


def provider_of(kind: str) -> ProviderType:
    """Who stands behind what an organisation of this kind provides; kinds may be the office's."""
    return _BY_KIND.get(kind, ProviderType.SOCIETY)
