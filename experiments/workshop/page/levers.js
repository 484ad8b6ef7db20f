// The levers of a meeting: controls made from the declared parameters, and what is marked for change on them.

import { el, permit, refill } from "./draw.js";
import { ask, capital } from "./room.js";

const PAUSE_MS = 400;

export function leversView(room, onMark) {
  let wanted = {}, idle = {}, wrong = "", soon = null, asked = 0, drawn = "";
  const node = el("div", { class: "levers" }), remarks = new Map();

  function draw() {
    drawn = stamp();
    const opened = new Set([...node.querySelectorAll("details[open]")].map((one) => one.dataset.name));
    remarks.clear();
    for (const control of room.groups.flatMap(({ controls }) => controls)) if (same(wanted[control.key], room.standing(control))) delete wanted[control.key];
    refill(node, ...room.groups.map(({ name, title, controls }, at) => {
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
    ponder();
  }

  function lever(control) {
    const standing = room.standing(control), value = wanted[control.key] ?? standing;
    const changed = control.key in wanted, row = el("div", { class: changed ? "lever changed" : "lever" });
    const set = (next) => {
      if (same(next, standing)) delete wanted[control.key]; else wanted[control.key] = next;
      row.classList.toggle("changed", control.key in wanted);
      was.textContent = control.key in wanted ? `was ${told(standing)}` : "";
      onMark();
      clearTimeout(soon);
      soon = setTimeout(ponder, PAUSE_MS);
    };
    const was = el("span", { class: "was" }, changed ? `was ${told(standing)}` : "");
    const remark = el("small", { class: "idle", id: `idle-${control.key}` });
    remarks.set(control.key, remark);
    const what = el("span", { class: "what" }, capital(control.label), control.takes ? el("small", {}, control.takes) : null, remark);
    const name = `${control.part ? `${capital(control.part)}: ` : ""}${control.label}`, about = { "aria-describedby": remark.id };
    row.append(what, ...handles(control, { name, value, set, about }), was);
    return row;
  }

  /** Ask what would change nothing, with what is marked, before anybody decides it. */
  async function ponder() {
    const turn = ++asked, { frame, tape } = room.player;
    if (node.closest("[hidden]") || frame === tape.weeks) return;
    const decisions = room.decisions.filter((decision) => decision.frame < frame);
    if (Object.keys(wanted).length) decisions.push({ since: room.since(frame), changes: wanted, because: "marked", expect: { text: "" } });
    let found = { idle: {} }, refused = "";
    try { found = await (await ask("/api/levers", room.asked(decisions))).json(); } catch (error) { refused = error.message; }
    if (turn !== asked) return;
    [idle, wrong] = [refused ? idle : found.idle, refused];
    for (const [key, remark] of remarks) remark.textContent = idle[key] ?? "";
    onMark();
  }

  // Where a decision was made before or after the week that is shown, levers stand otherwise.
  const stamp = () => JSON.stringify(room.decisions.map(({ frame }) => frame <= room.player.frame));

  return {
    node, draw,
    get wanted() { return wanted; },
    /** Marked changes from which nothing would come. */
    get idle() { return Object.keys(wanted).filter((key) => idle[key]).length; },
    get wrong() { return wrong; },
    clear() { wanted = {}; wrong = ""; },
    follow() { if (drawn !== stamp()) draw(); },
    enable(open) { for (const control of node.querySelectorAll("input, select")) permit(control, open); },
  };
}

/** What a lever is moved by, from its kind. */
function handles(control, { name, value, set, about }) {
  if (control.kind === "number") {
    const unit = control.unit ? `, ${control.unit}` : "";
    const exact = el("input", { type: "number", value, min: control.low, max: control.high, step: control.whole ? 1 : "any", "aria-label": `${name}${unit}`, ...about });
    const slide = el("input", { type: "range", value, min: control.slider_low, max: control.slider_high, step: control.step, "aria-label": `${name}, slider` });
    slide.addEventListener("input", () => { exact.value = slide.value; set(Number(slide.value)); });
    exact.addEventListener("input", () => { if (Number.isFinite(exact.valueAsNumber)) { slide.value = exact.value; set(exact.valueAsNumber); } });
    return [slide, exact];
  }
  if (control.kind === "choice") {
    const select = el("select", { class: "wide", "aria-label": name, ...about, change: () => set(select.value) }, ...control.choices.map((choice) => el("option", { value: choice, selected: choice === value }, choice.replaceAll("_", " "))));
    return [select];
  }
  if (control.kind === "flag") {
    const tick = el("input", { type: "checkbox", checked: value, "aria-label": name, ...about, change: () => set(tick.checked) });
    return [el("span", { class: "wide" }, tick)];
  }
  if (control.kind === "date") {
    const day = el("input", { class: "wide", type: "date", value, "aria-label": name, ...about, change: () => { if (day.value) set(day.value); } });
    return [day];
  }
  const ticks = control.choices.map((choice) => el("input", { type: "checkbox", value: choice, checked: value.includes(choice), change: () => set(ticks.filter((tick) => tick.checked).map((tick) => tick.value)) }));
  return [el("fieldset", { class: "wide", ...about }, el("legend", { class: "unseen" }, name), ...ticks.map((tick) => el("label", { class: "tick" }, tick, tick.value.replaceAll("_", " "))))];
}

function same(one, other) { return JSON.stringify(one) === JSON.stringify(other); }

/** A lever's value in words. */
export function told(value) {
  if (Array.isArray(value)) return value.join(", ").replaceAll("_", " ") || "none";
  if (typeof value === "boolean") return value ? "on" : "off";
  return typeof value === "number" ? String(+value.toFixed(3)) : String(value).replaceAll("_", " ");
}
