"""What seals are made of: plain Python, so that anybody can check a proof without our database."""
