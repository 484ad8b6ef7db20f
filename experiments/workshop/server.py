"""The server: one page, its files, and the runs, stories and studies it asks for."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from experiments.draws import default_draw
from experiments.tape.player import FOLDER as PLAYER
from experiments.workshop.comparisons import Comparisons
from experiments.workshop.copies import BusyError
from experiments.workshop.guard import HEADERS, Guard
from experiments.workshop.levers import controls, idle
from experiments.workshop.request import FILE, Asked, Meeting, Places
from experiments.workshop.runs import Run, Runs
from experiments.workshop.story import story
from experiments.workshop.studies import Studies
from experiments.workshop.worker import Job
from scenarios import Scenario, ScenarioError, option_names
from scenarios.exercise import Exercise, exercises
from scenarios.library import about_file

PAGE = Path(__file__).parent / "page"
FILES = {
    path.name: path
    for folder in (PAGE, PLAYER)
    for path in folder.glob("*.*")
    if path.suffix in (".js", ".css")
}
TYPES = {".js": "text/javascript", ".css": "text/css"}
#: A person's; no pool is larger.
NUMBER = re.compile(r"\d{1,9}", re.ASCII)


class Workshop:
    """What the server keeps while it runs.

    Its parameters are those of :func:`build`.
    """

    def __init__(self, sites: dict[str, str], workers: int) -> None:
        self.places, self.runs, self.studies = Places(sites), Runs(workers), Studies()
        self.comparisons = Comparisons(self.places, self.studies)

    def routes(self) -> list[Route]:
        """Return where everything is."""
        return [
            Route("/", self.page),
            Route("/static/{name}", self.file),
            Route("/api/places", self.offer),
            Route("/api/exercises/{name}", self.exercise),
            Route("/api/levers", self.levers, methods=["POST"]),
            Route("/api/tape", self.tape, methods=["POST"]),
            Route("/api/meeting", self.meeting, methods=["POST"]),
            Route("/api/twin", self.twin, methods=["POST"]),
            Route("/api/story/{person}", self.story, methods=["POST"]),
            Route("/api/option", self.option, methods=["POST"]),
            *self.comparisons.routes(),
        ]

    async def page(self, request: Request) -> Response:
        """Answer with the page."""
        return FileResponse(PAGE / "index.html", media_type="text/html")

    async def file(self, request: Request) -> Response:
        """Answer with one of the page's own files; the name is looked up and never made into a path."""
        path = FILES.get(request.path_params["name"])
        if path is None:
            raise HTTPException(404, "there is no such file")
        return FileResponse(path, media_type=TYPES[path.suffix])

    async def offer(self, request: Request) -> Response:
        """Answer with the places, options and exercises there are."""
        options, exercises = await asyncio.to_thread(_shipped)
        titles = [{"name": name, "title": exercise.name} for name, exercise in exercises.items()]
        told = {
            "sites": list(self.places.files), "options": options, "exercises": titles,
            "draws": await asyncio.to_thread(default_draw) == "posterior",
        }  # fmt: skip
        return JSONResponse(told)

    async def exercise(self, request: Request) -> Response:
        """Answer with an exercise, and for each place why it makes no sense there, if it does not."""
        _, exercises = await asyncio.to_thread(_shipped)
        found = exercises.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404, "there is no such exercise")
        places = await asyncio.to_thread(self.places.of_exercise, found)
        return JSONResponse({**found.model_dump(mode="json"), "places": places})

    async def levers(self, request: Request) -> Response:
        """Answer with the controls of a scenario, and those from which nothing would come."""
        asked, scenario = await self._asked(request)
        decided = [decision.since for decision in asked.decisions]
        return JSONResponse({"groups": controls(scenario), "idle": idle(scenario, decided)})

    async def tape(self, request: Request) -> Response:
        """Answer with a tape, week by week as it is lived."""
        asked, scenario = await self._asked(request)
        head = {
            "site": scenario.site, "scenario": scenario.name, "seed": asked.seed,
            "replication": asked.replication, "notices": list(scenario.notices),
        }  # fmt: skip
        if asked.decisions:
            head["implied"] = await asyncio.to_thread(self.places.implied, asked)
        return _streamed(self._run("tape", asked, scenario, head))

    async def meeting(self, request: Request) -> Response:
        """Have a run lived up to a meeting that is about to decide, so that a decision shows at once."""
        asked = Meeting.model_validate_json(await request.body())
        scenario = await asyncio.to_thread(self.places.before, asked)
        job = self._job("past", asked, scenario, {})
        try:
            self.runs.foresee(replace(job, since=asked.since), asked.room)
        except BusyError as error:
            raise HTTPException(503, str(error)) from None
        return JSONResponse({"since": asked.since.isoformat()}, 202)

    async def twin(self, request: Request) -> Response:
        """Answer with the lines of the same people's lives without the partnership."""
        asked, scenario = await self._asked(request)
        return _streamed(self._run("twin", asked, scenario, {}))

    async def story(self, request: Request) -> Response:
        """Answer with one person's story."""
        person = request.path_params["person"]
        if not NUMBER.fullmatch(person):
            raise HTTPException(404, "people have numbers; this is none")
        asked, scenario = await self._asked(request)
        run = self._run("events", asked, scenario, {})
        await _ended(run, request)
        if run.error:
            raise HTTPException(500, run.error)
        packed = run.stories.get(int(person))
        if packed is None:
            raise HTTPException(404, "nobody of this number was ever carried in this run")
        told = await asyncio.to_thread(story, packed, int(person), scenario.timeline)
        return JSONResponse(told)

    async def option(self, request: Request) -> Response:
        """Answer with the decisions as a dated option file, and the command that repeats them."""
        asked, _ = await self._asked(request)
        text = await asyncio.to_thread(self.places.option_text, asked)
        return JSONResponse({"file": FILE, "text": text, "command": self.places.command(asked, FILE)})

    async def _asked(self, request: Request) -> tuple[Asked, Scenario]:
        asked = Asked.model_validate_json(await request.body())
        return asked, await asyncio.to_thread(self.places.scenario, asked)

    def _run(self, what: Any, asked: Asked, scenario: Scenario, head: dict[str, Any]) -> Run:
        try:
            return self.runs.run(self._job(what, asked, scenario, head))
        except BusyError as error:
            raise HTTPException(503, str(error)) from None

    def _job(self, what: Any, asked: Asked, scenario: Scenario, head: dict[str, Any]) -> Job:
        # A twin knows nothing of options, so all that share a world share one.
        timeline = scenario.timeline[:1] if what == "twin" else scenario.timeline
        last = max((decision.since for decision in asked.decisions), default=None)
        since = last if what == "tape" else None
        return Job(what, timeline, asked.seed, asked.replication, asked.years, head, since)


@cache
def _shipped() -> tuple[list[dict[str, str]], dict[str, Exercise]]:
    """Return the shipped options and exercises, read once."""
    options = [{"name": name, **about_file("option", name)} for name in option_names()]
    return options, exercises()


def build(sites: dict[str, str], workers: int, hosts: Iterable[str]) -> Starlette:
    """Return the application.

    Parameters
    ----------
    sites
        Files or shipped names of sites by the name that the page shows.
    workers
        Processes that live through runs.
    hosts
        Names under which the server answers.
    """
    workshop = Workshop(sites, workers)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        workshop.runs.open()
        workshop.studies.open()
        try:
            yield
        finally:
            await workshop.studies.close()
            await workshop.runs.close()

    app = Starlette(
        routes=workshop.routes(),
        middleware=[Middleware(Guard, hosts=hosts)],
        exception_handlers={
            ScenarioError: _wrong, ValidationError: _wrong, HTTPException: _refused, Exception: _broken,
        },
        lifespan=lifespan,
    )  # fmt: skip
    app.state.workshop = workshop
    return app


def _streamed(run: Run) -> Response:
    async def lines() -> AsyncIterator[bytes]:
        async for line in run.follow():
            yield line + b"\n"
        if run.error:
            yield json.dumps({"error": run.error}).encode() + b"\n"

    return StreamingResponse(lines(), media_type="application/x-ndjson")


async def _ended(run: Run, request: Request) -> None:
    """Wait for a run's end; a stream notices by itself that nobody listens, and this would not."""
    both = {asyncio.ensure_future(one) for one in (run.until_ended(), request.receive())}
    _, pending = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    for one in pending:
        one.cancel()
    if not run.ended:
        raise HTTPException(499, "nobody waits for the story any more")


async def _wrong(request: Request, error: Exception) -> Response:
    """Answer with everything that is wrong with what was asked, in words for people."""
    if isinstance(error, ScenarioError):
        return JSONResponse({"problems": [str(problem) for problem in error.problems[:20]]}, 422)
    assert isinstance(error, ValidationError)
    told = [f"{'.'.join(map(str, one['loc'])) or 'request'}: {one['msg']}" for one in error.errors()[:20]]
    return JSONResponse({"problems": told}, 422)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"problems": [error.detail]}, error.status_code)


async def _broken(request: Request, error: Exception) -> Response:
    wrong = "something in the workshop is broken; the terminal it was opened in says what. Others can go on."
    return JSONResponse({"problems": [wrong]}, 500, headers=HEADERS)
