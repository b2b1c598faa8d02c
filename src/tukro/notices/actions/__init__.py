"""The verbs of notices: keep mails, write letters about what happened."""
