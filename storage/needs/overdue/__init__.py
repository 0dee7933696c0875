"""Overdue: a need whose time is over climbs, and who answers for it is told."""
