// Compare: two choices against the place as it is, many runs each, by the command line's own comparison.

import { column, el, svg, table } from "./draw.js";
import { ask } from "./room.js";
import { field } from "./setting.js";

const DECISIONS = "the decisions of this room";

export function compareView(room, attempt) {
  const first = el("select", {}), second = el("select", {});
  const many = el("select", {}, ...[5, 10, 20, 50].map((n) => el("option", { selected: n === 10 }, String(n))));
  const go = el("button", { type: "submit", class: "primary" }, "Compare");
  const progress = el("div", { class: "row", role: "status" }), results = el("div", { class: "results" });
  const node = column("Compare",
    el("form", { class: "row card", submit: (event) => { event.preventDefault(); attempt(run); } },
      field("Compare", first), field("and", second), field("Runs of each", many), go,
      el("p", { class: "hint" }, "Each against the place as it is, with the same people and the same luck. Some seconds a run.")), progress, results);
  let known = "";

  /** Offer the options, and the room's own decisions where there are any. */
  function offer() {
    const own = room.decisions.length ? [DECISIONS] : [];
    const stamp = JSON.stringify([room.setting.site, own]);
    if (stamp === known) return;
    known = stamp;
    const choices = () => [...own.map((text) => el("option", { value: text }, text)), ...room.options.map(({ name, title }) => el("option", { value: name }, title))];
    first.replaceChildren(...choices());
    second.replaceChildren(el("option", { value: "" }, "nothing else"), ...choices());
    first.value = own[0] ?? "hub";
    second.value = own.length ? "" : "bigger-cohort";
  }

  async function run() {
    const choices = [...new Set([first.value, second.value])].filter(Boolean).map((name) => name === DECISIONS ? choiceOf(room) : { options: [name], decisions: [] });
    const wanted = { site: room.setting.site, choices, replications: Number(many.value), years: room.setting.years, seed: room.setting.seed };
    results.replaceChildren();
    go.disabled = true;
    try {
      const state = await studied(wanted, progress);
      if (state.state === "done") show(state, await (await ask(`/api/studies/${state.id}/differences`)).json());
    } finally { go.disabled = false; }
  }

  function show(state, found) {
    const [base, ...others] = found.scenarios, short = (name) => name.replace(`${base}+`, "");
    const changes = state.changes.map((rows, at) => table(`What changes: ${short(others[at] ?? base)}`, ["", "From", "To", "On"], rows));
    results.replaceChildren(
      el("details", { class: "card" }, el("summary", {}, "What changes"), ...changes),
      el("p", { class: "hint" }, "Thick: 95% interval of the average, which shrinks with more runs. Thin: where one real area would fall. Dots: single runs. What if the assumptions are wrong is in neither."),
      el("div", { class: "outcomes" }, ...found.outcomes.map((outcome) => card(outcome, short))),
      el("div", { class: "card" }, el("h2", {}, "In words"), el("ul", {}, ...found.said.map((text) => el("li", {}, text)))),
      el("div", { class: "card marked" }, el("h2", {}, "What the partnership would have published"), ...published(found).map(({ scenario, published, twin }) =>
        el("p", {}, `${short(scenario)}: a before-and-after count says ${percent(published)}; the same people without any IOM show ${percent(twin)}.`)),
        ...(published(found).length ? [] : [el("p", { class: "hint" }, "Not known: nobody first selected in these years was followed for a whole year.")])),
      el("p", { class: "row" }, el("a", { class: "button", href: `/studies/${state.id}/report`, target: "_blank", rel: "noopener" }, "Open the full report"), el("span", { class: "hint" }, `The same report as of: ${state.command}`)));
  }

  return { node, show: offer };
}

/** What a count before and after would say, where anybody was followed for long enough to count. */
function published({ before_after: rows }) {
  return rows.filter(({ published: told }) => told !== null);
}

/** The options and decisions of the room as a choice to compare. */
export function choiceOf(room) {
  const { options, decisions } = room.asked();
  return { options, decisions };
}

/** Begin a study and wait for its end, showing how far it is, with a button to stop it. */
export async function studied(wanted, place) {
  let state = await (await ask("/api/studies", wanted)).json();
  const bar = el("progress", { max: 1, value: 0, "aria-label": "Runs done" }), text = el("span", {}, "Beginning");
  place.replaceChildren(bar, text, el("button", { type: "button", click: () => ask(`/api/studies/${state.id}`, {}, "DELETE") }, "Cancel"));
  while (state.state === "waiting" || state.state === "running") {
    await new Promise((done) => setTimeout(done, 400));
    state = await (await ask(`/api/studies/${state.id}`)).json();
    bar.max = state.wanted || 1;
    bar.value = state.done;
    text.textContent = state.state === "waiting" ? "Waiting for another comparison" : state.wanted ? `${state.done} of ${state.wanted} runs done` : "Beginning";
  }
  place.replaceChildren(...(state.state === "cancelled" ? ["Cancelled."] : []));
  if (state.state === "failed") throw new Error(state.said.join("\n") || "the comparison failed");
  return state;
}

/** One outcome: each choice's paired difference, with the average, one real area, and every run. */
function card({ label, unit, choices, base }, short) {
  const ends = choices.flatMap(({ area_low, area_high, pairs }) => [area_low, area_high, ...pairs]).filter((value) => value !== null);
  const low = Math.min(0, ...ends), high = Math.max(0, ...ends), width = 560, left = 150, right = 24, each = 46;
  const height = 34 + each * choices.length, x = (value) => left + (width - left - right) * (value - low) / (high - low || 1);
  const picture = svg("svg", { class: "ranges", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": choices.map((choice) => `${short(choice.scenario)}: ${said(choice, unit)}`).join(". ") },
    svg("line", { class: "zero", x1: x(0), x2: x(0), y1: 6, y2: height - 22 }), svg("text", { class: "tick", x: x(0), y: height - 8, "text-anchor": "middle" }, "as it is"));
  choices.forEach((choice, at) => {
    const y = 24 + each * at;
    picture.append(svg("text", { x: 0, y: y + 5 }, short(choice.scenario).slice(0, 22)));
    for (const [number, pair] of choice.pairs.entries()) picture.append(svg("circle", { class: "run", cx: x(pair), cy: y + 13 + (number % 3) * 4, r: 3 }));
    if (choice.low !== null) {
      picture.append(svg("line", { class: "area", x1: x(choice.area_low), x2: x(choice.area_high), y1: y, y2: y }),
        svg("line", { class: "average", x1: x(choice.low), x2: x(choice.high), y1: y, y2: y }));
    }
    picture.append(svg("circle", { class: "mean", cx: x(choice.mean_difference), cy: y, r: 5 }));
  });
  const rows = choices.map((choice) => [short(choice.scenario), told(choice.mean_difference, unit, true), `${told(choice.low, unit, true)} to ${told(choice.high, unit, true)}`, `${told(choice.area_low, unit, true)} to ${told(choice.area_high, unit, true)}`, "not computed here"]);
  return el("section", { class: "card", "aria-label": label }, el("h2", {}, `${label} (as it is: ${told(base, unit)})`), picture,
    ...choices.map((choice) => el("p", { class: "hint" }, `${short(choice.scenario)}: ${said(choice, unit)}`)),
    el("details", {}, el("summary", {}, "Table"), table(`${label}, paired differences`, ["Choice", "Difference", "The average", "One real area", "If we are wrong"], rows),
    ));
}

function said({ mean_difference: mean, low, high, area_low, area_high }, unit) {
  if (low === null) return `${told(mean, unit, true)}; one run says nothing about chance.`;
  if (low === 0 && high === 0) return "No difference at all.";
  const average = `${told(low, unit, true)} to ${told(high, unit, true)}`;
  const area = `One real area could see ${told(area_low, unit, true)} to ${told(area_high, unit, true)}.`;
  if (low <= 0 && high >= 0) return `The runs do not show which way it goes (${average}). ${area}`;
  return `${told(mean, unit, true)} on average (${average}). ${area}`;
}

function told(value, unit, signed = false) {
  if (value === null) return "–";
  const size = Math.abs(value), digits = unit === "gbp" || size >= 100 ? 0 : size >= 10 ? 1 : 2;
  const number = unit === "gbp" ? `£${Math.round(size / 1000).toLocaleString("en-GB")}k` : size.toLocaleString("en-GB", { maximumFractionDigits: digits });
  return value < 0 ? `−${number}` : signed && value > 0 ? `+${number}` : number;
}

function percent(share) { return `${share > 0 ? "+" : "−"}${Math.abs(Math.round(100 * share))}% sanctions`; }
