"""The journal as staff read it: who did what, with every fact in words."""
