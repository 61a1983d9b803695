// Finds artisans who agreed to be listed, in this browser. What is chosen stands behind the # of the
// address: it can be sent as a link, and no host gets to know it. Of the register, only the parts are
// asked for that the choice needs, as many at a time as fill a screen.

const form = document.querySelector("form.choose");
if (form) begin();

function begin() {
  const fields = Object.fromEntries(["province", "regency", "scheme", "group", "name"].map((name) => [name, form.elements.namedItem(name)]));
  const status = form.querySelector(".found-count");
  const clear = form.querySelector(".clear");
  const section = document.querySelector(".chosen");
  const heading = section.querySelector("h2");
  const list = section.querySelector("ol");
  const more = section.querySelector(".more-found");
  const row = document.querySelector("#person").content.firstElementChild;
  const said = document.querySelector("#said").content;
  const folder = form.dataset.index.replace(/index\.json$/, "");
  const locale = document.querySelector('meta[property="og:locale"]').content.replace("_", "-");
  const days = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const numbers = new Intl.NumberFormat(locale);

  const pageSize = 20;
  const atOnce = 6; // files asked for together

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

  /** Every place as it is shown, by its slugs. */
  async function register() {
    const index = await load(form.dataset.index);
    index.places ??= index.provinces.flatMap((province) =>
      province.places.map(([slug, name, groups, bySchemes]) => ({
        province, slug, name, groups, bySchemes, count: bySchemes.reduce((sum, each) => sum + each, 0),
      })),
    );
    return index;
  }

  const pathOf = (place, file) => `${folder}${place.province.slug}/${place.slug}/${file}.json`;

  async function groupsOf(place, index) {
    const parts = Math.ceil(place.groups / index.groupsPerFile);
    return (await Promise.all(Array.from({ length: parts }, (_, part) => load(pathOf(place, `groups-${part + 1}`))))).flat();
  }

  // MARK: Words

  const phrase = (when, values = {}) =>
    said.querySelector(`[data-when="${when}"]`).textContent.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const say = (when, values) => {
    const text = when ? phrase(when, values) : "";
    if (status.textContent !== text) status.textContent = text;
  };
  const named = (name) => name || phrase("not_stated");

  /** The words of a name, without case and accents. */
  const wordsOf = (text) => text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

  // MARK: Choices

  const chosen = () => Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.value.trim()]));

  function offer(field, options, value) {
    field.replaceChildren(field.options[0], ...options.map(([slug, name, count]) => new Option(`${named(name)} (${numbers.format(count)})`, slug)));
    field.disabled = options.length === 0;
    field.value = options.some(([slug]) => slug === value) ? value : "";
  }

  /** Fills the lists that depend on others, keeping what is still among them. */
  async function prepare(wanted, index) {
    const places = index.places.filter(({ province }) => province.slug === wanted.province);
    offer(fields.regency, places.map(({ slug, name, count }) => [slug, name, count]), wanted.regency);
    const place = places.find(({ slug }) => slug === fields.regency.value);
    const groups = place ? await groupsOf(place, index) : [];
    return () => offer(fields.group, groups.map(([slug, name, count]) => [slug, name, count]), wanted.group);
  }

  /** Whether what stands behind # is a place on the page and no choice. */
  const isAnchor = () => location.hash !== "" && !location.hash.includes("=");

  function remember(choice) {
    const state = new URLSearchParams(Object.entries(choice).filter(([, value]) => value)).toString();
    if (!state && isAnchor()) return;
    const address = new URL(location);
    address.hash = state;
    history.replaceState(null, "", state ? address : address.pathname + address.search);
    clear.hidden = !state;
  }

  const asked = () => {
    const state = new URLSearchParams(location.hash.slice(1));
    return Object.fromEntries(Object.keys(fields).map((name) => [name, (state.get(name) ?? "").slice(0, 80)]));
  };

  // MARK: Finding

  /** The parts to look through, how each entry is judged, and how many there are if that is known. */
  async function plan(choice, index) {
    const scheme = choice.scheme ? index.schemes.indexOf(choice.scheme) : -1;
    const places = index.places.filter(
      ({ province, slug, bySchemes }) =>
        (!choice.province || province.slug === choice.province) &&
        (!choice.regency || slug === choice.regency) &&
        (!choice.scheme || bySchemes[scheme] > 0),
    );
    const words = wordsOf(choice.name);
    let group = -1;
    let only = [];
    let total = places.reduce((sum, { count, bySchemes }) => sum + (choice.scheme ? bySchemes[scheme] : count), 0);
    if (choice.group && places.length === 1) {
      const groups = await groupsOf(places[0], index);
      group = groups.findIndex(([slug]) => slug === choice.group);
      if (group >= 0) [, , total, only] = groups[group];
      if (choice.scheme) total = null;
    }
    const parts = places.flatMap((place) =>
      Array.from({ length: Math.ceil(place.count / index.namesPerFile) }, (_, part) => ({ place, part: part + 1 })),
    ).filter(({ part }) => only.length === 0 || only.includes(part));
    const fits = ([name, , itsScheme, itsGroup]) => {
      if (choice.scheme && itsScheme !== scheme) return false;
      if (choice.group && itsGroup !== group) return false;
      if (words.length === 0) return true;
      const own = wordsOf(name);
      return words.every((word) => own.some((each) => each.startsWith(word)));
    };
    return { parts, fits, total: words.length ? null : total, next: 0, found: [], count: 0, shown: 0 };
  }

  function item({ entry: [name, code, scheme, , expires], group, place }, choice, index) {
    const element = row.cloneNode(true);
    const [link, what, meta] = ["a", ".what", ".meta"].map((part) => element.querySelector(part));
    link.href = `/c/${code.slice(0, 2)}/${code.slice(2)}/`;
    link.firstElementChild.textContent = name;
    what.textContent = [...fields.scheme.options].find(({ value }) => value === index.schemes[scheme])?.text ?? "";
    const isOver = new Date(`${expires}T23:59:59.999`) < new Date();
    const until = document.createElement("span");
    until.textContent = phrase(isOver ? "over" : "valid_until", { date: days.format(new Date(`${expires}T00:00:00Z`)) });
    if (isOver) until.className = "over";
    const around = [group, choice.regency ? "" : named(place.name), choice.province ? "" : named(place.province.name)].filter(Boolean);
    if (around.length) meta.append(around.join(" · "), document.createElement("br"));
    meta.append(until);
    return element;
  }

  let turn = 0;
  let search;

  function report() {
    const { parts, next, total, count } = search;
    if (total !== null) say(total ? "some" : "none", { count: numbers.format(total) });
    else if (next < parts.length) say("partly", { count: numbers.format(count), done: numbers.format(next), all: numbers.format(parts.length) });
    else say(count ? "some" : "none", { count: numbers.format(count) });
  }

  /** Shows the next names, as they come. */
  async function show(mine) {
    const { choice, index, ...it } = search;
    const until = it.shown + pageSize;
    let first;
    const place = () => {
      const items = search.found.splice(0, until - search.shown).map((each) => item(each, choice, index));
      search.shown += items.length;
      list.append(...items);
      first ??= items[0];
      section.hidden = search.shown === 0;
      report();
    };
    place();
    // The first file alone, so that something is there soon.
    for (let together = 1; search.shown < until && search.next < search.parts.length; together = atOnce) {
      const parts = search.parts.slice(search.next, search.next + together);
      const answers = await Promise.all(parts.map(({ place, part }) => load(pathOf(place, `names-${part}`))));
      if (mine !== turn) return undefined;
      answers.forEach(({ names, groups }, at) => {
        const fitting = names.filter(search.fits);
        search.count += fitting.length;
        search.found.push(...fitting.map((entry) => ({ entry, group: groups[entry[3]], place: parts[at].place })));
      });
      search.next += parts.length;
      place();
    }
    more.hidden = search.found.length === 0 && search.next >= search.parts.length;
    return first;
  }

  function empty() {
    list.replaceChildren();
    section.hidden = true;
    more.hidden = true;
  }

  async function find(wanted = chosen()) {
    const mine = ++turn;
    if (!Object.values(wanted).some(Boolean)) {
      empty();
      remember(wanted);
      offer(fields.regency, [], "");
      offer(fields.group, [], "");
      return say("choose");
    }
    if (!status.textContent) say("busy");
    try {
      const index = await register();
      if (mine !== turn) return undefined;
      const offerGroups = await prepare(wanted, index);
      if (mine !== turn) return undefined;
      offerGroups();
      const choice = chosen();
      remember(choice);
      const words = wordsOf(choice.name);
      if (choice.name && (!choice.province || words.join("").length < 2)) {
        empty();
        return say("short");
      }
      const planned = await plan(choice, index);
      if (mine !== turn) return undefined;
      empty();
      search = { ...planned, choice, index };
      if (!Object.values(choice).some(Boolean)) return say("choose");
      await show(mine);
    } catch {
      if (mine !== turn) return undefined;
      empty();
      say("failed");
    }
    return undefined;
  }

  // MARK: What visitors do

  for (const name of ["province", "regency", "scheme", "group"]) fields[name].addEventListener("change", () => find());
  let pause;
  fields.name.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => find(), 200);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(pause);
    find();
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    clearTimeout(pause);
    for (const field of Object.values(fields)) field.value = "";
    find();
    fields.province.focus();
  });
  more.addEventListener("click", async () => {
    try {
      const first = await show(turn);
      first?.querySelector("a").focus();
    } catch {
      say("failed");
    }
  });

  /** Takes over what the address says. */
  function takeOver() {
    const state = asked();
    for (const name of ["province", "scheme", "name"]) fields[name].value = state[name];
    // A place that is not there any more is no choice.
    for (const name of ["province", "scheme"]) if (fields[name].selectedIndex < 0) fields[name].value = "";
    return find({ ...state, ...chosen(), regency: state.regency, group: state.group });
  }

  addEventListener("hashchange", () => isAnchor() || takeOver());
  form.hidden = false;
  takeOver();
}
