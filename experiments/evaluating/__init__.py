"""The evaluation lab: what each way of looking would have reported, where the truth is known."""
