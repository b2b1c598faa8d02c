"""Giving out and taking back work records."""
