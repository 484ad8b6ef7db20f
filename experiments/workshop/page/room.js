// The room's own state: the place, the decisions, the tape that is shown and those before it. It lives in this
// page; the server lives through runs and forgets.

import { Tape, readLines } from "./tape.js";

/** How long a room stands at a meeting before the weeks up to it are asked for: longer than a key is held. */
const STANDS_MS = 1500;

/** Ask the server; what it refuses becomes an error with its own words. */
export async function ask(path, body, { method = "POST", signal } = {}) {
  const options = body === undefined ? { method: "GET", signal } : { method, body: JSON.stringify(body), headers: { "content-type": "application/json" }, signal };
  const answer = await fetch(path, options);
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({ problems: [`the server answered ${answer.status}`] }));
    throw new Error(told.problems.join("\n"));
  }
  return answer;
}

export class Room extends EventTarget {
  constructor(player) {
    super();
    this.player = player;
    this.setting = { site: "", options: [], years: 2, seed: 1, replication: 0 };
    this.begun = 0;
    // What is under way for this setting ends with it.
    this.stay = new AbortController();
    this.pending = null;
    this.met = null;
    this.options = [];
    // Whether there are draws of what is not known to compare under.
    this.draws = false;
    this.waiting = "";
    // Which room this is, to the server: where it stands now, it does not stand where it stood before.
    this.id = Math.random().toString(36).slice(2);
    this.anew({ exercise: null, groups: [] });
    for (const event of ["load", "frame"]) player.addEventListener(event, () => this.moved());
  }

  /** What every setting begins with. */
  anew({ exercise, groups }) {
    Object.assign(this, { exercise, groups, decisions: [], tapes: [], twin: null, others: null, twinShown: !exercise, secret: Boolean(exercise?.setting.hidden), seen: { week: 0, twin: false } });
  }

  get tape() { return this.tapes.at(-1) ?? null; }
  get ghost() { return this.tapes.at(-2) ?? null; }
  get name() { return capital([this.setting.site, ...(this.exercise?.setting.hidden ? [] : this.setting.options)].join(" with ").replaceAll("-", " ")); }

  asked(decisions = this.decisions) {
    const sent = decisions.map(({ since, changes, because, expect }) => ({ since, changes, because, expect: expect.text }));
    return { ...this.setting, decisions: sent };
  }

  /** Begin anew with a setting: its run from the first week, and its twin. The last one asked for is the one. */
  async begin(wanted, exercise = null) {
    const turn = ++this.begun, setting = { ...this.setting, ...wanted };
    const { groups } = await (await ask("/api/levers", { ...setting, decisions: [] })).json();
    if (turn !== this.begun) return;
    this.stay.abort();
    this.stay = new AbortController();
    this.setting = setting;
    this.pending = null;
    this.anew({ exercise, groups });
    this.player.unload();
    this.tell("setting");
    await this.live([], 0);
    await this.liveTwin();
  }

  /** Read an answer line by line, for as long as the room stays in its setting. */
  async read(path, decisions, take) {
    const { signal } = this.stay;
    const answer = await ask(path, this.asked(decisions), { signal });
    await readLines(answer.body, (line) => {
      signal.throwIfAborted();
      if (line.error) throw new Error(line.error);
      take(line);
    });
    signal.throwIfAborted();
  }

  /** Live through the run of some decisions and show it as soon as it reaches `frame`; until then it is pending. */
  async live(decisions, frame) {
    const pending = this.pending = {};
    let tape = null;
    const arrived = () => { if (this.pending === pending) { this.pending = null; this.tell("pending"); } };
    this.tell("pending");
    const show = () => {
      arrived();
      this.decisions = decisions;
      this.tapes.push(tape);
      this.wait("");
      this.changed(frame);
    };
    let shown = false;
    try {
      await this.read("/api/tape", decisions, (line) => {
        if (line.progress) this.wait(line.progress);
        else if (line.tape) tape = new Tape(line);
        else tape.add(line);
        if (tape && !shown && tape.recorded >= Math.min(frame + 1, tape.weeks)) { shown = true; show(); }
        else if (shown && tape === this.tape) this.player.grown();
      });
    } finally { arrived(); }
    this.tell("whole");
  }

  async liveTwin() {
    const lines = {};
    let names = [];
    await this.read("/api/twin", [], (line) => {
      if (line.tape) names = line.lines.map(({ name }) => name);
      else if (line.week) names.forEach((name, at) => (lines[name] ??= []).push(line.lines[at]));
    });
    this.twin = lines;
    this.tell("twin");
  }

  /** Another tape is shown: what was lived through beside the one before belongs to another choice. */
  changed(frame) {
    this.others = null;
    this.player.load(this.tape, frame);
    this.tell("tape");
  }

  /** The room stands elsewhere: what it has seen, and that it no longer stands at a meeting. */
  moved() {
    const { frame } = this.player;
    clearTimeout(this.standingStill);
    this.met = null;
    this.seen = { week: Math.max(this.seen.week, frame), twin: this.seen.twin || (frame > 0 && this.twinShown) };
  }

  /** Say at which meeting the room stands, once it stands still, so that what it decides there shows at once. */
  meet() {
    const { frame } = this.player, since = this.since(frame), met = JSON.stringify([frame, this.asked()]);
    // Once asked, and answered or refused, that is all: a decision is lived through without it as well.
    if (met === this.met || this.decisions.some((decision) => decision.since >= since)) return;
    this.met = met;
    clearTimeout(this.standingStill);
    this.standingStill = setTimeout(() => { if (!this.pending) ask("/api/meeting", { ...this.asked(), since, room: this.id }).catch(() => {}); }, STANDS_MS);
  }

  since(frame) { return this.tape.date(frame).toISOString().slice(0, 10); }
  decidedAt(frame) { return this.decisions.some((decision) => decision.frame === frame); }

  /** Take a decision on the frame that is shown, and live on with it. */
  async decide(changes, because, expect) {
    if (this.pending) return;
    const { frame } = this.player, since = this.since(frame);
    this.player.pause();
    await this.live([...this.decisions, { since, frame, changes, because, expect }], frame);
  }

  /** Take the last decision back; the run without it is still here. */
  undo() {
    if (this.pending || !this.decisions.length) return;
    const { frame } = this.decisions.at(-1);
    this.tapes.pop();
    this.decisions = this.decisions.slice(0, -1);
    this.player.pause();
    this.changed(frame);
  }

  /** What changes imply, in the words of the server: a ceiling means that the cohort is sized by resources. */
  get implied() { return this.tape?.head.implied ?? []; }

  /** What a lever stands at in the week that is shown, with what was decided up to it and what that implied. */
  standing({ key, value }) {
    const now = this.since(this.player.frame);
    const decided = this.decisions.filter(({ changes }) => key in changes).map(({ since, changes }) => ({ since, value: changes[key] }));
    const steps = [...this.implied.filter((step) => step.key === key), ...decided].filter(({ since }) => since <= now);
    return steps.sort((one, other) => one.since < other.since ? -1 : one.since > other.since ? 1 : 0).at(-1)?.value ?? value;
  }

  showTwin(shown) { this.twinShown = shown; this.tell("twin"); }
  /** Tell what an exercise kept from the room. */
  confess() { if (this.secret) { this.secret = false; this.tell("confessed"); } }
  wait(text) { this.waiting = text; this.tell("waiting"); }
  tell(what) { this.dispatchEvent(new Event(what)); }
}

export function capital(text) { return text.charAt(0).toUpperCase() + text.slice(1); }

/** A label within a sentence: its first letter small, unless it begins with an abbreviation. */
export function within(text) { return /^[A-Z](?![A-Z])/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text; }
