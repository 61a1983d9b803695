import Pages
import Testing

@Suite struct TitleLayoutTests {
  private static let room = 1020

  private static let titles = [
    "Selamat", "Hari Batik Nasional", "Certificates with corrected names",
    "Pengumuman tentang perpanjangan masa berlaku sertifikat kompetensi perajin batik tulis",
    "Pertanggungjawabannyakeseluruhannyasekalianselamanya",
    "バティック職人の認定証について、購入者の皆さまへの大切なお知らせ（二〇二六年版）",
    "شهادات حرفيي الباتيك: ما الذي تغير هذا العام؟", "W", "", "   ",
    String(repeating: "panjang ", count: 80), String(repeating: "W", count: 300),
  ]

  @Test(arguments: titles)
  func everyLineFitsAndThereIsRoomForAll(title: String) {
    let layout = TitleLayout(title, width: Self.room)
    #expect(!layout.lines.isEmpty)
    for line in layout.lines {
      #expect(TitleLayout.width(line) * layout.size <= Self.room * 1000)
    }
    #expect(layout.lines.count * layout.size * 118 / 100 <= 340)
  }

  @Test(arguments: titles.dropLast(2))
  func noLetterIsLost(title: String) {
    let layout = TitleLayout(title, width: Self.room)
    let letters = layout.lines.joined().filter { !$0.isWhitespace }
    #expect(letters == title.filter { !$0.isWhitespace })
  }

  @Test func shortTitlesAreLargeAndLongOnesAreCut() {
    #expect(TitleLayout("Selamat", width: Self.room).size == 86)
    let long = TitleLayout(String(repeating: "panjang ", count: 80), width: Self.room)
    #expect(long.size == 44 && long.lines.count == 6)
    #expect(long.lines.last?.hasSuffix("panjang…") == true)
  }

  @Test func linesAreAboutAsLongAsEachOther() {
    let layout = TitleLayout("Sertifikat dengan nama yang diperbaiki", width: Self.room)
    let widths = layout.lines.map { TitleLayout.width($0) }
    #expect(layout.lines.count > 1)
    #expect((widths.min() ?? 0) * 2 > (widths.max() ?? 0))
  }

  @Test func aLineDoesNotBeginWithWhatEndsASentence() {
    for length in 5..<40 {
      let title = String(repeating: "布", count: length) + "。" + String(repeating: "蠟", count: 20)
      let layout = TitleLayout(title, width: Self.room)
      #expect(!layout.lines.contains { $0.hasPrefix("。") })
    }
  }
}
