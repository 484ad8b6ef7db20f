// Intervene: at a review meeting, change something, say why and what is expected, and run on. The run without
// the change stays as a ghost on the same luck.

import { Panel, allow, allowed, column, el, lineChart, permit, smooth, table } from "./draw.js";
import { leversView } from "./levers.js";
import { EXPECTED, logView } from "./log.js";
import { dayText, numberText } from "./tape.js";

const DIRECTIONS = ["fewer or less", "the same", "more"];

export function interveneView(room, attempt) {
  const { player } = room;
  const title = el("h2", { tabindex: "-1" }), about = el("p", {}), none = el("p", { class: "hint" });
  const onward = el("button", { type: "button", click: () => { player.pause(); player.go(player.tape.nextReview(player.frame + 1)); if (onward.hidden) title.focus(); } });
  const meeting = el("div", { class: "card marked" }, title, about, onward, none);
  const because = el("textarea", { rows: 2, maxlength: 300, required: true, id: "because" });
  const outcome = el("select", { "aria-label": "What you expect to change" }, ...EXPECTED.map(([, label]) => el("option", {}, label)));
  const direction = el("select", { "aria-label": "Which way" }, ...DIRECTIONS.map((text) => el("option", {}, text)));
  const changes = el("p", { class: "hint", role: "status" });
  const run = el("button", { type: "submit", class: "primary" }, "Run on");
  const form = el("form", { class: "card", submit: (event) => { event.preventDefault(); if (allowed(run)) decide(); } },
    el("h2", {}, "What you decide"), changes,
    el("label", { class: "field" }, el("span", {}, "Because (required)"), because),
    el("fieldset", { class: "row" }, el("legend", {}, "Expect"), direction, outcome, run));
  const levers = leversView(room, () => drawMeeting()), log = logView(room, attempt);
  const chart = el("div", { class: "chart-box" });
  const lines = new Panel("Proven offences a week: with the last change, and without it", { className: "chart-card" });
  lines.picture.append(chart);
  lines.asTable = linesTable;
  const node = el("div", { class: "two intervene" }, column("The meeting", meeting, levers.node), column("The decision", form, log.node, lines.node));

  function decide() {
    const expect = { outcome: EXPECTED[outcome.selectedIndex][0], direction: DIRECTIONS[direction.selectedIndex] };
    expect.text = `${expect.direction}: ${EXPECTED[outcome.selectedIndex][1]}`;
    attempt(() => room.decide({ ...levers.wanted }, because.value.trim(), expect));
  }

  function drawMeeting() {
    if (!room.tape) return;
    const { tape, frame } = player, held = frame > 0 && Boolean(tape.frames[frame].review);
    const next = tape.nextReview(frame + 1), decided = room.decidedAt(frame), open = held && !decided;
    title.textContent = held ? `Review meeting, week ${frame}` : "No meeting this week";
    about.textContent = held
      ? `${numberText(tape.value("cases_discussed", frame))} cases were discussed this week; ${community(tape, frame)} of those carried are in the community. Changes hold from ${dayText(tape.date(frame))}.`
      : "Changes are made at a review meeting, as in life.";
    onward.hidden = open || next === null;
    onward.textContent = `Go to the next meeting, week ${next}`;
    none.hidden = open || next !== null;
    none.textContent = tape.complete ? "There is no further meeting in this run." : "The next meeting has not been lived through yet.";
    if (open && !player.playing && !room.pending) room.meet();
    const number = Object.keys(levers.wanted).length;
    for (const control of [because, outcome, direction]) permit(control, open);
    levers.enable(open && !room.pending);
    run.textContent = room.pending ? "Running" : "Run on";
    allow(run, open && !room.pending && number > 0);
    changes.textContent = decided ? "This meeting has decided." : levers.wrong ? levers.wrong : number ? `${number} change${number > 1 ? "s" : ""} marked on the left${fruitless(levers.idle)}.` : "Nothing changed yet: use the controls on the left.";
  }

  function drawChart() {
    if (!room.tape) return;
    lines.refresh();
    if (!chart.clientWidth) return;
    const name = "proven_offences", own = smooth(room.tape.series(name)), ghost = room.ghost ? smooth(room.ghost.series(name)) : [];
    const { frame } = player;
    const series = [{ values: own.slice(0, frame), style: "run", label: "this run" }];
    if (room.ghost) series.unshift({ values: ghost, style: "ghost", label: "without it" });
    lineChart(chart, { series, weeks: room.tape.weeks, now: frame, marks: room.decisions.map((decision, at) => ({ week: decision.frame, text: `decision ${at + 1}` })), top: Math.ceil(Math.max(10, ...own, ...ghost) / 10) * 10,
      title: `Proven offences a week up to week ${frame}: this run ${numberText(room.tape.sum(name, 0, frame))}${room.ghost ? `, without the last change ${numberText(room.ghost.sum(name, 0, frame))}` : ""}` });
  }

  function linesTable() {
    const own = room.tape.series("proven_offences").slice(0, player.frame), ghost = room.ghost?.series("proven_offences");
    const rows = own.map((value, at) => [at + 1, value, ...(ghost ? [ghost[at] ?? "–"] : [])]);
    return table("Proven offences a week", ["Week", "With", ...(ghost ? ["Without the last change"] : [])], rows.reverse());
  }

  function draw() {
    if (node.hidden || !room.tape) return;
    drawMeeting();
    drawChart();
  }

  function drawAll() {
    if (node.hidden || !room.tape) return;
    levers.draw();
    log.draw();
    draw();
  }

  room.addEventListener("tape", () => { levers.clear(); because.value = ""; drawAll(); });
  room.addEventListener("pending", draw);
  player.addEventListener("frame", () => { if (!node.hidden && room.tape) { levers.follow(); draw(); log.drawCame(); } });
  player.addEventListener("grown", draw);
  player.addEventListener("state", draw);
  return { node, show: drawAll };
}

function community(tape, frame) {
  const counts = tape.counts(frame);
  return numberText(counts.red + counts.amber + counts.green + counts.released);
}

function fruitless(number) { return number ? `; nothing, or less, would come of ${number} as things stand` : ""; }
