"""What a requester's balance pays for, what comes back to it, what is set apart in long silence."""
