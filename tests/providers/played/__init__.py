"""Providers and senders, played on the loopback as their documents describe them."""
