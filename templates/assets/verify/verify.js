// The box to enter a code: reads what was typed, asks whether such a page exists, and goes there.
// Every sentence shown stands in the form's own <template>.

import { pathOf, read } from "./code.js";
import { setBilingual, setSentence } from "./certificate-1.js";

const timeout = 15000; // milliseconds
const misread = { s: "5", z: "2", g: "6" };
const alike = { 8: "b", b: "8" };

for (const form of document.querySelectorAll("form.check")) {
  const field = form.elements.namedItem("code");
  const answer = form.querySelector(".answer");
  const sentences = form.querySelector("template").content;
  let turn = 0;

  const say = (...messages) => {
    answer.replaceChildren(
      ...messages.map(([when, values = {}]) => {
        const message = sentences.querySelector(`[data-when="${when}"]`).cloneNode(true);
        for (const part of [message, ...message.querySelectorAll("[data-t]")]) {
          if (part.dataset.t) setSentence(part, part.dataset.t, values);
        }
        return message;
      }),
    );
  };

  /** Shows those of some codes that have a page. */
  const offer = async (codes, isCurrent) => {
    const outcomes = await Promise.all(codes.map((code) => ask(code)));
    const found = codes.filter((_, at) => outcomes[at] === "found");
    if (!found.length || !isCurrent()) return;
    const message = sentences.querySelector("[data-when=meant]").cloneNode(true);
    setSentence(message, "check.meant");
    answer.prepend(message, ...found.map((code) => {
      const link = document.createElement("a");
      Object.assign(link, { href: pathOf(code), dir: "ltr", className: "code", textContent: inGroups(code) });
      return link;
    }));
  };

  const check = async () => {
    const mine = ++turn;
    const official = form.dataset.host;
    const { code, fingerprint, problem, host, ...values } = read(field.value);
    field.toggleAttribute("aria-invalid", false);
    if (problem) {
      field.setAttribute("aria-invalid", "true");
      say([problem, { host: official, ...values }]);
      const meant = read(field.value.replace(/[szg]/gi, (letter) => misread[letter.toLowerCase()])).code;
      if (problem === "strange" && meant) await offer([meant], () => mine === turn);
      return;
    }
    const foreign = host && host !== official && host !== location.host;
    const notes = foreign ? [["foreign", { found: host, host: official }]] : [];
    say(...notes, ["busy"]);
    const outcome = await ask(code, fingerprint);
    if (mine !== turn) return;
    const isFound = outcome === "found";
    // Someone else's address, or another fingerprint: the visitor reads that first and then decides.
    say(...notes, [isFound && foreign ? "found_here" : outcome]);
    if (outcome === "absent") await offer(alternatives(code), () => mine === turn);
    if (isFound && !foreign) {
      location.assign(pathOf(code));
    } else if (isFound || outcome === "fingerprint_differs") {
      const link = document.createElement("a");
      link.href = pathOf(code);
      link.textContent = official + pathOf(code);
      answer.append(link);
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    check();
  });

  // A QR code was read elsewhere on the page.
  form.addEventListener("code", ({ detail }) => {
    field.value = detail;
    check();
  });

  // Came here from a form without script, or by a link: the code is in the address.
  const asked = new URLSearchParams(location.search).get("code");
  if (asked && new URL(form.action).pathname === location.pathname) {
    field.value = asked;
    check();
  }
}

const inGroups = (code) => code.match(/.{4}/g).join(" ");

/** The codes that differ in one digit that people take for another. */
const alternatives = (code) => [...code].flatMap((digit, at) => (alike[digit] ? [code.slice(0, at) + alike[digit] + code.slice(at + 1)] : []));

// Where there is no page: the box has the code of the address, or the page says that it is no certificate's.
const missing = document.querySelector("main.missing[data-verdict=not_found]");
if (missing) {
  const [, first, rest] = /^\/c\/([0-9a-f]{2})\/([0-9a-f]{30})(?:\/|$)/.exec(location.pathname.toLowerCase()) ?? [];
  if (first) {
    document.querySelector("form.check input").value = inGroups(first + rest);
  } else {
    missing.dataset.verdict = "no_page";
    setBilingual(missing.querySelector("h1"), "verdict.no_page.title");
    setBilingual(missing.querySelector(".sentence"), "verdict.no_page.sentence");
  }
}

/** Whether the page exists: "found", "absent", "fingerprint_differs", or "unreachable" when nobody can say. */
async function ask(code, fingerprint = code) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), timeout);
  try {
    const reply = await fetch(pathOf(code), { cache: "no-cache", signal: controller.signal });
    if (reply.status === 404 || reply.status === 410) return "absent";
    const page = reply.ok ? await reply.text() : "";
    // Some hosts say "200 OK" with whatever page they have; only the certificate's own counts.
    if (page.includes(`data-fingerprint="${fingerprint}`)) return "found";
    if (page.includes(`data-fingerprint="${code}`)) return "fingerprint_differs";
    // What is left where a holder asked for erasure says so itself.
    if (page.includes('data-verdict="erased"')) return "found";
    return page.includes('data-verdict="not_found"') ? "absent" : "unreachable";
  } catch {
    return "unreachable";
  }
}
