"""The catalogue: which organisation provides what, where, how much, and who may."""

from storage.services.finding import (
    Provider,
    find_providers,
    list_fit,
    list_org_staff,
    referral_works_there,
    works_at,
)
from storage.services.keeping import (
    Entry,
    Service,
    ServiceExists,
    add_service,
    change_service,
    count_by_category,
    find_service,
    get_kept,
    list_kept,
    list_offered,
    list_unconfirmed,
    switch_service,
)
from storage.services.licences import (
    HeldLicence,
    add_licence,
    end_licence,
    list_licences,
)
from storage.services.planting import plant_services

__all__ = [
    "Entry",
    "HeldLicence",
    "Provider",
    "Service",
    "ServiceExists",
    "add_licence",
    "add_service",
    "change_service",
    "count_by_category",
    "end_licence",
    "find_providers",
    "find_service",
    "get_kept",
    "list_fit",
    "list_kept",
    "list_licences",
    "list_offered",
    "list_org_staff",
    "list_unconfirmed",
    "plant_services",
    "referral_works_there",
    "switch_service",
    "works_at",
]
