// Finds announcements and pages by their words, in this browser. Nothing is loaded before somebody
// asks, and then only the files with words that begin like those of the question.

const form = document.querySelector("form.search");
const field = form.querySelector("input");
const status = document.querySelector(".found-count");
const section = document.querySelector(".found-list");
const list = section.querySelector("ol");
const more = section.querySelector(".more-found");
const row = document.querySelector("#found").content.firstElementChild;
const said = document.querySelector("#said").content;

const pageSize = 10;
const mostWords = 8;

// MARK: Words

const notMark = /\p{M}+/gu;

/** The words of a text, as the index has them: letters and digits, without case and accents. */
export const wordsOf = (text) =>
  ([...text.normalize("NFKD")].map((letter) => letter.toLowerCase()).join("").replace(notMark, "").match(/[\p{L}\p{N}]+/gu) ?? [])
    .map((word) => [...word].slice(0, 40).join(""));

// MARK: Files

const files = new Map();

function load(path) {
  if (!files.has(path)) {
    const file = fetch(path).then((answer) => {
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      return answer.json();
    });
    // What failed is asked for again the next time.
    file.catch(() => files.delete(path));
    files.set(path, file);
  }
  return files.get(path);
}

// MARK: Finding

/** What each page is worth that has a word which begins like this one. */
async function pagesWith(word, index) {
  const last = index.words.findLastIndex(([first]) => first <= word);
  const paths = index.words
    .filter(([first], place) => place === Math.max(last, 0) || (place > last && first.startsWith(word)))
    .map(([, path]) => path);
  const worth = new Map();
  for (const shard of await Promise.all(paths.map(load))) {
    for (const [found, pages] of Object.entries(shard)) {
      if (!found.startsWith(word)) continue;
      for (let place = 0; place < pages.length; place += 2) {
        const value = pages[place + 1] * (found === word ? 2 : 1);
        worth.set(pages[place], Math.max(worth.get(pages[place]) ?? 0, value));
      }
    }
  }
  return worth;
}

/** The numbers of the pages that have every word, the best first. */
async function find(words, index) {
  const [first, ...others] = await Promise.all(words.map((word) => pagesWith(word, index)));
  return [...first]
    .filter(([page]) => others.every((worth) => worth.has(page)))
    .map(([page, value]) => [page, others.reduce((sum, worth) => sum + worth.get(page), value)])
    .sort(([one, high], [other, low]) => low - high || one - other)
    .map(([page]) => page);
}

// MARK: Showing

function say(when, values = {}) {
  const text = when ? said.querySelector(`[data-when="${when}"]`).textContent : "";
  status.textContent = text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

function item([address, title, day, date, language, summary]) {
  const entry = row.cloneNode(true);
  const [link, text] = ["a", "p"].map((part) => entry.querySelector(part));
  link.href = address;
  link.textContent = title;
  if (language) {
    for (const each of [link, text]) each.lang = language;
    link.hreflang = language;
  }
  if (day) {
    const time = document.createElement("time");
    time.dateTime = day;
    time.textContent = date;
    entry.prepend(time);
  }
  if (summary) text.textContent = summary;
  else text.remove();
  return entry;
}

let turn = 0;
let rest = [];

async function show(index, mine) {
  const shown = rest.slice(0, pageSize);
  const each = index.pagesPerFile;
  const entries = await Promise.all(
    shown.map(async (page) => (await load(index.pages[Math.floor(page / each)]))[page % each]),
  );
  if (mine !== turn) return null;
  rest = rest.slice(pageSize);
  const items = entries.map(item);
  list.append(...items);
  section.hidden = false;
  more.hidden = rest.length === 0;
  return items[0];
}

function clear() {
  rest = [];
  list.replaceChildren();
  section.hidden = true;
}

async function search() {
  const mine = ++turn;
  const asked = field.value.trim();
  const words = [...new Set(wordsOf(asked))].slice(0, mostWords);
  const address = new URL(location);
  if (asked) address.searchParams.set("q", asked);
  else address.searchParams.delete("q");
  history.replaceState(null, "", address);
  if (words.join("").length < 2) {
    clear();
    return say(asked ? "short" : null);
  }
  if (!status.textContent) say("busy");
  try {
    const index = await load(form.dataset.index);
    const found = await find(words, index);
    if (mine !== turn) return;
    clear();
    rest = found;
    if (found.length > 0) await show(index, mine);
    if (mine !== turn) return;
    say(["none", "one"][found.length] ?? "many", { count: found.length, words: asked });
  } catch {
    if (mine !== turn) return;
    clear();
    say("failed");
  }
}

let pause;
field.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(search, 150);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(pause);
  search();
});
more.addEventListener("click", async () => {
  try {
    const first = await show(await load(form.dataset.index), turn);
    first?.querySelector("a").focus();
  } catch {
    say("failed");
  }
});

form.hidden = false;
const asked = new URLSearchParams(location.search).get("q");
if (asked) {
  field.value = asked.slice(0, field.maxLength);
  search();
}
