"""Wording: one template per occasion and language; plain facts in, text out."""
