// Guess: teams say a lowest, a best and a highest value before the run. Then, in this order: the guesses, this
// run, twenty runs, the twin, the mechanism.

import { Panel, allow, allowed, column, el, refill, svg, table } from "./draw.js";
import { choiceOf, studied } from "./compare.js";
import { ask } from "./room.js";
import { field } from "./setting.js";
import { numberText } from "./tape.js";

const RUNS = 20;
const OWN = { outcome: "proven_offences", text: "How many proven offences will there be in the whole area, over the whole run?" };
const STAGES = ["Lock", "This run", `${RUNS} runs`, "Twin", "Mechanism"];
const MECHANISM = [["contacts_due", "Contacts due"], ["contacts_made", "Contacts made or tried"], ["contacts_missed", "At which nobody was found"], ["contacts_expired", "Contacts lapsed"]];

export function guessView(room, attempt) {
  let guesses = [], stage = 0, levels = null, many = null, asked = null;
  const sheet = el("div", {}), list = el("div", {}), picture = new Panel("Guesses and answers"), progress = el("div", { class: "row", role: "status" }), reveal = el("div", {});
  const team = text("Team"), low = number("Lowest"), best = number("Best guess"), high = number("Highest"), why = text("Because");
  const form = el("form", { class: "card", submit: (event) => { event.preventDefault(); add(); } }, el("h2", {}, "A team’s guess"),
    el("div", { class: "row" }, team.field, low.field, best.field, high.field), why.field, el("p", { class: "row" }, el("button", { type: "submit", class: "primary" }, "Add the guess"), el("span", { class: "hint" }, "Your range should hold the answer nine times in ten.")));
  const buttons = STAGES.map((_, at) => el("button", { type: "button", click: () => { if (allowed(buttons[at])) advance(); } }));
  const stages = el("div", { class: "stages", role: "group", "aria-label": "Reveal, in this order" }, ...buttons);
  picture.asTable = answers;
  const node = el("div", { class: "two" }, column("The guesses", sheet, form, list), column("The reveal", el("section", { class: "card", "aria-label": "Reveal" }, el("h2", {}, "Reveal, in this order"), stages, progress), picture.node, reveal));

  const question = () => room.exercise?.question ?? OWN;

  function add() {
    const values = [low, best, high].map(({ input }) => Number(input.value)).sort((one, other) => one - other);
    guesses = [...guesses.filter(({ name }) => name !== team.input.value.trim()), { name: team.input.value.trim(), low: values[0], best: values[1], high: values[2], why: why.input.value.trim(), when: made(room.seen) }];
    form.reset();
    if (stage < 4) room.showTwin(false);
    team.input.focus();
    draw();
  }

  function advance() {
    if (stage === 1) room.player.pause();
    if (stage === 2) { attempt(others); return; }
    if (stage === 3) {
      room.showTwin(true);
      if (!room.twin) attempt(() => room.liveTwin());
    }
    stage += 1;
    if (stage === 5) room.confess();
    draw();
  }

  /** Live through many other runs of the same choice, for how much is chance; if the room has changed it, stop. */
  async function others() {
    const study = many = new AbortController(), { signal } = study;
    const wanted = { site: room.setting.site, choices: [choiceOf(room)], alone: true, replications: RUNS, years: room.setting.years, seed: room.setting.seed };
    draw();
    try {
      const state = await studied(wanted, progress, signal, room.secret);
      const found = state.state === "done" ? await (await ask(`/api/studies/${state.id}/differences`)).json() : null;
      signal.throwIfAborted();
      if (found) {
        levels = Object.values(found.levels[question().outcome])[0];
        room.others = rangeOf(found.weekly[found.scenarios[0]]);
        room.tell("others");
      } else {
        progress.replaceChildren("Cancelled: the room goes on without the other runs.");
      }
      stage = 3;
    } finally {
      if (many === study) many = null;
      draw();
    }
  }

  /** What was guessed belongs to another run, or to another choice: so do the runs that are under way. */
  function drop() {
    many?.abort();
    many = levels = null;
    progress.replaceChildren();
  }

  function own() { return room.tape.sum(question().outcome); }
  function twin() { const values = room.twin?.[question().outcome]; return values ? values.reduce((sum, value) => sum + value, 0) : null; }

  function drawSheet() {
    if (asked === room.setting) return;
    asked = room.setting;
    const { exercise } = room;
    const parts = [el("div", { class: "card marked" }, el("h2", {}, question().text), el("p", { class: "hint" }, `${room.setting.years} years, ${room.name}.`))];
    if (exercise) {
      parts.unshift(el("details", { class: "card" }, el("summary", {}, `Exercise: ${exercise.name}`), el("p", {}, exercise.handout[0]),
        // What is kept from the room is on the facilitator's sheet alone.
        ...(exercise.setting.hidden ? [] : [el("h3", {}, "Steps"), el("ol", {}, ...exercise.steps.map(item)), el("h3", {}, "Things to notice"), el("ul", {}, ...exercise.notice.map(item))])));
    }
    refill(sheet, ...parts);
  }

  function drawStages() {
    const ready = room.tape?.complete;
    buttons.forEach((button, at) => {
      button.textContent = `${at < stage ? "✓" : at + 1} ${STAGES[at]}`;
      button.setAttribute("aria-pressed", String(at < stage));
      allow(button, at === stage && !many && !(at === 0 && !guesses.length) && !(at === 1 && !ready));
    });
    form.hidden = stage > 0;
  }

  function held(guess) { return guess.low <= own() && own() <= guess.high; }

  function drawList() {
    const rows = guesses.map((guess) => [guess.name, numberText(guess.low), numberText(guess.best), numberText(guess.high), guess.why, guess.when, stage < 2 ? "" : held(guess) ? "yes" : "no"]);
    refill(list, ...(guesses.length ? [el("section", { class: "card", "aria-label": "Guesses" }, table(stage ? "The guesses, locked" : "The guesses", ["Team", "Lowest", "Best", "Highest", "Because", "Made", "Held it?"], rows),
      ...(stage < 2 ? [] : [el("p", {}, `${guesses.filter(held).length} of ${guesses.length} ranges held what came. Most people’s ranges are too narrow.`)]))] : []));
  }

  /** What has been shown by now, of what there is to show. */
  function shown() { return { run: stage >= 2 ? own() : null, many: stage >= 3 ? levels : null, none: stage >= 4 ? twin() : null }; }

  function answers() {
    const { run, many: found, none } = shown(), row = (name, low, best, high) => [name, ...[low, best, high].map((value) => value === null ? "" : numberText(value))];
    const rows = guesses.map(({ name, low, best, high }) => row(name, low, best, high));
    if (run !== null) rows.push(row("this run", null, run, null));
    if (found) rows.push(row(`${RUNS} runs`, Math.min(...found), null, Math.max(...found)));
    if (none !== null) rows.push(row("no IOM", null, none, null));
    return table("Guesses and answers", ["", "Lowest", "Best, or what came", "Highest"], rows);
  }

  function drawPicture() {
    picture.node.hidden = !guesses.length;
    picture.refresh();
    if (!guesses.length) return;
    const { run, many: found, none: other } = shown();
    const values = [...guesses.flatMap((guess) => [guess.low, guess.high]), ...(run !== null ? [run] : []), ...(found ?? []), ...(other !== null ? [other] : [])];
    const low = Math.min(...values), high = Math.max(...values), pad = (high - low || 1) * 0.08, width = 600, left = 110, row = 34, height = 64 + row * guesses.length;
    const x = (value) => left + (width - left - 20) * (value - low + pad) / (high - low + 2 * pad);
    const drawn = svg("svg", { class: "guesses", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": words(run, found, other) });
    if (found) drawn.append(svg("rect", { class: "others", x: x(Math.min(...found)), width: Math.max(2, x(Math.max(...found)) - x(Math.min(...found))), y: 22, height: height - 44 }));
    guesses.forEach((guess, at) => {
      const y = 40 + row * at;
      drawn.append(svg("text", { x: 0, y: y + 5 }, guess.name.slice(0, 14)), svg("line", { class: "guess", x1: x(guess.low), x2: x(guess.high), y1: y, y2: y }), svg("circle", { class: "best", cx: x(guess.best), cy: y, r: 7 }));
    });
    const upright = (value, className, label, anchor) => drawn.append(svg("line", { class: className, x1: x(value), x2: x(value), y1: 20, y2: height - 22 }), svg("text", { class: "tick", x: x(value), y: anchor, "text-anchor": "middle" }, `${label} ${numberText(value)}`));
    if (run !== null) upright(run, "own", "this run", 14);
    if (other !== null) upright(other, "twin", "no IOM", height - 6);
    picture.picture.replaceChildren(...[drawn, ...(found ? [el("p", { class: "hint" }, `Grey: from the least to the most of ${RUNS} runs with other luck, ${numberText(Math.min(...found))} to ${numberText(Math.max(...found))}.`)] : [])]);
  }

  function words(run, found, other) {
    const said = guesses.map((guess) => `${guess.name} ${guess.low} to ${guess.high}`);
    if (run !== null) said.push(`this run ${run}`);
    if (found) said.push(`${RUNS} runs ${Math.min(...found)} to ${Math.max(...found)}`);
    if (other !== null) said.push(`no IOM ${other}`);
    return said.join("; ");
  }

  function drawReveal() {
    const parts = [];
    if (stage >= 4 && twin() !== null) parts.push(el("div", { class: "card marked" }, el("p", {}, `The same people with the same luck and no partnership: ${numberText(twin())}. The difference to this run is ${numberText(Math.abs(twin() - own()))} ${twin() >= own() ? "fewer" : "more"} with it: one run of many, to be read beside the ${RUNS}.`)));
    if (stage >= 4 && twin() === null) parts.push(el("div", { class: "card marked" }, el("p", {}, room.twin ? "The twin has no partnership, and so nothing of this kind to count." : "The twin has not come yet.")));
    if (stage >= 5) {
      const { tape } = room, carried = tape.series("caseload").reduce((sum, value) => sum + value, 0);
      const rows = MECHANISM.map(([name, label]) => [label, numberText(tape.sum(name)), (tape.sum(name) / carried).toFixed(2)]);
      parts.push(el("div", { class: "card" }, el("h2", {}, "The mechanism"), el("p", {}, `Minutes with people, each person and week: ${(tape.sum("contact_minutes") / carried).toFixed(1)}.`), table("What became of contacts", ["", "In all", "A person and week"], rows)));
      if (room.exercise) parts.push(el("div", { class: "card secret" }, el("h2", {}, "The trap"), el("p", {}, room.exercise.trap), hidden(), el("h3", {}, "To talk about"), el("ul", {}, ...room.exercise.debrief.map(item)), el("h3", {}, "What is assumed"), el("ul", {}, ...room.exercise.assumed.map(item))));
    }
    refill(reveal, ...parts);
  }

  function hidden() {
    const { setting } = room.exercise;
    return setting.hidden && setting.options.length ? el("p", {}, el("strong", {}, `What was kept from you: the run had ${setting.options.join(" and ")}.`)) : "";
  }

  function draw() {
    if (node.hidden || !room.tape) return;
    drawSheet();
    drawList();
    drawStages();
    drawPicture();
    drawReveal();
  }

  room.addEventListener("setting", () => { guesses = []; stage = 0; drop(); });
  room.addEventListener("tape", () => { stage = Math.min(stage, 1); drop(); draw(); });
  room.addEventListener("whole", draw);
  room.addEventListener("twin", draw);
  return { node, show: draw };
}

/** When a guess was made: before anything of the run was to be seen, or after. */
function made({ week, twin }) {
  return week ? `after week ${week} was seen${twin ? ", and the twin" : ""}` : "before the run";
}

/** The lowest and highest of many runs, week by week, four weeks together. */
function rangeOf(runs) {
  const smoothed = runs.map((values) => values.map((_, at) => {
    const some = values.slice(Math.max(0, at - 3), at + 1);
    return some.reduce((sum, value) => sum + value, 0) / some.length;
  }));
  const each = (pick) => smoothed[0].map((_, at) => pick(...smoothed.map((values) => values[at])));
  return { low: each(Math.min), high: each(Math.max) };
}

function item(line) { return el("li", {}, line); }

function text(label) {
  const input = el("input", { type: "text", maxlength: label === "Team" ? 30 : 200, required: true });
  return { input, field: field(label, input) };
}

function number(label) {
  const input = el("input", { type: "number", min: 0, step: "any", required: true });
  return { input, field: field(label, input) };
}
