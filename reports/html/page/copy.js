// Copies curl lines. Where the page may not write to the clipboard, the line is selected, for the reader to copy it.
function say(text) {
  one("said").textContent = "";
  one("said").textContent = text;
}

function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

async function copy(button) {
  const line = button.parentElement.querySelector("code"), label = button.firstChild;
  let done = false;
  try {
    await navigator.clipboard.writeText(line.textContent);
    done = true;
  } catch {
    select(line);
    try {
      done = document.execCommand("copy");
    } catch {
      done = false;
    }
  }
  label.data = done ? "Copied" : "Selected";
  say(done ? "The curl line is copied." : "The curl line is selected; copy it with the keys of your system.");
  setTimeout(() => { label.data = "Copy"; }, 2000);
}

for (const button of all(".copy")) button.addEventListener("click", () => copy(button));
