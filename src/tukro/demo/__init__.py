"""A small market to look at: real data, projects of every kind, people who have already worked."""
