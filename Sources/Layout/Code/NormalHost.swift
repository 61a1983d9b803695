import Foundation

/// A host as browsers write it, with its port where that is not the scheme's own, and without a dot at its end.
///
/// Two hosts are one if and only if their normal forms are equal. Letters outside ASCII are written in Punycode, so that
/// letters that look alike do not read alike.
///
/// - Parameters:
///   - text: a host, with or without a port.
///   - scheme: `http:` or `https:`; without one, the usual ports of both are dropped.
/// - Returns: nil for what is no host.
public func normalHost(_ text: String, scheme: String = "") -> String? {
  let letters = Letters(text.unicodeScalars)
  let isLiteral = letters.first == "["
  let written =
    isLiteral
    ? letters.prefix { $0 != "]" } + letters.drop { $0 != "]" }.prefix(1)
    : letters.prefix { $0 != ":" }
  guard !written.isEmpty, let end = portSuffix(letters.dropFirst(written.count), scheme: scheme)
  else {
    return nil
  }
  var name = CodeReading.lower(CodeReading.plain(CodeReading.decode(written)))
  if name.first == "[" {
    let digits = name.dropFirst().dropLast()
    let isAddress =
      name.last == "]" && !digits.isEmpty
      && digits.allSatisfy { CodeReading.isDigits([$0]) || $0 == ":" || $0 == "." }
    return isAddress ? CodeReading.text(name) + end : nil
  }
  if name.last == "." { name.removeLast() }
  let labels = name.split(separator: ".", omittingEmptySubsequences: false)
  guard !labels.contains([]), !name.contains(where: isForbiddenInHost) else { return nil }
  return labels.map { ascii(Letters($0)) }.joined(separator: ".") + end
}

/// The port behind a host, with its colon; empty for a usual one, nil for what is no port.
private func portSuffix(_ letters: ArraySlice<Unicode.Scalar>, scheme: String) -> String? {
  guard let colon = letters.first else { return "" }
  let digits = letters.dropFirst()
  guard colon == ":", digits.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
  if digits.isEmpty { return "" }
  guard digits.count <= 9, let port = Int(CodeReading.text(digits)), port <= 65535 else {
    return nil
  }
  let isUsual = (port == 443 && scheme != "http:") || (port == 80 && scheme != "https:")
  return isUsual ? "" : ":\(port)"
}

/// The code points that the URL standard forbids in a domain.
private func isForbiddenInHost(_ letter: Unicode.Scalar) -> Bool {
  letter.value <= 0x20 || letter.value == 0x7F || "#%/:<>?@[\\]^|".unicodeScalars.contains(letter)
}

/// A label of a host in ASCII (RFC 3492).
private func ascii(_ label: Letters) -> String {
  let points = label.map { Int($0.value) }
  let basic = points.filter { $0 < 128 }
  if basic.count == points.count { return CodeReading.text(label) }
  var output = basic.map(UInt8.init)
  if !basic.isEmpty { output.append(UInt8(ascii: "-")) }
  func put(_ digit: Int) { output.append(UInt8(digit + (digit < 26 ? 97 : 22))) }
  var (handled, next, delta, bias) = (basic.count, 128, 0, 72)
  while let least = points.filter({ $0 >= next }).min() {
    delta += (least - next) * (handled + 1)
    next = least
    for point in points {
      if point < next { delta += 1 }
      guard point == next else { continue }
      var left = delta
      var place = 36
      while true {
        let threshold = min(max(place - bias, 1), 26)
        if left < threshold { break }
        put(threshold + (left - threshold) % (36 - threshold))
        left = (left - threshold) / (36 - threshold)
        place += 36
      }
      put(left)
      delta /= handled == basic.count ? 700 : 2
      handled += 1
      delta += delta / handled
      var steps = 0
      while delta > 455 {
        delta /= 35
        steps += 36
      }
      bias = steps + 36 * delta / (delta + 38)
      delta = 0
    }
    delta += 1
    next += 1
  }
  return "xn--" + String(decoding: output, as: UTF8.self)
}

/// Whether a host in its normal form is this very computer.
package func isLoopback(_ host: String) -> Bool {
  let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
  return name == "localhost" || name.hasSuffix(".localhost") || name == "[::1]"
    || name.wholeMatch(of: /127\.\d+\.\d+\.\d+/) != nil
}
