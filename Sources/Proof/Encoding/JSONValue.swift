/// The part of JSON that canonical documents here are made of.
public indirect enum JSONValue: Sendable, Hashable {
  case object([String: JSONValue])
  case array([JSONValue])
  case string(String)
  /// Within ±(2^53−1).
  case integer(Int)
  case boolean(Bool)
}

extension JSONValue {
  /// The largest magnitude that every JSON reader holds exactly: 2^53−1.
  static let largestInteger = 9_007_199_254_740_991

  /// The member of an object, or nil.
  public subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    // String equality folds canonical equivalents; keys are compared by their code units.
    return members.first { $0.key.utf16.elementsEqual(key.utf16) }?.value
  }

  /// A document without its proof, which is what the proof is about.
  package var withoutProof: JSONValue {
    guard case .object(var members) = self else { return self }
    members["proof"] = nil
    return .object(members)
  }

  /// The proof of a document: its own, or the only one of a list, as badges have it.
  package var proof: JSONValue? {
    guard let list = self["proof"]?.array else { return self["proof"] }
    return list.count == 1 ? list.first : nil
  }

  /// Whether another value has the same canonical bytes. (`==` folds canonical equivalents in texts.)
  package func isSame(as other: JSONValue) -> Bool {
    CanonicalJSON.encode(self) == CanonicalJSON.encode(other)
  }

  public var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  public var integer: Int? {
    if case .integer(let number) = self { number } else { nil }
  }

  public var array: [JSONValue]? {
    if case .array(let items) = self { items } else { nil }
  }
}
