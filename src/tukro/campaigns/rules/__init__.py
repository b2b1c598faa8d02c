"""Decisions about posting, without database, clock or Django."""
