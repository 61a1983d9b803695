// Ed25519: signatures, and whether a key is one that only its owner can sign with. The browser checks signatures;
// where it cannot, as most from before 2025, TweetNaCl does, if the site has it.

import { hex, sha256 } from "./encoding.js";
import { inconclusive } from "./outcome.js";
import { signatureScript } from "./site-words.js";

// Milliseconds for the script to arrive.
const patience = 15000;

/** Whether a key signed some bytes; `isPrimeOrderKey` must hold for it, which neither way of checking asks. */
export async function isSigned(key, signature, bytes) {
  // Names an insecure context.
  await sha256(bytes);
  try {
    const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", imported, signature, bytes);
  } catch {
    const { sign } = await loadTweetNaCl();
    // TweetNaCl takes the same signature with any multiple of the group's order added; browsers take the least alone.
    return signature.length === 64 && numberOf(signature.slice(32)) < groupOrder && sign.detached.verify(bytes, signature, key);
  }
}

let loading;

/** TweetNaCl, fetched by the first signature that needs it. It is no module, so it comes by an element of its own. */
function loadTweetNaCl() {
  if (!signatureScript) inconclusive("browser", "steps.ed25519");
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.addEventListener("load", () => (globalThis.nacl?.sign ? resolve(globalThis.nacl) : reject()));
    script.addEventListener("error", reject);
    setTimeout(reject, patience);
    script.src = signatureScript;
    document.head.append(script);
  }).catch(() => {
    // Another check may find it.
    loading = undefined;
    return inconclusive("connection", "steps.unreachable", { file: "tweetnacl.js" });
  });
  return loading;
}

/** The number that bytes are, the least of them first. */
const numberOf = (bytes) => BigInt(`0x${hex([...bytes].reverse())}`);

// MARK: The curve

const fieldPrime = 2n ** 255n - 19n;
const groupOrder = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (number) => ((number % fieldPrime) + fieldPrime) % fieldPrime;

function power(base, exponent) {
  let result = 1n;
  for (let square = base; exponent; exponent >>= 1n, square = mod(square * square)) {
    if (exponent & 1n) result = mod(result * square);
  }
  return result;
}

const curveConstant = mod(-121665n * power(121666n, fieldPrime - 2n));

/** The sum of two points of the curve (RFC 8032), each as x, y and their common denominator. */
function addPoints([x1, y1, z1], [x2, y2, z2]) {
  const [a, c, d] = [mod(z1 * z2), mod(x1 * x2), mod(y1 * y2)];
  const e = mod(curveConstant * mod(c * d));
  const [f, g] = [a * a - e, a * a + e];
  return [mod(a * f * ((x1 + y1) * (x2 + y2) - c - d)), mod(a * g * (c + d)), mod(f * g)];
}

/** Whether 32 bytes are the one encoding of a point of prime order: for any other, anybody can sign. */
export function isPrimeOrderKey(key) {
  const number = numberOf(key);
  const y = number % 2n ** 255n;
  const square = mod((y * y - 1n) * power(mod(curveConstant * y * y + 1n), fieldPrime - 2n));
  let x = power(square, (fieldPrime + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * power(2n, (fieldPrime - 1n) / 4n));
  if (y >= fieldPrime || mod(x * x) !== square || !x) return false;
  if ((x & 1n) !== number >> 255n) x = fieldPrime - x;
  let total = [0n, 1n, 1n];
  for (let rest = groupOrder, point = [x, y, 1n]; rest; rest >>= 1n, point = addPoints(point, point)) {
    if (rest & 1n) total = addPoints(total, point);
  }
  return total[0] === 0n && total[1] === total[2];
}
