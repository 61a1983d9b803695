// The words of a page in the visitor's language: the page's own, or those of a file that is asked for.

import { inWords, written } from "./days.js";

// Sentences of the page's own language, by key.
export const served = new Map();
// What is filled into an element's sentence.
const given = new WeakMap();
const spoken = document.documentElement.lang;
export const tongue = document.querySelector(".tongue select");
// The words of another language than the page's own.
let chosen;
// Of the words that the browser's language asks for.
export let arrival;

const texts = () => document.querySelectorAll("[data-t]");
for (const root of [document, ...[...document.querySelectorAll("template")].map(({ content }) => content)]) {
  for (const element of root.querySelectorAll("[data-t]")) served.set(element.dataset.t, element.dataset.en ?? element.firstChild?.data?.trim());
}

const locale = () => (chosen?.locale ?? tongue?.dataset.locale ?? spoken).replace("_", "-");

/** A sentence in the visitor's language; days and numbers are written as that language does. */
export function say(key, values) {
  const all = { ...document.querySelector("main").dataset, ...values };
  return (chosen?.words[key] ?? served.get(key) ?? key).replace(/\{(\w+)\}/g, (whole, name) => {
    const value = all[name]?.call ? all[name]() : all[name] ?? whole;
    if (typeof value === "number") return written(locale(), (tag) => new Intl.NumberFormat(tag, { numberingSystem: "latn" }).format(value));
    return /^\d{4}-\d\d-\d\d$/.test(value) ? inWords(value, locale()) : value;
  });
}

export const write = (element) => {
  const text = say(element.dataset.t, given.get(element)) + (element.childNodes.length > 1 ? " " : "");
  if (element.dataset.case) element.dataset.en = text;
  else if (element.firstChild) element.firstChild.replaceWith(text);
  else element.append(text);
};

/** Puts a sentence into an element, where it follows the visitor's choice of a language. */
export function speak(element, key, values) {
  element.dataset.t = key;
  given.set(element, values);
  write(element);
}

const kept = {
  get: () => {
    try {
      return localStorage.getItem("language");
    } catch {
      // Storage is switched off: the browser's own languages decide.
      return null;
    }
  },
  set: (code) => {
    try {
      localStorage.setItem("language", code);
    } catch {
      // Then the choice holds for this page.
    }
  },
};

async function choose(code) {
  const option = [...tongue.options].find(({ value }) => value === code);
  try {
    chosen = code === spoken ? undefined : await (await fetch(option.dataset.words)).json();
  } catch {
    // The words did not come: the page stays as it is.
    tongue.value = document.documentElement.lang;
    return;
  }
  tongue.value = code;
  Object.assign(document.documentElement, { lang: code, dir: chosen?.direction ?? "ltr" });
  document.documentElement.toggleAttribute("data-words", Boolean(chosen));
  texts().forEach(write);
  for (const day of document.querySelectorAll("[data-day]")) day.textContent = inWords(day.dateTime, locale());
  document.dispatchEvent(new Event("words"));
}

/** Speaks the visitor's language, as far as the page has words for it. */
export function startLanguages() {
  const plain = (tag) => {
    try {
      // Some systems pass on their own names for it, as in de_DE or en_US@posix.
      const { language, script } = new Intl.Locale(tag.replace(/[@.].*/, "").replaceAll("_", "-")).maximize();
      return `${language}-${script}`;
    } catch {
      // C, for instance, is the name of no language.
      return tag;
    }
  };
  const codes = [...tongue.options].map(({ value }) => value);
  // Who opened a page in a second language has chosen it; elsewhere the browser's languages count.
  const wanted = kept.get() ? [kept.get()] : (navigator.languages ?? []);
  const code = wanted.map((tag) => codes.find((each) => plain(each) === plain(tag))).find(Boolean);
  tongue.value = spoken;
  if (spoken === codes[0] && code && code !== spoken) arrival = choose(code);
  tongue.addEventListener("change", () => {
    kept.set(tongue.value);
    // Where the whole page stands in that language, that one is better than this one's words.
    const whole = [...document.querySelectorAll(".language")].find(({ hreflang }) => hreflang === tongue.value);
    if (whole) location.assign(whole.href);
    else choose(tongue.value);
  });
}
