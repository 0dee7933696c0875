"""Tables and the only functions that may change them; plain values in, frozen dataclasses out."""
