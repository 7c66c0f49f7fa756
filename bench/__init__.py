"""Measurements, one command each. They print our figure and the peer's from the same run, never pass or fail."""
