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
  first.addEventListener("change", () => { why.textContent = offer.options.find(({ name }) => name === first.value)?.why ?? ""; });
  exercise.addEventListener("change", () => { own.hidden = exercise.value !== ""; });

  const play = async (file) => {
    const found = await (await ask(`/api/exercises/${encodeURIComponent(file)}`)).json();
    const known = { ...found, file };
    const { site: place, options, years: length } = found.setting;
    await room.begin({ site: offer.sites.includes(place) ? place : offer.sites[0], options, years: length, seed: 1 }, known);
  };
  const begin = () => attempt(async () => {
    dialog.close();
    if (exercise.value) { open("Guess"); await play(exercise.value); return; }
    const options = [...new Set([first.value, second.value])].filter(Boolean);
    await room.begin({ site: site.value, options, years: Number(years.value), seed: Number(chance.value) });
  });
  dialog.replaceChildren(el("h2", { id: "setting-title" }, "Set up a run"),
    el("form", { method: "dialog", submit: (event) => { event.preventDefault(); begin(); } },
      field("Exercise", exercise), own,
      el("div", { class: "row" }, el("button", { class: "primary" }, "Begin"), el("button", { type: "button", click: () => dialog.close() }, "Cancel"))));
  return { show: () => dialog.showModal(), play };
}

export function field(label, control) {
  return el("label", { class: "field" }, el("span", {}, label), control);
}
