"""The catalogue: which organisation provides what, where, how much, and who may."""

from storage.services.finding import Provider, find_providers, is_fit_for, list_org_staff
from storage.services.planting import plant_services

__all__ = [
    "Provider",
    "find_providers",
    "is_fit_for",
    "list_org_staff",
    "plant_services",
]
