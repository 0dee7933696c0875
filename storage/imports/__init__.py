"""Imports of a register: staged, looked at, written in chunks, and taken back as a whole."""
