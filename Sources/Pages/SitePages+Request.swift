import Input
import Project
import Proof
import Registry
import Theme

/// The page on which agencies and groups write their requests.
extension SitePages {
  func request(_ language: String) -> TemplateContext {
    let schemes = project.registry.schemes
    var context: TemplateContext = [
      "schemes": schemes.map { scheme in
        [
          "code": scheme.code,
          "title": project.registry.latestEdition(of: scheme).value.title[language],
        ] as TemplateContext
      },
      "names": Self.names(of: schemes),
      // Which of the empty lists is this language's.
      language: true,
    ]
    for column in CandidateList.columns {
      context[column.name] = language == "id" ? column.indonesianName : column.name
    }
    return context
  }

  /// What lists may call each scheme, for the browser's check, as JSON.
  private static func names(of schemes: [Scheme]) -> String {
    let values = schemes.map { scheme in
      JSONValue.object([
        "code": .string(scheme.code),
        "titles": .array(scheme.names.dropFirst().map { .string($0) }),
      ])
    }
    return String(decoding: CanonicalJSON.encode(.array(values)), as: UTF8.self)
  }
}
