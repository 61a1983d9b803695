import Content
import Diagnostics
import Foundation
import TestSupport
import Testing

/// An SVG is a picture and nothing else, whatever its tags and attributes are called.
@Suite struct SVGTests {
  private static let xmlns =
    "xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\""

  private func findings(_ svg: String) -> [Diagnostic] {
    SVGPicture(Array(svg.utf8), path: "a.svg").findings
  }

  /// A picture whose second line is this, with a place for attributes in the third.
  private func inside(_ line: String) -> [Diagnostic] {
    findings("<svg \(Self.xmlns)>\n\(line)\n</svg>\n")
  }

  @Test(arguments: [
    // Scripts, and what runs or loads, under every name.
    "<script>1</script>", "<script/>", "<SCRIPT/>",
    "<s:script xmlns:s=\"http://www.w3.org/2000/svg\"/>",
    "<x:script xmlns:x=\"urn:x\"/>", "<h:script xmlns:h=\"http://www.w3.org/1999/xhtml\"/>",
    "<h:p xmlns:h=\"http://www.w3.org/1999/xhtml\"/>",
    "<p xmlns=\"http://www.w3.org/1999/xhtml\"/>",
    "<math xmlns=\"http://www.w3.org/1998/Math/MathML\"/>", "<foreignObject/>", "<foreignobject/>",
    "<iframe/>", "<embed/>", "<object/>", "<audio/>", "<video/>", "<handler/>", "<link/>",
    "<g><g><g><script/></g></g></g>", "<switch><foreignObject/></switch>", "<defs><script/></defs>",
    // Event attributes.
    "<g onload=\"x\"/>", "<g ONLOAD=\"x\"/>", "<g onclick=''/>", "<g on='x'/>",
    "<animate onbegin=\"x\"/>",
    "<g x:onload=\"x\" xmlns:x=\"urn:x\"/>", "<g onload = \"x\"/>",
    "<g id=\"&#34;\" onload=\"x\"/>",
    // References to elsewhere.
    "<a href=\"https://evil.example\"/>", "<a xlink:href=\"https://evil.example\"/>",
    "<a y:href=\"//evil.example\" xmlns:y=\"http://www.w3.org/1999/xlink\"/>",
    "<a HREF=\"http://x\"/>",
    "<a href=\"javascript:x\"/>", "<a href=\"JaVaScRiPt:x\"/>", "<a href=\"&#106;avascript:x\"/>",
    "<a href=\"java&#x0A;script:x\"/>",
    "<a href=\" &#1;javascript:x\"/>".replacing("&#1;", with: "&#9;"),
    "<a href=\"vbscript:x\"/>", "<a href=\"data:text/html,x\"/>",
    "<a href=\"data:image/svg+xml,x\"/>",
    "<a href=\"DATA:text/html;base64,AA\"/>", "<a href=\"/\\evil.example\"/>",
    "<a href=\"\\\\evil.example\"/>",
    "<a href=\"&#9;//evil.example\"/>", "<a href=\"/&#9;/evil.example\"/>",
    "<a href=\"mailto:a@b\"/>",
    "<a ping=\"https://x\" href=\"#a\"/>", "<use href=\"https://x/y.svg#a\"/>",
    "<use xlink:href=\"data:x\"/>",
    "<image href=\"https://x/y.png\"/>", "<image xlink:href=\"ftp://x\"/>",
    "<feImage href=\"//x\"/>",
    "<g xml:base=\"https://x/\"/>", "<img src=\"https://x\"/>", "<cursor xlink:href=\"http://x\"/>",
    "<linearGradient href=\"https://x#a\"/>", "<textPath href=\"https://x#a\"/>",
    // Animated references.
    "<set attributeName=\"href\" to=\"x\"/>",
    "<animate attributeName=\"xlink:href\" values=\"x\"/>",
    "<animate attributeName=\" HREF \"/>", "<set attributeName=\"onload\" to=\"x\"/>",
    "<animateTransform attributeName=\"href\"/>",
    "<set attributeName=\"fill\" to=\"javascript:x\"/>",
    "<animate attributeName=\"fill\" to=\"url(https://x)\"/>",
    // Style sheets.
    "<style>@import 'x.css';</style>", "<style>@IMPORT url(https://x)</style>",
    "<style>a{fill:url(https://x)}</style>", "<style>a{fill:url( \"https://x\" )}</style>",
    "<style>a{fill:URL('//x')}</style>", "<style><![CDATA[a{fill:url(http://x)}]]></style>",
    "<style>a{fill:ur<!-- -->l(http://x)}</style>", "<style>a{fill:\\75rl(http://x)}</style>",
    "<style>a{fill:\\000075 rl(http://x)}</style>", "<style>a{fill:u\\rl(http://x)}</style>",
    "<style>@\\69mport 'x'</style>", "<style>a{fill:url(ht\\74p://x)}</style>",
    "<style>a{fill:url(&#104;ttp://x)}</style>", "<style>a{fill:url(https://x</style>",
    "<style>a{b:image-set(\"https://x\" 1x)}</style>", "<style>a{b:image('//x')}</style>",
    "<style>a{b:url(data:image/svg+xml,x)}</style>", "<style>a{b:url(javascript:x)}</style>",
    "<style>\"/*\" a{b:url(https://x)} \"*/\"</style>", "<STYLE>a{b:url(https://x)}</STYLE>",
    "<s:style xmlns:s=\"http://www.w3.org/2000/svg\">a{b:url(https://x)}</s:style>",
    "<style>ur<g/>l(https://x)</style>", "<style>@font-face{src:url(https://x/f.woff)}</style>",
    "<g style=\"fill:url(https://x)\"/>", "<g style=\"fill:url(&quot;//x&quot;)\"/>",
    "<g fill=\"url(https://x#a)\"/>", "<g filter=\"url(//x#a)\"/>",
    "<g mask=\"\\75rl(http://x)\"/>",
    "<g cursor=\"url(https://x), auto\"/>", "<g clip-path=\"url('https://x')\"/>",
    // What comes before the picture is drawn.
    "<?xml-stylesheet href=\"x.css\"?>", "<?XML-STYLESHEET href=\"https://x\"?>",
  ])
  func whatIsMoreThanAPictureIsFoundAtItsLine(line: String) {
    let found = inside(line)
    #expect(Set(found.map(\.id.name)) == ["unsafe-svg"], "\(line)")
    for finding in found {
      guard case .line(let number, let column) = finding.location.place else {
        Issue.record("no line: \(finding)")
        continue
      }
      #expect(number == 2 && column >= 1 && column <= line.count + 1, "\(line)")
      #expect(finding.severity == .error && finding.excerpt?.line == line)
    }
  }

  @Test(arguments: [
    "", "<g id=\"a\"/><use href=\"#a\"/>", "<use xlink:href=\"#a\"/>", "<a href=\"/verify/\"/>",
    "<g fill=\"url(#g)\"/>",
    "<style>a { fill: url(#g); font: 13px sans-serif }</style>", "<style>a{b:url(\"#g\")}</style>",
    "<style>/* https://x */ a::before{content:\"Note: b\"}</style>",
    "<image href=\"data:image/png;base64,AAAA\"/>",
    "<style>@font-face{src:url(data:font/woff2;base64,AAAA)}</style>",
    "<title>javascript: and https://x</title>",
    "<text>on &lt;script&gt; @import url(https://x)</text>",
    "<animate attributeName=\"x\" values=\"0;1\"/>",
    "<metadata xmlns:r=\"urn:r\"><r:a r:resource=\"https://x\"/></metadata>",
    "<g only=\"x\"/>".replacing("only", with: "class"),
    "<?xpacket begin=\"x\"?>", "<!-- <script/> https://x -->", "<desc>a &#38; b</desc>",
    "<g aria-label=\"5: o'clock\"/>",
    "<path d=\"M0 0L1 1\" style=\"stroke-width:2;fill:none\"/>",
    "<g xmlns:i=\"http://www.inkscape.org/x\" i:label=\"A\"/>",
  ])
  func whatIsAPictureIsNone(line: String) {
    #expect(inside(line).map(\.message) == [])
  }

  @Test(arguments: [
    ("<svg \(xmlns)><g></svg>", "malformed-svg", "1:"),
    ("<svg \(xmlns)>\n<g a=1/></svg>", "malformed-svg", "2:"),
    ("<svg \(xmlns)>\n\n&nbsp;</svg>", "malformed-svg", "3:"), ("", "malformed-svg", "1:"),
    ("PNG", "malformed-svg", "1:"),
    ("<svg/>", "malformed-svg", "1:1"),
    ("<html xmlns=\"http://www.w3.org/1999/xhtml\"/>", "malformed-svg", "1:1"),
    ("\n<svg \(xmlns)><x:g/></svg>", "malformed-svg", "2:"),
    ("<svg \(xmlns)>\u{1}</svg>", "malformed-svg", "1:"),
    ("<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n<svg \(xmlns)/>", "malformed-svg", "1:1"),
    ("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n<svg \(xmlns)/>", "malformed-svg", "1:1"),
    (
      "<?xml version=\"1.0\"?>\r\n  <!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\"\r\n\"x.dtd\">\n<svg \(xmlns)/>",
      "unsafe-svg", "2:3"
    ),
    (
      "<!DOCTYPE svg [<!ENTITY a \"b\"><!ENTITY c \"&a;&a;\">]>\n<svg \(xmlns)>&c;</svg>",
      "unsafe-svg", "1:"
    ),
    (
      "\n<!DOCTYPE svg [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><svg \(xmlns)>&e;</svg>",
      "unsafe-svg", "2:"
    ),
    (
      "<?xml version=\"1.0\"?>\n<?xml-stylesheet href=\"x.css\"?>\n<svg \(xmlns)/>", "unsafe-svg",
      "2:1"
    ),
    ("<svg \(xmlns)>\n<g\n id=\"a\"\n  onload=\"x\"/></svg>", "unsafe-svg", "4:3"),
    ("<svg \(xmlns)>\n<g id=\"é\" onload=\"x\"/></svg>", "unsafe-svg", "2:11"),
    ("<svg \(xmlns)>\n<style>\na{}\n  b{c:url(https://x)}</style></svg>", "unsafe-svg", "4:1"),
    ("<svg \(xmlns) onload=\"x\"/>", "unsafe-svg", "1:"),
  ])
  func aFileThatIsNoPictureIsRefusedAtItsPlace(svg: String, id: String, place: String) throws {
    let found = findings(svg)
    #expect(found.map(\.id.name) == [id])
    #expect(try #require(found.first).location.description.hasPrefix("a.svg:\(place)"))
  }

  @Test func onlyUTF8IsRead() throws {
    for encoding in [String.Encoding.utf16, .utf16LittleEndian, .utf16BigEndian, .utf32] {
      let data = try #require("<svg \(Self.xmlns) id=\"é\"/>".data(using: encoding))
      #expect(!SVGPicture(Array(data), path: "a.svg").findings.isEmpty, "\(encoding)")
    }
    let latin = Array("<svg \(Self.xmlns)>\n<g id=\"".utf8) + [0xE9] + Array("\"/></svg>".utf8)
    #expect(
      SVGPicture(latin, path: "a.svg").findings.map { "\($0.location) \($0.id.name)" } == [
        "a.svg:2:8 not-utf8"
      ])
    #expect(findings("\u{FEFF}<?xml version='1.0' encoding='utf-8'?><svg \(Self.xmlns)/>").isEmpty)
  }

  @Test func readingIsBounded() {
    let clock = ContinuousClock()
    let start = clock.now
    let deep = String(repeating: "<g>", count: 10_000)
    #expect(inside(deep).map(\.id.name) == ["malformed-svg"])
    let nested = String(repeating: "<g>", count: 200) + String(repeating: "</g>", count: 200)
    #expect(inside(nested).isEmpty)
    #expect(inside(String(repeating: "<script/>", count: 10_000)).count == 20)
    #expect(inside("<g \((0..<500).map { "on\($0)=''" }.joined(separator: " "))/>").count == 20)
    #expect(
      inside("<style>" + String(repeating: "url(https://x)", count: 2000) + "</style>").count == 20)
    #expect(inside("<style>" + String(repeating: "url(  '", count: 5000) + "</style>").isEmpty)
    #expect(findings("<svg \(Self.xmlns)>" + String(repeating: " ", count: 10_000_000)).count == 1)
    #expect(start.duration(to: clock.now) < .seconds(60))
  }

  @Test func thePicturesOfTheSpecimenAreSafe() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let assets = root.appending(path: "templates/assets")
    let names = try FileManager.default.subpathsOfDirectory(atPath: assets.path)
      .filter { $0.hasSuffix(".svg") }
    #expect(names.count >= 3)
    for name in names + ["../../docs/pictures/growth.svg"] {
      let bytes = Array(try Data(contentsOf: assets.appending(path: name)))
      #expect(SVGPicture(bytes, path: name).findings.map(\.message) == [], "\(name)")
    }
  }
}
