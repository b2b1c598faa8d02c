"""Decisions of notices, without database, clock or Django."""
