"""The form of a work record, and its proof: plain Python, so that anyone can check one without this site."""
