// A network to walk in. A worker draws all of it into a picture (network-painter.js); this page
// moves the picture about, and writes names and the links of one node over it. Names no lens.

const COLOURS = 7; // groups with a colour of their own; the rest are grey
const MARGIN = 0.2; // of the picture beyond each side of what is seen
const NAMES = 26;
const NEAR_PX = 14;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Put values where they are written in a sentence: sentence("{n} of {m}", {n: 1, m: 2}). */
const sentence = (template, values) => template.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);

function rgb(text) {
  const [r, g, b] = text.trim().match(/[0-9a-f]{2}/gi).map((pair) => Number.parseInt(pair, 16));
  return [r, g, b];
}

function colours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  const groups = Array.from({ length: COLOURS }, (_, i) => read(`--group-${i + 1}`));
  return {
    ink: read("--ink"), soft: read("--soft"), rule: read("--rule"), paper: read("--paper"),
    accent: read("--accent"), sans: read("--sans"), groups: [...groups, read("--group-other")],
  };
}

/** Nodes and links as columns, links by node, and nodes by place. */
class Web {
  constructor({ nodes, links, groups }) {
    this.n = nodes.length;
    this.names = nodes.map((node) => node[0]);
    this.x = Float32Array.from(nodes, (node) => node[1]);
    this.y = Float32Array.from(nodes, (node) => node[2]);
    this.size = Float64Array.from(nodes, (node) => node[3]);
    this.group = Int16Array.from(nodes, (node) => node[4] ?? -1);
    const own = Math.min(COLOURS, groups.length);
    const rest = own ? COLOURS : 0; // where there are no groups, all have the first colour
    this.colour = Uint8Array.from(this.group, (g) => (g >= 0 && g < own ? g : rest));
    this.source = Uint32Array.from(links, (link) => link[0]);
    this.target = Uint32Array.from(links, (link) => link[1]);
    this.first = links.map((link) => link[3] ?? null);
    this.last = links.map((link) => link[4] ?? link[3] ?? null);
    this.radius = this.radii();
    this.byNode();
    this.bounds();
    this.byPlace();
  }

  radii() {
    const largest = this.size.reduce((most, size) => Math.max(most, size), 1e-9);
    const [least, most] = [[20_000, 0.8, 10], [5_000, 1.1, 11], [500, 2, 14], [60, 3, 17], [0, 5, 20]]
      .find(([from]) => this.n > from)?.slice(1) ?? [5, 20];
    return Float32Array.from(this.size, (size) => least + (most - least) * Math.sqrt(Math.max(size, 0) / largest));
  }

  byNode() {
    this.start = new Uint32Array(this.n + 1);
    for (const ends of [this.source, this.target]) for (const node of ends) this.start[node + 1] += 1;
    for (let i = 0; i < this.n; i += 1) this.start[i + 1] += this.start[i];
    const next = this.start.slice();
    this.links = new Uint32Array(2 * this.source.length);
    for (let i = 0; i < this.source.length; i += 1) {
      this.links[next[this.source[i]]++] = i;
      this.links[next[this.target[i]]++] = i;
    }
  }

  bounds() {
    const least = (values) => values.reduce((low, value) => Math.min(low, value), Infinity);
    const most = (values) => values.reduce((high, value) => Math.max(high, value), -Infinity);
    [this.left, this.right, this.bottom, this.top] = [least(this.x), most(this.x), least(this.y), most(this.y)];
    // What is shown at first leaves out the few of many nodes that lie far from the others.
    const out = this.n > 1_000 ? Math.floor(this.n / 250) : 0;
    const [x, y] = [this.x.slice().sort(), this.y.slice().sort()];
    this.middle = { left: x[out], right: x[this.n - 1 - out], bottom: y[out], top: y[this.n - 1 - out] };
  }

  byPlace() {
    const side = Math.max(1, Math.ceil(Math.sqrt(this.n / 4)));
    this.side = side;
    this.cell = Math.max(this.right - this.left, this.top - this.bottom, 1e-9) / side;
    this.cells = Array.from({ length: side * side }, () => []);
    for (let i = 0; i < this.n; i += 1) this.cells[this.place(this.x[i], this.y[i])].push(i);
  }

  along(value, from) {
    return Math.min(this.side - 1, Math.max(0, Math.floor((value - from) / this.cell)));
  }

  place(x, y) {
    return this.along(y, this.bottom) * this.side + this.along(x, this.left);
  }

  /** Nodes in a square around a place, `far` to each side. */
  * around(x, y, far) {
    for (let row = this.along(y - far, this.bottom); row <= this.along(y + far, this.bottom); row += 1) {
      for (let at = this.along(x - far, this.left); at <= this.along(x + far, this.left); at += 1) {
        yield* this.cells[row * this.side + at];
      }
    }
  }
}

class Walk {
  constructor(figure, data, given) {
    this.figure = figure;
    this.data = data;
    this.words = given.words;
    this.language = given.language;
    this.hide = given.hide;
    this.web = new Web(data);
    this.find = (selector) => figure.querySelector(selector);
    this.chosen = null;
    this.over = null;
    this.lit = null; // a group that is looked at alone
    this.shown = new Uint8Array(this.web.source.length).fill(1); // links of the days asked for
    this.alive = new Uint8Array(this.web.n).fill(1); // nodes that have one
    this.nearby = new Set();
    this.widths = new Map();
    this.stage = this.find(".stage");
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    this.stage.prepend(this.canvas);
    this.context = this.canvas.getContext("2d", { alpha: false });
    this.painter = new Worker("/static/network-painter.js", { type: "module" });
    this.painter.addEventListener("message", ({ data: done }) => this.painted(done));
    const { x, y, radius, colour, source, target } = this.web;
    this.painter.postMessage({ network: { x, y, radius, colour, source, target } });
    this.coloured();
    this.resized();
    this.days();
    this.legend();
    this.searching();
    this.pointing();
    this.keyboard();
    for (const part of [".tools", ".zoom", ".hint"]) this.find(part).hidden = false;
    new ResizeObserver(() => this.resized()).observe(this.stage);
    dark.addEventListener("change", () => this.coloured());
  }

  // -- what is looked at

  coloured() {
    this.paint = colours();
    this.look();
  }

  resized() {
    const { clientWidth: width, clientHeight: height } = this.stage;
    if (!width || (width === this.width && height === this.height)) return;
    const seen = this.view && this.view.scale / this.fitted();
    [this.width, this.height] = [width, height];
    this.density = Math.min(2, devicePixelRatio || 1);
    this.canvas.width = Math.round(width * this.density);
    this.canvas.height = Math.round(height * this.density);
    if (this.view) this.view.scale = seen * this.fitted();
    else this.view = this.whole();
    this.changed();
  }

  fitted() {
    const { left, right, top, bottom } = this.web.middle;
    const room = Math.min(48, this.width / 8);
    const wide = (this.width - 2 * room) / Math.max(right - left, 1e-9);
    const high = (this.height - 2 * room) / Math.max(top - bottom, 1e-9);
    return Math.min(wide, high, 1e6);
  }

  whole() {
    const { left, right, top, bottom } = this.web.middle;
    return { x: (left + right) / 2, y: (top + bottom) / 2, scale: this.fitted() };
  }

  /** How much larger discs are than at the first view of a wide screen. */
  growth() {
    const room = Math.min(1, Math.max(0.65, this.width / 700));
    return room * Math.sqrt(Math.max(this.view.scale / this.fitted(), 0.2));
  }

  at(node) {
    return this.seen(this.web.x[node], this.web.y[node]);
  }

  seen(x, y) {
    return [this.width / 2 + (x - this.view.x) * this.view.scale, this.height / 2 - (y - this.view.y) * this.view.scale];
  }

  under(px, py) {
    return [this.view.x + (px - this.width / 2) / this.view.scale, this.view.y - (py - this.height / 2) / this.view.scale];
  }

  // -- pictures

  /** Tell the painter what is shown, and in which colours. */
  look() {
    const { web, lit } = this;
    const links = lit === null ? this.shown : Uint8Array.from(this.shown, (shown, i) => (
      shown && web.group[web.source[i]] === lit && web.group[web.target[i]] === lit ? 1 : 0));
    const nodes = lit === null ? this.alive : Uint8Array.from(this.alive, (alive, i) => (alive && web.group[i] === lit ? 1 : 0));
    this.bright = nodes;
    const { paper, soft, rule, groups } = this.paint;
    this.painter.postMessage({ look: {
      links, nodes, paper: rgb(paper), line: rgb(soft), faint: rgb(rule), palette: groups.map(rgb), strength: 0.5,
    } });
    this.stale = true;
    this.changed();
  }

  /** Ask for a picture of what is seen now, one at a time. */
  order() {
    if (this.waiting || !this.view) return;
    const { x, y, scale } = this.view;
    const same = this.picture && this.picture.x === x && this.picture.y === y && this.picture.scale === scale;
    if (same && !this.stale && this.picture.width === this.width && this.picture.height === this.height) return;
    this.stale = false;
    this.waiting = true;
    const width = Math.round(this.width * (1 + 2 * MARGIN) * this.density);
    const height = Math.round(this.height * (1 + 2 * MARGIN) * this.density);
    this.painter.postMessage({ view: {
      width, height, scale: scale * this.density, growth: this.growth() * this.density, rim: this.density,
      left: width / 2 - x * scale * this.density, top: height / 2 + y * scale * this.density,
      of: { x, y, scale, width: this.width, height: this.height },
    } });
  }

  painted({ picture, view }) {
    this.waiting = false;
    this.picture?.bitmap.close();
    this.picture = { bitmap: picture, ...view.of };
    this.figure.dataset.drawn = "yes";
    this.changed();
  }

  changed() {
    if (this.due) return;
    this.due = requestAnimationFrame(() => {
      this.due = 0;
      this.frame();
      this.order();
    });
  }

  frame() {
    if (!this.view) return;
    const { context, paint } = this;
    context.setTransform(this.density, 0, 0, this.density, 0, 0);
    context.fillStyle = paint.paper;
    context.fillRect(0, 0, this.width, this.height);
    if (this.picture) {
      const { bitmap, x, y, scale, width, height } = this.picture;
      const by = this.view.scale / scale;
      const [cx, cy] = this.seen(x, y);
      const wide = width * (1 + 2 * MARGIN) * by;
      const high = height * (1 + 2 * MARGIN) * by;
      context.drawImage(bitmap, cx - wide / 2, cy - high / 2, wide, high);
    }
    const node = this.chosen ?? this.over;
    if (this.chosen !== null) {
      context.globalAlpha = 0.78; // the others stay in sight, faintly
      context.fillRect(0, 0, this.width, this.height);
      context.globalAlpha = 1;
    }
    if (node !== null) this.spokes(node);
    this.named();
  }

  /** The links of one node, and those it is linked with. */
  spokes(node) {
    const { context, paint, web } = this;
    const near = node === this.chosen ? this.nearby : this.linked(node);
    const [x, y] = this.at(node);
    context.strokeStyle = paint.ink;
    context.globalAlpha = near.size > 200 ? 0.25 : 0.55;
    context.lineWidth = 1.2;
    context.beginPath();
    for (const other of near) {
      context.moveTo(x, y);
      context.lineTo(...this.at(other));
    }
    context.stroke();
    context.globalAlpha = 1;
    for (const one of [...near, node]) {
      const [cx, cy] = this.at(one);
      context.fillStyle = paint.groups[web.colour[one]];
      context.strokeStyle = one === node ? paint.ink : paint.paper;
      context.lineWidth = one === node ? 3 : 1;
      context.beginPath();
      context.arc(cx, cy, Math.max(web.radius[one] * this.growth(), one === node ? 5 : 2.5), 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
  }

  /** Names of the most important in sight, none over another. */
  named() {
    const { context, web } = this;
    context.font = `13px ${this.paint.sans}`;
    context.textBaseline = "middle";
    context.lineJoin = "round";
    const taken = [];
    const write = (node, strong) => {
      const [x, y] = this.at(node);
      if (x < 0 || y < 0 || x > this.width || y > this.height) return;
      const label = web.names[node].length > 32 ? `${web.names[node].slice(0, 31)}…` : web.names[node];
      if (!this.widths.has(label)) this.widths.set(label, context.measureText(label).width);
      const wide = this.widths.get(label);
      const off = Math.max(web.radius[node] * this.growth(), 3) + 4;
      const from = x + off + wide > this.width ? x - off - wide : x + off;
      const box = [from - 4, y - 9, from + wide + 4, y + 9];
      const crowded = taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);
      if (crowded && !strong) return;
      taken.push(box);
      context.strokeStyle = this.paint.paper;
      context.lineWidth = 4;
      context.strokeText(label, from, y);
      context.fillStyle = this.paint.ink;
      context.fillText(label, from, y);
    };
    for (const node of [this.over, this.chosen]) if (node !== null) write(node, true);
    const among = this.chosen === null ? null : [...this.nearby].sort((a, b) => a - b);
    const many = among ? among.length : web.n;
    const most = Math.min(NAMES, Math.round(this.width * this.height / 16_000) + 4);
    for (let i = 0; i < many && taken.length < most; i += 1) {
      const node = among ? among[i] : i;
      if (this.bright[node] || among) write(node, false);
    }
  }

  // -- one node

  linked(node) {
    const { web } = this;
    const found = new Set();
    for (let i = web.start[node]; i < web.start[node + 1]; i += 1) {
      const link = web.links[i];
      if (this.shown[link]) found.add(web.source[link] === node ? web.target[link] : web.source[link]);
    }
    found.delete(node);
    return found;
  }

  choose(node) {
    this.chosen = node;
    this.nearby = node === null ? new Set() : this.linked(node);
    this.find(".now").textContent = node === null ? "" : this.told(node);
    this.changed();
  }

  told(node) {
    const { web, words, data } = this;
    const number = (value) => value.toLocaleString(this.language, { maximumFractionDigits: 1 });
    const parts = [web.names[node]];
    if (!this.hide) parts.push(sentence(words.measure, { measure: data.size.label, value: number(web.size[node]) }));
    if (data.groups[web.group[node]]) parts.push(data.groups[web.group[node]]);
    const others = [...this.nearby].sort((a, b) => a - b);
    const names = others.slice(0, 5).map((other) => web.names[other]).join(", ");
    const more = others.length > 5 ? (this.hide ? words.others : words.more) : words.linked;
    parts.push(others.length ? sentence(more, { names, n: number(others.length - 5) }) : words.alone);
    return `${parts.join(". ")}.`;
  }

  go(to) {
    cancelAnimationFrame(this.moving);
    if (still.matches) {
      this.view = to;
      this.changed();
      return;
    }
    const from = { ...this.view };
    const began = performance.now();
    const step = (now) => {
      const t = Math.min(1, Math.max(0, (now - began) / 350));
      const eased = t * t * (3 - 2 * t);
      const scale = from.scale * (to.scale / from.scale) ** eased;
      this.view = t === 1 ? to : { x: from.x + (to.x - from.x) * eased, y: from.y + (to.y - from.y) * eased, scale };
      this.changed();
      if (t < 1) this.moving = requestAnimationFrame(step);
    };
    this.moving = requestAnimationFrame(step);
  }

  centre(node, zoom) {
    const scale = zoom ? Math.max(this.view.scale, this.fitted() * zoom) : this.view.scale;
    this.go({ x: this.web.x[node], y: this.web.y[node], scale });
  }

  /** Zoom about a point of the stage, its middle if none is given. */
  zoom(by, px = this.width / 2, py = this.height / 2) {
    cancelAnimationFrame(this.moving);
    const [x, y] = this.under(px, py);
    const scale = Math.min(this.fitted() * 200, Math.max(this.fitted() / 3, this.view.scale * by));
    this.view = { x: x - (px - this.width / 2) / scale, y: y + (py - this.height / 2) / scale, scale };
    this.changed();
  }

  // -- tools

  days() {
    const { web } = this;
    const field = this.find(".days");
    const known = (values) => values.filter((value) => value !== null);
    const first = known(web.first).reduce((low, day) => Math.min(low, day), Infinity);
    const last = known(web.last).reduce((high, day) => Math.max(high, day), -Infinity);
    if (!(first < last)) return;
    const [from, until] = field.querySelectorAll("input");
    for (const input of [from, until]) Object.assign(input, { min: first, max: last, step: 1 });
    from.value = first;
    until.value = last;
    const day = (number) => new Date(number * 86_400_000).toLocaleDateString(this.language, { dateStyle: "medium", timeZone: "UTC" });
    const filter = () => {
      const [start, end] = [Number(from.value), Number(until.value)].sort((a, b) => a - b);
      field.querySelector("output").textContent = `${day(start)} – ${day(end)}`;
      const part = (value) => `${100 * value / (last - first)}%`;
      from.parentElement.style.setProperty("--from", part(start - first));
      from.parentElement.style.setProperty("--rest", part(last - end));
      from.setAttribute("aria-valuetext", day(Number(from.value)));
      until.setAttribute("aria-valuetext", day(Number(until.value)));
      const all = start === first && end === last;
      this.alive = new Uint8Array(web.n).fill(all ? 1 : 0);
      this.shown = Uint8Array.from(web.source, (source, i) => {
        // A link without a day cannot be placed: it is there only while all days are.
        const within = all || (web.first[i] !== null && web.last[i] >= start && web.first[i] <= end);
        if (within) this.alive[source] = this.alive[web.target[i]] = 1;
        return within ? 1 : 0;
      });
      if (this.chosen !== null) this.choose(this.chosen);
      this.look();
    };
    let waiting;
    for (const input of [from, until]) {
      input.addEventListener("input", () => {
        cancelAnimationFrame(waiting);
        waiting = requestAnimationFrame(filter);
      });
    }
    filter();
    field.hidden = false;
  }

  legend() {
    const place = this.find(".groups");
    const { web, data } = this;
    const counted = new Uint32Array(COLOURS + 1);
    for (const colour of web.colour) counted[colour] += 1;
    const entries = data.groups.slice(0, COLOURS).map((name, group) => [name, group]);
    if (!entries.length) return;
    const label = (name, group) => (this.hide ? name : `${name} (${counted[group].toLocaleString(this.language)})`);
    place.replaceChildren(...entries.map(([name, group]) => {
      const button = document.createElement("button");
      const dot = document.createElement("span");
      dot.className = `dot g${group}`;
      button.type = "button";
      button.append(dot, label(name, group));
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => {
        this.lit = this.lit === group ? null : group;
        for (const other of place.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button && this.lit === group));
        this.choose(null);
        this.look();
      });
      return button;
    }));
    if (counted[COLOURS]) {
      const rest = document.createElement("span");
      const dot = document.createElement("span");
      rest.className = "rest";
      dot.className = "dot";
      rest.append(dot, label(this.words.ungrouped, COLOURS));
      place.append(rest);
    }
    place.hidden = false;
  }

  searching() {
    const input = this.find(".find input");
    const list = this.find(".find ul");
    const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    let names = null;
    let active = -1;
    const close = () => {
      list.hidden = true;
      list.replaceChildren();
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      active = -1;
    };
    const take = (option) => {
      const node = Number(option.dataset.node);
      input.value = this.web.names[node];
      close();
      this.choose(node);
      this.centre(node, 4);
    };
    const show = () => {
      names ??= this.web.names.map(plain);
      const wanted = plain(input.value.trim());
      close();
      this.find(".now").textContent = "";
      if (!wanted) return;
      const found = [];
      for (let i = 0; i < names.length && found.length < 8; i += 1) if (names[i].includes(wanted)) found.push(i);
      if (!found.length) {
        this.find(".now").textContent = this.words.nobody;
        return;
      }
      list.replaceChildren(...found.map((node) => {
        const option = document.createElement("li");
        option.role = "option";
        option.id = `${list.id}-${node}`;
        option.dataset.node = node;
        option.textContent = this.web.names[node];
        option.setAttribute("aria-selected", "false");
        option.addEventListener("mousedown", (event) => { event.preventDefault(); take(option); });
        return option;
      }));
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
    };
    const mark = (to) => {
      const options = [...list.children];
      if (!options.length) return;
      active = (to + options.length) % options.length;
      options.forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
      options[active].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[active].id);
    };
    input.addEventListener("input", show);
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") mark(active + 1);
      else if (event.key === "ArrowUp") mark(active < 0 ? -1 : active - 1);
      else if (event.key === "Enter" && list.children.length) take(list.children[Math.max(active, 0)]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
  }

  pointing() {
    const { canvas } = this;
    const down = new Map();
    let moved = 0;
    const place = (event) => [event.offsetX, event.offsetY];
    const spread = () => {
      const [a, b] = [...down.values()];
      return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, Math.hypot(a[0] - b[0], a[1] - b[1])];
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      down.set(event.pointerId, place(event));
      moved = 0;
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!down.has(event.pointerId)) {
        this.hover(this.nearest(...place(event)));
        return;
      }
      const before = down.get(event.pointerId);
      const now = place(event);
      moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
      if (down.size === 2) {
        const [x0, y0, far] = spread();
        down.set(event.pointerId, now);
        const [x1, y1, wide] = spread();
        this.pan(x1 - x0, y1 - y0);
        this.zoom(wide / Math.max(far, 1), x1, y1);
      } else {
        down.set(event.pointerId, now);
        this.pan(now[0] - before[0], now[1] - before[1]);
      }
    });
    for (const kind of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(kind, (event) => {
        if (kind === "pointerup" && down.size === 1 && moved < 5) this.choose(this.nearest(...place(event)));
        down.delete(event.pointerId);
      });
    }
    canvas.addEventListener("pointerleave", () => this.hover(null));
    // The wheel turns the page until the network is chosen: a report is read by scrolling.
    canvas.addEventListener("wheel", (event) => {
      if (document.activeElement !== this.stage && !event.ctrlKey) return;
      event.preventDefault();
      this.zoom(Math.exp(-Math.max(-60, Math.min(60, event.deltaY)) / 200), ...place(event));
    }, { passive: false });
    const acts = { in: () => this.zoom(1.6), out: () => this.zoom(1 / 1.6), all: () => this.go(this.whole()) };
    for (const button of this.find(".zoom").querySelectorAll("button")) {
      button.addEventListener("click", () => acts[button.dataset.act]());
    }
  }

  pan(dx, dy) {
    cancelAnimationFrame(this.moving);
    const { x, y, scale } = this.view;
    this.view = { x: x - dx / scale, y: y + dy / scale, scale };
    this.changed();
  }

  nearest(px, py) {
    const { web } = this;
    const [x, y] = this.under(px, py);
    const largest = web.radius[0] * this.growth();
    let found = null;
    let least = Infinity;
    for (const node of web.around(x, y, Math.max(NEAR_PX, largest) / this.view.scale)) {
      if (!this.bright[node] && !this.nearby.has(node)) continue;
      const far = Math.hypot(web.x[node] - x, web.y[node] - y) * this.view.scale - web.radius[node] * this.growth();
      if (far < 6 && far < least) [found, least] = [node, far];
    }
    return found;
  }

  hover(node) {
    if (node === this.over) return;
    this.over = node;
    this.canvas.classList.toggle("over", node !== null);
    this.changed();
  }

  keyboard() {
    const ways = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    this.stage.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key in ways) this.step(ways[event.key]);
      else if (event.key === "Enter" && this.chosen !== null) this.centre(this.chosen, 6);
      else if (event.key === "Escape") this.leave();
      else if (event.key === "+" || event.key === "=") this.zoom(1.6);
      else if (event.key === "-" || event.key === "−") this.zoom(1 / 1.6);
      else if (event.key === "0") this.go(this.whole());
      else return;
      event.preventDefault();
    });
  }

  /** Let go of a node; of the whole network, where none is held. */
  leave() {
    if (this.chosen === null) {
      this.stage.blur();
      return;
    }
    this.choose(null);
    this.go(this.whole());
  }

  /** To whom of those linked lies nearest in that direction; to anyone, where none does. */
  step([right, up]) {
    if (this.chosen === null) {
      const first = this.bright.indexOf(1);
      if (first >= 0) this.choose(first);
      return;
    }
    const { x, y, n } = this.web;
    const best = (among) => {
      let found = null;
      let least = Infinity;
      for (const other of among) {
        const dx = x[other] - x[this.chosen];
        const dy = y[other] - y[this.chosen];
        const along = dx * right + dy * up;
        const far = Math.hypot(dx, dy);
        if (other !== this.chosen && this.bright[other] && along > 0.5 * far && far * far / along < least) {
          least = far * far / along;
          found = other;
        }
      }
      return found;
    };
    const next = best(this.nearby) ?? best(Array.from({ length: n }, (_, i) => i));
    if (next === null) return;
    this.choose(next);
    const [px, py] = this.at(next);
    const inside = px > 60 && py > 40 && px < this.width - 60 && py < this.height - 40;
    if (!inside) this.centre(next);
  }
}

async function start(figure) {
  const given = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
  const answer = await fetch(given.address);
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  figure.walk = new Walk(figure, await answer.json(), given);
  figure.classList.add("alive");
}

for (const figure of document.querySelectorAll("figure.network:has(script)")) {
  // Those far down the page are made when they come near.
  const watch = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watch.disconnect();
    start(figure).catch((error) => {
      console.error(`The network ${figure.id} could not be drawn: ${error.message}`);
      figure.dataset.failed = error.message;
    });
  }, { rootMargin: "600px" });
  watch.observe(figure);
}
