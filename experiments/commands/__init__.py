"""Commands, and what they have in common."""
