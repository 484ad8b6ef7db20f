// A tape as it is read: who was where, what staff did, what waited, week by week. Frame 0 is the decision date;
// frame n is the end of week n.

export const BANDS = ["red", "amber", "green", "blue", "white"];
const BAND_OF = { r: "red", a: "amber", g: "green", b: "blue", w: "white" };

/** Where a letter of the tape puts a person: a zone of the picture, a band, and whether the team is wrong. */
export function place(letter) {
  const inside = letter !== "-" && letter !== letter.toLowerCase() || letter === ":";
  const band = BAND_OF[letter.toLowerCase()] ?? null;
  if (band === null) return { zone: null, band, inside, wrong: false };
  if (band === "white") return { zone: "white", band, inside, wrong: false };
  if (inside) return { zone: "custody", band, inside, wrong: band !== "blue" };
  return { zone: band === "blue" ? "released" : band, band, inside, wrong: band === "blue" };
}

export const PLACES = Object.fromEntries([..."garbw.GARBW:-"].map((letter) => [letter, place(letter)]));

/** Everybody's letters after a week's moves: steps on in the order of people, and the new letter. */
export function moved(places, moves) {
  const letters = [...places];
  let person = -1;
  for (const [, step, letter] of moves.matchAll(/(\d*)(\D)/g)) {
    person += Number(step || 1);
    letters[person] = letter;
  }
  return letters.join("");
}

export class Tape {
  constructor(head) {
    this.head = head;
    this.frames = [{ places: head.places, network: head.network }];
    this.people = [...head.people];
    this.known = [this.people.length];
    this.lineAt = Object.fromEntries((head.lines ?? []).map((line, at) => [line.name, at]));
  }

  /** Take in the next week. */
  add(week) {
    week.places = moved(this.frames.at(-1).places, week.moves);
    this.frames.push(week);
    this.people.push(...(week.people ?? []));
    this.known.push(this.people.length);
  }

  get weeks() { return this.head.weeks; }
  get recorded() { return this.frames.length - 1; }
  get complete() { return this.recorded === this.weeks; }
  places(n) { return this.frames[n].places; }
  line(name) { return this.head.lines[this.lineAt[name]]; }
  value(name, n) { return this.frames[n].lines[this.lineAt[name]]; }
  series(name) { return this.frames.slice(1).map((frame) => frame.lines[this.lineAt[name]]); }

  /** The sum of a line over weeks after `from`, up to and with `to`. */
  sum(name, from = 0, to = this.recorded) {
    return this.series(name).slice(from, to).reduce((total, value) => total + value, 0);
  }

  /** The last day of frame n. */
  date(n) {
    const day = new Date(`${this.head.start}T12:00:00Z`);
    day.setUTCDate(day.getUTCDate() + 7 * n);
    return day;
  }

  network(n) {
    for (let at = n; at >= 0; at--) if (this.frames[at].network) return this.frames[at].network;
    return [];
  }

  /** The first week from `n` on that held a review meeting, or null if none is recorded. */
  nextReview(n) {
    for (let at = n; at <= this.recorded; at++) if (this.frames[at].review) return at;
    return null;
  }

  counts(n) {
    const found = { red: 0, amber: 0, green: 0, custody: 0, released: 0, white: 0, wrong: 0, carried: 0 };
    for (const letter of this.places(n)) {
      const { zone, band, wrong } = PLACES[letter];
      if (zone === null) continue;
      found[zone] += 1;
      if (band !== "white") found.carried += 1;
      if (wrong) found.wrong += 1;
    }
    return found;
  }

  /** How many people went from one zone to another in week n, as "from>to". */
  flows(n) {
    const found = {}, now = this.places(n), before = this.places(n - 1);
    for (let at = 0; at < now.length; at++) {
      const from = at < before.length ? PLACES[before[at]].zone : null, to = PLACES[now[at]].zone;
      if (from !== to) found[`${from}>${to}`] = (found[`${from}>${to}`] ?? 0) + 1;
    }
    return found;
  }

  /** What happened in week n, in a sentence or two. */
  said(n) {
    if (n === 0) return `The decision date: ${this.counts(0).carried} people are carried. Play, or step a week.`;
    const red = this.bandName("red"), flows = this.flows(n), counts = this.counts(n), before = this.counts(n - 1);
    const grew = counts.red - before.red, parts = [];
    const tell = (amount, text) => { if (amount) parts.push(`${amount} ${text}`); };
    const sum = (...names) => names.reduce((total, name) => total + (flows[name] ?? 0), 0);
    tell(sum("custody>red", "released>red"), "back from custody");
    tell(sum("amber>red", "green>red"), "moved up");
    tell(sum("null>red", "white>red"), "taken on");
    tell(sum("red>custody"), "into custody");
    tell(sum("red>amber", "red>green"), "moved down");
    tell(sum("red>null", "red>white"), "left");
    const change = grew > 0 ? `${red} grew by ${grew}` : grew < 0 ? `${red} fell by ${-grew}` : `${red} stayed at ${counts.red}`;
    let text = parts.length ? `${change}: ${parts.join(", ")}.` : `${change}.`;
    if (this.frames[n].review) text += ` Held: ${this.frames[n].meeting}.`;
    const lapsed = this.value("contacts_expired", n);
    if (lapsed) text += ` ${lapsed} contacts lapsed for want of time.`;
    return text;
  }

  bandName(band) {
    const name = this.head.bands[band];
    return name.charAt(0).toUpperCase() + name.slice(1);
  }
}

/** Read lines of JSON from a stream and hand each on as it comes. */
export async function readLines(stream, take) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    rest += value ?? "";
    const lines = rest.split("\n");
    rest = lines.pop();
    for (const line of lines) if (line) take(JSON.parse(line));
    if (done) {
      if (rest) take(JSON.parse(rest));
      return;
    }
  }
}

export function dayText(date) {
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}

export function numberText(value) {
  return Math.round(value).toLocaleString("en-GB");
}
