/// The names under which institutions keep data that no certificate prints.
enum PersonalData {
  /// Whether a header names a national identity number, birth, sex, address, telephone, e-mail or photo.
  static func isNamed(by header: String) -> Bool {
    // What stands in brackets says how to fill the column in: a name as on the KTP is a name.
    let bare = header.prefix { $0 != "(" }
    let counted = bare.contains(where: \.isLetter) ? String(bare) : header
    return isNamed(
      byWords: counted.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
  }

  /// The same for the words of a header, in lowercase.
  static func isNamed(byWords words: [String]) -> Bool {
    words.contains { wholeWords.contains($0) } || joined.contains(words.joined())
  }

  private static let wholeWords: Set<String> = [
    "nik", "ktp", "lahir", "alamat", "telepon", "telpon", "telp", "tlp", "hp", "handphone",
    "phone", "telephone", "mobile", "email", "surel", "birth", "birthday", "birthdate", "dob",
    "ttl", "address", "whatsapp", "wa", "foto", "photo", "passport", "paspor", "npwp", "kelamin",
    "gender", "sex", "agama", "umur", "usia",
  ]

  private static let joined: Set<String> = [
    "nonik", "noktp", "nomornik", "nomorktp", "tgllahir", "tanggallahir", "tempatlahir",
    "tempattanggallahir", "dateofbirth", "placeofbirth", "birthplace", "birthdate", "nohp",
    "nomorhp", "notelp", "notelepon", "nomortelepon", "nowa", "nomorwa", "phonenumber", "mail",
    "mobilephone", "emailaddress", "homeaddress", "alamatrumah", "alamatemail", "nomorinduk",
    "nomorindukkependudukan", "indukkependudukan", "e" + "mail", "lp", "jk", "pl",
  ]
}

/// Personal data that stands where it does not belong.
extension PersonalData {
  /// A text with e-mail addresses and long runs of digits blotted out: identity and telephone
  /// numbers end up in other columns when a row is shifted.
  static func masked(_ text: String) -> String {
    if isIdentity(Array(text.utf8)[...]) { return "•••" }
    return blotted(text, joinsGroups: false)
  }

  /// Whether a text in normal form has an e-mail address, or as many digits in a row as identity and
  /// telephone numbers have.
  static func stands(in text: String) -> Bool { !places(in: Array(text.unicodeScalars)).isEmpty }

  /// The same for UTF-8, most of which has too few digits and no `@`.
  static func stands(in bytes: ArraySlice<UInt8>) -> Bool {
    var digits = 0
    for byte in bytes {
      if byte == UInt8(ascii: "@") { return stands(in: String(decoding: bytes, as: UTF8.self)) }
      if byte &- UInt8(ascii: "0") < 10 { digits += 1 }
    }
    return digits >= 9 && stands(in: String(decoding: bytes, as: UTF8.self))
  }

  /// Whether an identifier is a NIK (sixteen digits), a mobile number of Indonesia or an e-mail address.
  static func isIdentity(_ bytes: ArraySlice<UInt8>) -> Bool {
    let digits = bytes.count { $0 &- UInt8(ascii: "0") < 10 }
    if digits == 16, bytes.count == 16 { return true }
    if bytes.contains(UInt8(ascii: "@")) {
      return stands(in: String(decoding: bytes, as: UTF8.self))
    }
    guard (10...15).contains(digits), bytes.count <= 32, let first = bytes.first,
      first == UInt8(ascii: "0") || first == UInt8(ascii: "6") || first == UInt8(ascii: "+")
    else { return false }
    return String(decoding: bytes, as: UTF8.self)
      .wholeMatch(of: /(?:\+?62|0)[ .-]?8[0-9](?:[ .-]?[0-9]){7,10}/) != nil
  }

  /// A text with all of it blotted out.
  ///
  /// - Parameter joinsGroups: whether groups of digits are one number.
  static func blotted(_ text: String, joinsGroups: Bool = true) -> String {
    let scalars = Array(text.unicodeScalars)
    var blotted = String.UnicodeScalarView()
    var end = 0
    for place in places(in: scalars, joinsGroups: joinsGroups) where place.lowerBound >= end {
      blotted.append(contentsOf: scalars[end..<place.lowerBound])
      blotted.append(contentsOf: "•••".unicodeScalars)
      end = place.upperBound
    }
    blotted.append(contentsOf: scalars[end...])
    return String(blotted)
  }

  private static func places(
    in scalars: [Unicode.Scalar], joinsGroups: Bool = true
  ) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var index = 0
    while index < scalars.count {
      if let end = endOfNumber(from: index, in: scalars, joinsGroups: joinsGroups) {
        if end.isLong { found.append(index..<end.index) }
        index = end.index
      } else if scalars[index] == "@", let place = address(around: index, in: scalars) {
        found.append(max(place.lowerBound, found.last?.upperBound ?? 0)..<place.upperBound)
        index = place.upperBound
      } else {
        index += 1
      }
    }
    return found
  }

  /// The end of a number, and whether it has nine digits or more, with at most two signs between two of them.
  private static func endOfNumber(
    from start: Int, in scalars: [Unicode.Scalar], joinsGroups: Bool
  ) -> (index: Int, isLong: Bool)? {
    func isDigit(_ index: Int) -> Bool {
      index < scalars.count && ("0"..."9").contains(scalars[index])
    }
    func isSign(_ index: Int) -> Bool { index < scalars.count && signs.contains(scalars[index]) }
    guard isDigit(start) else { return nil }
    var end = start + 1
    var digits = 1
    while true {
      if isDigit(end) {
        end += 1
      } else if joinsGroups, isSign(end), isDigit(end + 1) {
        end += 2
      } else if joinsGroups, isSign(end), isSign(end + 1), isDigit(end + 2) {
        end += 3
      } else {
        break
      }
      digits += 1
    }
    return (end, digits >= 9)
  }

  private static let signs: Set<Unicode.Scalar> = [" ", ".", "-", "–", "_", "(", ")"]

  private static func address(around sign: Int, in scalars: [Unicode.Scalar]) -> Range<Int>? {
    func belongs(_ scalar: Unicode.Scalar) -> Bool {
      !scalar.properties.isWhitespace && !["@", "\"", "'", ",", ";"].contains(scalar)
    }
    var start = sign
    while start > 0, belongs(scalars[start - 1]) { start -= 1 }
    var end = sign + 1
    while end < scalars.count, belongs(scalars[end]) { end += 1 }
    return start < sign && end > sign + 1 ? start..<end : nil
  }
}
