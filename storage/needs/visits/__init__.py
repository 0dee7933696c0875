"""Visits: from the yes to whether it was done, and what is said about it."""
