import Input
import Mustache

/// Escapes what templates show.
///
/// The library's own escaping goes by characters, in which a quote with a combining mark behind it
/// is no quote; browsers go by code points. So every template names this content type instead.
package struct HTMLText: MustacheContentType {
  private static let name = "CANTING_HTML"

  /// What stands before every template.
  package static let pragma = "{{% CONTENT_TYPE: \(name)}}"

  package static func register() {
    MustacheContentTypes.register(HTMLText(), named: name)
  }

  package func escapeText(_ text: String) -> String {
    HTML.escaped(text)
  }
}
