import CResolv
package import Diagnostics

/// TXT records of a name, through this machine's resolver and nothing else.
///
/// `getaddrinfo` knows no TXT records. `res_query` of the C library does, and asks the servers that the system is set to;
/// a program such as `dig` would have to be installed, and its output to be read.
package enum TextRecords {
  /// The longest answer over TCP.
  private static let longest = 65_535

  /// - Returns: the texts; none where the name has no such records.
  /// - Throws: `MachineFailure` when the resolver has no answer, or a malformed one.
  package static func read(_ name: String) throws(MachineFailure) -> [String] {
    var answer = [UInt8](repeating: 0, count: longest)
    let length = Int(canting_query_txt(name, &answer, Int32(answer.count)))
    guard length >= 0 else {
      // Neither a name that does not exist nor one without such a record is a failure.
      if [1, 4].contains(canting_query_error()) { return [] }
      throw MachineFailure(
        "ask the DNS for \(name)", reason: "this machine's resolver has no answer")
    }
    guard let texts = texts(in: Array(answer.prefix(min(length, answer.count)))) else {
      throw MachineFailure("ask the DNS for \(name)", reason: "the answer is malformed")
    }
    return texts
  }

  /// The texts of the TXT records in a DNS message (RFC 1035, section 4); nil for a malformed one.
  package static func texts(in message: [UInt8]) -> [String]? {
    func number(_ at: Int) -> Int? {
      at + 1 < message.count ? Int(message[at]) << 8 | Int(message[at + 1]) : nil
    }
    /// The place behind a name, which ends in an empty label or in a pointer to another name.
    func afterName(_ start: Int) -> Int? {
      var at = start
      while at < message.count {
        switch message[at] {
        case 0: return at + 1
        case 0xC0...: return at + 2
        case 1...63: at += 1 + Int(message[at])
        default: return nil
        }
      }
      return nil
    }
    guard let questions = number(4), let answers = number(6) else { return nil }
    var at = 12
    for _ in 0..<questions {
      guard let end = afterName(at) else { return nil }
      at = end + 4
    }
    var found: [String] = []
    for _ in 0..<answers {
      guard let start = afterName(at), let kind = number(start), let length = number(start + 8),
        start + 10 + length <= message.count
      else { return nil }
      at = start + 10 + length
      // Of a name that is an alias, the answer has the alias too.
      guard kind == 16 else { continue }
      guard let text = strings(message[(start + 10)..<at]) else { return nil }
      found.append(String(decoding: text, as: UTF8.self))
    }
    return found
  }

  /// The strings of a record, each behind its length, put together.
  private static func strings(_ data: ArraySlice<UInt8>) -> [UInt8]? {
    var rest = data
    var text: [UInt8] = []
    while let length = rest.popFirst() {
      guard rest.count >= Int(length) else { return nil }
      text += rest.prefix(Int(length))
      rest = rest.dropFirst(Int(length))
    }
    return text
  }
}
