"""What the page on studies shows is what happens."""

import re
import shlex
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

import simulation.replication
from experiments.command_line import app
from scenarios import check
from tests import stand_in

FOLDER = Path(__file__).parent.parent / "docs" / "how_to"
PAGE = (FOLDER / "studies.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_page_does_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(simulation.replication, "replicate", stand_in.respond)
    grid, sampled = blocks("yaml")
    Path("officers.yaml").write_text(grid)
    Path("unsure.yaml").write_text(sampled)
    assert check(["officers.yaml", "unsure.yaml"]) == []
    for line in "".join(blocks("sh")).splitlines():
        arguments = [*shlex.split(line)[1:], *(["--workers", "1"] if "sweep" in line else [])]
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 0, result.output
    best, paired, several = [duckdb.sql(query).df() for query in blocks("sql")]
    assert len(best) == 6
    assert best.groupby("options")["averted"].apply(lambda own: own.is_monotonic_decreasing).all()
    assert paired["difference"].between(-15, -5).all()
    assert several["study"].tolist() == ["officers"]
    pandas, python = blocks("py")
    exec(compile(pandas, "page", "exec"), {})
    assert "hub" in capsys.readouterr().out
    exec(compile(python.replace("workers=2", "workers=1"), "page", "exec"), {"__name__": "__main__"})
    assert "[12 rows" in capsys.readouterr().out


def test_links_of_the_page_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", PAGE):
        assert (FOLDER / target).exists(), target
