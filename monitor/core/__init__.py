"""The rules of the domain: pure, with no I/O, no clock and no randomness."""
