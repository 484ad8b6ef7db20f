"""How much the design gains: the model against a plain SimPy program of the same reduced rules."""
