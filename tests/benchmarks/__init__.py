"""Claims about speed: ratios taken in one run on one machine. No test asserts them."""
