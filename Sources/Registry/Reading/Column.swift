/// The columns a registry may have.
public enum Column: Int, Sendable, CaseIterable {
  case number, revision, registration, holder, scheme, issued, expires
  case status, statusDate, statusReason, supersededBy
  case regency, province, batch, assessor, listed

  /// The name in a header row.
  public var name: String {
    switch self {
    case .number: "number"
    case .revision: "revision"
    case .registration: "registration"
    case .holder: "holder"
    case .scheme: "scheme"
    case .issued: "issued"
    case .expires: "expires"
    case .status: "status"
    case .statusDate: "status_date"
    case .statusReason: "status_reason"
    case .supersededBy: "superseded_by"
    case .regency: "regency"
    case .province: "province"
    case .batch: "batch"
    case .assessor: "assessor"
    case .listed: "listed"
    }
  }

  /// Every certificate has a value in these.
  static let required: [Column] = [.number, .holder, .scheme, .issued]
}

/// What to do with one column of the file.
enum ColumnUse: Equatable {
  case read(Column)
  /// The project says to pass it over.
  case ignored
  /// Personal data that is not printed: its values are never taken out of the file's buffer.
  case personal
  /// A column without a name, as spreadsheets add at the end: it has to be empty.
  case unnamed
}

/// The names under which institutions keep data that no certificate prints.
enum PersonalData {
  /// Whether a header names a national identity number, birth, address, telephone, e-mail or photo.
  static func isNamed(by header: String) -> Bool {
    isNamed(byWords: header.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
  }

  /// The same for the words of a header, in lowercase.
  static func isNamed(byWords words: [String]) -> Bool {
    words.contains { wholeWords.contains($0) } || joined.contains(words.joined())
  }

  private static let wholeWords: Set<String> = [
    "nik", "ktp", "lahir", "alamat", "telepon", "telpon", "telp", "tlp", "hp", "handphone",
    "phone", "telephone", "mobile", "email", "surel", "birth", "birthday", "birthdate", "dob",
    "ttl", "address", "whatsapp", "wa", "foto", "photo", "passport", "paspor", "npwp",
  ]

  private static let joined: Set<String> = [
    "nonik", "noktp", "nomornik", "nomorktp", "tgllahir", "tanggallahir", "tempatlahir",
    "tempattanggallahir", "dateofbirth", "placeofbirth", "birthplace", "birthdate", "nohp",
    "nomorhp", "notelp", "notelepon", "nomortelepon", "nowa", "nomorwa", "phonenumber", "mail",
    "mobilephone", "emailaddress", "homeaddress", "alamatrumah", "alamatemail", "nomorinduk",
    "nomorindukkependudukan", "indukkependudukan", "e" + "mail",
  ]
}

extension PersonalData {
  /// A text with e-mail addresses and long runs of digits blotted out: identity and telephone
  /// numbers end up in other columns when a row is shifted.
  static func masked(_ text: String) -> String {
    text.replacing(/[0-9]{9,}|[^\s@"',;]+@[^\s@"',;]+/, with: "•••")
  }
}

/// A header cell reduced to what counts: lowercase words joined by `_`.
func headerKey(_ header: String) -> String {
  header.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "_")
}
