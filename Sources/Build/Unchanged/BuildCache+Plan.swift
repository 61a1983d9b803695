import Content
import Input
import Layout
import Output
import Pages
import Project
import Proof

extension BuildCache.Heading {
  /// - Parameters:
  ///   - tool: names the program.
  ///   - page: digits of what certificates' pages are made from.
  ///   - credentials: the same of credentials.
  init(
    tool: String, inputs: InputDigests, page: String, credentials: String, plan: SitePlan
  ) {
    let project = plan.site.project
    let now = project.outline.now
    let elsewhere = InputDigests.elsewhere(project)
    let changes = [
      project.content.nextChange(after: now)?.moment.secondsSinceEpoch,
      Sitemaps.nextChange(project),
    ]
    self.init(
      tool: tool,
      // Digests that were not taken of every file that was read prove nothing.
      texts: elsewhere == inputs.elsewhere ? inputs.texts.description : "", page: page,
      credentials: credentials, elsewhere: elsewhere,
      timeZone: project.configuration.timeZone.name, day: now.day.description,
      from: now.secondsSinceEpoch, until: changes.compactMap { $0 }.min() ?? .max,
      certificateFiles: plan.site.certificateFiles.names)
  }
}
