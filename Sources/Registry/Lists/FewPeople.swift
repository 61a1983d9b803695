/// Some of the people of a place: enough of them to tell whether they are few.
///
/// The registry knows names alone, so people of one name count as one. That errs on the side of few.
/// No name leaves this type.
package struct FewPeople: Sendable {
  /// Fewer people than that are few.
  static let limit = 5

  private var names: Set<String> = []

  package init() {}

  var areFew: Bool { names.count < Self.limit }

  package mutating func add(_ holder: ArraySlice<UInt8>) {
    if areFew { names.insert(String(decoding: holder, as: UTF8.self).lowercased()) }
  }

  mutating func add(_ others: FewPeople) {
    if areFew { names.formUnion(others.names) }
  }
}
