import Foundation

extension String {
  /// Whether it holds a sign, found by its bytes: texts may have megabytes, and every one is asked for many signs.
  func holds(_ sign: String) -> Bool {
    let wanted = Array(sign.utf8)
    guard let first = wanted.first else { return true }
    var text = self
    return text.withUTF8 { bytes in
      guard let start = bytes.baseAddress else { return false }
      var place = 0
      while place + wanted.count <= bytes.count,
        let found = memchr(start + place, Int32(first), bytes.count - wanted.count - place + 1)
      {
        if memcmp(found, wanted, wanted.count) == 0 { return true }
        place = UnsafeRawPointer(found) - UnsafeRawPointer(start) + 1
      }
      return false
    }
  }
}
