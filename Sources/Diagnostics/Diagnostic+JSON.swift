/// The JSON form of a finding: `id`, `severity`, `path`, `line`, `column`, `table`, `row`, `sheet`, `cell`,
/// `message`, `hint`, `excerpt`; what does not apply is left out.
extension Diagnostic: Encodable {
  private enum Key: String, CodingKey {
    case id, severity, path, line, column, table, row, sheet, cell, message, hint, excerpt
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(id.name, forKey: .id)
    try container.encode(severity.rawValue, forKey: .severity)
    try container.encode(location.path, forKey: .path)
    switch location.place {
    case .file: break
    case .line(let line, let column):
      try container.encode(line, forKey: .line)
      try container.encode(column, forKey: .column)
    case .cell(let sheet, let cell):
      try container.encode(sheet, forKey: .sheet)
      try container.encode(cell, forKey: .cell)
    case .row(let table, let row, let column):
      try container.encode(table, forKey: .table)
      try container.encode(row, forKey: .row)
      try container.encodeIfPresent(column, forKey: .column)
    }
    try container.encode(message, forKey: .message)
    try container.encode(hint, forKey: .hint)
    try container.encodeIfPresent(excerpt?.line, forKey: .excerpt)
  }
}
