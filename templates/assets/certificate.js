// The certificate page against today's date and against the address bar, and the ticks for
// comparing it with the paper. Every sentence shown stands in the page.

const page = document.querySelector("main.certificate");
const { status, expires, host } = page.dataset;

// The device's own calendar day: a certificate holds through the day printed on it.
const now = new Date();
const pad = (number) => String(number).padStart(2, "0");
const today = `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;

if (status === "valid" && today > expires) {
  const replace = (target, template) =>
    document.querySelector(target).replaceChildren(document.querySelector(template).content.cloneNode(true));
  page.dataset.status = "expired";
  replace(".verdict", "#expired");
  replace("#status-now", "#status-expired");
}

const fill = (element, values) => {
  for (const part of element.querySelectorAll("[lang], strong, b")) {
    part.dataset.sentence ??= part.textContent;
    part.textContent = part.dataset.sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }
  element.hidden = false;
};

// Only a certificate seen at its own address and on a day within its term is shown as valid in green.
if (status === "valid" && today <= expires && location.host === host) page.dataset.current = "";

if (location.host !== host) {
  fill(document.querySelector(".elsewhere"), { host: location.host || location.protocol });
}

const list = document.querySelector("[data-same]");
const tally = document.querySelector(".tally");
const ticks = [...list.children].map((line) => {
  const tick = document.createElement("input");
  tick.type = "checkbox";
  tick.autocomplete = "off";
  tick.setAttribute("aria-label", `${list.dataset.same}: ${line.querySelector("dt").firstChild.data.trim()}`);
  tick.addEventListener("change", () => {
    fill(tally, { done: ticks.filter((each) => each.checked).length, all: ticks.length });
  });
  const cell = document.createElement("dd");
  cell.className = "tick";
  cell.append(tick);
  line.append(cell);
  return tick;
});
