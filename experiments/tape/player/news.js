// News on its way: the network of a team, the quickest path of each kind, and what arrived this week, how old.

import { el, svg, table } from "./draw.js";

const MEETING = "team";
const STANDS = {
  police: [0.24, 0.16], neighbourhood_police: [0.56, 0.06], probation: [0.08, 0.52], prison: [0.26, 0.92],
  drug_treatment: [0.62, 0.92], vcs: [0.9, 0.74], team: [0.88, 0.34], desk: [0.5, 0.5], shared_record: [0.4, 0.68],
};
const SHORT = { neighbourhood_police: "n’hood police", drug_treatment: "drug treatment", vcs: "voluntary sector", team: "the team’s picture", desk: "information desk", shared_record: "shared record" };
const SHORT_KINDS = { arrest: "arrests", sanction: "sentences", reception: "in", release: "out", missed: "missed", report: "reports" };
const AGENCIES = Object.keys(STANDS).filter((name) => !["desk", "shared_record"].includes(name));
const TRAVEL_MS_PER_DAY = 260, MOST_DOTS = 3;

export class NewsPicture {
  constructor() {
    this.node = el("div", { class: "news" });
    this.team = 0;
    this.choice = el("select", { class: "small", "aria-label": "Team whose network is shown", change: () => { this.team = this.choice.selectedIndex; this.show(this.tape, this.frame, false); } });
  }

  /** Show a frame; news moves along its path if `moving`. */
  show(tape, frame, moving) {
    this.tape = tape;
    this.frame = frame;
    const teams = tape.network(frame), week = tape.frames[frame].news;
    this.team = Math.min(this.team, teams.length - 1);
    const network = teams[this.team], width = this.node.clientWidth || 340, height = this.node.clientHeight || 230;
    const at = (name) => [STANDS[name][0] * width, 14 + STANDS[name][1] * (height - 34)];
    const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": this.words() });
    for (const [one, other, days] of network.links) picture.append(this.link(at(one), at(other), network.members.includes(one) && network.members.includes(other), days));
    const used = new Set(Object.values(network.paths).flatMap(({ path }) => path.slice(1).map((name, step) => `${path[step]}>${name}`)));
    for (const key of used) {
      const [one, other] = key.split(">");
      picture.append(svg("line", { class: "route", x1: at(one)[0], y1: at(one)[1], x2: at(other)[0], y2: at(other)[1] }));
    }
    if (week) for (const [kind, dots] of tape.head.news_kinds.entries()) this.send(picture, network.paths[dots.name], week[kind], at, moving);
    const there = new Set([...network.links.flat(), ...AGENCIES]);
    for (const name of Object.keys(STANDS)) if (there.has(name)) picture.append(this.agency(name, at(name), network.members.includes(name), width));
    this.node.replaceChildren(picture);
    if (this.offered !== JSON.stringify(teams.map(({ form }) => form))) this.offer(teams);
  }

  link([x1, y1], [x2, y2], together, days) {
    return svg("line", { class: together ? "link together" : "link", x1, y1, x2, y2 }, svg("title", {}, `${days} days`));
  }

  agency(name, [x, y], member, width) {
    const text = SHORT[name] ?? name, anchor = x < width * 0.3 ? "start" : x > width * 0.7 ? "end" : "middle";
    const shift = anchor === "start" ? -8 : anchor === "end" ? 10 : 0;
    return svg("g", { class: name === MEETING ? "agency team" : member ? "agency member" : "agency" },
      svg("circle", { cx: x, cy: y, r: name === MEETING ? 9 : 6.5 }),
      svg("text", { x: x + shift, y: y + (y < 40 ? -10 : 21), "text-anchor": anchor }, text));
  }

  /** Let news of one kind travel: as many dots as fit, as slowly as it was old. */
  send(picture, { path, days }, [, read], at, moving) {
    if (!read || !moving || !path.length) return;
    const line = path.map((name) => at(name));
    for (let number = 0; number < Math.min(MOST_DOTS, read); number++) {
      const dot = svg("circle", { class: "item", r: 4, cx: line[0][0], cy: line[0][1] });
      const motion = svg("animateMotion", {
        dur: `${Math.max(300, days * TRAVEL_MS_PER_DAY)}ms`, begin: `${number * 140}ms`, fill: "freeze",
        path: `M${line.map(([x, y]) => `${x - line[0][0]},${y - line[0][1]}`).join("L")}`,
      });
      dot.append(motion);
      picture.append(dot);
      queueMicrotask(() => motion.beginElementAt?.(number * 0.14));
    }
  }

  /** Offer the teams, with how each sits together. */
  offer(teams) {
    this.offered = JSON.stringify(teams.map(({ form }) => form));
    this.choice.replaceChildren(...teams.map(({ team, form }) => el("option", {}, `${team}: ${form === "none" ? "not co-located" : form.replaceAll("_", " ")}`)));
    this.choice.selectedIndex = this.team;
  }

  rows() {
    const week = this.tape.frames[this.frame].news ?? [], paths = this.tape.network(this.frame)[this.team].paths;
    return this.tape.head.news_kinds.map(({ name, label }, at) => {
      const [sent, read, age] = week[at] ?? [0, 0, 0];
      return [label, sent, read, age, paths[name].days ?? "–", paths[name].path.map((place) => SHORT[place] ?? place).join(" → ") || "nobody tells the team"];
    });
  }

  words() {
    const said = this.rows().filter(([, , read]) => read).map(([label, , read, age]) => `${read} pieces of news of ${label}, ${age} days old`);
    return `News the teams read this week: ${said.join("; ") || "none"}.`;
  }

  /** One line for under the picture: how old each kind was when it was read. */
  ages() {
    const week = this.tape.frames[this.frame].news;
    if (!week) return "";
    return "Days old: " + this.tape.head.news_kinds.map(({ name }, at) => `${SHORT_KINDS[name]} ${week[at][1] ? week[at][2] : "–"}`).join(", ");
  }

  asTable() {
    return table(`News, week ${this.frame}, all teams; the path is that of the team shown`,
      ["News of", "Sent", "Read", "Days old when read", "Days by the path", "Path"], this.rows());
  }
}
