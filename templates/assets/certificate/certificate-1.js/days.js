// Calendar days: the device's own, those of signed files, and how people read them.

export const dayOf = (moment) => moment?.slice(0, 10);

/** Days from one calendar day to another; NaN where one is missing. */
export const days = (from, to) => (Date.parse(to) - Date.parse(from)) / 864e5;

const pad = (number) => String(number).padStart(2, "0");

/** The device's own calendar day. */
export const today = () => {
  const now = new Date();
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
};

/** This moment on this device, for a sentence that says when something was checked. */
export const moment = () => {
  const now = new Date();
  return { day: today(), time: `${pad(now.getHours())}:${pad(now.getMinutes())}` };
};

/** Whether a text is a date and a time with its offset. */
export function isMoment(text) {
  const [, day] = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  return day !== undefined && !Number.isNaN(Date.parse(text)) && new Date(`${day}T00:00Z`).toISOString().slice(0, 10) === day;
}

/** What a browser writes in a language; a malformed tag, from wherever it comes, is taken for English. */
export function inLanguage(tag, write) {
  try {
    return write(tag);
  } catch {
    return write("en-GB");
  }
}

// By language: a formatter takes longer to make than a check of a certificate.
const dayFormats = new Map();

const dayFormat = (tag) => {
  if (!dayFormats.has(tag)) {
    dayFormats.set(tag, new Intl.DateTimeFormat(tag, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC", numberingSystem: "latn", calendar: "gregory" }));
  }
  return dayFormats.get(tag);
};

export const formatDay = (day, locale) => inLanguage(locale, (tag) => dayFormat(tag).format(new Date(`${day}T00:00Z`)));

/** A day that no line breaks within. */
export const unbroken = (day) => (/[\u3040-\u9fff\uac00-\ud7af]/.test(day) ? [...day].join("\u2060") : day).replaceAll(" ", "\u00a0");
