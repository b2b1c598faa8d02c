"""Ways out of the house: the outbox that keeps every mail, and the mail server."""
