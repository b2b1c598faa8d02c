"""Giving a person what is held about them, and forgetting them."""
