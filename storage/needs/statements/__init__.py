"""Statements: what somebody says they need, added to, changed, split, and taken back."""
