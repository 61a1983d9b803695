// The box to enter a code: reads what was typed, asks whether such a page exists, and goes there.
// Every sentence shown stands in the form's own <template>.

import { pathOf, read } from "./code.js";

for (const form of document.querySelectorAll("form.check")) {
  const field = form.elements.namedItem("code");
  const answer = form.querySelector(".answer");
  const sentences = form.querySelector("template").content;
  let turn = 0;

  const say = (...messages) => {
    answer.replaceChildren(
      ...messages.map(([when, values = {}]) => {
        const sentence = sentences.querySelector(`[data-when="${when}"]`).cloneNode(true);
        const texts = document.createTreeWalker(sentence, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
          const text = texts.currentNode;
          text.data = text.data.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
        }
        return sentence;
      }),
    );
  };

  const check = async () => {
    const mine = ++turn;
    const official = form.dataset.host;
    const { code, problem, host, ...values } = read(field.value);
    field.toggleAttribute("aria-invalid", false);
    if (problem) {
      field.setAttribute("aria-invalid", "true");
      say([problem, { host: official, ...values }]);
      return;
    }
    const foreign = host && host !== official && host !== location.host;
    const notes = foreign ? [["foreign", { found: host, host: official }]] : [];
    say(...notes, ["busy"]);
    const outcome = await ask(pathOf(code));
    if (mine !== turn) return;
    if (outcome === "found" && foreign) {
      // Someone else's address: the visitor reads that first and then decides.
      say(...notes, ["found_here"]);
      const link = document.createElement("a");
      link.href = pathOf(code);
      link.textContent = official + pathOf(code);
      answer.append(link);
      return;
    }
    say(...notes, [outcome]);
    if (outcome === "found") location.assign(pathOf(code));
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    check();
  });

  // Came here from a form without script, or by a link: the code is in the address.
  const asked = new URLSearchParams(location.search).get("code");
  if (asked && new URL(form.action).pathname === location.pathname) {
    field.value = asked;
    check();
  }
}

/** Whether the page exists: "found", "absent", or "unreachable" when nobody can say. */
async function ask(path) {
  for (const method of ["HEAD", "GET"]) {
    try {
      const reply = await fetch(path, { method, cache: "no-cache", signal: AbortSignal.timeout?.(15000) });
      if (reply.ok) return "found";
      if (reply.status === 404 || reply.status === 410) return "absent";
    } catch {
      return "unreachable";
    }
  }
  return "unreachable";
}
