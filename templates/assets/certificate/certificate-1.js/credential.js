// What the credential of a certificate must say, and where a site has its files.
// The command line's twin is `Sources/Verification/Certificate/CertificateVerifier+Credential.swift`.

import { areEqual, encodeBase64 } from "./encoding.js";
import { statusOf } from "./verdict.js";

/** The path of a certificate's page, from its fingerprint or its code. */
export const folderOf = (code) => `/c/${code.slice(0, 2)}/${code.slice(2, 32)}/`;

/** The address of the site that a signed document is of. */
export const siteOf = ({ id }, host) => `${/^http:/.test(id) ? "http" : "https"}://${host}`;

export const vocabulary = "https://www.w3.org/ns/credentials/v2";

/** Bits in a status list. */
export const listLength = 131072;
/** Bytes that a list may inflate to, as `StatusList.longest` on the command line. */
export const longestList = 2 ** 23;

/** Whether a credential says what follows from the record, its place in the log and the host, and nothing else. */
export function matchesRecord({ proof, ...document }, record, { fingerprint, index }, register) {
  const { version, salt, holder, issuer, ...printed } = record;
  const site = siteOf(document, register.host);
  const folder = site + folderOf(fingerprint);
  const offset = /[+-]\d\d:\d\d$/.exec(document.validFrom)?.[0];
  const digest = encodeBase64(fingerprint.match(/../g).map((pair) => parseInt(pair, 16)));
  const bit = index % listLength;
  return areEqual(document, {
    "@context": [vocabulary, `${site}/contexts/certificate-v1.jsonld`],
    credentialStatus: Object.keys(statusOf).map((statusPurpose) => {
      const statusListCredential = `${site}/status/${statusPurpose}/${Math.floor(index / listLength)}`;
      return { id: `${statusListCredential}#${bit}`, statusListCredential, statusListIndex: `${bit}`, statusPurpose, type: "BitstringStatusListEntry" };
    }),
    credentialSubject: { certificate: { ...printed, licence: issuer.licence, type: "CompetencyCertificate" }, name: holder, type: "Person" },
    id: `${folder}credential.json`,
    issuer: { id: register.issuer, name: issuer.name },
    relatedResource: [{ digestSRI: `sha256-${digest}`, id: `${folder}record.json`, mediaType: "application/json" }],
    type: ["VerifiableCredential", "CompetencyCredential"],
    validFrom: `${record.issued}T00:00:00${offset}`,
    validUntil: `${record.expires}T23:59:59${offset}`,
  });
}
