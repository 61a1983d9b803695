import Content
import Foundation
import Proof

/// The part of an address that stands for a name in the registry or the code of a batch, whatever
/// is written there: lowercase letters, digits and dashes, and never longer than a folder's name.
///
/// Where letters had to be left out, some digits of the text's hash tell it from others.
package func listSlug(_ text: String) -> String {
  let limit = 60
  let plain = slugText(text)
  let isWhole = text.decomposedStringWithCanonicalMapping.unicodeScalars.allSatisfy { scalar in
    scalar.isASCII || !(scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
  }
  if isWhole, !plain.isEmpty, plain.utf8.count <= limit { return plain }
  let mark = Digest(hashing: Array(text.lowercased().utf8)).description.prefix(8)
  let start = slugText(String(plain.prefix(limit - 9)))
  return start.isEmpty ? "x-\(mark)" : "\(start)-\(mark)"
}
