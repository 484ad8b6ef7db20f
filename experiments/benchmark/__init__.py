"""How much the design gains and costs: the model against other programs of the same reduced rules."""
