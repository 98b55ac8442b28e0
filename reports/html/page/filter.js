// Shows the requirements that match what is pressed, chosen and typed. What is shown is kept in the page's address, so
// that it can be sent to somebody: #verdict=fail,advisory&level=must&area=LIC&q=owner.
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const one = (id) => document.getElementById(id);
document.documentElement.classList.add("scripts");

const requirements = all(".requirement");
const buttons = all("button[data-filter]");
const search = one("search"), area = one("area");
const texts = new Map(); // of what is searched, made when it is needed first

function textOf(requirement) {
  if (!texts.has(requirement)) {
    const parts = [requirement.id, requirement.dataset.area, ...all(".searched", requirement).map((part) => part.textContent)];
    const reason = requirement.closest(".batch")?.querySelector(".reason");
    texts.set(requirement, (parts.join(" ") + " " + (reason ? reason.textContent : "")).toLowerCase());
  }
  return texts.get(requirement);
}

const pressed = (filter) => buttons.filter((b) => b.dataset.filter === filter && b.ariaPressed === "true").map((b) => b.dataset.value);
const filtered = () => pressed("verdict").length + pressed("level").length > 0 || area.value !== "" || search.value.trim() !== "";

function apply() {
  const verdicts = pressed("verdict"), levels = pressed("level");
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const requirement of requirements) {
    const { verdict, level, area: section } = requirement.dataset;
    const matches = (!verdicts.length || verdicts.includes(verdict)) && (!levels.length || levels.includes(level)) &&
      (!area.value || area.value === section) && words.every((word) => textOf(requirement).includes(word));
    requirement.hidden = !matches;
    if (matches) shown++;
  }
  for (const batch of all(".batch")) batch.hidden = !batch.querySelector(".requirement:not([hidden])");
  for (const group of all(".group")) {
    const list = all(".requirement", group), left = list.filter((r) => !r.hidden).length;
    group.hidden = left === 0;
    group.querySelector(".count").textContent = left === list.length ? String(left) : `${left} of ${list.length}`;
  }
  for (const fold of all("details.fold")) fold.open = filtered();
  const chips = new Map(requirements.map((r) => [r.id, r.hidden]));
  for (const chip of all("a.chip")) chip.classList.toggle("out", chips.get(chip.hash.slice(1)) === true);
  one("shown").textContent = `${shown} of ${requirements.length} requirements shown`;
  one("nothing").hidden = shown > 0;
  one("reset").disabled = !filtered();
}

// The address that shows the same. A fragment is all that a page may change of a file's address.
function address() {
  const parts = new URLSearchParams();
  for (const filter of ["verdict", "level"]) if (pressed(filter).length) parts.set(filter, pressed(filter).join(","));
  if (area.value) parts.set("area", area.value);
  if (search.value.trim()) parts.set("q", search.value.trim());
  return parts.toString().replaceAll("%2C", ",");
}

function changed() {
  apply();
  const fragment = address();
  if (fragment || !one(target())) history.replaceState(null, "", fragment ? "#" + fragment : location.pathname + location.search);
}

const target = () => {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return location.hash.slice(1);
  }
};

function showAll() {
  for (const button of buttons) button.ariaPressed = "false";
  search.value = area.value = "";
  changed();
}

// fromAddress reads what address wrote. It reports whether there was anything.
function fromAddress() {
  const parts = new URLSearchParams(location.hash.slice(1));
  if (!["verdict", "level", "area", "q"].some((name) => parts.get(name))) return false;
  for (const button of buttons) button.ariaPressed = String((parts.get(button.dataset.filter) ?? "").split(",").includes(button.dataset.value));
  search.value = parts.get("q") ?? "";
  area.value = parts.get("area") ?? "";
  if (area.selectedIndex < 0) area.value = "";
  apply();
  return true;
}

for (const button of buttons) button.addEventListener("click", () => {
  button.ariaPressed = String(button.ariaPressed !== "true");
  changed();
});
search.addEventListener("input", changed);
area.addEventListener("change", changed);
one("toolbar").addEventListener("submit", (event) => event.preventDefault());
for (const button of all(".reset")) button.addEventListener("click", showAll);
