"""Calibrating: the bank of runs made and kept, the fit, and the page on how well it holds."""
