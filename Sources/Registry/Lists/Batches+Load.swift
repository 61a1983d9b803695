public import Diagnostics
import Files
import Input
public import SystemPackage

extension Batch {
  private static let columns = [
    "batch", "requested_by", "kind", "regency", "province", "tuk", "from", "to",
  ]

  static let shape = RowReader.ListShape(
    columns: columns, required: [0, 1, 3, 4, 5, 6],
    otherNames: otherNames,
    wrongHeader: { location in
      Diagnostic(
        "bad-batches-header", at: location,
        message: "The columns of a list of batches are \(columns.joined(separator: ", "))",
        hint: "write them in the first row; kind and to may be missing")
    })

  private static let otherNames: [String: Int] = {
    let names = [
      "kode kode_uji kode_batch no_batch kode_kegiatan kode_angkatan angkatan gelombang",
      "pemohon diminta_oleh pengaju instansi instansi_pemohon nama_pemohon requester",
      "jenis jenis_pemohon", "kab_kota kabupaten_kota kota_kabupaten kabupaten kota kabkota city",
      "provinsi propinsi prov",
      "nama_tuk tempat_uji tempat_uji_kompetensi lokasi_uji lokasi place",
      "dari mulai tanggal tgl tgl_mulai tanggal_mulai tanggal_uji tgl_uji tgl_asesmen date start",
      "sampai selesai s_d sampai_dengan tgl_selesai tanggal_selesai end",
    ]
    return Dictionary(
      names.enumerated().flatMap { position, words in
        words.split(separator: " ").map { (String($0), position) }
      }, uniquingKeysWith: { first, _ in first })
  }()

  /// Reads the list of batches.
  ///
  /// - Returns: nil when there is no such file or it has errors, which are then among the findings.
  public static func load(
    _ file: FilePath, displayPath path: String, findings: inout Findings
  ) throws(MachineFailure) -> [Batch]? {
    guard try SourceFile.exists(file, displayPath: path) else { return nil }
    var batches: [Batch] = []
    var seen: [String: String] = [:]
    let isWhole = try RowReader.readList(
      file, displayPath: path, shape: shape, findings: &findings
    ) { row, findings in
      guard let batch = batch(from: row, findings: &findings) else { return }
      if let other = seen[batch.code] {
        findings.add(
          row.finding(
            "duplicate-batch", at: 0,
            message: "A code names one batch; \(other) has this one already",
            hint: "correct the code, or remove one of the rows"))
      }
      seen[batch.code] = row.name
      batches.append(batch)
    }
    return isWhole ? batches : nil
  }

  private static func batch(from row: ListRow, findings: inout Findings) -> Batch? {
    let values = row.values
    if let empty = shape.required.first(where: { values[$0].isEmpty }) {
      findings.add(
        row.finding(
          "empty-required-field", at: empty,
          message: "Every column of a batch has a value", hint: "fill in \(columns[empty])"))
      return nil
    }
    let left = values.indices.filter { values[$0].hasPrefix("TODO") }
    for column in left {
      findings.add(
        row.finding(
          "left-to-fill-in", at: column, message: "This was left for you to fill in",
          hint: "write the \(columns[column]) of the batch in place of it"))
    }
    if left.contains(1), values[2].isEmpty {
      findings.add(
        row.finding(
          "left-to-fill-in", at: 2, message: "This was left for you to fill in",
          hint:
            "write `agency` (dinas) or `group` (kelompok), unless the requesting party's name tells"
        ))
    }
    guard left.isEmpty else { return nil }
    if let damage = row.damage([0: .identifier, 1: .place, 3: .place, 4: .place, 5: .place]) {
      findings.add(damage)
      if damage.severity == .error { return nil }
    }
    guard let kind = Kind(values[2], requestedBy: values[1]) else {
      findings.add(
        row.finding(
          "bad-batch-kind", at: 2,
          message:
            "A batch is requested by an `agency` (dinas) or by a `group` (kelompok) of artisans",
          hint: "write one of these words in the column kind"))
      return nil
    }
    guard let from = day(values[6]), let to = values[7].isEmpty ? from : day(values[7]), from <= to
    else {
      findings.add(
        row.finding(
          "bad-batch-dates", at: day(values[6]) == nil ? 6 : 7,
          message:
            "A batch lasts from one day to the same or a later day, written as in the registry",
          hint: "correct the columns from and to, as in 2024-10-15"))
      return nil
    }
    if Province(named: values[4]) == nil {
      findings.add(
        row.finding(
          Province.unknown, .warning, at: 4, message: Province.rule,
          hint: Province.hint(for: values[4])))
    }
    return Batch(
      code: values[0], requestedBy: values[1], kind: kind, regency: values[3],
      province: values[4], place: values[5], from: from, to: to, location: row.location)
  }

  private static func day(_ text: String) -> CalendarDate? {
    do {
      return try RegistryDate.parse(Array(text.utf8)[...])
    } catch {
      return nil
    }
  }
}

extension Batch.Kind {
  /// The kind that a word says, or else the requesting party's name; nil where neither tells.
  public init?(_ word: String, requestedBy name: String) {
    let words: [(Batch.Kind, Set<String>)] = [
      (
        .agency,
        [
          "agency", "dinas", "instansi", "pemerintah", "kementerian", "balai", "badan",
          "disperindag",
          "bappeda", "dekranasda", "universitas", "politeknik", "smk",
        ]
      ),
      (
        .group,
        [
          "group", "kelompok", "paguyuban", "sanggar", "koperasi", "komunitas", "kub", "asosiasi",
          "sentra", "rumah", "perkumpulan",
        ]
      ),
    ]
    let said = headerKey(word.isEmpty ? name : word).split(separator: "_").map(String.init)
    let wanted = word.isEmpty ? said.prefix(2) : said[...]
    guard let kind = words.first(where: { !$0.1.isDisjoint(with: wanted) })?.0 else { return nil }
    self = kind
  }
}
