// The room's own state: the place, the decisions, the tape that is shown and those before it. It lives in this
// page; the server lives through runs and forgets.

import { Tape, readLines } from "./tape.js";

/** Ask the server; what it refuses becomes an error with its own words. */
export async function ask(path, body, method = "POST") {
  const options = body === undefined ? { method: method === "POST" ? "GET" : method } : { method, body: JSON.stringify(body) };
  if (options.method !== "GET") options.headers = { "content-type": "application/json" };
  if (options.method === "DELETE") options.body = "{}";
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
    this.exercise = null;
    this.decisions = [];
    this.tapes = [];
    this.twin = null;
    this.twinShown = true;
    this.others = null;
    this.groups = [];
    this.options = [];
    this.waiting = "";
    this.met = null;
    // Which room this is, to the server: where it stands now, it does not stand where it stood before.
    this.id = Math.random().toString(36).slice(2);
  }

  get tape() { return this.tapes.at(-1) ?? null; }
  get ghost() { return this.tapes.at(-2) ?? null; }
  get name() { return capital([this.setting.site, ...(this.exercise?.setting.hidden ? [] : this.setting.options)].join(" with ").replaceAll("-", " ")); }

  asked(decisions = this.decisions) {
    const sent = decisions.map(({ since, changes, because, expect }) => ({ since, changes, because, expect: expect.text }));
    return { ...this.setting, decisions: sent };
  }

  /** Begin anew with a setting: its run from the first week, and its twin. */
  async begin(setting, exercise = null) {
    const before = this.setting;
    this.setting = { ...this.setting, ...setting };
    try {
      const { groups, title } = await (await ask("/api/levers", this.asked([]))).json();
      Object.assign(this, { groups, title, exercise, decisions: [], tapes: [], twin: null, others: null, twinShown: !exercise });
    } catch (error) {
      this.setting = before;
      throw error;
    }
    this.player.pause();
    this.tell("setting");
    await this.live([], 0);
    await this.liveTwin();
  }

  /** Live through the run of some decisions and show it as soon as it reaches `frame`. */
  async live(decisions, frame) {
    const answer = await ask("/api/tape", this.asked(decisions));
    let tape = null, shown = false;
    const show = () => {
      shown = true;
      this.decisions = decisions;
      this.tapes.push(tape);
      this.player.load(tape, frame);
      this.wait("");
      this.tell("tape");
    };
    await readLines(answer.body, (line) => {
      if (line.progress) this.wait(line.progress);
      else if (line.error) throw new Error(line.error);
      else if (line.tape) tape = new Tape(line);
      else tape.add(line);
      if (tape && !shown && tape.recorded >= Math.min(frame + 1, tape.weeks)) show();
      else if (shown && tape === this.tape) this.player.grown();
    });
    this.tell("whole");
  }

  async liveTwin() {
    const answer = await ask("/api/twin", this.asked([]));
    const lines = {};
    let names = [];
    await readLines(answer.body, (line) => {
      if (line.error) throw new Error(line.error);
      if (line.tape) names = line.lines.map(({ name }) => name);
      else if (line.week) names.forEach((name, at) => (lines[name] ??= []).push(line.lines[at]));
    });
    this.twin = lines;
    this.tell("twin");
  }

  /** Say at which meeting the room stands, so that what it decides there shows at once. */
  meet() {
    const frame = this.player.frame, since = this.tape.date(frame).toISOString().slice(0, 10);
    const met = JSON.stringify([frame, this.asked()]);
    if (met === this.met || this.decisions.some((decision) => decision.since >= since)) return;
    this.met = met;
    ask("/api/meeting", { ...this.asked(), since, room: this.id }).catch(() => { this.met = null; });
  }

  /** Take a decision on the frame that is shown, and live on with it. */
  async decide(changes, because, expect) {
    const frame = this.player.frame, since = this.tape.date(frame).toISOString().slice(0, 10);
    this.player.pause();
    await this.live([...this.decisions, { since, frame, changes, because, expect }], frame);
  }

  /** Take the last decision back; the run without it is still here. */
  undo() {
    if (!this.decisions.length) return;
    const { frame } = this.decisions.at(-1);
    this.tapes.pop();
    this.decisions = this.decisions.slice(0, -1);
    this.player.pause();
    this.player.load(this.tape, frame);
    this.tell("tape");
  }

  /** What a lever stands at now, decisions included. */
  standing(control) {
    for (const { changes } of [...this.decisions].reverse()) if (control.key in changes) return changes[control.key];
    return control.value;
  }

  showTwin(shown) { this.twinShown = shown; this.tell("twin"); }
  wait(text) { this.waiting = text; this.tell("waiting"); }
  tell(what) { this.dispatchEvent(new Event(what)); }
}

export function capital(text) { return text.charAt(0).toUpperCase() + text.slice(1); }
