// Goes to requirements: by links to this page from elsewhere, by keys, and opens what shows why they fail.
const details = all("details:not(.fold)");
const openAll = one("open-all");

// reveal shows and opens what a link leads to, even where it is filtered away.
function reveal(element) {
  const requirement = element.closest(".requirement");
  if (!requirement) {
    const fold = element.querySelector(":scope > .fold"); // of a whole group
    if (fold) fold.open = true;
    return;
  }
  const fold = requirement.closest(".fold");
  if (fold) fold.open = true;
  if (requirement.hidden) {
    for (const button of buttons) button.ariaPressed = "false";
    search.value = area.value = "";
    apply();
  }
  const evidence = element.closest("details:not(.fold)") ?? requirement.querySelector("details");
  if (evidence) evidence.open = true;
}

function follow() {
  if (fromAddress()) return;
  const element = one(target()) ?? one(target().toUpperCase());
  if (!element) return;
  reveal(element);
  element.scrollIntoView();
  if (element.matches(".requirement")) element.focus({ preventScroll: true });
}

// An answer that is longer than its frame is shown from where it is marked.
function showMarks(evidence) {
  for (const message of all(".message", evidence)) {
    const mark = message.querySelector(".body mark") ?? message.querySelector(".body .about");
    if (mark && message.scrollTop === 0) message.scrollTop = mark.offsetTop - message.offsetTop - message.clientHeight / 3;
  }
}

for (const evidence of details) evidence.addEventListener("toggle", () => {
  if (evidence.open) showMarks(evidence);
  if (openAll) openAll.ariaPressed = String(details.every((d) => d.open));
});

openAll?.addEventListener("click", () => {
  const open = openAll.ariaPressed !== "true";
  for (const evidence of details) evidence.open = open;
  openAll.ariaPressed = String(open);
});

// On paper nothing can be opened: the evidence is, as far as print.css shows it, and closed again after.
let closed = [];
addEventListener("beforeprint", () => {
  closed = details.filter((d) => !d.open && d.matches(".evidence"));
  for (const evidence of closed) evidence.open = true;
});
addEventListener("afterprint", () => {
  for (const evidence of closed) evidence.open = false;
});

// step goes to the next failure that is shown, or to the one before; after the last comes the first.
function step(by) {
  const failures = all(".requirement.full:not([hidden])");
  if (!failures.length) return;
  const at = failures.findIndex((f) => f === document.activeElement || f.contains(document.activeElement));
  const next = failures[at < 0 ? (by > 0 ? 0 : failures.length - 1) : (at + by + failures.length) % failures.length];
  next.focus({ preventScroll: true });
  next.scrollIntoView();
}

const keys = one("keys");
addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Escape" && filtered() && event.target !== area) {
    showAll();
    return;
  }
  // whoever dictates text, or types beside a field, can turn the single keys off
  if (!keys.checked || event.target.matches("input, select, textarea")) return;
  const act = { "/": () => { search.focus(); search.select(); }, n: () => step(1), j: () => step(1), p: () => step(-1), k: () => step(-1) }[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

addEventListener("hashchange", follow);
follow();
