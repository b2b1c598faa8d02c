"""Codes of other rooms as the words that people read: one file for each kind of thing."""
