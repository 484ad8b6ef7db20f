"""What decides the answer: sensitivity to what is assumed, and the conditions under which an option fails."""

from experiments.deciding.discovery import Discovery, discover
from experiments.deciding.quantity import MissingRowsError, Quantity
from experiments.deciding.sensitivity import Sensitivity, sensitivity

__all__ = ["Discovery", "MissingRowsError", "Quantity", "Sensitivity", "discover", "sensitivity"]
