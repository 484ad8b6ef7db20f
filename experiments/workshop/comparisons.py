"""The comparisons that the page asks for: begun, followed, cancelled, shown and taken home."""

import asyncio
import io
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from experiments.draws import default_draw
from experiments.workshop.comparison import Comparison, changed, compared
from experiments.workshop.request import Asked, Places
from experiments.workshop.studies import Studies, Study

#: What a report's own page may load: it is one file with its style and pictures inside.
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; sandbox allow-downloads"
)


class Comparisons:
    """The comparisons of a workshop.

    Parameters
    ----------
    places
        The sites it offers.
    studies
        Where they are conducted and kept.
    """

    def __init__(self, places: Places, studies: Studies) -> None:
        self.places, self.studies = places, studies

    def routes(self) -> list[Route]:
        """Return where they are."""
        return [
            Route("/api/studies", self.study, methods=["POST"]),
            Route("/api/studies/{name}", self.progress, methods=["GET"]),
            Route("/api/studies/{name}", self.cancel, methods=["DELETE"]),
            Route("/api/studies/{name}/differences", self.differences),
            Route("/studies/{name}/report", self.report),
            Route("/studies/{name}/results", self.results),
        ]

    async def study(self, request: Request) -> Response:
        """Begin a comparison of the command line and answer with its state."""
        wanted = Comparison.model_validate_json(await request.body())
        draws = ("--draw", "posterior" if wanted.draws else "none")
        if wanted.draws and default_draw() == "none":
            raise HTTPException(422, "draws of what is not known: there is no posterior in this version")
        choices, texts, changes = [], {}, []
        for place, choice in enumerate(wanted.choices):
            asked = Asked(
                site=wanted.site, options=choice.options, decisions=choice.decisions, seed=wanted.seed,
                years=wanted.years,
            )  # fmt: skip
            scenario = await asyncio.to_thread(self.places.scenario, asked)
            changes.append(changed(scenario))
            if choice.decisions:
                name = "decisions" if place == 0 else f"decisions-{place + 1}"
                texts[name] = await asyncio.to_thread(self.places.option_text, asked)
                choices.append(name)
            else:
                choices.append("+".join(choice.options) or "none")
        site = self.places.files[wanted.site]
        settings = [
            "--replications", str(wanted.replications), "--years", f"{wanted.years:g}",
            "--seed", str(wanted.seed), *draws,
        ]  # fmt: skip
        study = self.studies.begin(site, choices, texts, settings, alone=wanted.alone)
        if study is None:
            wrong = "too many comparisons wait already; cancel one, or try again in a minute"
            raise HTTPException(503, wrong)
        study.changes = changes
        return JSONResponse(study.told())

    async def progress(self, request: Request) -> Response:
        """Answer with how far a comparison is."""
        return JSONResponse(self._study(request).told())

    async def cancel(self, request: Request) -> Response:
        """Stop a comparison."""
        study = self._study(request)
        self.studies.cancel(study)
        return JSONResponse(study.told())

    async def differences(self, request: Request) -> Response:
        """Answer with what a finished comparison came to."""
        study = self._study(request)
        if study.state != "done":
            raise HTTPException(409, "the comparison has not finished")
        return JSONResponse(await asyncio.to_thread(compared, study.results))

    async def report(self, request: Request) -> Response:
        """Answer with a finished comparison's report."""
        study = self._study(request)
        path = study.results / "report.html"
        if study.state != "done" or not path.is_file():
            raise HTTPException(404, "there is no report yet")
        return FileResponse(path, media_type="text/html", headers={"content-security-policy": REPORT_POLICY})

    async def results(self, request: Request) -> Response:
        """Answer with everything that a finished comparison wrote, as one file to keep."""
        study = self._study(request)
        if study.state != "done":
            raise HTTPException(404, "there are no results yet")
        content = await asyncio.to_thread(_packed, study.folder)
        named = {"content-disposition": f'attachment; filename="{study.name}.zip"'}
        return Response(content, media_type="application/zip", headers=named)

    def _study(self, request: Request) -> Study:
        study = self.studies.kept.get(request.path_params["name"])
        if study is None:
            raise HTTPException(404, "there is no such comparison any more")
        study.heard()
        return study


def _packed(folder: Path) -> bytes:
    """Return a study's folder, its option files too, as the content of one file."""
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as file:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                file.write(path, path.relative_to(folder))
    return packed.getvalue()
