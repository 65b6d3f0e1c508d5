// Search in the index that was written with the pages: nothing is fetched, accents and case are alike.
"use strict";

const asked = new URLSearchParams(location.search);
const french = asked.get("lang") === "fr";
const field = document.getElementById("find");
const told = document.getElementById("told");
const list = document.getElementById("found");
const MOST = 40;
const AROUND = 90;

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
// Folding may change a text's length; hits are marked only where it does not.
const rows = window.INDEX.map(([title, page, place, text]) => (
  { title, page, place, text, name: folded(title), about: folded(page), words: folded(text) }
));

if (french) {
  document.documentElement.lang = "fr";
  document.getElementById("title").textContent = "Chercher";
  document.title = "Chercher · Empreinte";
  field.placeholder = "Chercher";
  document.querySelector(".wordmark").href = "README.fr.html";
  const other = document.querySelector(".tongue");
  [other.href, other.lang, other.textContent] = ["index.html", "en", "English"];
}

function score(row, terms) {
  let sum = 0;
  for (const term of terms) {
    const last = row.name.split(/[.\s`]/).pop();
    if (row.name === term || last === term) sum += 100;
    else if (row.name.startsWith(term)) sum += 40;
    else if (row.name.includes(term)) sum += 20;
    else if (row.about.includes(term)) sum += 6;
    else if (row.words.includes(term)) sum += 1;
    else return 0;
  }
  return sum;
}

function excerpt(row, terms) {
  const at = Math.max(0, row.words.indexOf(terms.find((term) => row.words.includes(term)) ?? ""));
  const start = Math.max(0, at - AROUND);
  const paragraph = document.createElement("p");
  const piece = row.text.slice(start, at + 2 * AROUND);
  if (row.words.length !== row.text.length) {
    paragraph.textContent = piece;
    return paragraph;
  }
  const low = row.words.slice(start, at + 2 * AROUND);
  let done = 0;
  if (start > 0) paragraph.append("… ");
  while (done < piece.length) {
    const hits = terms.map((term) => [low.indexOf(term, done), term.length]).filter(([n]) => n >= 0);
    if (!hits.length) break;
    const [from, length] = hits.sort((a, b) => a[0] - b[0])[0];
    const mark = document.createElement("mark");
    mark.textContent = piece.slice(from, from + length);
    paragraph.append(piece.slice(done, from), mark);
    done = from + length;
  }
  paragraph.append(piece.slice(done), start + piece.length < row.text.length ? " …" : "");
  return paragraph;
}

function show() {
  const terms = folded(field.value).split(/\s+/).filter(Boolean);
  list.replaceChildren();
  if (!terms.length) { told.textContent = ""; return; }
  const found = rows.map((row) => [score(row, terms), row]).filter(([n]) => n > 0);
  found.sort((a, b) => b[0] - a[0]);
  const shown = Math.min(found.length, MOST);
  told.textContent = french
    ? `Trouvé : ${found.length}` + (shown < found.length ? `, ${shown} affichés` : "")
    : `Found: ${found.length}` + (shown < found.length ? `, ${shown} shown` : "");
  for (const [, row] of found.slice(0, shown)) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = row.place;
    link.textContent = row.title;
    item.append(link);
    if (row.page && row.page !== row.title) {
      const where = document.createElement("span");
      where.textContent = row.page;
      item.append(" ", where);
    }
    if (row.text) item.append(excerpt(row, terms));
    list.append(item);
  }
}

field.value = asked.get("q") ?? "";
field.addEventListener("input", show);
field.form.addEventListener("submit", (event) => {
  event.preventDefault();
  const next = new URLSearchParams(french ? { lang: "fr", q: field.value } : { q: field.value });
  try { history.replaceState(null, "", `?${next}`); } catch { /* Some browsers refuse it on the disk. */ }
  show();
});
field.focus();
show();
