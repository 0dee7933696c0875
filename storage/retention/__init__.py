"""Retention: what is kept too long goes each night, once the office has seen how much it is."""

from storage.retention.counting import Due, count_due
from storage.retention.deciding import allow
from storage.retention.purging import purge, purge_now

__all__ = ["Due", "allow", "count_due", "purge", "purge_now"]
