"""The player: ES modules that show a tape, in the workshop and in one file of its own."""

from pathlib import Path

FOLDER = Path(__file__).parent
#: Its modules, each importing only from those before it.
MODULES = ("tape.js", "draw.js", "people.js", "news.js", "player.js")
STYLE = "player.css"
