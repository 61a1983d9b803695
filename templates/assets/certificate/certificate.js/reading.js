// Reads what a certificate's page says, from the texts that people see.

import { inWords } from "./days.js";
import { fail, leave } from "./outcome.js";

/** The text of a field, which must be the same wherever the page shows it; undefined where it does not. */
function shown(page, name) {
  const places = [...page.querySelectorAll(`[data-field="${name}"]`)];
  const [text, ...others] = places.map((each) => (each.childElementCount ? fail("steps.fields.contradicts") : each.textContent));
  if (others.some((other) => other !== text)) fail("steps.fields.contradicts");
  return text;
}

/** A day of the page: what programs read and what people read, in both languages. */
function shownDay(page, name) {
  const places = [...page.querySelectorAll(`time[data-field="${name}"]`)];
  const [day] = places.map((each) => each.dateTime);
  for (const each of places) {
    const { lang } = each.closest("[lang]");
    if (!["en", "id"].includes(lang)) fail("steps.fields.contradicts");
    if (!Intl.DateTimeFormat.supportedLocalesOf(lang).length) leave("browser", "steps.broken", { reason: lang });
    if (each.dateTime !== day || each.textContent !== inWords(day, lang === "en" ? "en-GB" : lang)) fail("steps.fields.contradicts");
  }
  return day;
}

/** What a page says: the record rebuilt from the texts it shows, and all that the record does not cover. */
export function readPage(document) {
  const page = document.querySelector("main.certificate");
  if (!page) return undefined;
  const { host, status, fingerprint, salt, index, signed } = page.dataset;
  const read = () => {
    const revision = shown(page, "revision");
    const registration = shown(page, "registration");
    const record = {
      version: 1,
      number: shown(page, "number"),
      ...(revision && { revision: Number(revision) }),
      ...(registration && { registration }),
      holder: shown(page, "holder"),
      scheme: {
        code: shown(page, "scheme"),
        title: { en: shown(page, "title-en"), id: shown(page, "title-id") },
        units: [...page.querySelectorAll("[data-field=unit]")].map((each) => each.textContent),
      },
      issued: shownDay(page, "issued"),
      expires: shownDay(page, "expires"),
      issuer: { name: shown(page, "issuer"), licence: shown(page, "licence") },
      salt,
    };
    // What is printed and no part of the record can only be held against its second writing in the page.
    const years = shown(page, "years") ?? "";
    const isWhole =
      [...page.querySelectorAll("[data-printed]")].every((each) => each.textContent === each.dataset.printed) &&
      (!years || Number(years) === record.expires.slice(0, 4) - record.issued.slice(0, 4)) &&
      page.dataset.expires === record.expires && shown(page, "index") === index;
    return isWhole ? record : fail("steps.fields.contradicts");
  };
  return {
    host,
    status,
    fingerprint,
    signed,
    index: /^(0|[1-9]\d{0,14})$/.test(index) ? Number(index) : NaN,
    record: read,
    codes: () => ({
      code: shown(page, "code").replaceAll(" ", ""),
      fingerprint: shown(page, "fingerprint").replaceAll(" ", ""),
      url: shown(page, "url"),
      link: page.querySelector("[data-field=url]").getAttribute("href"),
    }),
  };
}
