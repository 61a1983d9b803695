// What a visitor can do with a certificate: the stamp across what is not in force, and ways to pass it on.

import { element, spoken } from "./elements.js";
import { nameKey } from "./verdict.js";
import { secondSentence, sentenceFor, setSentence } from "./words.js";

/** Stamps the sheet with a verdict that is not in force; takes the stamp away for any other. */
export function setStamp(main, name) {
  const sheet = main.querySelector(".sheet");
  delete sheet.dataset.stamp;
  if (["valid", "unchecked"].includes(name)) return;
  sheet.dataset.stamp = [...new Set([sentenceFor, secondSentence].map((say) => say(nameKey(name))))].join("\n");
}

const textOf = (main, field) => main.querySelector(`[data-field="${field}"]`).textContent;

/** Ways to pass a certificate on: its address always, LinkedIn and a calendar while it is in force. */
export function addTools(main, name) {
  main.querySelector(".share")?.remove();
  const said = element("p");
  said.setAttribute("role", "status");
  const tools = element("section", shareButton(main, said));
  tools.className = "share";
  if (name === "valid") {
    tools.append(" ", linkedIn(main), " ", calendar(main), said, spoken("p", "share.discloses"));
  } else {
    tools.append(said);
  }
  main.append(tools);
}

function shareButton(main, said) {
  const url = textOf(main, "url");
  const button = spoken("button", navigator.share ? "share.send" : "share.copy");
  button.type = "button";
  button.addEventListener("click", async () => {
    try {
      if (navigator.share) return await navigator.share({ title: document.title, url });
      await navigator.clipboard.writeText(url);
      setSentence(said, "share.copied");
    } catch (error) {
      // The visitor may change their mind.
      if (error.name !== "AbortError") setSentence(said, "share.failed");
    }
  });
  return button;
}

/** LinkedIn's form "Add to profile", filled in. */
function linkedIn(main) {
  const [issued, expires] = [main.dataset.issued, main.dataset.expires].map((day) => day.split("-").map(Number));
  const link = spoken("a", "share.linkedin");
  const values = {
    startTask: "CERTIFICATION_NAME", name: textOf(main, "title-en"), organizationName: textOf(main, "issuer"), issueYear: issued[0],
    issueMonth: issued[1], expirationYear: expires[0], expirationMonth: expires[1], certUrl: textOf(main, "url"), certId: textOf(main, "number"),
  };
  Object.assign(link, { className: "button", rel: "noopener noreferrer", target: "_blank" });
  link.href = `https://www.linkedin.com/profile/add?${new URLSearchParams(values)}`;
  return link;
}

/** A calendar file (RFC 5545) with the last day, made when it is asked for. */
function calendar(main) {
  const link = spoken("a", "share.calendar");
  Object.assign(link, { className: "button", href: "#", download: "certificate.ics" });
  link.addEventListener("click", () => {
    link.href = URL.createObjectURL(new Blob([calendarFile(main)], { type: "text/calendar" }));
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  });
  return link;
}

function calendarFile(main) {
  const { fingerprint, expires, host } = main.dataset;
  const day = expires.replaceAll("-", "");
  const title = sentenceFor("share.ends", { title: textOf(main, "title-en"), holder: textOf(main, "holder"), number: textOf(main, "number") });
  const escaped = title.replace(/[\\;,]/g, "\\$&").replace(/\n/g, "\\n");
  return [
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Canting//Certificate//EN", "BEGIN:VEVENT", `UID:${fingerprint.slice(0, 32)}@${host}`,
    `DTSTAMP:${new Date().toISOString().replace(/[-:]|\.\d+/g, "")}`, `DTSTART;VALUE=DATE:${day}`, `SUMMARY:${escaped}`, `URL:${textOf(main, "url")}`,
    "TRANSP:TRANSPARENT", "END:VEVENT", "END:VCALENDAR",
  ].map(folded).join("\r\n") + "\r\n";
}

/** A line of at most 75 bytes; what is longer goes on in the next one, behind a space. */
function folded(line) {
  let [text, bytes] = ["", 0];
  for (const letter of line) {
    const size = new TextEncoder().encode(letter).length;
    if (bytes + size > 75) [text, bytes] = [`${text}\r\n `, 1];
    text += letter;
    bytes += size;
  }
  return text;
}
