"""Decisions of vetting: what a tax form asks, how names are compared, how lists are read."""
