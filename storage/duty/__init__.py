"""Duty: the rota of each organisation, and who is on it; with no rota, all who work there."""

from storage.duty.listing import OnDuty, list_duty, tell_duty

__all__ = ["OnDuty", "list_duty", "tell_duty"]
