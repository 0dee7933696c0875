"""Matching: who is brought to a need, wave by wave, and why them."""
