// Draws the charts of a report: Vega-Lite under a policy without eval, in the page's own colours.
// Three quarters of a megabyte, fetched when the first chart comes into sight.
let vega, vegaLite, expressionInterpreter, library;

function script(name) {
  return new Promise((done, failed) => {
    const element = document.createElement("script");
    element.src = new URL(`./vendor/${name}`, import.meta.url);
    element.onload = done;
    element.onerror = () => failed(new Error(`${name} could not be loaded`));
    document.head.append(element);
  });
}

function loaded() {
  library ??= script("vega.min.js").then(() => script("vega-lite.min.js")).then(async () => {
    ({ vega, vegaLite } = globalThis);
    ({ expressionInterpreter } = await import("./vendor/vega-interpreter.js"));
  });
  return library;
}

const MONTHS = {
  en: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
  fr: ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
};
const SHORT_MONTHS = {
  en: MONTHS.en.map((name) => name.slice(0, 3)),
  fr: ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
};
const DAYS = {
  en: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
  fr: ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
};
const TIME = {
  en: { dateTime: "%B %-d, %Y, %H:%M", date: "%-m/%-d/%Y", time: "%H:%M" },
  fr: { dateTime: "%-d %B %Y %H:%M", date: "%d/%m/%Y", time: "%H:%M" },
};
const NUMBERS = {
  en: { decimal: ".", thousands: ",", grouping: [3], currency: ["€", ""] },
  fr: { decimal: ",", thousands: "\u202f", grouping: [3], currency: ["", "\u00a0€"], percent: "\u202f%" },
};

function locale(language) {
  const time = {
    ...TIME[language],
    periods: ["AM", "PM"],
    days: DAYS[language],
    shortDays: DAYS[language].map((name) => name.slice(0, 3)),
    months: MONTHS[language],
    shortMonths: SHORT_MONTHS[language],
  };
  return { number: NUMBERS[language], time };
}

// Nothing in a specification may fetch or lead anywhere.
const refuse = () => Promise.reject(new Error("Charts load nothing."));
const loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };

function colours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    ink: read("--ink"), soft: read("--soft"), rule: read("--rule"), paper: read("--paper"),
    faint: read("--faint"), accent: read("--accent"), sans: read("--sans"),
    series: [1, 2, 3, 4, 5, 6].map((i) => read(`--series-${i}`)),
  };
}

function config(c) {
  const label = { labelColor: c.soft, labelFont: c.sans, labelFontSize: 13, titleColor: c.soft, titleFont: c.sans, titleFontSize: 13, titleFontWeight: "normal" };
  return {
    background: "transparent",
    font: c.sans,
    view: { stroke: null },
    axis: { ...label, domain: false, ticks: false, gridColor: c.rule, gridOpacity: 0.7, labelPadding: 6, titlePadding: 10, labelLimit: 220 },
    axisX: { grid: false, domain: true, domainColor: c.soft, ticks: true, tickColor: c.soft, tickSize: 4, labelAngle: 0, labelOverlap: "greedy", labelSeparation: 10, labelFlush: true, titleAnchor: "end" },
    axisQuantitative: { grid: true, ticks: false, domain: false, tickCount: 5 },
    legend: { ...label, symbolStrokeWidth: 2, orient: "top", title: null, columns: 3 },
    header: { ...label, labelColor: c.ink, labelFontWeight: "bold", labelAnchor: "start", labelLimit: 320, titleFontSize: 13 },
    range: { category: c.series, ramp: [c.faint, c.accent], heatmap: [c.faint, c.accent], diverging: [c.series[1], c.rule, c.accent], ordinal: [c.faint, c.accent] },
    mark: { color: c.accent },
    text: { color: c.ink, font: c.sans, fontSize: 13 },
    line: { strokeWidth: 2, strokeCap: "round", strokeJoin: "round", color: c.accent },
    point: { filled: true, size: 60, color: c.accent, opacity: 1 },
    circle: { size: 60, color: c.accent },
    bar: { color: c.accent, cornerRadiusEnd: 1 },
    area: { color: c.accent, fillOpacity: 0.18, line: false },
    rule: { color: c.soft },
    errorbar: { color: c.accent },
    tick: { color: c.accent },
  };
}

function composed(spec) {
  return ["facet", "hconcat", "vconcat", "concat", "repeat"].some((key) => key in spec)
    || ["row", "column", "facet"].some((key) => spec.encoding && key in spec.encoding);
}

// Panels that stand side by side.
function panels(spec, width) {
  return spec.facet && spec.columns ? Math.max(1, Math.min(spec.columns, Math.floor(width / 200))) : 1;
}

// Names of rows that take two lines want the room of two.
function roomy(spec, width, rows) {
  const double = width < NARROW && rows.some((row) => Object.values(row).some((one) => String(one).includes(" — ")));
  return double && spec.height?.step ? { ...spec, height: { step: Math.max(32, spec.height.step) } } : spec;
}

function sized(spec, width) {
  const inner = spec.hconcat || spec.vconcat || spec.concat;
  if (inner) {
    const each = spec.hconcat ? width / inner.length - 60 : width - 90;
    const key = ["hconcat", "vconcat", "concat"].find((name) => name in spec);
    return { ...spec, [key]: inner.map((one) => ({ width: Math.max(120, each), ...one })) };
  }
  if (spec.facet && spec.columns) {
    const columns = panels(spec, width);
    const each = Math.floor((width - 64 - 24 * (columns - 1)) / columns);
    return { spacing: { column: 24, row: 12 }, ...spec, columns, spec: { width: each, ...spec.spec } };
  }
  if (composed(spec)) {
    const room = Math.max(140, width - 190);
    return spec.spec ? { ...spec, spec: { width: room, ...spec.spec } } : { width: room, ...spec };
  }
  return { height: 260, ...spec, width, autosize: { type: "fit-x", contains: "padding" } };
}

// Months, with the year under each January and under the first; days where the window is short.
const MONTHS_ALONE = "timeFormat(datum.value, '%b')"; // for those who hide numbers
const MOMENT = "[timeFormat(datum.value, date(datum.value) == 1 ? '%b' : '%-d %b'),"
  + " datum.index == 0 || (month(datum.value) == 0 && date(datum.value) == 1)"
  + " ? timeFormat(datum.value, '%Y') : '']";

// Ticks at each January and evenly between, so that a year is never without its name.
function monthly(rows, field, width) {
  const times = rows.map((row) => Date.parse(row[field])).filter(Number.isFinite);
  const months = (Math.max(...times) - Math.min(...times)) / 2.63e9;
  if (!(months > 4)) return {};
  const room = months / (width < NARROW ? 3 : 12);
  return { tickCount: { interval: "month", step: [1, 2, 3, 6, 12, 24, 60].find((n) => n >= room) ?? 120 } };
}

// On a narrow screen the names of rows take two lines and at most half of the width.
const NARROW = 520;
const TWO_LINES = "split(datum.label, ' — ')";

function labelled(node, width, rows, hide) {
  if (Array.isArray(node)) return node.map((item) => labelled(item, width, rows, hide));
  if (node === null || typeof node !== "object") return node;
  const copy = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, labelled(value, width, rows, hide)]),
  );
  const { x, y } = copy.encoding ?? {};
  if (x?.type === "temporal" && x.axis !== null && !x.axis?.format) {
    x.axis = { labelExpr: hide ? MONTHS_ALONE : MOMENT, ...monthly(rows, x.field, width), ...x.axis };
  }
  if (width < NARROW && ["nominal", "ordinal"].includes(y?.type) && y.axis !== null) {
    const double = rows.some((row) => String(row[y.field]).includes(" — "));
    y.axis = {
      labelExpr: TWO_LINES, labelLineHeight: 14, labelOffset: double ? -7 : 0,
      ...y.axis, labelLimit: width / 2,
    };
  }
  return copy;
}

async function draw(figure) {
  const host = figure.querySelector(".drawing");
  const given = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
  const width = Math.floor(host.clientWidth);
  const spec = { ...sized(labelled(roomy(given.spec, width, given.rows), width / panels(given.spec, width), given.rows, given.hide), width), data: { values: given.rows }, config: { ...config(colours()), locale: locale(given.language) } };
  const compiled = vegaLite.compile(spec, { logger: vega.logger(vega.Error) }).spec;
  const view = new vega.View(vega.parse(compiled, undefined, { ast: true }), {
    expr: expressionInterpreter, renderer: "svg", loader, logLevel: vega.Error,
  });
  const drawing = document.createElement("div");
  drawing.setAttribute("aria-hidden", "true"); // its frame has the name, the table the data
  await view.initialize(drawing).hover().runAsync();
  host.view?.finalize();
  host.view = view;
  host.replaceChildren(drawing);
  host.style.minHeight = "0";
  host.dataset.drawn = String(width);
}

// A chart is drawn when it comes into sight, or out of a fold; then again when the page changes.
const figures = [...document.querySelectorAll("figure.chart:has(.drawing + script)")];
const seen = new Set();

function show(figure) {
  if (!figure.querySelector(".drawing").clientWidth) return Promise.resolve(); // folded away
  seen.add(figure);
  return loaded().then(() => draw(figure)).catch((error) => {
    console.error(`The chart ${figure.id} could not be drawn: ${error.message}`);
    figure.querySelector(".drawing").replaceChildren();
    figure.querySelector(".drawing").dataset.failed = error.message;
    const table = figure.closest(".part")?.querySelector("details:has(table)") ?? figure.querySelector("details:last-child");
    if (table) table.open = true;
  });
}

// About the room that a chart will take, so that the page does not move when it comes.
function height(spec, rows) {
  const axis = 50;
  if (spec.facet) {
    const panels = spec.facet.sort?.length ?? new Set(rows.map((row) => row[spec.facet.field])).size;
    return Math.ceil(panels / (spec.columns ?? 1)) * ((spec.spec.height ?? 100) + 34) + axis;
  }
  return (spec.height?.step ? spec.height.step * rows.length : Number(spec.height ?? 260)) + axis;
}

const sight = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (isIntersecting && !seen.has(target)) show(target);
  }
}, { rootMargin: "500px" });

for (const figure of figures) {
  const { spec, rows } = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
  figure.querySelector(".drawing").style.minHeight = `${height(spec, rows)}px`;
  sight.observe(figure);
}

let waiting;
new ResizeObserver(() => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    for (const figure of seen) {
      const host = figure.querySelector(".drawing");
      if (host.clientWidth && host.dataset.drawn !== String(Math.floor(host.clientWidth))) show(figure);
    }
  }, 150);
}).observe(document.documentElement);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => seen.forEach(show));
addEventListener("beforeprint", () => figures.forEach(show));
