"""Machine doors: no rules of their own, the same verbs as the pages."""
