// How a step of the check ends: with a result, or with the cause for which it could not run.
// Every sentence is named by its key; `words.js` knows the words.

/** Ends a step: `failed`, or the cause for which it could not run; `why` names a sentence. */
export class StepOutcome extends Error {
  constructor(end, why, values) {
    super(why);
    Object.assign(this, { end, why, values });
  }
}
export const fail = (why, values) => {
  throw new StepOutcome("failed", why, values);
};
export const inconclusive = (cause, why, values) => {
  throw new StepOutcome(cause, why, values);
};

/** Runs a step to its end: `passed`, `failed`, a state of the certificate, or a cause. */
export async function ending(run) {
  try {
    return { end: "passed", ...(await run()) };
  } catch (error) {
    if (error instanceof StepOutcome) return { end: error.end, why: error.why, values: error.values };
    return { end: "unforeseen", why: "steps.broken", values: { reason: String(error) } };
  }
}
