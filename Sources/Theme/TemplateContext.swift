import Mustache

/// What a template may name: texts, flags, lists and groups of them.
///
/// A type of its own and no dictionary: the library asks of each group that it looks into whether it has
/// children, and of a dictionary that is a long question.
package struct TemplateContext: MustacheParent, ExpressibleByDictionaryLiteral, Sendable {
  private var values: [String: any Sendable]

  package init(_ values: [String: any Sendable]) {
    self.values = values
  }

  package init(dictionaryLiteral elements: (String, any Sendable)...) {
    values = Dictionary(uniqueKeysWithValues: elements)
  }

  package subscript(name: String) -> (any Sendable)? {
    get { values[name] }
    set { values[name] = newValue }
  }

  /// Takes over everything that another group has.
  package mutating func add(_ others: TemplateContext) {
    values.merge(others.values) { $1 }
  }

  package func child(named name: String) -> Any? { values[name] }
}

extension TemplateContext: MustacheTransformable {
  /// The library's own for dictionaries, as in `{{#sorted(extra.fee)}}`.
  package func transform(_ name: String) -> Any? { values.transform(name) }
}

extension TemplateContext: CustomStringConvertible {
  /// A group has no text of its own, also in a list that a template prints whole.
  package var description: String { "" }
}
