/// A bit for each certificate, by the W3C Bitstring Status List.
public struct StatusList: Sendable, Equatable {
  /// What a set bit says.
  public enum Purpose: String, Sendable, CaseIterable {
    case revocation, suspension
  }

  /// The lists of one folder below `status/`.
  public enum Series: Sendable, Hashable {
    /// For credentials, signed as they are.
    case credentials(Purpose)
    /// For badges, in whose world one list has to say all, signed as they are.
    case badges

    public static let ofCredentials = Purpose.allCases.map { Series.credentials($0) }

    /// The name of the folder.
    public var name: String {
      switch self {
      case .credentials(let purpose): purpose.rawValue
      case .badges: "badges"
      }
    }

    /// What a list says that it is for.
    package var purpose: Purpose {
      switch self {
      case .credentials(let purpose): purpose
      case .badges: .revocation
      }
    }

    package var cryptosuite: DataIntegrity.Cryptosuite {
      switch self {
      case .credentials: .jcs
      case .badges: .rdfc
      }
    }
  }

  /// Bits in one list; the specification's minimum, so that a bit hides among many.
  public static let length = 131_072
  /// A list that inflates to more is refused.
  public static let longest = 8 << 20

  /// Index 0 is the highest bit of the first byte.
  public private(set) var bytes: [UInt8]

  public init() {
    bytes = Array(repeating: 0, count: Self.length / 8)
  }

  /// Reads an encoded list: `u` and base64url of gzip.
  public init?(encoded: String) {
    guard encoded.hasPrefix("u"), let packed = Base64URL.decode(Array(encoded.utf8.dropFirst()))
    else { return nil }
    do {
      bytes = try Gzip.decompress(packed, limit: Self.longest)
    } catch {
      return nil
    }
    guard bytes.count * 8 >= Self.length else { return nil }
  }

  /// The list as text: `u` and base64url of gzip.
  ///
  /// - Throws: what the compression throws, which is nothing but a lack of memory.
  public func encoded() throws -> String {
    "u" + String(decoding: Base64URL.encode(try Gzip.compress(bytes)), as: UTF8.self)
  }

  /// The bit at an index; false beyond the end.
  public subscript(index: Int) -> Bool {
    get { index >> 3 < bytes.count && bytes[index >> 3] & (0x80 >> UInt8(index & 7)) != 0 }
    set {
      let mask: UInt8 = 0x80 >> UInt8(index & 7)
      if newValue { bytes[index >> 3] |= mask } else { bytes[index >> 3] &= ~mask }
    }
  }
}

extension Ledger {
  /// How many lists there are: every certificate's position in the log is its position in them.
  public var statusListCount: Int { max(1, (size + StatusList.length - 1) / StatusList.length) }

  /// The lists of a series, in their order.
  public func statusLists(_ series: StatusList.Series) -> [StatusList] {
    var lists = Array(repeating: StatusList(), count: statusListCount)
    for (position, event) in states.events where event.sets(series) {
      lists[position / StatusList.length][position % StatusList.length] = true
    }
    return lists
  }
}

extension LedgerEntry.Event {
  /// Whether a certificate's bit is set while this is its last entry.
  package func sets(_ series: StatusList.Series) -> Bool {
    switch self {
    case .revoked: series != .credentials(.suspension)
    case .suspended: series != .credentials(.revocation)
    default: false
    }
  }
}
