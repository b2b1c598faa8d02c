"""What the law asks of payments: tax that is withheld, and lists of sanctioned people."""
