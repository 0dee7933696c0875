"""Conversations: read the turn, call storage, say."""
