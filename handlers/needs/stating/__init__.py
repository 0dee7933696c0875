"""Stating: a need as words become one, checked, shown, sent."""
