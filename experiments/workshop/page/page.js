// The page: its views, the setting, and what is wrong, if anything is.

import { compareView } from "./compare.js";
import { el } from "./draw.js";
import { followView } from "./follow.js";
import { guessView } from "./guess.js";
import { interveneView } from "./intervene.js";
import { Player, Watch, sentence, transport } from "./player.js";
import { Room, ask } from "./room.js";
import { settingDialog } from "./setting.js";

const player = new Player(), room = new Room(player);
const main = document.getElementById("main"), problem = document.getElementById("problem"), waiting = document.getElementById("waiting");

/** Do something that can be refused, and say so; what the room has gone away from is not told. */
function attempt(work) {
  problem.hidden = true;
  return Promise.resolve().then(work).catch((error) => {
    if (error.name === "AbortError") return;
    problem.replaceChildren(el("button", { type: "button", class: "small", click: () => { problem.hidden = true; } }, "Close"), words(error));
    problem.hidden = false;
    room.wait("");
  });
}

/** What went wrong, for people: browsers name a server that is gone each in their own way. */
function words(error) {
  const gone = error instanceof TypeError && /fetch|network|load failed|input stream/i.test(error.message);
  return gone ? "The workshop’s server does not answer. It may have been closed: start it again with iom app, then reload this page." : error.message;
}

const follow = followView(room, attempt, (person) => watch.choose(person));
const watch = new Watch(player, { onPick: (person) => { open("Follow"); follow.choose(person); } });
const views = {
  Watch: { node: watch.node },
  Intervene: interveneView(room, attempt),
  Compare: compareView(room, attempt),
  Follow: follow,
  Guess: guessView(room, attempt),
};
const buttons = Object.fromEntries(Object.keys(views).map((name) => [name, el("button", { type: "button", click: () => open(name) }, name)]));
document.getElementById("views").append(...Object.values(buttons));
document.getElementById("controls").append(transport(player), sentence(player));
for (const { node } of Object.values(views)) {
  node.classList.add("view");
  node.hidden = true;
  main.append(node);
}

let current = "Watch";
function open(name) {
  current = name;
  for (const [other, { node }] of Object.entries(views)) {
    node.hidden = other !== name || !room.tape;
    buttons[other].toggleAttribute("aria-current", false);
  }
  buttons[name].setAttribute("aria-current", "page");
  views[name].show?.();
  document.title = `${name}: ${room.name} · workshop`;
  remember();
}

/** Keep in the address what is shown, so that a link shows it again; an exercise's options are not for the room. */
function remember() {
  const state = room.exercise ? { view: current, exercise: room.exercise.file, site: room.setting.site } : { ...room.setting, view: current };
  history.replaceState(null, "", `#${encodeURIComponent(JSON.stringify(state))}`);
}

function recalled() {
  try { return JSON.parse(decodeURIComponent(location.hash.slice(1))); } catch { return null; }
}

room.addEventListener("setting", () => { document.getElementById("title").textContent = room.exercise?.name ?? room.name; open(current); });
room.addEventListener("waiting", () => {
  waiting.textContent = room.waiting;
  waiting.hidden = !room.waiting || room.tape !== null;
});
room.addEventListener("tape", () => {
  waiting.hidden = true;
  open(current);
  beside();
});
room.addEventListener("twin", beside);
room.addEventListener("others", beside);

function beside() {
  watch.beside({
    twin: room.twinShown ? room.twin?.proven_offences ?? null : null, ghost: room.ghost, others: room.others,
    marks: room.decisions.map(({ frame }, at) => ({ week: frame, text: `decision ${at + 1}` })),
  });
}

attempt(async () => {
  const offer = await (await ask("/api/places")).json();
  room.options = offer.options;
  room.draws = offer.draws;
  const dialog = settingDialog(document.getElementById("setting"), offer, room, attempt, open);
  document.getElementById("set-up").addEventListener("click", () => dialog.show());
  const wanted = recalled();
  if (wanted?.view in views) current = wanted.view;
  const site = offer.sites.includes(wanted?.site) ? wanted.site : offer.sites[0];
  const { options = [], seed = 1, years = 2 } = wanted ?? {};
  if (wanted?.exercise) await dialog.play(wanted.exercise, wanted.site);
  else await room.begin({ site, options, seed, years });
});
