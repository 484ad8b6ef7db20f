// Compare: two choices against the place as it is, many runs each, by the command line's own comparison.

import { allow, allowed, column, el, refill, svg, table } from "./draw.js";
import { ask } from "./room.js";
import { field } from "./setting.js";

const DECIDED = "decided", SET = "set", MOST_UNHEARD = 5;

export function compareView(room, attempt) {
  const first = el("select", {}), second = el("select", {});
  const many = el("select", {}, ...[5, 10, 20, 50].map((n) => el("option", { selected: n === 10 }, String(n))));
  const go = el("button", { type: "submit", class: "primary" }, "Compare");
  const under = el("input", { type: "checkbox" }), whether = el("label", { class: "tick", hidden: true }, under, " also if we are wrong: runs under draws of what is not known");
  const progress = el("div", { class: "row", role: "status" }), results = el("div", { class: "results" });
  const node = column("Compare",
    el("form", { class: "row card", submit: (event) => { event.preventDefault(); if (allowed(go)) attempt(run); } },
      field("Compare", first), field("and", second), field("Runs of each", many), go, whether,
      el("p", { class: "hint" }, "Each against the place as it is, with the same people and the same luck. Some seconds a run.")), progress, results);
  let known = "", last = null;

  /** What the room has of its own to compare, by name: its decisions go on from its setting, which has its own part. */
  function own() {
    const { options } = room.setting, before = room.secret ? "this run’s setting" : options.join(" and ").replaceAll("-", " ");
    return [
      ...(room.decisions.length ? [{ name: DECIDED, title: before ? `${before}, and our decisions` : "our decisions", choice: choiceOf(room) }] : []),
      ...(options.length ? [{ name: SET, title: room.secret ? before : `this run’s setting: ${before}`, choice: { options, decisions: [] } }] : []),
    ];
  }

  /** Offer the options, and what is the room's own. */
  function offer() {
    whether.hidden = !room.draws;
    const mine = own(), stamp = JSON.stringify([room.setting.site, mine.map(({ title }) => title)]);
    if (stamp === known) return;
    known = stamp;
    // The room's own setting is not named twice, where what it is may be known.
    const set = room.secret ? "" : room.setting.options.join("+");
    const choices = () => [...mine, ...room.options.filter(({ name }) => name !== set)].map(({ name, title }) => el("option", { value: name }, title));
    first.replaceChildren(...choices());
    second.replaceChildren(el("option", { value: "" }, "nothing else"), ...choices());
    first.value = mine[0]?.name ?? "hub";
    second.value = mine.length ? mine[1]?.name ?? "" : "bigger-cohort";
  }

  async function run() {
    const mine = own(), { signal } = room.stay;
    const chosen = [...new Set([first.value, second.value])].filter(Boolean).map((name) => mine.find((one) => one.name === name) ?? { name, title: name, choice: { options: [name], decisions: [] } })
      .filter(({ choice }, at, all) => all.findIndex((one) => JSON.stringify(one.choice) === JSON.stringify(choice)) === at);
    const wanted = { site: room.setting.site, choices: chosen.map(({ choice }) => choice), replications: Number(many.value), draws: under.checked, years: room.setting.years, seed: room.setting.seed };
    const about = `${room.name}, ${wanted.years} years, chance ${wanted.seed}${wanted.draws ? ", under draws of what is not known" : ""}${chosen.some(({ name }) => name === DECIDED) ? `, as decided up to week ${Math.max(...room.decisions.map(({ frame }) => frame))}` : ""}`;
    results.replaceChildren();
    last = null;
    allow(go, false);
    try {
      const state = await studied(wanted, progress, signal, room.secret);
      if (state.state !== "done") return;
      const found = await (await ask(`/api/studies/${state.id}/differences`)).json();
      signal.throwIfAborted();
      const titles = chosen.map(({ title }) => title), short = (name) => titles[found.scenarios.indexOf(name) - 1] ?? name;
      // Made once: whatever is opened in them stays open when more may be shown around them.
      const changes = el("details", { class: "card" }, el("summary", {}, "What changes"), ...state.changes.map((rows, at) => table(`What changes: ${titles[at]}`, ["", "From", "To", "On"], rows)));
      const outcomes = el("div", { class: "outcomes" }, ...found.outcomes.map((outcome) => card(outcome, short)));
      last = { state, found, about, draws: wanted.draws, short, changes, outcomes };
      show();
    } finally { allow(go, true); }
  }

  function show() {
    if (!last) return;
    const { state, found, about, draws, short, changes, outcomes } = last, [, ...others] = found.scenarios;
    // A choice that is kept from the room is not told in a table, and the twin not before its turn.
    const open = room.twinShown && !room.secret;
    const counted = published(found);
    refill(results,
      el("h2", {}, about),
      ...(room.secret ? [] : [changes]),
      el("p", { class: "hint" }, "Thick: 95% interval of the average, which shrinks with more runs. Thin: where one real area would fall. Dots: single runs. " + (draws ? "Dashed: where the average would lie if we are wrong about what is not known; both others hold that too." : "What if the assumptions are wrong is in neither.")),
      outcomes,
      ...(open ? [el("div", { class: "card" }, el("h2", {}, "In words"), el("ul", {}, ...found.said.map((text) => el("li", {}, text))))] : []),
      el("div", { class: "card marked" }, el("h2", {}, "What the partnership would have published"), ...counted.map(({ scenario, published: told, twin }) =>
        el("p", {}, `${others.includes(scenario) ? short(scenario) : "As it is"}: a before-and-after count says ${percent(told)}${room.twinShown ? `; the same people without any IOM show ${percent(twin)}` : ""}.`)),
        ...(counted.length ? [] : [el("p", { class: "hint" }, "Not known: nobody first selected in these years was followed for a whole year.")])),
      open ? el("p", { class: "row" }, el("a", { class: "button", href: `/studies/${state.id}/report`, target: "_blank", rel: "noopener" }, "Open the full report"), el("a", { class: "button", href: `/studies/${state.id}/results`, download: "" }, "Save the results"), el("span", { class: "hint" }, `The same report as of: ${state.command}`))
        : el("p", { class: "hint" }, "The rest, and the full report, show the twin: they open here when Guess has shown it, and told what it kept."));
  }

  room.addEventListener("setting", () => { last = null; results.replaceChildren(); });
  for (const event of ["twin", "confessed"]) room.addEventListener(event, show);
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

/** Begin a study and wait for its end, showing how far it is, with a button to stop it; it stops with its signal too. Why
 *  it failed names what it ran, which is not told where that is `secret`. */
export async function studied(wanted, place, signal, secret) {
  let state = await (await ask("/api/studies", wanted)).json();
  const stop = () => ask(`/api/studies/${state.id}`, {}, { method: "DELETE" });
  const bar = el("progress", { max: 1, value: 0, "aria-label": "Runs done" }), text = el("span", {}, "Beginning");
  place.replaceChildren(bar, text, el("button", { type: "button", click: () => stop().catch(() => {}) }, "Cancel"));
  let unheard = 0;
  while (state.state === "waiting" || state.state === "running") {
    await new Promise((done) => setTimeout(done, 400));
    if (signal.aborted) {
      place.replaceChildren();
      stop().catch(() => {});
      signal.throwIfAborted();
    }
    try {
      state = await (await ask(`/api/studies/${state.id}`)).json();
      unheard = 0;
    } catch (error) {
      unheard += 1;
      if (unheard < MOST_UNHEARD) continue;
      place.replaceChildren();
      stop().catch(() => {});
      throw error;
    }
    bar.max = state.wanted || 1;
    bar.value = state.done;
    text.textContent = state.state === "waiting" ? "Waiting for another comparison" : state.wanted ? `${state.done} of ${state.wanted} runs done` : "Beginning";
  }
  refill(place, ...(state.state === "cancelled" ? ["Cancelled."] : []));
  if (state.state === "failed") throw new Error(!secret && state.said.join("\n") || "the comparison failed");
  return state;
}

/** One outcome: each choice's paired difference, with the average, one real area, and every run. */
function card({ label, unit, choices, base }, short) {
  const ends = choices.flatMap(({ area_low, area_high, wrong_low, wrong_high, pairs }) => [area_low, area_high, wrong_low, wrong_high, ...pairs]).filter((value) => value !== null);
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
    if (choice.wrong_low !== null) picture.append(svg("line", { class: "wrong", x1: x(choice.wrong_low), x2: x(choice.wrong_high), y1: y + 8, y2: y + 8 }));
    picture.append(svg("circle", { class: "mean", cx: x(choice.mean_difference), cy: y, r: 5 }));
  });
  const rows = choices.map((choice) => [short(choice.scenario), told(choice.mean_difference, unit, true), `${told(choice.low, unit, true)} to ${told(choice.high, unit, true)}`, `${told(choice.area_low, unit, true)} to ${told(choice.area_high, unit, true)}`, choice.wrong_low === null ? "not computed here" : `${told(choice.wrong_low, unit, true)} to ${told(choice.wrong_high, unit, true)}`]);
  return el("section", { class: "card", "aria-label": label }, el("h2", {}, `${label} (as it is: ${told(base, unit)})`), picture,
    ...choices.map((choice) => el("p", { class: "hint" }, `${short(choice.scenario)}: ${said(choice, unit)}`)),
    el("details", {}, el("summary", {}, "Table"), table(`${label}, paired differences`, ["Choice", "Difference", "The average", "One real area", "If we are wrong"], rows),
      table(`${label}, differences of single runs`, ["Run", ...choices.map(({ scenario }) => short(scenario))], (choices[0]?.pairs ?? []).map((_, run) => [run + 1, ...choices.map(({ pairs }) => told(pairs[run] ?? null, unit, true))]))));
}

function said({ mean_difference: mean, low, high, area_low, area_high, wrong_low, wrong_high }, unit) {
  if (low === null) return `${told(mean, unit, true)}; one run says nothing about chance.`;
  if (low === 0 && high === 0) return "No difference at all.";
  const average = `${told(low, unit, true)} to ${told(high, unit, true)}`;
  const wrong = wrong_low === null ? "" : ` If we are wrong about what is not known: ${told(wrong_low, unit, true)} to ${told(wrong_high, unit, true)}.`;
  const area = `One real area could see ${told(area_low, unit, true)} to ${told(area_high, unit, true)}.${wrong}`;
  if (low <= 0 && high >= 0) return `The runs do not show which way it goes (${average}). ${area}`;
  return `${told(mean, unit, true)} on average (${average}). ${area}`;
}

function told(value, unit, signed = false) {
  if (value === null) return "–";
  const size = Math.abs(value), digits = unit === "gbp" || size >= 100 ? 0 : size >= 10 ? 1 : 2;
  const number = unit === "gbp" ? `£${Math.round(size / 1000).toLocaleString("en-GB")}k` : size.toLocaleString("en-GB", { maximumFractionDigits: digits });
  return value < 0 ? `−${number}` : signed && value > 0 ? `+${number}` : number;
}

function percent(share) {
  if (share === null) return "nothing, as nobody could be counted";
  const whole = Math.round(100 * share);
  return `${whole > 0 ? "+" : whole < 0 ? "−" : ""}${Math.abs(whole)}% sanctions`;
}
