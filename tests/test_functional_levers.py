"""The controls of a meeting: what they say, and from which of them nothing would come."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from experiments.tape.player import FOLDER
from experiments.workshop.levers import controls, idle
from experiments.workshop.request import Asked, Decision, Places
from scenarios import load

PAGE = Path(__file__).parent.parent / "experiments" / "workshop" / "page"
WHITE, PALE, BOX = "#ffffff", "#eef2f6", "#f8f9fb"
DAY = date(2010, 4, 2)


def decided(changes: dict[str, Any]) -> dict[str, str]:
    decision = Decision(since=DAY, changes=changes, because="to see")
    asked = Asked(site="nottingham", decisions=[decision])
    return idle(Places({"nottingham": "nottingham"}).scenario(asked), [DAY])


def test_what_would_change_nothing_is_told_in_labels() -> None:
    found = idle(load("nottingham"), [])
    assert found["cohort.ceiling"].startswith("Changes nothing while “")
    assert found["categories.women.contact_share"] == (
        "Changes nothing while “Women: The site has this category” is off"
    )
    assert "categories.women.used" not in found
    assert not [text for text in found.values() if re.search(r"_|\.\w|yaml", text)]


def test_what_is_marked_together_is_judged_together() -> None:
    apart = decided({"categories.women.contact_share": 0.5})
    together = decided({"categories.women.contact_share": 0.5, "categories.women.used": True})
    assert "categories.women.contact_share" in apart
    assert "categories.women.contact_share" not in together
    # A ceiling means that the cohort is sized by resources, and so comes to something.
    assert "cohort.ceiling" not in decided({"cohort.ceiling": 300})


def test_a_control_says_its_range_as_people_do() -> None:
    said = [control for group in controls(load("nottingham")) for control in group["controls"]]
    numbers = {control["key"]: control["takes"] for control in said if control["kind"] == "number"}
    assert numbers["cohort.ceiling"] == "from 0 to 1,000,000 people"
    assert numbers["agencies.police.iom_share"] == "a share from 0 to 1"
    # What the control itself shows is not said beside it.
    assert {control["takes"] for control in said if control["kind"] != "number"} == {""}


def brightness(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("selector", "paint", "ground"),
    [
        (":focus-visible", "outline", PALE), ("path.amber", "fill", BOX), (".ranges .area", "stroke", WHITE),
        (".link", "stroke", WHITE), (".link.together", "stroke", WHITE), (".line.twin", "stroke", WHITE),
        (".lanes .wait", "stroke", WHITE), (".guesses .twin", "stroke", WHITE),
    ],
)  # fmt: skip
def test_what_is_drawn_stands_out_three_to_one(selector: str, paint: str, ground: str) -> None:
    style = "\n".join(path.read_text(encoding="utf-8") for path in (FOLDER / "player.css", PAGE / "page.css"))
    names = dict(re.findall(r"--([a-z]+): (#\w{6})", style))
    rule = re.search(rf"(?:^|[}} ]){re.escape(selector)} {{([^}}]*)}}", style, re.MULTILINE)
    assert rule
    found = re.search(rf"{paint}: (?:[\w. ]*?)(#\w{{6}}|var\(--(\w+)\))", rule[1])
    assert found
    assert contrast(names[found[2]] if found[2] else found[1], ground) >= 3


def test_the_dots_are_drawn_in_the_colours_of_their_key() -> None:
    style, dots = ((FOLDER / name).read_text(encoding="utf-8") for name in ("player.css", "people.js"))
    for band, colour in re.findall(r"(red|amber|green|blue): \"(#\w{6})\"", dots):
        assert f"path.{band} {{ fill: {colour.lower()}; }}" in style
        assert contrast(colour, BOX) >= 3
