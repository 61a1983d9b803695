// Elements that hold sentences in the visitor's language.

import { secondSentence, setSentence } from "./words.js";

/** An element with what stands in it. */
export function element(tag, ...content) {
  const made = document.createElement(tag);
  made.append(...content);
  return made;
}

/** An element with a sentence in the visitor's language. */
export function spoken(tag, key, values) {
  const made = element(tag);
  setSentence(made, key, values);
  return made;
}

/** Puts a sentence into an element in the visitor's language, and into the `<i>` in it in Indonesian. */
export function setBilingual(place, key, values) {
  setSentence(place, key, values);
  place.querySelector("i").textContent = secondSentence(key, values);
}

/** An element with a sentence in the visitor's language and in Indonesian. */
export function bilingual(tag, key, values) {
  const made = element(tag, " ", Object.assign(element("i"), { lang: "id" }));
  setBilingual(made, key, values);
  return made;
}
