// Finds endpoints and requirements, and tells of the square that is looked at, which the arrow keys move.
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const one = (id) => document.getElementById(id);
document.documentElement.classList.add("scripts");

const data = JSON.parse(one("data").textContent);
const rows = all(".matrix tbody tr"), details = all("details.endpoint");
const search = one("search"), looked = one("looked"), states = all("button[data-state]");
const squaresOf = (row) => all("td > div > *", row);
const squares = rows.map(squaresOf);
const kindOf = (endpoint, requirement) => data.endpoints[endpoint].runs.at(-1)[requirement];
const group = (letter) => "faw".includes(letter) ? "f" : letter;

// A requirement that is the same wherever it was judged tells nothing of how endpoints differ.
data.requirements.forEach((_, at) => {
  const seen = new Set(rows.map((_, i) => group(kindOf(i, at))).filter((letter) => "pf".includes(letter)));
  if (seen.size < 2) for (const row of squares) row[at].classList.add("same");
});

function apply() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = states.filter((b) => b.ariaPressed === "true").map((b) => b.dataset.state);
  let shown = 0;
  rows.forEach((row, i) => {
    const failing = data.requirements.filter((_, at) => "fawb".includes(kindOf(i, at))).map((r) => r.id).join(" ");
    const text = (data.endpoints[i].name + " " + failing).toLowerCase();
    const matches = (!wanted.length || wanted.includes(row.dataset.state)) && words.every((word) => text.includes(word));
    row.hidden = details[i].hidden = !matches;
    if (matches) shown++;
  });
  one("shown").textContent = `${shown} of ${rows.length} endpoints shown`;
  one("nothing").hidden = shown > 0;
}

search.addEventListener("input", apply);
one("toolbar").addEventListener("submit", (event) => event.preventDefault());
for (const button of states) button.addEventListener("click", () => {
  button.ariaPressed = String(button.ariaPressed !== "true");
  apply();
});
one("differing").addEventListener("click", (event) => {
  const pressed = event.currentTarget.ariaPressed !== "true";
  event.currentTarget.ariaPressed = String(pressed);
  document.querySelector(".matrix").classList.toggle("alike", pressed);
});

const piece = (tag, text, name) => {
  const element = document.createElement(tag);
  element.textContent = text;
  if (name) element.className = name;
  return element;
};
const names = { p: "pass", f: "fail", a: "advisory", w: "waived", b: "blocked", s: "skip", ".": "absent" };

// look tells of a requirement at an endpoint: what it states, and how it was in each run.
function look(i, at) {
  const endpoint = data.endpoints[i], requirement = data.requirements[at];
  const history = endpoint.runs.map((run) => run[at]);
  const failing = rows.filter((_, row) => group(kindOf(row, at)) === "f").length;
  const first = piece("p", "");
  first.append(piece("b", `${requirement.id} at ${endpoint.name}: ${data.words[history.at(-1)].trim()}`), ` ${requirement.level}; fails at ${failing} of ${rows.length} endpoints`);
  const strip = piece("p", "", "strip");
  history.forEach((letter, run) => {
    const mark = piece("i", data.words[letter].split(" ")[0], "square " + names[letter]);
    mark.title = `${endpoint.days[run]}: ${data.words[letter]}`;
    strip.append(mark);
  });
  looked.replaceChildren(first, piece("p", requirement.states), ...(history.length > 1 ? [strip] : []));
  looked.hidden = false;
}

const placeOf = (square) => {
  const row = square.closest("tr");
  return row ? [rows.indexOf(row), squaresOf(row).indexOf(square)] : [-1, -1];
};

// One square of all is reached by the tab key; from there the arrow keys go on.
let current = null;
function choose(i, at, focus) {
  current?.setAttribute("tabindex", "-1");
  current = squares[i][at];
  current.setAttribute("tabindex", "0");
  if (current.tagName === "I") {
    current.setAttribute("role", "img");
    current.removeAttribute("aria-hidden");
    current.setAttribute("aria-label", `${data.requirements[at].id} ${data.words[kindOf(i, at)].trim()}`);
  }
  if (focus) current.focus();
}
for (const square of squares.flat()) if (square.tagName === "A") square.setAttribute("tabindex", "-1");
if (squares.length && squares[0].length) choose(0, Math.max(0, squares[0].findIndex((s) => s.tagName === "A")), false);

const matrix = document.querySelector(".matrix tbody");
matrix.addEventListener("focusin", (event) => {
  const [i, at] = placeOf(event.target);
  if (at >= 0) {
    if (event.target !== current) choose(i, at, false);
    look(i, at);
  }
});
matrix.addEventListener("pointerover", (event) => {
  const square = event.target.closest(".square");
  if (square) look(...placeOf(square));
});
matrix.addEventListener("keydown", (event) => {
  const [i, at] = placeOf(event.target);
  if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
  const next = (from, by) => { let to = from + by; while (rows[to]?.hidden) to += by; return rows[to] ? to : from; };
  const moves = { ArrowLeft: [i, at - 1], ArrowRight: [i, at + 1], ArrowUp: [next(i, -1), at], ArrowDown: [next(i, 1), at], Home: [i, 0], End: [i, squares[i].length - 1] };
  const [row, column] = moves[event.key] ?? [];
  if (row === undefined) return;
  event.preventDefault();
  if (squares[row][column]) choose(row, column, true);
});

// A link leads into what may be closed or filtered away.
function follow() {
  const element = one(decodeURIComponent(location.hash.slice(1)));
  const endpoint = element?.closest("details.endpoint");
  if (!endpoint) return;
  if (endpoint.hidden) {
    search.value = "";
    for (const button of states) button.ariaPressed = "false";
    apply();
  }
  endpoint.open = true;
  element.scrollIntoView();
  (element === endpoint ? endpoint.querySelector("summary") : element).focus({ preventScroll: true });
}
addEventListener("hashchange", follow);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.target.closest("input")) {
    event.preventDefault();
    search.focus();
  } else if (event.key === "Escape") {
    looked.hidden = true;
  }
});

let closed = [];
addEventListener("beforeprint", () => {
  closed = details.filter((d) => !d.open);
  for (const endpoint of closed) endpoint.open = true;
});
addEventListener("afterprint", () => {
  for (const endpoint of closed) endpoint.open = false;
});
apply();
follow();
