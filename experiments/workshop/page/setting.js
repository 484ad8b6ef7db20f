// The setting: an exercise, or a place, options and a chance of one's own.

import { el } from "./draw.js";
import { ask } from "./room.js";

export function settingDialog(dialog, offer, room, attempt, open) {
  const exercise = el("select", {}, el("option", { value: "" }, "none: a run of our own"), ...offer.exercises.map(({ name, title }) => el("option", { value: name }, title)));
  const site = el("select", {}, ...offer.sites.map((name) => el("option", {}, name)));
  const choice = () => el("select", {}, el("option", { value: "" }, "as it is"), ...offer.options.map(({ name, title }) => el("option", { value: name }, title)));
  const first = choice(), second = choice(), why = el("p", { class: "hint" });
  const chance = el("input", { type: "number", min: 1, max: 9999, value: 1 }), years = el("input", { type: "number", min: 0.5, max: 5, step: 0.5, value: 2 });
  const own = el("fieldset", { class: "stack" }, el("legend", { class: "unseen" }, "A run of our own"),
    field("Place", site), field("With", first), field("and with", second), why,
    el("div", { class: "row" }, field("Years", years), field("Chance (another number, other luck)", chance)));
  const where = el("select", {}), whether = el("p", { class: "hint", role: "status" }), go = el("button", { class: "primary" }, "Begin");
  const there = el("div", { class: "stack", hidden: true }, field("Played in", where), whether);
  let found = null;
  first.addEventListener("change", () => { why.textContent = offer.options.find(({ name }) => name === first.value)?.why ?? ""; });
  exercise.addEventListener("change", () => attempt(async () => {
    own.hidden = exercise.value !== "";
    there.hidden = !own.hidden;
    go.disabled = false;
    if (own.hidden) {
      const wanted = exercise.value, answer = await exerciseOf(wanted);
      if (wanted !== exercise.value) return;
      found = answer;
      where.replaceChildren(...offer.sites.map((name) => el("option", { value: name, selected: name === found.setting.site }, found.places[name] ? `${name}: not for this exercise` : name)));
      tell();
    }
  }));
  where.addEventListener("change", tell);

  /** Say why an exercise makes no sense in a place, if it does not. */
  function tell() {
    whether.textContent = found.places[where.value] || (where.value === found.setting.site ? "The place it was written for." : "It was written for another place; what its texts say of numbers may differ here.");
    go.disabled = Boolean(found.places[where.value]);
  }

  const play = async (file, wanted) => {
    const known = await exerciseOf(file), { site: written, options, years: length } = known.setting;
    const place = [wanted, written, ...offer.sites].find((name) => known.places[name] === "");
    await room.begin({ site: place, options, years: length, seed: 1 }, { ...known, file });
  };
  const begin = () => attempt(async () => {
    dialog.close();
    if (exercise.value) { open("Guess"); await play(exercise.value, where.value); return; }
    const options = [...new Set([first.value, second.value])].filter(Boolean);
    await room.begin({ site: site.value, options, years: Number(years.value), seed: Number(chance.value) });
  });
  dialog.replaceChildren(el("h2", { id: "setting-title" }, "Set up a run"),
    el("form", { method: "dialog", submit: (event) => { event.preventDefault(); begin(); } },
      field("Exercise", exercise), there, own,
      el("div", { class: "row" }, go, el("button", { type: "button", click: () => dialog.close() }, "Cancel"))));
  return { show: () => dialog.showModal(), play };
}

async function exerciseOf(file) { return (await ask(`/api/exercises/${encodeURIComponent(file)}`)).json(); }

export function field(label, control) {
  return el("label", { class: "field" }, el("span", {}, label), control);
}
