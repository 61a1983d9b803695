/// The columns a registry may have.
public enum Column: Int, Sendable, CaseIterable {
  case number, revision, registration, holder, scheme, issued, expires
  case status, statusDate, statusReason, supersededBy
  case regency, province, batch, assessor, listed

  /// The name in a header row.
  public var name: String {
    switch self {
    case .number: "number"
    case .revision: "revision"
    case .registration: "registration"
    case .holder: "holder"
    case .scheme: "scheme"
    case .issued: "issued"
    case .expires: "expires"
    case .status: "status"
    case .statusDate: "status_date"
    case .statusReason: "status_reason"
    case .supersededBy: "superseded_by"
    case .regency: "regency"
    case .province: "province"
    case .batch: "batch"
    case .assessor: "assessor"
    case .listed: "listed"
    }
  }

  /// What offices call the columns, by header key. Two columns for one are an error, so no word stands here
  /// that means another thing elsewhere.
  static let otherNames: [String: Column] = {
    let names: [(Column, String)] = [
      (
        .number,
        "no_sertifikat nomor_sertifikat nomor_sertifikat_bnsp no_sertifikat_bnsp no_seri_sertifikat no_blanko"
          + " nomor_blanko no_sertifikat_kompetensi nomor_sertifikat_kompetensi no_seri nomor_seri"
          + " nosertifikat certificate_number certificate_no cert_no sertifikat"
      ),
      (.revision, "revisi revisi_ke"),
      (
        .registration,
        "no_registrasi nomor_registrasi no_reg nomor_reg noreg no_register nomor_register registration_number"
          + " registration_no registrasi"
      ),
      (
        .holder,
        "nama nama_peserta nama_peserta_uji nama_asesi_peserta nama_lengkap_peserta nama_pemilik_sertifikat nama_pemegang nama_pemegang_sertifikat nama_asesi nama_lengkap nama_penerima pemegang"
          + " peserta asesi name holder_name full_name"
      ),
      (
        .scheme,
        "skema skema_uji skema_sertifikat skema_sertifikasi nama_skema kode_skema judul_skema skema_kompetensi certification_scheme scheme_code"
      ),
      (
        .issued,
        "tgl_terbit tanggal_terbit tgl_penerbitan tanggal_penerbitan tgl_sertifikat tanggal_sertifikat"
          + " tgl_terbit_sertifikat tanggal_terbit_sertifikat terbit diterbitkan issue_date date_of_issue issued_on"
      ),
      (
        .expires,
        "berlaku_s_d berlaku_sd masa_berlaku_sertifikat valid_s_d tgl_berlaku_s_d tanggal_berlaku_s_d tgl_berlaku_sampai berlaku_sampai berlaku_sampai_dengan berlaku_hingga masa_berlaku"
          + " masa_berlaku_s_d masa_berlaku_sampai masa_berlaku_hingga tgl_berakhir tanggal_berakhir tgl_kedaluwarsa"
          + " tanggal_kedaluwarsa tgl_kadaluarsa tanggal_kadaluarsa kedaluwarsa expiry expiry_date valid_until"
          + " valid_to expires_on"
      ),
      (.status, "status_sertifikat"),
      (
        .statusDate,
        "tgl_status tanggal_status tgl_pencabutan tanggal_pencabutan tgl_dicabut tanggal_dicabut tgl_pembekuan"
          + " tanggal_pembekuan"
      ),
      (.statusReason, "keterangan alasan catatan keterangan_status alasan_status remarks reason"),
      (.supersededBy, "digantikan_oleh pengganti no_pengganti nomor_pengganti replaced_by"),
      (
        .regency,
        "kab_kota kabupaten_kota kota_kabupaten kota_kab kabkota kabupaten kota kab_kota_domisili city"
      ),
      (.province, "provinsi propinsi prov"),
      (
        .batch,
        "kode_uji kode_batch no_batch batch_uji kode_kegiatan kode_angkatan angkatan gelombang"
      ),
      (.assessor, "asesor assesor nama_asesor no_asesor nomor_asesor no_met nomor_met met"),
      (.listed, "tampil ditampilkan bersedia_ditampilkan setuju_ditampilkan direktori"),
    ]
    return Dictionary(
      names.flatMap { column, words in
        words.split(separator: " ").map { (String($0), column) }
      }, uniquingKeysWith: { first, _ in first })
  }()

  /// Header keys of columns that say nothing of a certificate: numbers of rows, and what batches say.
  static let leftOut: Set<String> = [
    "no", "nomor", "no_urut", "nomor_urut", "urut", "nr", "row", "tuk", "nama_tuk", "tempat_uji",
    "tempat_uji_kompetensi", "lokasi_uji", "tempat_asesmen",
  ]

  /// Every certificate has a value in these.
  static let required: [Column] = [.number, .holder, .scheme, .issued]
}

/// What to do with one column of the file.
enum ColumnUse: Equatable {
  case read(Column)
  /// The project says to pass it over.
  case ignored
  /// Personal data that is not printed: its values are never taken out of the file's buffer.
  case personal
  /// A column without a name, as spreadsheets add at the end: it has to be empty.
  case unnamed
}

/// A header cell reduced to what counts: lowercase words joined by `_`, without what stands in brackets behind
/// others.
func headerKey(_ header: String) -> String {
  let bare = header.prefix { $0 != "(" }
  let counted = bare.contains(where: \.isLetter) ? String(bare) : header
  return counted.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "_")
}
