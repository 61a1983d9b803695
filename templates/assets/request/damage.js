// Traces that a spreadsheet, a database or a wrong encoding left in a value, as `canting batch check` finds
// them: Sources/Registry/Damage/TextDamage.swift, the same rules in the same order.

const nothing = new Set(["null", "(null)", "<null>", "[null]", "\\n", "nil", "nan", "none", "undefined", "n/a", "n.a.", "n.a", "nat", "<na>", "<nan>", "<none>", "empty", "(empty)", "(kosong)", "kosong", "(blank)", "blank", "missing", "(none)", "tidak ada", "tidak diketahui", "belum ada", "unknown", "tba", "tbd"]);
const month = "(?:jan|feb|mar|apr|mei|may|jun|jul|agu|agt|aug|sep|okt|oct|nov|des|dec)";
const day = new RegExp(`^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}[ t][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:\\.[0-9]+)?|[0-9]{1,2}-${month}(?:-[0-9]{2,4})?|${month}-[0-9]{2})$`);
const sign = "[¡-¿€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]";
const wrongEncoding = new RegExp(`[ÂÃÄÅ]${sign}|[à-ï]${sign}{2}|ðŸ|[a-z][ÂÃ]|Â |√[\\u0080-\\uFFFF]|‚[ÄÅ]|[\\u2500-\\u257F]`, "u");
const small = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const errorValue = (text) => /^(?:#+|#[¡¿]?[\p{L}/_]{1,20}[0-9/\p{L}_]{0,12}[!?]?)$/u.test(text)
  || /#[¡¿]?\p{Lu}[\p{Lu}/_0-9]{1,20}[!?]/u.test(text) || /^(?:err:[0-9]{3}|loading\.{3})$/.test(small(text));

function changedNumber(text) {
  if (/^(?:[+-]?[0-9]+[.,][0-9]+[eE][+-]?[0-9]+|[+-]?[0-9]+[eE]\+[0-9]+)$/.test(text)) return "rounded-number";
  if (/^[0-9]{16,}$/.test(text)) {
    const zeros = text.length - text.replace(/0+$/, "").length;
    if (zeros >= 3 && zeros >= text.length - 15) return "rounded-number";
  }
  if (/^[0-9]+[.,]0+$/.test(text)) return "number-changed";
  if (/^['’‘`][0-9A-Za-z]/.test(text) || /^[0-9]{1,3}(?:,[0-9]{3}){2,}$/.test(text) || day.test(small(text))) return "number-changed";
  return undefined;
}

const isBroken = (text) => /&#[0-9xX]|&[A-Za-z][A-Za-z0-9]{1,30};|\\['"\\nrtux]|%[0-9A-Fa-f]{2}|_x[0-9A-Fa-f]{4}_/.test(text) || wrongEncoding.test(text);
const mayBeBroken = (text) => /<\/?[A-Za-z!][^<>]*>|\\|\?/.test(text);

/**
 * The first trace in a value in normal form: its id, with `severity` where it is a warning.
 *
 * `kind` is what its column holds: name, place, identifier, word or note.
 */
export function damageIn(text, kind) {
  if (errorValue(text)) return { id: "spreadsheet-error-value" };
  if (kind !== "note" && nothing.has(small(text))) return { id: "word-for-nothing" };
  if (kind === "identifier" && changedNumber(text)) return { id: changedNumber(text) };
  if (kind === "name" || kind === "place") {
    if (isBroken(text)) return { id: "damaged-text" };
    if (mayBeBroken(text)) return { id: "damaged-text", severity: "warning" };
  }
  return text.includes("�") ? { id: "damaged-text" } : undefined;
}

/** A dash alone, which stands for nothing. */
export const isDash = (text) => /^\p{Pd}{1,3}$/u.test(text);
