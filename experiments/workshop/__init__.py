"""The workshop: a small local server and one page, with which a room runs the partnership."""
