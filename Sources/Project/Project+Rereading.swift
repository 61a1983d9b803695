import Content
package import Diagnostics
import Input
import Registry
import SystemPackage
import Theme

extension Project {
  /// What can be read again by itself.
  package enum Part: Sendable, Hashable {
    case content
    /// Templates and assets.
    case theme
    /// The words of the templates, and the theme with them.
    case words
  }

  /// This project with some parts read again; everything else stays.
  package func rereading(
    _ parts: Set<Part>, _ environment: Environment, findings: inout Findings
  ) throws(MachineFailure) -> Project? {
    guard try InputCheck(root: root).run(findings: &findings) else { return nil }
    let settings = environment.contentSettings(for: configuration)
    var content = self.content
    if parts.contains(.content) {
      content = try Content.load(
        environment.root.appending("content"), displayPath: "content", settings: settings,
        findings: &findings)
    }
    var theme = Optional(self.theme)
    if parts.contains(.theme) || parts.contains(.words) {
      theme = try Theme.load(
        environment.root.appending("templates"), languages: settings.languages,
        terms: Scheme.translations(of: registry.schemes),
        signatureScript: try SignatureScript.load(from: environment.signatureScriptPlaces),
        keepingWordsOf: parts.contains(.words) ? nil : self.theme, findings: &findings)
    }
    guard let theme else { return nil }
    let outline = SiteOutline(
      configuration: configuration, content: content, theme: theme,
      schemes: registry.schemes.isEmpty && hasTextsAlone ? nil : registry.schemes,
      hasWitnesses: witnesses != nil, now: settings.now, findings: &findings)
    return Project(
      root: root,
      configuration: configuration, content: content, theme: theme, outline: outline,
      registry: registry, exports: exports, secret: secret, keys: keys,
      witnesses: witnesses, today: settings.now.day, hasTextsAlone: hasTextsAlone)
  }
}
