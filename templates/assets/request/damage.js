// Traces that a spreadsheet, a database or a wrong encoding left in a value, as `canting batch check` finds
// them: Sources/Registry/Damage/TextDamage.swift, the same rules in the same order.

const nothing = new Set(["null", "(null)", "<null>", "[null]", "\\n", "nil", "nan", "none", "undefined", "n/a", "n.a.", "n.a", "nat", "<na>", "<nan>", "<none>", "empty", "(empty)", "(kosong)", "kosong", "(blank)", "blank", "missing", "(none)", "tidak ada", "tidak diketahui", "belum ada", "unknown", "tba", "tbd", "nihil", "idem", "sda", "s.d.a.", "test", "testing", "dummy", "asdf"]);
// Some lists say yes and no in these words.
const booleans = new Set(["true", "false", "wahr", "falsch"]);
const month = "(?:jan|feb|mar|apr|mei|may|jun|jul|agu|agt|aug|sep|okt|oct|nov|des|dec)";
const day = new RegExp(`^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}[ t][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:\\.[0-9]+)?|[0-9]{1,2}-${month}(?:-[0-9]{2,4})?|${month}-[0-9]{2})$`);
const sign = "[¡-¿€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]";
const wrongEncoding = new RegExp(`[ÂÃÄÅ]${sign}|[à-ï]${sign}{2}|ðŸ|[a-z][ÂÃ]|Â |ΓÇ|ÔÇ|√[\\u0080-\\uFFFF]|‚[ÄÅ]|[\\u2500-\\u257F]`, "u");
// Greek or Cyrillic letters beside Latin ones; digits and letters of other sets than the usual.
const lookalike = /[A-Za-z\u00C0-\u024F][\u0370-\u052F]|[\u0370-\u052F][A-Za-z\u00C0-\u024F]|[\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A]|[\u{1D400}-\u{1D7FF}]|[\u0660-\u0669\u06F0-\u06F9]/u;
const longest = { name: 200, place: 200, identifier: 100 };
const small = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const errorValue = (text) => /^(?:#+|#[¡¿]?[\p{L}/_]{1,20}[0-9/\p{L}_]{0,12}[!?]?)$/u.test(text)
  || /#[¡¿]?\p{Lu}[\p{Lu}/_0-9]{1,20}[!?]|#N\/[A-Z]/u.test(text) || /^(?:err:[0-9]{3}|loading\.{3})$/.test(small(text));

/** The trace in a number: its id, with `severity` where it is a warning. */
function changedNumber(text) {
  if (/^(?:[+-]?[0-9]+[.,][0-9]+[eE][+-]?[0-9]+|[+-]?[0-9]+[eE]\+[0-9]+)$/.test(text)) return { id: "rounded-number" };
  if (/^[0-9]{16,}$/.test(text)) {
    const zeros = text.length - text.replace(/0+$/, "").length;
    // Every thousandth number of sixteen to eighteen digits may end so.
    if (zeros >= 3 && zeros >= text.length - 15) return { id: "rounded-number", ...(text.length < 19 ? { severity: "warning" } : {}) };
  }
  const isChanged = /^[0-9]+[.,]0+$/.test(text) || /^['’‘`][0-9A-Za-z]/.test(text) || /^[0-9]{1,3}(?:,[0-9]{3}){2,}$/.test(text) || day.test(small(text));
  return isChanged ? { id: "number-changed" } : undefined;
}

/** The trace in a text that went through the wrong encoding, HTML or a program. */
function brokenText(text, kind) {
  if (/&#[0-9xX]|&[A-Za-z][A-Za-z0-9]{1,30};|%[0-9A-Fa-f]{2}|_x[0-9A-Fa-f]{4}_|=[0-9A-F]{2}/.test(text) || wrongEncoding.test(text) || lookalike.test(text) || kind === "identifier" && /[\u0370-\u052F]/.test(text)) return { id: "damaged-text" };
  // Some institutions number with backslashes.
  if (kind !== "identifier" && /\\['"\\nrtux]/.test(text)) return { id: "damaged-text" };
  if (/<\/?[A-Za-z!][^<>]*>/.test(text)) return { id: "damaged-text", severity: "warning" };
  if (kind === "name" && !"=+-@".includes(text[0]) && !/\p{Alphabetic}/u.test(text)) return { id: "damaged-text" };
  return kind !== "identifier" && /''|""|[\\?]/.test(text) ? { id: "damaged-text", severity: "warning" } : undefined;
}

/**
 * The first trace in a value in normal form: its id, with `severity` where it is a warning.
 *
 * `kind` is what its column holds: name, place, identifier, word or note.
 */
export function damageIn(text, kind) {
  if (errorValue(text)) return { id: "spreadsheet-error-value" };
  const word = small(text);
  if (kind !== "note" && (nothing.has(word) || kind !== "word" && (booleans.has(word) || /^x{2,}$/.test(word))) && !(kind === "name" && ["Nan", "Nat", "Nil"].includes(text))) return { id: "word-for-nothing" };
  if (text.length > 100 && [...text].length > longest[kind]) return { id: "long-text" };
  return (kind === "identifier" ? changedNumber(text) : undefined)
    ?? (kind !== "word" && kind !== "note" ? brokenText(text, kind) : undefined)
    ?? (text.includes("�") ? { id: "damaged-text" } : undefined);
}

/** A dash alone, which stands for nothing. */
export const isDash = (text) => /^\p{Pd}{1,9}$/u.test(text);
