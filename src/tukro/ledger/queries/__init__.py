"""Reading the vault: accounts by name, statements as of a moment, proofs for one account."""
