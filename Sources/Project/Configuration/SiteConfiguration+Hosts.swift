import Diagnostics
import Input
import Layout

/// The part of `content/site.yml` that says where the site goes.
extension SiteConfiguration {
  /// The files for hosts that a build makes.
  static func hosts(_ mapping: YAMLMapping, _ findings: inout Findings) -> [HostKind] {
    choices(
      mapping["hosts"], HostKind.self, id: "bad-hosts",
      message: "Files for hosts are made for headers, nginx and caddy", &findings)
  }

  /// How files are compressed beforehand.
  static func precompress(_ mapping: YAMLMapping, _ findings: inout Findings) -> [Compression] {
    choices(
      mapping["precompress"], Compression.self, id: "bad-precompress",
      message: "Files are compressed beforehand with gzip and brotli", &findings)
  }

  /// Some of a few words, each once, in the program's order.
  private static func choices<Choice: CaseIterable & RawRepresentable<String> & Equatable>(
    _ value: YAMLValue?, _: Choice.Type, id: DiagnosticID, message: String,
    _ findings: inout Findings
  ) -> [Choice] {
    var chosen: [Choice] = []
    for item in value?.list(&findings) ?? [] {
      guard let text = item.string(&findings) else { continue }
      if let choice = Choice(rawValue: text), !chosen.contains(choice) {
        chosen.append(choice)
        continue
      }
      let all = Choice.allCases.map(\.rawValue)
      let hint =
        all.contains(text)
        ? "remove the second `\(text)`"
        : suggestion(for: text, among: all).map { "did you mean `\($0)`?" }
          ?? "write some of [\(all.joined(separator: ", "))]"
      findings.add(item.diagnostic(id, message: message, hint: hint))
    }
    return Choice.allCases.filter { chosen.contains($0) }
  }

  /// The places that the site is uploaded to, by their names.
  static func deployTargets(
    _ mapping: YAMLMapping, _ findings: inout Findings
  ) -> [String: DeployTarget] {
    guard let targets = mapping["deploy"]?.mapping(&findings) else { return [:] }
    var found: [String: DeployTarget] = [:]
    for (key, value) in targets.entries {
      let name = key.text ?? ""
      if !isTargetName(name) {
        findings.add(
          key.diagnostic(
            "bad-deploy-target",
            message: "The name of a target has lowercase letters, digits and dashes",
            hint: "write as in `production:`"))
      }
      guard let target = value.mapping(&findings) else { continue }
      target.expectKeys(["remote", "transfers"], findings: &findings)
      let transfers = transfers(target, &findings)
      guard let remote = target.requireString("remote", &findings), let place = target["remote"],
        checkRemote(remote, at: place, &findings)
      else { continue }
      found[name] = DeployTarget(remote: remote, transfers: transfers)
    }
    return found
  }

  private static func isTargetName(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix("-")
      && name.utf8.allSatisfy {
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
      }
  }

  private static func transfers(_ target: YAMLMapping, _ findings: inout Findings) -> Int? {
    guard let value = target["transfers"], let number = value.integer(&findings) else { return nil }
    if (1...256).contains(number) { return number }
    findings.add(
      value.diagnostic(
        "bad-deploy-target", message: "From 1 to 256 files travel at a time",
        hint: "leave `transfers` out for 8"))
    return nil
  }

  /// Whether a remote can stand in a file that everybody who edits the site reads.
  private static func checkRemote(
    _ remote: String, at place: YAMLValue, _ findings: inout Findings
  ) -> Bool {
    if remote.hasPrefix("-") || remote.contains(where: \.isNewline) {
      findings.add(
        place.diagnostic(
          "bad-deploy-target",
          message: "A remote is written as rclone does, as in `r2:bucket/path`",
          hint: "`rclone listremotes` shows those that are set up"))
      return false
    }
    // A connection string may say everything about a remote: `:sftp,host=…,pass=…:path`.
    let settings = remote.split(separator: ",").dropFirst().map { $0.lowercased() }
    let secrets = ["pass", "secret", "token", "key=", "sas_url", "account_key", "key_pem"]
    guard settings.contains(where: { setting in secrets.contains { setting.contains($0) } }) else {
      return true
    }
    findings.add(
      // Without its line, which would show the password.
      Diagnostic(
        "deploy-secret",
        at: SourceLocation(path: "content/site.yml", line: place.line, column: place.column),
        message: "Whoever edits the site reads this file, and a password is known to rclone alone",
        hint: "set the remote up with `rclone config` or in the environment, and write its name"))
    return false
  }
}
