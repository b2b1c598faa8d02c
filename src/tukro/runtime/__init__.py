"""What the house stands on while it runs: its folder, its secrets, its database server, its processes."""
