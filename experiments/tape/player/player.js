// The player: plays a tape, and lays out what there is to watch. It works the same in the workshop and on its own.

import { Panel, allow, el, lineChart, smooth, svg, table } from "./draw.js";
import { NewsPicture } from "./news.js";
import { PeoplePicture } from "./people.js";
import { dayText, numberText } from "./tape.js";

const CALM = matchMedia("(prefers-reduced-motion: reduce)");
const SPEEDS = [["slow", 2000], ["normal", 900], ["quick", 350]];

export class Player extends EventTarget {
  constructor() {
    super();
    this.tape = null;
    this.frame = 0;
    this.playing = false;
    this.pace = 900;
    this.timer = null;
  }

  /** Put in a tape and stay where we are, as far as it has been recorded. */
  load(tape, frame = this.frame) {
    this.tape = tape;
    this.frame = Math.min(frame, tape.recorded);
    this.tell("load", false);
  }

  /** Take the tape out; until another is put in there is nothing to play. */
  unload() {
    this.pause();
    this.tape = null;
    this.frame = 0;
    this.tell("load", false);
  }

  /** Say that the tape has grown. */
  grown() {
    this.dispatchEvent(new Event("grown"));
    if (this.playing && this.timer === null) this.tick();
  }

  go(frame) { this.frame = Math.max(0, Math.min(frame, this.tape.recorded)); this.tell("frame", false); }
  step() { this.pause(); this.move(); }
  back() { this.pause(); this.go(this.frame - 1); }

  play() {
    if (this.frame >= this.tape.weeks) this.go(0);
    this.playing = true;
    this.dispatchEvent(new Event("state"));
    this.tick();
  }

  pause() {
    this.playing = false;
    clearTimeout(this.timer);
    this.timer = null;
    this.dispatchEvent(new Event("state"));
  }

  tick() {
    this.timer = null;
    if (!this.playing || this.frame >= this.tape.recorded) {
      if (this.frame >= this.tape.weeks) this.pause();
      return;
    }
    this.move();
    this.timer = setTimeout(() => this.tick(), this.pace);
  }

  move() {
    if (this.frame >= this.tape.recorded) return;
    this.frame += 1;
    this.tell("frame", !CALM.matches);
  }

  tell(what, moving) { this.dispatchEvent(Object.assign(new Event(what), { moving })); }
}

/** Buttons, speed and the week, as one row. */
export function transport(player) {
  const loaded = (act) => () => { if (player.tape) act(); };
  const play = el("button", { type: "button", class: "primary", click: loaded(() => player.playing ? player.pause() : player.play()) }, "Play");
  const week = el("input", { type: "range", min: 0, max: 1, value: 0, "aria-label": "Week", input: loaded(() => { const to = Number(week.value); player.pause(); player.go(to); }) });
  const at = el("span", { class: "week" });
  const speed = el("select", { "aria-label": "Speed", change: () => { player.pace = SPEEDS[speed.selectedIndex][1]; } }, ...SPEEDS.map(([name]) => el("option", {}, name)));
  speed.selectedIndex = 1;
  const show = () => {
    for (const control of controls) allow(control, Boolean(player.tape));
    if (!player.tape) return at.replaceChildren();
    const { tape, frame } = player;
    week.max = tape.weeks;
    week.value = frame;
    week.setAttribute("aria-valuetext", `week ${frame} of ${tape.weeks}`);
    at.textContent = `Week ${frame} of ${tape.weeks} · ${dayText(tape.date(frame))}`;
    play.textContent = player.playing ? "Pause" : "Play";
  };
  const back = el("button", { type: "button", "aria-label": "Back a week", click: loaded(() => player.back()) }, "◀ Back");
  const step = el("button", { type: "button", "aria-label": "Step a week", click: loaded(() => player.step()) }, "Step ▶");
  const controls = [back, play, step, week];
  for (const event of ["load", "frame", "state", "grown"]) player.addEventListener(event, show);
  show();
  return el("div", { class: "transport", role: "group", "aria-label": "Play the run" }, back, play, step, speed, week, at);
}

/** The sentence on what just happened: always to be seen, and read out when nothing moves. */
export function sentence(player) {
  const seen = el("p", { class: "said" }), heard = el("p", { class: "unseen", "aria-live": "polite" });
  const show = () => {
    if (!player.tape) return [seen, heard].forEach((words) => words.replaceChildren());
    seen.textContent = player.tape.said(player.frame);
    if (!player.playing) heard.textContent = `Week ${player.frame}. ${seen.textContent}`;
  };
  for (const event of ["load", "frame", "state"]) player.addEventListener(event, show);
  show();
  return el("div", { class: "sentence" }, seen, heard);
}

/** The Watch view: people, staff, queues, news, and offences over time. */
export class Watch {
  constructor(player, { onPick } = {}) {
    this.player = player;
    this.compared = { twin: null, ghost: null, others: null, marks: [] };
    this.dots = new PeoplePicture(onPick);
    this.news = new NewsPicture();
    this.people = new Panel("People carried, one dot each", { className: "people-panel", why: WHY.people });
    this.staff = new Panel("Staff minutes this week", { className: "staff-panel", why: WHY.staff });
    this.queues = new Panel("Waiting", { className: "queues-panel", why: WHY.queues });
    this.travel = new Panel("News", { className: "news-panel", why: WHY.news });
    this.lines = new Panel("Proven offences a week, whole area", { className: "lines-panel", why: WHY.lines });
    this.people.picture.append(el("div", { class: "people-box" }, this.dots.canvas));
    this.people.picture.append(key());
    this.travel.heading.after(this.news.choice);
    this.waitingFor = el("select", { class: "small", "aria-label": "What is waited for", change: () => this.drawQueues() });
    this.queues.heading.after(this.waitingFor);
    this.ages = el("p", { class: "ages" });
    this.travel.picture.append(this.news.node, this.ages);
    this.chart = el("div", { class: "chart-box" });
    this.lines.picture.append(this.chart);
    this.people.asTable = () => this.dots.asTable();
    this.travel.asTable = () => this.news.asTable();
    this.staff.asTable = () => this.staffTable();
    this.queues.asTable = () => this.queueTable();
    this.lines.asTable = () => this.lineTable();
    this.panels = [this.people, this.staff, this.queues, this.travel, this.lines];
    this.node = el("div", { class: "watch" }, ...this.panels.map((panel) => panel.node));
    player.addEventListener("load", () => this.show(false));
    player.addEventListener("frame", (event) => this.show(event.moving));
    player.addEventListener("grown", () => this.drawLines());
    new ResizeObserver(() => this.show(false)).observe(this.node);
  }

  /** Show further lines beside the run's own: a twin, a ghost, other runs, marks of decisions. */
  beside(lines) {
    Object.assign(this.compared, lines);
    this.drawLines();
  }

  choose(person) {
    this.dots.chosen = person;
    this.show(false);
  }

  show(moving) {
    const { tape, frame } = this.player;
    if (!tape || !this.node.clientWidth) return;
    this.dots.show(tape, frame, moving);
    this.news.show(tape, frame, moving && this.player.pace > 500);
    this.ages.textContent = this.news.ages();
    this.drawStaff();
    this.drawQueues();
    this.drawLines();
    for (const panel of this.panels) panel.refresh();
  }

  drawStaff() {
    const week = this.player.tape.frames[this.player.frame];
    const rows = this.player.tape.head.agencies.map(({ label }, at) => {
      const used = week.used?.[at] ?? 0, open = week.open?.[at] ?? 0, share = open ? used / open : 0;
      return bar(label, share, open ? `${Math.round(100 * share)}%` : "nobody", share > 0.97 ? "full" : "");
    });
    this.staff.picture.replaceChildren(el("div", { class: "bars" }, ...rows));
  }

  drawQueues() {
    const { tape, frame } = this.player, waiting = tape.frames[frame].queues ?? [];
    const groups = [...new Set(tape.head.queues.map(({ group }) => group))];
    if (this.waitingFor.options.length !== groups.length) this.waitingFor.replaceChildren(...groups.map((group) => el("option", {}, group)));
    for (const [at, group] of groups.entries()) {
      const total = tape.head.queues.reduce((sum, queue, one) => sum + (queue.group === group ? waiting[one] ?? 0 : 0), 0);
      this.waitingFor.options[at].textContent = `${group}: ${numberText(total)}`;
    }
    const shown = [...tape.head.queues.keys()].filter((at) => tape.head.queues[at].group === groups[this.waitingFor.selectedIndex]);
    const most = Math.max(20, ...tape.frames.slice(1).flatMap((one) => shown.map((at) => one.queues[at])));
    const rows = shown.map((at) => bar(tape.head.queues[at].label, (waiting[at] ?? 0) / most, String(waiting[at] ?? 0), "queue"));
    this.queues.picture.replaceChildren(el("div", { class: "bars tight" }, ...rows));
  }

  drawLines() {
    const { tape, frame } = this.player;
    if (!tape || !this.node.clientWidth) return;
    this.lines.refresh();
    if (!this.chart.clientWidth) return;
    const name = "proven_offences", { twin, ghost, others, marks } = this.compared;
    const shown = (values) => smooth(values).slice(0, frame);
    const series = [];
    if (twin) series.push({ values: shown(twin), style: "twin", label: "no IOM (twin)" });
    if (ghost) series.push({ values: shown(ghost.series(name)), style: "ghost", label: "without the change" });
    series.push({ values: shown(tape.series(name)), style: "run", label: "this run" });
    const range = others && frame ? { low: others.low.slice(0, frame), high: others.high.slice(0, frame), label: "20 other runs" } : null;
    const all = [tape.series(name), twin ?? [], ghost?.series(name) ?? []].flatMap((values) => smooth(values));
    lineChart(this.chart, {
      series, range, marks, weeks: tape.weeks, now: frame, top: niceTop(all, others), title: this.lineWords(),
    });
  }

  lineWords() {
    const { tape, frame } = this.player, own = tape.sum("proven_offences", 0, frame);
    const twin = this.compared.twin?.slice(0, frame).reduce((total, value) => total + value, 0);
    const beside = twin === undefined ? "" : `; ${numberText(twin)} by the same people without IOM`;
    return `Proven offences, four-week average. So far ${numberText(own)} in this run${beside}.`;
  }

  staffTable() {
    const week = this.player.tape.frames[this.player.frame];
    const rows = this.player.tape.head.agencies.map(({ label }, at) => [label, numberText(week.used?.[at] ?? 0), numberText(week.open?.[at] ?? 0)]);
    return table(`Staff minutes, week ${this.player.frame}`, ["Agency", "Used", "There were"], rows);
  }

  queueTable() {
    const { tape, frame } = this.player;
    return table(`Waiting at the end of week ${frame}`, ["For", "Waiting"], tape.head.queues.map(({ label }, at) => [label, tape.frames[frame].queues?.[at] ?? 0]));
  }

  lineTable() {
    const { tape, frame } = this.player, { twin, ghost, others } = this.compared;
    const headings = ["Week", "This run", ...(ghost ? ["Without the last change"] : []), ...(twin ? ["No IOM"] : []), ...(others ? ["20 other runs, four-week average: least", "most"] : [])];
    const rows = tape.series("proven_offences").slice(0, frame).map((value, at) => [at + 1, value, ...(ghost ? [ghost.frames[at + 1] ? ghost.value("proven_offences", at + 1) : "–"] : []), ...(twin ? [twin[at]] : []),
      ...(others ? [others.low[at].toFixed(1), others.high[at].toFixed(1)] : [])]);
    return table("Proven offences a week, whole area", headings, rows.reverse());
  }
}

/** Why each picture is as it is: what the model does, in words. */
const WHY = {
  people: "Bands are set at meetings, on what the team knows that day; custody follows the news at once. Who stands in one place with another band's shape, struck through, is not where the team believes.",
  staff: "Every agency's diary opens with the minutes of the staff on duty. Meetings and fixed work come first, then contacts: joint visits, red before amber before green, and whoever has waited longest.",
  queues: "Whoever is referred to a programme waits for a place, which people outside the scheme want too. A contact that does not fit into today's diary waits for tomorrow. If the next one falls due first, the old one lapses: nobody makes it up.",
  news: "What happens is known first where it happens, and reaches the team along the quickest path. Agencies that share a place hear from one another sooner. Bands and selection use what has arrived, not what is true.",
  lines: "People are selected at their worst, so offending falls after selection whatever is done. What the partnership changes is the distance to the twin: the same people with the same luck and no partnership.",
};

function bar(label, share, text, className) {
  const filled = svg("rect", { class: `filled ${className}`, x: 0, y: 0, height: 16, width: `${Math.min(share, 1) * 100}%` });
  return el("div", { class: "bar" }, el("span", { class: "bar-label" }, label),
    svg("svg", { class: "bar-track", height: 16, role: "presentation" }, svg("rect", { class: "empty", width: "100%", height: 16 }), filled),
    el("span", { class: "bar-text" }, text));
}

function key() {
  const mark = (path, className) => svg("svg", { viewBox: "-6 -6 12 12", width: 12, height: 12, "aria-hidden": "true" }, svg("path", { d: path, class: className }));
  const item = (text, path, className) => el("span", {}, mark(path, className), text);
  return el("p", { class: "key" }, item("red", "M0,-5L5,4L-5,4Z", "red"), item("amber", "M0,-5L5,0L0,5L-5,0Z", "amber"),
    item("green", "M-4.5,0a4.5,4.5 0 1,0 9,0a4.5,4.5 0 1,0 -9,0", "green"), item("blue, known to be in custody", "M-4,-4H4V4H-4Z", "blue"),
    item("dormant", "M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0", "white"), el("span", {}, "struck through: not where the team believes"));
}

function niceTop(values, others) {
  const most = Math.max(1, ...values, ...(others?.high ?? []));
  const step = most > 100 ? 20 : most > 20 ? 10 : 2;
  return Math.ceil(most / step) * step;
}
