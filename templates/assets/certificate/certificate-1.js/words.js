// The words of a page in the visitor's language: the page's own, or those of a file that is asked for.

import { formatDay, inLanguage, unbroken } from "./days.js";
import { siteLanguages, siteWords } from "./site-words.js";

// What is filled into an element's sentence.
const sentenceValues = new WeakMap();
const pageLanguage = document.documentElement.lang;
// Sentences of the page's own language, by key.
const defaultWords = new Map(Object.entries(siteWords[pageLanguage] ?? {}));
export const languageSelect = document.querySelector(".language-picker select") ?? addLanguagePicker();
// The words of another language than the page's own.
let chosenWords;

const sentenceElements = () => document.querySelectorAll("[data-t]");
for (const root of [document, ...[...document.querySelectorAll("template")].map(({ content }) => content)]) {
  for (const element of root.querySelectorAll("[data-t]")) {
    if (!defaultWords.has(element.dataset.t)) defaultWords.set(element.dataset.t, element.firstChild?.data?.trim());
  }
}

const locale = () => chosenWords?.locale ?? siteLanguages.find(({ code }) => code === pageLanguage)?.locale ?? pageLanguage;

const isDay = (value) => /^\d{4}-\d\d-\d\d$/.test(value);

/** A sentence in the visitor's language; days and numbers are written as that language does. */
export function sentenceFor(key, values) {
  const all = { ...document.querySelector("main").dataset, ...values };
  return (chosenWords?.words[key] ?? defaultWords.get(key) ?? key).replace(/\{(\w+)\}/g, (whole, name) => {
    const value = all[name]?.call ? all[name]() : all[name] ?? whole;
    if (Array.isArray(value)) return value.map((each) => `${each.name} (${unbroken(formatDay(each.day, locale()))})`).join(", ");
    if (typeof value === "number") return inLanguage(locale(), (tag) => new Intl.NumberFormat(tag, { numberingSystem: "latn" }).format(value));
    return isDay(value) ? unbroken(formatDay(value, locale())) : value;
  });
}

/** A printed title of a scheme or unit in the visitor's language; undefined where nobody translated it. */
export const termFor = (title) => chosenWords?.terms[title];

/** The same sentence in Indonesian. */
export function secondSentence(key, values) {
  const all = { ...document.querySelector("main").dataset, ...values };
  return (siteWords.id[key] ?? "").replace(/\{(\w+)\}/g, (whole, name) => (isDay(all[name]) ? unbroken(formatDay(all[name], "id")) : all[name] ?? whole));
}

/** The choice of a language in the header of a certificate's page, which comes without one. */
function addLanguagePicker() {
  const place = document.querySelector(".top .wrap");
  if (!place || document.querySelector(".menu")) return undefined;
  const label = document.createElement("label");
  const select = document.createElement("select");
  const name = document.createElement("span");
  label.className = "language-picker";
  name.className = "away";
  name.dataset.t = "layout.language";
  name.textContent = siteWords[pageLanguage]["layout.language"];
  select.autocomplete = "off";
  for (const { code, name, words } of siteLanguages) {
    const option = new Option(name, code);
    Object.assign(option, { lang: code });
    option.dataset.words = words;
    select.append(option);
  }
  label.append(name, select);
  // A page that a browser saved has one already.
  place.querySelector(".language-picker")?.remove();
  place.append(label);
  return select;
}

export const writeSentence = (element) => {
  const text = sentenceFor(element.dataset.t, sentenceValues.get(element)) + (element.childNodes.length > 1 ? " " : "");
  if (element.firstChild) element.firstChild.replaceWith(text);
  else element.append(text);
};

/** Puts a sentence into an element, where it follows the visitor's choice of a language. */
export function setSentence(element, key, values) {
  element.dataset.t = key;
  sentenceValues.set(element, values);
  writeSentence(element);
}

const storedLanguage = {
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

async function chooseLanguage(code) {
  const option = [...languageSelect.options].find(({ value }) => value === code);
  try {
    chosenWords = code === pageLanguage ? undefined : await (await fetch(option.dataset.words)).json();
  } catch {
    // The words did not come: the page stays as it is.
    languageSelect.value = document.documentElement.lang;
    return;
  }
  languageSelect.value = code;
  Object.assign(document.documentElement, { lang: code, dir: chosenWords?.direction ?? "ltr" });
  document.documentElement.toggleAttribute("data-words", Boolean(chosenWords));
  sentenceElements().forEach(writeSentence);
  document.dispatchEvent(new Event("words"));
}

/** Speaks the visitor's language, as far as the page has words for it. */
export function startLanguages() {
  const withScript = (tag) => {
    try {
      // Some systems pass on their own names for it, as in de_DE or en_US@posix.
      const { language, script } = new Intl.Locale(tag.replace(/[@.].*/, "").replaceAll("_", "-")).maximize();
      return `${language}-${script}`;
    } catch {
      // C, for instance, is the name of no language.
      return tag;
    }
  };
  const codes = [...languageSelect.options].map(({ value }) => value);
  // Who opened a page in a second language has chosen it; elsewhere the browser's languages count.
  const wanted = storedLanguage.get() ? [storedLanguage.get()] : (navigator.languages ?? []);
  const code = wanted.map((tag) => codes.find((each) => withScript(each) === withScript(tag))).find(Boolean);
  languageSelect.value = pageLanguage;
  if (pageLanguage === codes[0] && code && code !== pageLanguage) chooseLanguage(code);
  languageSelect.addEventListener("change", () => {
    storedLanguage.set(languageSelect.value);
    // Where the whole page stands in that language, that one is better than this one's words.
    const whole = [...document.querySelectorAll(".language")].find(({ hreflang }) => hreflang === languageSelect.value);
    if (whole) location.assign(whole.href);
    else chooseLanguage(languageSelect.value);
  });
}
