"""The tape: a recording of one run for people's eyes, and the player that shows it."""

from experiments.tape.recording import VERSION, places, record, record_twin

__all__ = ["VERSION", "places", "record", "record_twin"]
