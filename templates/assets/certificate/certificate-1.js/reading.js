// Reads what a certificate's page says, from the texts that people see.

import { formatDay } from "./days.js";
import { hex, sha256, utf8 } from "./encoding.js";
import { fail, inconclusive } from "./outcome.js";

/** The number of the newest page that this script reads; a page names its own. */
const newestPage = 1;

/** The text of a field, which must be the same wherever the page shows it; undefined where it does not. */
function fieldText(page, name) {
  const places = [...page.querySelectorAll(`[data-field="${name}"]`)];
  const [text, ...others] = places.map((each) => (each.childElementCount ? fail("steps.fields.contradicts") : each.textContent));
  if (others.some((other) => other !== text)) fail("steps.fields.contradicts");
  return text;
}

/** A day of the page: what programs read and what people read, in both languages. */
function fieldDay(page, name) {
  const places = [...page.querySelectorAll(`time[data-field="${name}"]`)];
  const [day] = places.map((each) => each.dateTime);
  for (const each of places) {
    const { lang } = each.closest("[lang]");
    if (!["en", "id"].includes(lang)) fail("steps.fields.contradicts");
    if (!Intl.DateTimeFormat.supportedLocalesOf(lang).length) inconclusive("browser", "steps.broken", { reason: lang });
    if (each.dateTime !== day || each.textContent !== formatDay(day, lang === "en" ? "en-GB" : lang)) fail("steps.fields.contradicts");
  }
  return day;
}

/** What a page says: the record rebuilt from the texts it shows, and all that the record does not cover. */
export function readPage(document) {
  const page = document.querySelector("main.certificate");
  if (!page) return undefined;
  const { host, status, fingerprint, salt, index, signed } = page.dataset;
  const read = () => {
    if (Number(page.dataset.page) > newestPage) inconclusive("browser", "steps.newer_page", { page: page.dataset.page, newest: newestPage });
    const revision = fieldText(page, "revision");
    const registration = fieldText(page, "registration");
    const record = {
      version: 1,
      number: fieldText(page, "number"),
      ...(revision && { revision: Number(revision) }),
      ...(registration && { registration }),
      holder: fieldText(page, "holder"),
      scheme: {
        code: fieldText(page, "scheme"),
        title: { en: fieldText(page, "title-en"), id: fieldText(page, "title-id") },
        units: [...page.querySelectorAll("[data-field=unit]")].map((each) => each.textContent),
      },
      issued: fieldDay(page, "issued"),
      expires: fieldDay(page, "expires"),
      issuer: { name: fieldText(page, "issuer"), licence: fieldText(page, "licence") },
      salt,
    };
    const years = fieldText(page, "years") ?? "";
    const isWhole =
      (!years || Number(years) === record.expires.slice(0, 4) - record.issued.slice(0, 4)) &&
      page.dataset.issued === record.issued && page.dataset.expires === record.expires && fieldText(page, "index") === index;
    return isWhole ? record : fail("steps.fields.contradicts");
  };
  return {
    host,
    status,
    fingerprint,
    signed,
    index: /^(0|[1-9]\d{0,14})$/.test(index) ? Number(index) : NaN,
    record: read,
    // What is printed and no part of the record is held against the digest that the page has of it.
    isPrintedWhole: async () => {
      const printed = [...page.querySelectorAll("[data-printed]")].map((each) => each.textContent).join("\n");
      return hex(await sha256(utf8(printed))).slice(0, 16) === page.dataset.printed;
    },
    codes: () => ({
      code: fieldText(page, "code").replaceAll(" ", ""),
      fingerprint: fieldText(page, "fingerprint").replaceAll(" ", ""),
      url: fieldText(page, "url"),
      link: page.querySelector("[data-field=url]").getAttribute("href"),
    }),
  };
}
