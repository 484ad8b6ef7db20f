// Intervene: at a review meeting, change something, say why and what is expected, and run on. The run without
// the change stays as a ghost on the same luck.

import { column, el, lineChart, smooth, table } from "./draw.js";
import { ask, capital } from "./room.js";
import { dayText, numberText } from "./tape.js";

const REVIEW_WEEKS = 12;
const EXPECTED = [
  ["proven_offences", "proven offences"], ["contacts_expired", "lapsed contacts"], ["contacts_made", "contacts made or tried"], ["iom_cost_gbp", "cost of the partnership"],
];
const DIRECTIONS = ["fewer or less", "the same", "more"];

export function interveneView(room, attempt) {
  const { player } = room;
  let wanted = {};
  const meeting = el("div", { class: "card marked" }), levers = el("div", { class: "levers" });
  const because = el("textarea", { rows: 2, maxlength: 300, required: true, id: "because" });
  const outcome = el("select", { "aria-label": "What you expect to change" }, ...EXPECTED.map(([, label]) => el("option", {}, label)));
  const direction = el("select", { "aria-label": "Which way" }, ...DIRECTIONS.map((text) => el("option", {}, text)));
  const changes = el("p", { class: "hint", role: "status" });
  const run = el("button", { type: "submit", class: "primary" }, "Run on");
  const form = el("form", { class: "card", submit: (event) => { event.preventDefault(); decide(); } },
    el("h2", {}, "What you decide"), changes,
    el("label", { class: "field" }, el("span", {}, "Because (required)"), because),
    el("fieldset", { class: "row" }, el("legend", {}, "Expect"), direction, outcome, run));
  const log = el("ol", { class: "log" }), logCard = el("section", { class: "card", "aria-label": "Log of decisions" });
  const chart = el("div", { class: "chart-box" });
  const chartCard = el("section", { class: "card chart-card", "aria-label": "With and without the last change" }, el("h2", {}, "Proven offences a week: with the last change, and without it"), chart);
  const node = el("div", { class: "two intervene" }, column("The meeting", meeting, levers), column("The decision", form, logCard, chartCard));

  function decide() {
    const expect = { outcome: EXPECTED[outcome.selectedIndex][0], direction: DIRECTIONS[direction.selectedIndex] };
    expect.text = `${expect.direction}: ${EXPECTED[outcome.selectedIndex][1]}`;
    const made = { ...wanted };
    run.disabled = true;
    run.textContent = "Running";
    attempt(async () => {
      await room.decide(made, because.value.trim(), expect);
    }).finally(() => { run.textContent = "Run on"; draw(); });
  }

  function drawMeeting() {
    const { tape, frame } = player, held = frame > 0 && tape.frames[frame].review;
    const next = tape.nextReview(frame + 1), decided = room.decisions.at(-1)?.frame === frame;
    const about = held
      ? [el("h2", {}, `Review meeting, week ${frame}`), el("p", {}, `${numberText(tape.value("cases_discussed", frame))} cases were discussed this week; ${community(tape, frame)} of those carried are in the community. Changes hold from ${dayText(tape.date(frame))}.`)]
      : [el("h2", {}, "No meeting this week"), el("p", {}, "Changes are made at a review meeting, as in life.")];
    if (!held || decided) {
      about.push(next !== null
        ? el("button", { type: "button", click: () => { player.pause(); player.go(next); } }, `Go to the next meeting, week ${next}`)
        : el("p", { class: "hint" }, tape.complete ? "There is no further meeting in this run." : "The next meeting has not been lived through yet."));
    }
    meeting.replaceChildren(...about);
    const open = Boolean(held) && !decided;
    if (open && !player.playing) room.meet();
    for (const control of [...form.elements, ...levers.querySelectorAll("input, select")]) control.disabled = !open;
    run.disabled = !open || !Object.keys(wanted).length;
    const number = Object.keys(wanted).length;
    changes.textContent = decided ? "This meeting has decided." : number ? `${number} change${number > 1 ? "s" : ""} marked on the left.` : "Nothing changed yet: use the controls on the left.";
  }

  function drawLevers() {
    const opened = new Set([...levers.querySelectorAll("details[open]")].map((one) => one.dataset.name));
    levers.replaceChildren(...room.groups.map(({ name, title, controls }, at) => {
      const changed = controls.filter(({ key }) => key in wanted).length;
      let part = null;
      // What a meeting asks about most stands first: controls of the whole group, then those of its parts.
      const rows = [...controls].sort((one, other) => Boolean(one.part) - Boolean(other.part)).flatMap((control) => {
        const heading = control.part && control.part !== part ? [el("h3", {}, capital(control.part))] : [];
        part = control.part;
        return [...heading, lever(control)];
      });
      return el("details", { "data-name": name, open: opened.size ? opened.has(name) : at === 0 },
        el("summary", {}, title, el("span", { class: "count" }, ` ${controls.length} controls`), changed ? el("span", { class: "changed" }, ` · ${changed} changed`) : null), ...rows);
    }));
  }

  function lever(control) {
    const standing = room.standing(control), value = wanted[control.key] ?? standing;
    const changed = control.key in wanted, row = el("div", { class: changed ? "lever changed" : "lever" });
    const unit = control.unit ? `, ${control.unit}` : "";
    const set = (next) => {
      if (JSON.stringify(next) === JSON.stringify(standing)) delete wanted[control.key]; else wanted[control.key] = next;
      row.classList.toggle("changed", control.key in wanted);
      was.textContent = control.key in wanted ? `was ${told(standing)}` : "";
      drawMeeting();
    };
    const was = el("span", { class: "was" }, changed ? `was ${told(standing)}` : "");
    const what = el("span", { class: "what" }, capital(control.label), el("small", {}, control.takes));
    const name = `${control.part ? `${capital(control.part)}: ` : ""}${control.label}`;
    if (control.kind === "number") {
      const exact = el("input", { type: "number", value, min: control.low, max: control.high, step: control.whole ? 1 : "any", "aria-label": `${name}${unit}` });
      const slide = el("input", { type: "range", value, min: control.slider_low, max: control.slider_high, step: control.step, "aria-label": `${name}, slider` });
      slide.addEventListener("input", () => { exact.value = slide.value; set(Number(slide.value)); });
      exact.addEventListener("input", () => { if (exact.value !== "") { slide.value = exact.value; set(Number(exact.value)); } });
      row.append(what, slide, exact, was);
    } else if (control.kind === "choice") {
      const select = el("select", { class: "wide", "aria-label": name, change: () => set(select.value) }, ...control.choices.map((choice) => el("option", { value: choice, selected: choice === value }, choice.replaceAll("_", " "))));
      row.append(what, select, was);
    } else if (control.kind === "flag") {
      const tick = el("input", { type: "checkbox", checked: value, "aria-label": name, change: () => set(tick.checked) });
      row.append(what, el("span", { class: "wide" }, tick), was);
    } else if (control.kind === "date") {
      const day = el("input", { class: "wide", type: "date", value, "aria-label": name, change: () => { if (day.value) set(day.value); } });
      row.append(what, day, was);
    } else {
      const ticks = control.choices.map((choice) => el("input", { type: "checkbox", value: choice, checked: value.includes(choice), change: () => set(ticks.filter((tick) => tick.checked).map((tick) => tick.value)) }));
      row.append(what, el("fieldset", { class: "wide" }, el("legend", { class: "unseen" }, name), ...ticks.map((tick) => el("label", { class: "tick" }, tick, tick.value.replaceAll("_", " ")))), was);
    }
    return row;
  }

  function drawLog() {
    const exportBox = el("div", {});
    log.replaceChildren(...room.decisions.map((decision, at) => el("li", {},
      el("strong", {}, `Week ${decision.frame}: `), Object.entries(decision.changes).map(([key, value]) => `${label(key)} ${told(value)}`).join("; "),
      ` “${decision.because}” `, at === room.decisions.length - 1 ? el("button", { type: "button", class: "small", click: () => room.undo() }, "Undo") : null, came(decision, at))));
    const show = () => attempt(async () => {
      const { text, command, file } = await (await ask("/api/option", room.asked())).json();
      const address = URL.createObjectURL(new Blob([text], { type: "text/yaml" }));
      exportBox.replaceChildren(el("div", { class: "row" }, el("a", { class: "button", href: address, download: file }, `Save ${file}`),
        el("button", { type: "button", click: () => navigator.clipboard?.writeText(command) }, "Copy the command")), el("pre", { tabindex: "0", "aria-label": "The command and the option file" }, `${command}\n\n${text}`));
    });
    logCard.replaceChildren(el("h2", {}, "Decisions so far"),
      room.decisions.length ? log : el("p", { class: "hint" }, "None yet."),
      ...room.tape.head.notices.map((text) => el("p", { class: "hint" }, text)),
      ...(room.decisions.length ? [el("button", { type: "button", click: show }, "Export as an option file"), exportBox] : []));
  }

  /** Twelve weeks on: what was expected, what came, against the run without the change. */
  function came(decision, at) {
    const { tape, frame } = player, without = room.tapes[room.tapes.length - room.decisions.length + at - 1];
    const to = Math.min(decision.frame + REVIEW_WEEKS, frame);
    if (!without || to <= decision.frame) return el("p", { class: "hint" }, `Expected ${decision.expect.text}. What came of it shows as the run goes on.`);
    const rows = EXPECTED.map(([name, label]) => {
      const own = tape.sum(name, decision.frame, to), other = without.sum(name, decision.frame, Math.min(to, without.recorded));
      const scale = name.endsWith("_gbp") ? 1000 : 1, shown = scale > 1 ? `${label}, £ thousand` : label;
      return [name === decision.expect.outcome ? `${shown} (expected ${decision.expect.direction})` : shown, numberText(own / scale), numberText(other / scale), difference((own - other) / scale)];
    });
    const whose = at === room.decisions.length - 1 ? "this change" : "this change and those after it";
    return el("div", { class: "came" }, table(`${to - decision.frame} weeks on, with ${whose} and without; one run of many`, ["", "with", "without", "difference"], rows));
  }

  function drawChart() {
    if (!chart.clientWidth || !room.tape) return;
    const name = "proven_offences", own = smooth(room.tape.series(name)), ghost = room.ghost ? smooth(room.ghost.series(name)) : [];
    const { frame } = player;
    const series = [{ values: own.slice(0, frame), style: "run", label: "this run" }];
    if (room.ghost) series.unshift({ values: ghost, style: "ghost", label: "without it" });
    lineChart(chart, { series, weeks: room.tape.weeks, now: frame, marks: room.decisions.map((decision, at) => ({ week: decision.frame, text: `decision ${at + 1}` })), top: Math.ceil(Math.max(10, ...own, ...ghost) / 10) * 10,
      title: `Proven offences a week up to week ${frame}: this run ${numberText(room.tape.sum(name, 0, frame))}${room.ghost ? `, without the last change ${numberText(room.ghost.sum(name, 0, frame))}` : ""}` });
  }

  function label(key) {
    const control = room.groups.flatMap(({ controls }) => controls).find((one) => one.key === key);
    return control ? `${control.part ? `${control.part}: ` : ""}${control.label.toLowerCase()} →` : `${key} →`;
  }

  function draw() {
    if (node.hidden || !room.tape) return;
    drawMeeting();
    drawChart();
  }

  function drawAll() {
    if (!room.tape) return;
    drawLevers();
    drawLog();
    draw();
  }

  room.addEventListener("tape", () => { wanted = {}; because.value = ""; drawAll(); });
  player.addEventListener("frame", () => { draw(); if (!node.hidden && room.decisions.length) drawLog(); });
  player.addEventListener("grown", draw);
  return { node, show: drawAll };
}

function community(tape, frame) {
  const counts = tape.counts(frame);
  return numberText(counts.red + counts.amber + counts.green + counts.released);
}

function told(value) {
  return Array.isArray(value) ? value.join(", ").replaceAll("_", " ") || "none" : typeof value === "number" ? String(+value.toFixed(3)) : String(value).replaceAll("_", " ");
}

function difference(value) { return value > 0 ? `+${numberText(value)}` : value < 0 ? `−${numberText(-value)}` : "0"; }
