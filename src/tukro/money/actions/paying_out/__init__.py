"""Withdrawals: where they go, who moves them, by hand, by file, by machine and as cheques."""
