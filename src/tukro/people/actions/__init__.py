"""The verbs of people: joining, what one may be, access keys, sessions."""
