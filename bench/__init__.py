"""Figures, not tests: speed beside a bare echo bot, and what many kills lose or double."""
