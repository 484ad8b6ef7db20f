// The log of decisions: what was decided and why, what came of it, Undo, and the file that repeats it.

import { el, refill, table } from "./draw.js";
import { told } from "./levers.js";
import { ask, within } from "./room.js";
import { numberText } from "./tape.js";

const REVIEW_WEEKS = 12;
export const EXPECTED = [
  ["proven_offences", "proven offences"], ["contacts_expired", "lapsed contacts"], ["contacts_made", "contacts made or tried"], ["iom_cost_gbp", "cost of the partnership"],
];

export function logView(room, attempt) {
  const { player } = room;
  const heading = el("h2", { tabindex: "-1" }, "Decisions so far"), none = el("p", { class: "hint" }, "None yet.");
  const log = el("ol", { class: "log" }), notices = el("div", {}), file = el("div", {}), kept = el("p", { class: "hint" }, "The option file can be exported when the exercise has told what it kept from the room.");
  const undo = el("button", { type: "button", click: () => { room.undo(); if (!room.decisions.length) heading.focus(); } }, "Undo");
  const save = el("button", { type: "button", click: () => attempt(show) }, "Export as an option file");
  const node = el("section", { class: "card", "aria-label": "Log of decisions" }, heading, none, log, notices, el("p", { class: "row" }, undo, save), kept, file);
  let cameOf = [];

  function draw() {
    const { decisions } = room, some = decisions.length > 0;
    cameOf = decisions.map(() => el("div", {}));
    log.replaceChildren(...decisions.map((decision, at) => el("li", {}, el("strong", {}, `Week ${decision.frame}: `), changes(decision), ` “${decision.because}” `, cameOf[at])));
    // What is kept from the room stands in the notices and in the file as well.
    notices.replaceChildren(...(room.secret ? [] : room.tape.head.notices).map((text) => el("p", { class: "hint" }, text)));
    none.hidden = some;
    log.hidden = undo.hidden = !some;
    save.hidden = !some || room.secret;
    kept.hidden = !some || !room.secret;
    file.replaceChildren();
    drawCame();
  }

  /** Bring up to date what changes from week to week. */
  function drawCame() {
    room.decisions.forEach((decision, at) => refill(cameOf[at], came(decision, at)));
  }

  function changes({ changes: made, since }) {
    const own = Object.entries(made).map(([key, value]) => `${label(key)} → ${told(value)}`);
    const implied = room.implied.filter((step) => step.since === since && !(step.key in made)).map(({ key, value }) => `and with it ${label(key)} → ${told(value)}`);
    return [...own, ...implied].join("; ");
  }

  function label(key) {
    const control = room.groups.flatMap(({ controls }) => controls).find((one) => one.key === key);
    return control ? `${control.part ? `${control.part}: ` : ""}${within(control.label)}` : key;
  }

  async function show() {
    const { tape } = room;
    const { text, command, file: name } = await (await ask("/api/option", room.asked())).json();
    // Undone, or decided on, meanwhile: it is another run's file.
    if (room.tape !== tape) return;
    const address = URL.createObjectURL(new Blob([text], { type: "text/yaml" }));
    const written = el("pre", { tabindex: "0", "aria-label": "The command and the option file" }, el("span", {}, command), `\n\n${text}`), said = el("span", { role: "status" });
    const copy = async () => { said.textContent = await copied(command, written.firstChild) ? "Copied." : "The browser does not let this page copy: the command is selected, press Ctrl+C."; };
    refill(file, el("div", { class: "row" }, el("a", { class: "button", href: address, download: name }, `Save ${name}`), el("button", { type: "button", click: copy }, "Copy the command"), said), written);
  }

  /** Twelve weeks on: what was expected, what came, against the run without the change. */
  function came(decision, at) {
    const { tape, frame } = player, without = room.tapes[room.tapes.length - room.decisions.length + at - 1];
    const to = Math.min(decision.frame + REVIEW_WEEKS, frame);
    if (!without || to <= decision.frame) return el("p", { class: "hint" }, `Expected ${decision.expect.text}. What came of it shows as the run goes on.`);
    const rows = EXPECTED.map(([name, text]) => {
      const own = tape.sum(name, decision.frame, to), other = without.sum(name, decision.frame, Math.min(to, without.recorded));
      const scale = name.endsWith("_gbp") ? 1000 : 1, shown = scale > 1 ? `${text}, £ thousand` : text;
      return [name === decision.expect.outcome ? `${shown} (expected ${decision.expect.direction})` : shown, numberText(own / scale), numberText(other / scale), difference((own - other) / scale)];
    });
    const whose = at === room.decisions.length - 1 ? "this change" : "this change and those after it";
    return el("div", { class: "came" }, table(`${to - decision.frame} weeks on, with ${whose} and without; one run of many`, ["", "with", "without", "difference"], rows));
  }

  room.addEventListener("confessed", () => { if (room.tape) draw(); });
  return { node, draw, drawCame };
}

/** Copy a text, or select where it stands: only a page of this machine or of a secure address may copy. */
async function copied(text, where) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection().selectAllChildren(where);
    return false;
  }
}

function difference(value) { return value > 0 ? `+${numberText(value)}` : value < 0 ? `−${numberText(-value)}` : "0"; }
