/// The columns of a list of candidates.
enum CandidateColumn: Int, CaseIterable {
  case name, scheme, regency, province, group, certificate, note

  /// The name in a header row.
  var name: String { Self.names[rawValue][0] }

  /// The name that the Indonesian template has.
  var indonesianName: String { Self.names[rawValue][1] }

  /// The names in English, in Indonesian, and others that are understood.
  private static let names = [
    ["name", "nama", "nama_lengkap", "nama_peserta", "nama_asesi", "candidate"],
    ["scheme", "skema", "skema_sertifikasi", "kode_skema"],
    [
      "regency", "kabupaten", "kabupaten_kota", "kab_kota", "kota_kabupaten", "kota", "kabkota",
      "city",
    ],
    ["province", "provinsi", "propinsi"],
    ["group", "kelompok", "nama_kelompok", "sanggar", "workshop"],
    ["certificate", "sertifikat", "nomor_sertifikat", "no_sertifikat", "certificate_number"],
    ["note", "catatan", "keterangan", "notes"],
  ]

  /// What the column holds, as far as damage goes.
  var damageKind: TextDamage.Kind {
    switch self {
    case .name: .name
    case .scheme: .word
    case .regency, .province, .group: .place
    case .certificate: .identifier
    case .note: .note
    }
  }

  /// What a row of a list cannot do without.
  static let required: [CandidateColumn] = [.name, .scheme, .regency, .province]

  /// The column that a header names, by its key.
  init?(key: String) {
    guard let position = Self.names.firstIndex(where: { $0.contains(key) }) else { return nil }
    self.init(rawValue: position)
  }

  /// Columns that number the rows; nobody needs them.
  static let rowNumbers: Set<String> = ["no", "nomor", "no_urut", "nomor_urut", "nr", "row"]
}

/// A header of a list of candidates, reduced to its words.
///
/// The browser's check does the same, so nothing here depends on how a language or a library folds
/// letters: words are runs of letters and digits, of which ASCII alone loses its capitals.
struct CandidateHeader {
  /// Normal form; empty for a column without a name, nil for one that cannot be printed.
  let text: String?
  let words: [String]

  init(_ raw: [UInt8]) {
    var bytes: [UInt8] = []
    do throws(TextNormalizer.Problem) {
      try TextNormalizer.append(raw, to: &bytes)
    } catch {
      text = nil
      words = []
      return
    }
    let text = String(decoding: bytes, as: UTF8.self)
    self.text = text
    words = text.unicodeScalars.split { !Self.isPartOfAWord($0) }.map {
      asciiLowercased(String($0))
    }
  }

  var key: String { words.joined(separator: "_") }

  private static func isPartOfAWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber:
      true
    default: false
    }
  }
}

/// A text whose letters A to Z are small, and nothing else changed.
func asciiLowercased(_ text: String) -> String {
  String(decoding: text.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
}
