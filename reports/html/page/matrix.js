// Shows the faults, variants and requirements that match what is typed. What is typed is kept in the page's address: #q=owner.
document.documentElement.classList.add("scripts");
const rows = [...document.querySelectorAll(".searched")];
const sections = [...document.querySelectorAll(".searchable")];
const input = document.getElementById("filter"), shown = document.getElementById("shown");
const texts = rows.map((row) => (row.textContent + " " + [...row.querySelectorAll("[title]")].map((e) => e.title).join(" ")).toLowerCase());

function apply() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  let left = 0;
  rows.forEach((row, i) => {
    row.hidden = !words.every((word) => texts[i].includes(word));
    if (!row.hidden) left++;
  });
  for (const section of sections) section.hidden = !section.querySelector(".searched:not([hidden])");
  shown.textContent = `${left} of ${rows.length} rows shown`;
}

input.addEventListener("input", () => {
  apply();
  const text = input.value.trim();
  history.replaceState(null, "", text ? "#" + new URLSearchParams({ q: text }) : location.pathname + location.search);
});
document.getElementById("finder").addEventListener("submit", (event) => event.preventDefault());

function follow() {
  const text = new URLSearchParams(location.hash.slice(1)).get("q");
  if (text === null && input.value === "") return;
  input.value = text ?? "";
  apply();
  document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}
addEventListener("hashchange", follow);
follow();
