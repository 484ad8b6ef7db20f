// Drawing: elements, charts in SVG, and the same numbers as tables.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element: attributes, listeners as functions, then children. */
export function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Put other children in, and give the focus back to what had it: to that child itself, or to the column around. */
export function refill(node, ...children) {
  const focused = node.contains(document.activeElement) ? document.activeElement : null;
  node.replaceChildren(...children);
  if (focused && focused !== document.activeElement) (node.contains(focused) ? focused : node.closest("[tabindex]"))?.focus({ preventScroll: true });
}

/** Say whether a button can be pressed now; it keeps the focus either way, which `disabled` would not. */
export function allow(button, allowed) { button.setAttribute("aria-disabled", String(!allowed)); }
export function allowed(button) { return button.getAttribute("aria-disabled") !== "true"; }

/** Let a field be filled in or not; whoever is in the middle of it stays in it. */
export function permit(field, may) { field.disabled = !may && field !== document.activeElement; }

/** A column that scrolls on its own, and so can be reached by keyboard. */
export function column(label, ...children) {
  return el("div", { class: "column", tabindex: "0", role: "group", "aria-label": label }, ...children);
}

export function table(caption, headings, rows) {
  const cell = (value, at) => at === 0 ? el("th", { scope: "row" }, String(value)) : el("td", {}, String(value));
  return el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": caption },
    el("table", {}, el("caption", {}, caption),
      el("thead", {}, el("tr", {}, ...headings.map((text) => el("th", { scope: "col" }, text)))),
      el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map(cell))))));
}

/** A panel with a heading, a picture, the same as a table, and why it is so. */
export class Panel {
  constructor(title, { why = "", className = "" } = {}) {
    this.picture = el("div", { class: "picture" });
    this.numbers = el("div", { class: "numbers", hidden: true });
    this.toggle = el("button", { type: "button", class: "small", "aria-pressed": "false", click: () => this.turn() }, "Table");
    this.toggle.setAttribute("aria-label", `${title}: show as a table`);
    this.heading = el("h2", {}, title);
    const because = why ? el("details", { class: "why" }, el("summary", { "aria-label": `Why? ${title}` }, "Why?"), el("p", {}, why)) : null;
    this.node = el("section", { class: `panel ${className}`, "aria-label": title },
      el("div", { class: "panel-head" }, this.heading, because, this.toggle), this.picture, this.numbers);
    this.asTable = () => null;
  }

  turn() {
    const shown = this.numbers.hidden;
    this.toggle.setAttribute("aria-pressed", String(shown));
    this.numbers.hidden = !shown;
    this.picture.hidden = shown;
    this.refresh();
  }

  /** Bring the table up to date if it is what is shown. */
  refresh() {
    if (this.numbers.hidden) return;
    const found = this.asTable(), shown = this.numbers.firstElementChild;
    if (!found || !shown) { this.numbers.replaceChildren(found ?? ""); return; }
    // It stays the same tab stop: whoever reads in it keeps the focus, and stays where they have scrolled to.
    shown.setAttribute("aria-label", found.getAttribute("aria-label"));
    shown.replaceChildren(...found.children);
  }
}

/** A round number not far above a value, for the end of an axis. */
export function nice(value) {
  const unit = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((times) => times * unit).find((end) => end >= value);
}

/** Lines over weeks. Series: {values, style, label}; a range: {low, high}; marks: {week, text}. */
export function lineChart(node, { series, range = null, marks = [], weeks, now = null, top = null, title, left = 44 }) {
  const width = node.clientWidth || 800, height = node.clientHeight || 190, right = 150, bottom = 24, above = 10;
  const most = top ?? nice(Math.max(1, ...series.flatMap((one) => one.values), ...(range ? range.high : [])));
  const x = (week) => left + (width - left - right) * week / Math.max(weeks, 1);
  const y = (value) => above + (height - above - bottom) * (1 - value / most);
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "chart", role: "img", "aria-label": title });
  for (const part of [0, 0.5, 1]) {
    picture.append(svg("line", { class: "grid", x1: left, x2: width - right, y1: y(part * most), y2: y(part * most) }),
      svg("text", { class: "tick", x: left - 6, y: y(part * most) + 4, "text-anchor": "end" }, (part * most).toLocaleString("en-GB")));
  }
  for (let week = 0; week <= weeks; week += weeks > 60 ? 26 : 13) {
    picture.append(svg("text", { class: "tick", x: x(week), y: height - 6, "text-anchor": "middle" }, week ? `week ${week}` : "start"));
  }
  if (range) {
    const there = range.high.map((value, at) => `${x(at + 1)},${y(value)}`);
    const back = range.low.map((value, at) => `${x(at + 1)},${y(value)}`).reverse();
    picture.append(svg("polygon", { class: "range", points: [...there, ...back].join(" ") }));
  }
  for (const { week, text } of marks) {
    picture.append(svg("line", { class: "mark", x1: x(week), x2: x(week), y1: above, y2: height - bottom }),
      svg("text", { class: "mark-text", x: x(week) + 4, y: above + 10 }, text));
  }
  const labels = [];
  for (const { values, style, label } of series) {
    if (!values.length) continue;
    picture.append(svg("polyline", { class: `line ${style}`, points: values.map((value, at) => `${x(at + 1)},${y(value)}`).join(" ") }));
    labels.push({ at: y(values.at(-1)), x: x(values.length), style, label });
  }
  if (range?.high.length) labels.push({ at: y((range.high.at(-1) + range.low.at(-1)) / 2), style: "range-text", x: x(range.high.length), label: range.label });
  labels.sort((one, other) => one.at - other.at);
  let last = above - 6;
  for (const { at, x: end, style, label } of labels) {
    last = Math.min(Math.max(at + 4, last + 15), height - bottom + 4);
    picture.append(svg("text", { class: `label ${style}`, x: end + 8, y: last }, label));
  }
  if (now !== null) picture.append(svg("line", { class: "now", x1: x(now), x2: x(now), y1: above - 4, y2: height - bottom }));
  node.replaceChildren(picture);
}

/** A moving average over some weeks, so that a line can be followed by eye. */
export function smooth(values, weeks = 4) {
  return values.map((_, at) => {
    const some = values.slice(Math.max(0, at - weeks + 1), at + 1);
    return some.reduce((total, value) => total + value, 0) / some.length;
  });
}
