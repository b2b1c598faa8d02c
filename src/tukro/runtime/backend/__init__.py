"""Django's backend for PostgreSQL, with what we know better: the ENGINE of our databases."""
