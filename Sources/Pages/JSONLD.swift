import Input
import Project
import Proof

/// Structured data for search engines, where schema.org has a type for a page.
enum JSONLD {
  /// JSON that stays inside its script element whatever its strings contain.
  static func text(_ value: JSONValue) -> String {
    var text = String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
    // None of these characters has a meaning in JSON outside strings.
    for (character, escape) in [
      ("&", #"\u0026"#), ("<", #"\u003c"#), (">", #"\u003e"#), ("\u{2028}", #"\u2028"#),
      ("\u{2029}", #"\u2029"#),
    ] {
      text = text.split(separator: character, omittingEmptySubsequences: false)
        .joined(separator: escape)
    }
    return text
  }

  static func webSite(_ configuration: SiteConfiguration, language: String) -> String {
    text(
      .object([
        "@context": .string("https://schema.org"),
        "@type": .string("WebSite"),
        "name": .string(configuration.title[language]),
        "description": .string(configuration.description[language]),
        "url": .string(configuration.url + configuration.address("", in: language)),
        "inLanguage": .string(language),
      ]))
  }

  static func organization(
    _ configuration: SiteConfiguration, name: String, language: String
  ) -> String {
    var members: [String: JSONValue] = [
      "@context": .string("https://schema.org"),
      "@type": .string("Organization"),
      "name": .string(name),
      "url": .string(configuration.url + "/"),
      "address": .string(configuration.contact.address),
    ]
    if let email = configuration.contact.email { members["email"] = .string(email) }
    if let phone = configuration.contact.phone { members["telephone"] = .string(phone) }
    return text(.object(members))
  }

  /// For a scheme: a credential that people can earn.
  static func credential(
    title: String, description: String, url: String, recognizedBy: String, language: String
  ) -> String {
    var members = occupationalCredential(title: title, url: url, recognizedBy: recognizedBy)
    members["description"] = .string(description)
    members["inLanguage"] = .string(language)
    return text(.object(members))
  }

  /// For one certificate; `identifier` and the days are plain ASCII without quotes.
  static func certificate(
    title: String, url: String, recognizedBy: String, identifier: String, issued: String,
    expires: String
  ) -> String {
    var members = occupationalCredential(title: title, url: url, recognizedBy: recognizedBy)
    members["identifier"] = .string(identifier)
    members["dateCreated"] = .string(issued)
    members["expires"] = .string(expires)
    return text(.object(members))
  }

  private static func occupationalCredential(
    title: String, url: String, recognizedBy: String
  ) -> [String: JSONValue] {
    [
      "@context": .string("https://schema.org"),
      "@type": .string("EducationalOccupationalCredential"),
      "name": .string(title),
      "url": .string(url),
      "credentialCategory": .string("certificate of competency"),
      "recognizedBy": .object([
        "@type": .string("Organization"), "name": .string(recognizedBy),
      ]),
    ]
  }

  static func article(
    title: String, description: String, image: String?, url: String, published: String,
    updated: String, publisher: String, language: String
  ) -> String {
    var members: [String: JSONValue] = [
      "@context": .string("https://schema.org"),
      "@type": .string("NewsArticle"),
      "headline": .string(title),
      "description": .string(description),
      "url": .string(url),
      "datePublished": .string(published),
      "dateModified": .string(updated),
      "inLanguage": .string(language),
      "publisher": .object(["@type": .string("Organization"), "name": .string(publisher)]),
    ]
    members["image"] = image.map { .string($0) }
    return text(.object(members))
  }

  /// For the page of figures: each file is one way to have a part of them.
  static func dataset(
    title: String, description: String, url: String, day: CalendarDate, publisher: String,
    language: String, files: [String]
  ) -> String {
    text(
      .object([
        "@context": .string("https://schema.org"),
        "@type": .string("Dataset"),
        "name": .string(title),
        "description": .string(description),
        "url": .string(url),
        "dateModified": .string(day.description),
        "inLanguage": .string(language),
        "isAccessibleForFree": .boolean(true),
        "creator": .object(["@type": .string("Organization"), "name": .string(publisher)]),
        "distribution": .array(
          files.map { file in
            .object([
              "@type": .string("DataDownload"),
              "encodingFormat": .string(file.hasSuffix(".csv") ? "text/csv" : "application/json"),
              "contentUrl": .string(file),
            ])
          }),
      ]))
  }
}
