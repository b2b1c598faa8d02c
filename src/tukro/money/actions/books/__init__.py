"""The house's own books: bookings, corrections, rates, and providers' reports compared with them."""
