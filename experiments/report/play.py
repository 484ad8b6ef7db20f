"""Where the report leads to the player: a link once there is an animation, and until then how to have one."""

from pathlib import Path

from experiments.files import write_bytes

PAGE, ANIMATION = "report.html", "animation.html"
HOW = (
    '<p class="play">To watch it week by week: <code>iom animate OUT</code>, OUT being the folder of '
    "this page, puts a page that plays beside it.</p>"
)
LINK = (
    f'<p class="play"><a href="{ANIMATION}">Watch it week by week</a>: people by band, staff, what waits, '
    "and news on its way.</p>"
)


def play(folder: Path) -> str:
    """Return what the report in a folder says of the animation, as HTML."""
    return LINK if (folder / ANIMATION).is_file() else HOW


def link_to_animation(folder: Path) -> None:
    """Put the link into a study's report, if it has one."""
    path = folder / PAGE
    if path.is_file():
        write_bytes(path, path.read_bytes().replace(HOW.encode(), LINK.encode()))
