import Content
import Diagnostics
import Testing

/// HTML in texts: the harmless part is read as Markdown would be, and words never vanish.
@Suite struct HTMLInTextTests {
  @Test(arguments: [
    ("Senin<br>Selasa<br/>Rabu\n", "<p>Senin<br />\nSelasa<br />\nRabu</p>\n"),
    ("weeks<sup>M</sup> H<sub>2</sub>O\n", "<p>weeks<sup>M</sup> H<sub>2</sub>O</p>\n"),
    ("a <i>b <B>c</B></i> <s>d</s>\n", "<p>a <em>b <strong>c</strong></em> <del>d</del></p>\n"),
    (
      "<a href='/y' title=\"&quot;T&quot;\" class=x>a *b*</a>\n",
      "<p><a href=\"/y\" title=\"&quot;T&quot;\">a <em>b</em></a></p>\n"
    ),
    ("<p>One &amp; two.</p>\n<p>Three</p>\n", "<p>One &amp; two.</p>\n<p>Three</p>\n"),
    (
      "<h2>A</h2>\n<blockquote>b</blockquote>\n",
      "<h2 id=\"a\">\nA\n</h2>\n<blockquote>\n<p>b</p>\n</blockquote>\n"
    ),
    (
      "<ul><li>a</li><li>b<ol start=3><li>c</ol></ul>\n",
      "<ul>\n<li>a</li>\n<li>b\n<ol start=\"3\">\n<li>c</li>\n</ol>\n</li>\n</ul>\n"
    ),
    ("<pre>a  &lt;b\n  c</pre>\n", "<pre><code>a  &lt;b\n  c</code></pre>\n"),
    (
      "<figure><img src=/a.png alt=\"A\"><figcaption>It <b>is</b></figcaption></figure>\n",
      "<figure>\n<p><img src=\"/a.png\" alt=\"A\" /></p>\n<figcaption>\nIt <strong>is</strong>\n</figcaption>\n</figure>\n"
    ),
    (
      "<details><summary>More</summary>\n\nIn *Markdown*.\n\n</details>\n\nAfter\n",
      "<details>\n<summary>\nMore\n</summary>\n<p>In <em>Markdown</em>.</p>\n</details>\n<p>After</p>\n"
    ),
    ("<b><i>a</b></i> b\n", "<p><strong><em>a</em></strong> b</p>\n"),
    ("<p>a<p>b<li>c\n", "<p>a</p>\n<p>b</p>\n<ul>\n<li>c</li>\n</ul>\n"),
    ("<!-- note -->\n\na <!-- b --> c\n", "<p>a  c</p>\n"),
    ("<P ALIGN=center>a</P>\n", "<p>a</p>\n"),
  ])
  func harmlessHTMLIsReadAsMarkdownIs(markdown: String, html: String) throws {
    let text = try MarkdownText(markdown)
    #expect(text.html == html)
    #expect(text.said.isEmpty)
  }

  @Test func aTableOfHTMLIsATable() throws {
    let html = try MarkdownText(
      "<table><caption>Fees</caption><thead><tr><th>What<th align=right>Fee</thead>\n<tr><td>A<br>b<td>100\n<tr><td colspan=2><div>C</div>d</table>\n"
    ).html
    #expect(
      html == """
        <div class="table" role="region" aria-label="Fees" tabindex="0">
        <table>
        <caption>Fees</caption>
        <thead>
        <tr><th scope="col">What</th><th scope="col" class="number">Fee</th></tr>
        </thead>
        <tbody>
        <tr><th scope="row">A<br />
        b</th><td class="number">100</td></tr>
        <tr><th scope="row">C<br />
        d</th><td class="number"></td></tr>
        </tbody>
        </table>
        </div>

        """)
  }

  @Test(arguments: [
    ("<div class=x>Senin</div><div>Selasa</div>\n", "Senin Selasa", "`div`"),
    ("a<font color=red>b</font> <center>c</center>d\n", "ab c d", "`font`, `center`"),
    ("<dl><dt>T<dd>D</dl>\n", "T D", "`dl`, `dt`, `dd`"),
    ("x <video src=a.mp4>Watch <a href=\"/y\">it</a></video>\n", "x Watch it", "`video`"),
    ("<section>\n\nPara *x*\n\n</section>\n", "Para x", "`section`"),
    ("<iframe src=\"https://v.example\"></iframe>\n\nEnd\n", "End", "`iframe`"),
    ("<table><tr><td><p>a</p><ul><li>b</ul></table>\n", "a b", nil),
    ("a <table><tr><td>b<td>c</table> d\n", "a b c d", nil),
    ("<p onclick=\"x()\">a</p>\n", "a", "`onclick`"),
    ("<script>alert(1)</script>\n\na <script>alert(2)</script> b\n", "a b", "`script`"),
    ("<svg><text>x</text></svg>\n\nb\n", "b", "`svg`"),
    ("<?php echo 1 ?>\n\nb\n", "b", "`?php`"),
    ("<custom-tag>a</custom-tag><foo/>b\n", "ab", "`custom-tag`, `foo`"),
  ])
  func wordsStayAndOneWarningSaysWhatGoes(markdown: String, words: String, names: String?) throws {
    let text = try MarkdownText(markdown)
    let shown = text.page.text.plainText { _ in nil }.split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
    #expect(shown == words)
    let plain = text.html.replacing(#/<[^>]*>/#, with: " ").split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
    #expect(plain.replacing(" ", with: "") == words.replacing(" ", with: ""))
    let warnings = text.findings.diagnostics.filter { $0.id == "raw-html" }
    #expect(warnings.count == (names == nil ? 0 : 1))
    if let names { #expect(warnings.first?.message.hasSuffix(": " + names) == true) }
    #expect(RenderedHTML(text.html).problem() == nil)
  }

  /// What HTML says goes through the same checks as Markdown.
  @Test(arguments: [
    ("<a href=\"javascript:alert(1)\">x</a>\n", "unsafe-link 4:1"),
    ("a <a href=\"java&#x0A;script:alert(1)\">x</a>\n", "unsafe-link 4:3"),
    ("<img src=\"https://o.example/x.png\" alt=x>\n", "foreign-image 4:1"),
    ("<p>a\n<img src=/a.png></p>\n", "missing-alternative-text 5:1"),
    ("<a href=\"\">x</a>\n", "broken-link 4:1"), ("<h1>x</h1>\n", "first-level-heading 4:1"),
    ("<p>&#x202E;</p>\n", "forbidden-character 4:4"),
    ("<p>{{ x }}</p>\n", "template-syntax-in-text 4:4"),
    ("a\n\n<!-- b\n\nc\n", "unclosed-comment 6:1"),
    ("<!-- b --> c\n", "raw-html 4:11"),
  ])
  func htmlIsCheckedAsMarkdownIs(markdown: String, said: String) throws {
    let text = try MarkdownText(markdown)
    #expect(text.said == [said])
    #expect(!text.html.contains("javascript") && !text.html.contains("o.example"))
  }

  /// Broken HTML takes no longer than other HTML, and harms nobody.
  @Test(arguments: [
    "<", "<a b=\"", "<!", "<div>\n\n", "<details>\n\n", "<ul><li>", "<table><tr><td>", "<b>",
    "<p><a href=x>",
    "<!--", "<svg>", "</div>", "<b></i>",
  ])
  func htmlTenThousandTimesIsRendered(part: String) throws {
    let text = try MarkdownText("<p>x\n" + String(repeating: part, count: 10_000) + "\n\nend\n")
    #expect(RenderedHTML(text.html).problem() == nil)
  }
}
