// The people: one place each in custody, in a band or on the dormant list. They move once a week.

import { PLACES } from "./tape.js";
import { el, table } from "./draw.js";

export const COLOURS = { red: "#A8122A", amber: "#C46800", green: "#28A197", blue: "#12436D", white: "#505A5F" };
const MOVE_MS = 450, FRAME_MS = 33, FOOT = 4, HEAD = 24, NARROWEST = 62, SMALLEST = 5;
const ZONES = [
  { name: "custody", label: () => "In custody" },
  { name: "red", label: (tape) => tape.bandName("red") },
  { name: "amber", label: (tape) => tape.bandName("amber") },
  { name: "green", label: (tape) => tape.bandName("green") },
  { name: "released", label: () => "Out?" },
  { name: "white", label: () => "Dormant" },
];

export class PeoplePicture {
  /** @param onPick called with a person's number when their dot is clicked */
  constructor(onPick = () => {}) {
    this.canvas = el("canvas", { class: "people", role: "img", click: (event) => this.pick(event, onPick) });
    this.tape = null;
    this.slots = [];
    this.chosen = null;
    this.motion = null;
    new ResizeObserver(() => this.tape && this.show(this.tape, this.frame, false)).observe(this.canvas);
  }

  /** Show a frame, moving there from the one before if `moving`. */
  show(tape, frame, moving) {
    // A run that shares its past with another keeps everybody's places up to where they part.
    if (tape !== this.tape) { this.slots = []; this.pitch = null; }
    this.tape = tape;
    const from = moving && frame > 0 ? this.points(frame - 1) : null;
    this.frame = frame;
    const to = this.points(frame);
    cancelAnimationFrame(this.motion);
    this.label();
    if (!from) { this.paint(to); return; }
    const begun = performance.now();
    let painted = 0;
    const step = (now) => {
      const part = Math.min((now - begun) / MOVE_MS, 1);
      if (now - painted >= FRAME_MS || part === 1) {
        painted = now;
        this.paint(between(from, to, part * part * (3 - 2 * part)));
      }
      if (part < 1) this.motion = requestAnimationFrame(step);
    };
    this.motion = requestAnimationFrame(step);
  }

  label() {
    const counts = this.tape.counts(this.frame);
    const told = ZONES.map((zone) => `${zone.label(this.tape)} ${counts[zone.name]}`).join(", ");
    this.canvas.setAttribute("aria-label", `People: ${told}. ${counts.wrong} are elsewhere than the team believes.`);
  }

  asTable() {
    const counts = this.tape.counts(this.frame), before = this.tape.counts(Math.max(0, this.frame - 1));
    const rows = ZONES.map((zone) => [zone.label(this.tape), counts[zone.name], signed(counts[zone.name] - before[zone.name])]);
    return table(`People, week ${this.frame}`, ["Where", "People", "Since last week"], rows);
  }

  /** Everybody's slot in their zone, frame by frame: the lowest free one when they come, kept while they stay. */
  slotsAt(frame) {
    for (let at = this.slots.length; at <= frame; at++) {
      const letters = this.tape.places(at), before = at ? this.slots[at - 1] : [];
      const taken = Object.fromEntries(ZONES.map((zone) => [zone.name, new Set()]));
      const own = [...letters].map((letter, person) => {
        const { zone } = PLACES[letter];
        const stays = zone !== null && before[person]?.zone === zone;
        if (stays) taken[zone].add(before[person].slot);
        return stays ? before[person] : { zone, slot: null };
      });
      const next = Object.fromEntries(ZONES.map((zone) => [zone.name, 0]));
      for (const [person, { zone, slot }] of own.entries()) {
        if (zone === null || slot !== null) continue;
        while (taken[zone].has(next[zone])) next[zone] += 1;
        taken[zone].add(next[zone]);
        own[person] = { zone, slot: next[zone] };
      }
      this.slots.push(own);
    }
    return this.slots[frame];
  }

  points(frame) {
    const { width, height } = this.size(), boxes = this.boxes(width);
    const own = this.slotsAt(frame), letters = this.tape.places(frame);
    this.pitch ??= this.fit(width, height);
    while (this.pitch > SMALLEST && this.overflows(own, boxes, height)) this.pitch -= 0.5;
    return own.map(({ zone, slot }, person) => {
      if (zone === null) return null;
      const box = boxes[zone], across = Math.max(1, Math.floor((box.width - 10) / this.pitch));
      const { band, wrong } = PLACES[letters[person]];
      return { x: box.x + 7 + (slot % across + 0.5) * this.pitch, y: HEAD + FOOT + (Math.floor(slot / across) + 0.5) * this.pitch, band, wrong };
    });
  }

  /** The largest distance between dots at which the fullest zone has room to grow by half. */
  fit(width, height) {
    const boxes = this.boxes(width), counts = this.tape.counts(0);
    for (let pitch = 26; pitch > SMALLEST; pitch -= 0.5) {
      const fits = ZONES.every(({ name }) => {
        const across = Math.floor((boxes[name].width - 10) / pitch), down = Math.floor((height - HEAD - 2 * FOOT) / pitch);
        return across * down >= 1.4 * counts[name] + 8;
      });
      if (fits) return pitch;
    }
    return SMALLEST;
  }

  overflows(own, boxes, height) {
    return own.some(({ zone, slot }) => {
      if (zone === null) return false;
      const across = Math.max(1, Math.floor((boxes[zone].width - 10) / this.pitch));
      return HEAD + FOOT + (Math.floor(slot / across) + 1) * this.pitch > height;
    });
  }

  size() {
    const width = this.canvas.clientWidth || 800, height = this.canvas.clientHeight || 320, ratio = window.devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
      this.pitch = null;
    }
    this.ratio = ratio;
    return { width, height };
  }

  /** The zones side by side, each as wide as the people in it when the tape begins ask for. */
  boxes(width) {
    const counts = this.tape.counts(0), asked = ZONES.map(({ name }) => counts[name] + 15);
    const total = asked.reduce((sum, one) => sum + one, 0), free = width - ZONES.length * NARROWEST;
    let x = 0;
    return Object.fromEntries(ZONES.map(({ name }, at) => {
      const box = { x, width: NARROWEST + free * asked[at] / total };
      x += box.width;
      return [name, box];
    }));
  }

  paint(points) {
    const { width, height } = this.size(), pen = this.canvas.getContext("2d"), counts = this.tape.counts(this.frame);
    this.painted = points;
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    for (const [at, zone] of ZONES.entries()) {
      const box = this.boxes(width)[zone.name];
      pen.fillStyle = at === 0 ? "#e6ebf1" : zone.name === "white" ? "#f4f4f4" : "#f8f9fb";
      pen.fillRect(box.x + 2, 0, box.width - 4, height);
      pen.fillStyle = "#1d1d1d";
      pen.font = "600 13px 'Segoe UI', Arial, sans-serif";
      pen.fillText(`${zone.label(this.tape)}  ${counts[zone.name]}`, box.x + 8, 17, box.width - 12);
    }
    for (const [person, point] of points.entries()) {
      if (point) this.dot(pen, point, this.tape.people[person] === this.chosen);
    }
  }

  dot(pen, { x, y, band, wrong }, chosen) {
    const r = this.pitch * 0.38;
    shape(pen, band, x, y, r);
    if (wrong) {
      // Elsewhere than the team believes: struck through, as well as standing in the wrong place.
      pen.strokeStyle = "#ffffff";
      pen.lineWidth = Math.max(1.2, r * 0.4);
      pen.beginPath();
      pen.moveTo(x - r, y + r);
      pen.lineTo(x + r, y - r);
      pen.stroke();
    }
    if (chosen) {
      pen.strokeStyle = "#1d1d1d";
      pen.lineWidth = 2.5;
      pen.beginPath();
      pen.arc(x, y, r + 4, 0, 7);
      pen.stroke();
    }
  }

  pick(event, onPick) {
    const near = this.painted?.map((point, at) => ({ at, far: point ? Math.hypot(point.x - event.offsetX, point.y - event.offsetY) : Infinity }))
      .reduce((one, other) => other.far < one.far ? other : one, { far: this.pitch });
    if (near?.at !== undefined) onPick(this.tape.people[near.at]);
  }
}

/** Draw a band's own shape: red triangle, amber diamond, green circle, blue square, white hollow circle. */
export function shape(pen, band, x, y, r) {
  pen.fillStyle = pen.strokeStyle = COLOURS[band];
  pen.lineWidth = 1.3;
  pen.beginPath();
  if (band === "red") { pen.moveTo(x, y - r * 1.1); pen.lineTo(x + r * 1.1, y + r * 0.9); pen.lineTo(x - r * 1.1, y + r * 0.9); pen.closePath(); }
  else if (band === "amber") { pen.moveTo(x, y - r * 1.2); pen.lineTo(x + r * 1.2, y); pen.lineTo(x, y + r * 1.2); pen.lineTo(x - r * 1.2, y); pen.closePath(); }
  else if (band === "blue") pen.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
  else pen.arc(x, y, band === "white" ? r * 0.85 : r, 0, 7);
  if (band === "white") pen.stroke(); else pen.fill();
}

function between(from, to, part) {
  return to.map((point, at) => {
    const old = from[at];
    if (!point || !old) return point;
    return { ...point, x: old.x + (point.x - old.x) * part, y: old.y + (point.y - old.y) * part };
  });
}

export function signed(value) {
  return value > 0 ? `+${value}` : String(value);
}
