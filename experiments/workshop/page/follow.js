// Follow: one person, made up. What happened to them, and what police, probation and the team knew of it when.

import { Panel, column, el, refill, svg, table } from "./draw.js";
import { ask } from "./room.js";
import { PLACES, dayText } from "./tape.js";

const DAY_MS = 86400000;
const LANES = [["happened", "What happened"], ["police", "Police knew"], ["probation", "Probation knew"], ["team", "The team knew"]];

export function followView(room, attempt, onChoose) {
  const { player } = room;
  let chosen = null, told = null, asked = 0;
  const search = el("input", { type: "number", min: 0, "aria-label": "Number of a person" });
  const band = el("select", { "aria-label": "Who is listed" }, ...["red", "amber", "green", "custody", "released", "white"].map((name) => el("option", { value: name }, { custody: "in custody", released: "out, and nobody knows", white: "on the dormant list" }[name] ?? `in ${name}`)));
  const list = el("div", { class: "people-list", role: "group", "aria-label": "People" });
  const story = column("The story"), known = new Map();
  const year = new Panel("The last year: orange is time in which somebody did not know");
  year.asTable = () => lanesTable(player.tape.date(player.frame));
  const node = el("div", { class: "two follow" }, column("Choose a person",
    el("form", { class: "row", submit: (event) => { event.preventDefault(); if (search.value !== "") choose(Number(search.value)); } }, el("label", { class: "field" }, el("span", {}, "Person number"), search), el("button", { type: "submit" }, "Follow")),
    el("label", { class: "field" }, el("span", {}, "Or from those who are now"), band), list), story);
  band.addEventListener("change", drawList);

  function drawList() {
    if (!room.tape || node.hidden) return;
    const { tape, frame } = player, letters = tape.places(frame);
    const found = [...letters].map((letter, at) => ({ person: tape.people[at], zone: PLACES[letter].zone })).filter(({ zone }) => zone === band.value).slice(0, 200);
    const shown = found.map(({ person }) => named(person));
    for (const button of shown) button.setAttribute("aria-pressed", String(button === known.get(chosen)));
    if (!shown.length) shown.push(el("p", { class: "hint" }, "Nobody, this week."));
    if (shown.length !== list.children.length || shown.some((one, at) => one !== list.children[at])) refill(list, ...shown);
  }

  /** A person's button, which stays the same from week to week. */
  function named(person) {
    if (!known.has(person)) known.set(person, el("button", { type: "button", click: () => choose(person) }, `Person ${person}`));
    return known.get(person);
  }

  function choose(person) {
    const question = ++asked;
    chosen = person;
    told = null;
    onChoose(person);
    drawList();
    refill(story, el("p", { class: "waiting", role: "status" }, "This life is lived through again, by its key. A few seconds, the first time."));
    return attempt(async () => {
      const found = await (await ask(`/api/story/${person}`, room.asked())).json();
      if (question === asked) { told = found; draw(); }
    }).then(() => { if (!told && question === asked) story.replaceChildren(); });
  }

  function draw() {
    if (!told || node.hidden || !player.tape) return;
    const today = player.tape.date(player.frame), late = told.news.filter(({ said, date }) => said && new Date(date) <= today);
    year.picture.replaceChildren(lanes(today), el("p", { class: "hint" }, "Shaded: in custody."));
    year.refresh();
    refill(story, el("h2", {}, `${told.title}, of the ${told.team} team`), el("p", {}, told.opening, el("strong", {}, " A made-up person.")),
      el("div", { class: "story" }, lines(today), column("The last year", year.node,
        el("section", { class: "card marked late", "aria-label": "What nobody knew" }, el("h2", {}, "When nobody knew"), late.length ? el("ul", {}, ...late.slice(-4).reverse().map(({ said }) => el("li", {}, said))) : el("p", {}, "Nothing of note came to the team more than two days late, so far.")))));
  }

  function lines(today) {
    const start = new Date(told.start), seen = told.lines.slice(1);
    return el("ol", { tabindex: "0", "aria-label": "The story by date" }, ...seen.filter((line) => when(line) <= today).reverse().map((line) => el("li", { class: when(line) < start ? "past" : "" }, line)));
  }

  /** The days, since the story's first, of the year up to today. */
  function span(today) {
    const first = Date.parse(told.first), end = (today - first) / DAY_MS;
    return { first, end, begin: Math.max(0, end - 365) };
  }

  function lanesTable(today) {
    const { end, begin } = span(today), when = (then, day) => then === null || then > end ? "not yet" : `${(then - day).toFixed(1)} days later`;
    const rows = told.news.filter(({ day }) => day >= begin && day <= end).map(({ what, day, date, agencies, team }) => [dayText(new Date(date)), what, ...LANES.slice(1).map(([name]) => when({ ...agencies, team }[name], day))]);
    return table("The last year, and when each knew", ["Day", ...LANES.map(([, label]) => label)], rows.reverse());
  }

  function lanes(today) {
    const { first, end, begin } = span(today), width = 620, left = 130, row = 52, height = 36 + row * LANES.length;
    const x = (day) => left + (width - left - 12) * (day - begin) / Math.max(end - begin, 1), y = (lane) => 30 + row * lane;
    const items = told.news.filter(({ day }) => day >= begin && day <= end);
    const picture = svg("svg", { class: "lanes", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `The year up to ${today.toLocaleDateString("en-GB")}: ${items.length} events, and when each was known; as a table too.` });
    for (const [from, to] of told.custody) {
      const until = to < 0 ? end : Math.min(to, end);
      if (until > begin && from < end) picture.append(svg("rect", { class: "custody", x: x(Math.max(from, begin)), y: y(0) - 12, width: Math.max(2, x(until) - x(Math.max(from, begin))), height: 24 }));
    }
    LANES.forEach(([, label], lane) => picture.append(svg("line", { class: "lane", x1: left, x2: width - 12, y1: y(lane), y2: y(lane) }), svg("text", { x: 0, y: y(lane) + 4 }, label)));
    for (const { what, day, agencies, team } of items) {
      const known = { ...agencies, team };
      picture.append(svg("circle", { class: "happened", cx: x(day), cy: y(0), r: 5 }, svg("title", {}, what)));
      LANES.slice(1).forEach(([name], at) => {
        const then = known[name];
        if (then === null || then > end) { picture.append(svg("line", { class: "wait", x1: x(day), x2: x(end), y1: y(at + 1), y2: y(at + 1) })); return; }
        picture.append(svg("line", { class: "wait", x1: x(day), x2: x(then), y1: y(at + 1), y2: y(at + 1) }), svg("circle", { class: "knows", cx: x(then), cy: y(at + 1), r: 4 }, svg("title", {}, `${what}: known after ${(then - day).toFixed(1)} days`)));
      });
    }
    for (let part = 0; part <= 4; part++) {
      const date = new Date(first + DAY_MS * (begin + (end - begin) * part / 4));
      picture.append(svg("text", { class: "tick", x: x(begin + (end - begin) * part / 4), y: height - 6, "text-anchor": part === 4 ? "end" : "middle" }, date.toLocaleDateString("en-GB", { month: "short", year: "2-digit", timeZone: "UTC" })));
    }
    return picture;
  }

  function show() { drawList(); draw(); }

  player.addEventListener("frame", show);
  room.addEventListener("setting", () => {
    chosen = told = null;
    onChoose(null);
    asked += 1;
    known.clear();
    story.replaceChildren(el("p", { class: "waiting" }, "Choose a person from the list, or click a dot in Watch."));
  });
  // Another run is another life: it is asked for when it is looked at.
  room.addEventListener("tape", () => { told = null; asked += 1; });
  function again() { if (chosen !== null && !told) choose(chosen); else show(); }
  return { node, show: again, choose };
}

/** The date a line of the story begins with: "12 Jan 2010: ..." or, for a month's sum, "In January 2010: ...". */
function when(line) {
  const day = /^(\d{2} \w{3} \d{4}):/.exec(line), month = /^In (\w+ \d{4}):/.exec(line);
  return new Date(day ? `${day[1]} UTC` : `1 ${month[1]} UTC`);
}
