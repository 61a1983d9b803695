/// What the preview adds to pages: a script that reloads them and shows what is wrong.
enum PreviewAssets {
  /// Tells this run of the program from an earlier one, whose pages may still be open.
  private static let run = String(UInt64.random(in: 0...UInt64.max), radix: 36)

  static func head(version: Int) -> String {
    """
    <meta name="canting-version" content="\(version)">
    <link rel="stylesheet" href="/.canting/preview.css">
    <script type="module" src="/.canting/preview.js"></script>

    """
  }

  /// Before the project could be read for the first time.
  static let waiting = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <title>Preview</title>
    </head>
    <body>
    </body>
    </html>
    """

  static let script = """
    const run = '\(run)';
    const shown = Number(document.querySelector('meta[name="canting-version"]').content);

    function overlay(findings) {
      document.querySelector('canting-findings')?.remove();
      if (findings.length === 0) return;
      const box = document.createElement('canting-findings');
      box.setAttribute('role', 'alert');
      const title = document.createElement('h2');
      title.textContent = findings.length === 1 ? 'One thing to mend' : `${findings.length} things to mend`;
      box.append(title);
      for (const finding of findings) {
        const text = document.createElement('pre');
        text.textContent = finding;
        box.append(text);
      }
      document.body.append(box);
    }

    // Loading a page that is being left anew would bring somebody back who has just gone on.
    let left = -Infinity;
    addEventListener('beforeunload', () => { left = performance.now(); });
    function reload() {
      const wait = left + 2000 - performance.now();
      if (wait > 0) setTimeout(reload, wait);
      else location.reload();
    }

    if (location.pathname !== '/.canting/') {
      const link = document.createElement('canting-link');
      const lead = document.createElement('a');
      lead.href = '/.canting/';
      lead.textContent = document.documentElement.lang === 'id' ? 'Pengumuman' : 'Announcements';
      link.append(lead);
      document.body.append(link);
    }

    const events = new EventSource('/.canting/events');
    let isOpen = false;
    events.onopen = async () => {
      if (isOpen) {
        // Another run may have taken this one's place, and counts its versions anew.
        const script = await fetch(import.meta.url).then((answer) => answer.text(), () => run);
        if (!script.includes(run)) {
          events.close();
          reload();
        }
      }
      isOpen = true;
    };
    events.onmessage = (event) => {
      const state = JSON.parse(event.data);
      if (state.version !== shown) {
        events.close();
        reload();
        return;
      }
      overlay(state.findings);
    };

    """

  static let style = """
    canting-findings {
      position: fixed; inset: auto 0 0 0; z-index: 2147483647; display: block; max-height: 70vh;
      overflow: auto; padding: 1rem 1.5rem; background: #2b0f12; color: #fff4f0;
      border-top: 4px solid #ff6b57; font: 15px/1.5 system-ui, sans-serif;
    }
    canting-link {
      position: fixed; inset: auto .75rem .75rem auto; z-index: 2147483646; display: block;
    }
    canting-link a {
      display: block; padding: .35rem .8rem; border-radius: 999px; background: #17234a; color: #fff;
      border: 1px solid #e3b982; font: 14px/1.5 system-ui, sans-serif; text-decoration: none;
    }
    @media print { canting-link { display: none; } }
    .canting-desk { margin: 0; background: #f7f3ea; color: #1c2033; font: 16px/1.5 system-ui, sans-serif; }
    .canting-desk main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
    .canting-desk a { color: #17234a; }
    .canting-desk h1 { margin: .25rem 0 1rem; font-size: 1.7rem; }
    .canting-desk h2 { margin: 0; flex-basis: 100%; font-size: 1.1rem; }
    .canting-desk form {
      display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; margin: 0 0 1.5rem; padding: 1rem;
      background: #fff; border: 1px solid #d8cfbb; border-radius: 6px;
    }
    .canting-desk label { display: grid; gap: .2rem; font-size: .9rem; }
    .canting-desk label:first-of-type { flex: 1 1 18rem; }
    .canting-desk :is(input, select, button) { box-sizing: border-box; height: 2.5rem; padding: .3rem .7rem; font: inherit; }
    .canting-desk button { background: #17234a; color: #fff; border: 0; border-radius: 4px; }
    .canting-desk .notice { padding: .75rem 1rem; background: #fff; border-inline-start: 4px solid #2d7a4b; }
    .canting-desk table { width: 100%; border-collapse: collapse; }
    .canting-desk :is(th, td) { padding: .5rem .6rem .5rem 0; text-align: start; vertical-align: top; border-bottom: 1px solid #d8cfbb; }
    .canting-desk code { font-size: .82rem; color: #5b5f70; overflow-wrap: anywhere; }
    .canting-desk .notice code { color: inherit; }
    .canting-desk :is(.draft, .future) td:nth-child(2) { color: #8a4b00; font-weight: 600; }
    .canting-desk .expired { color: #5b5f70; }
    @media (prefers-color-scheme: dark) {
      .canting-desk { background: #12162a; color: #ece7da; }
      .canting-desk a { color: #e3b982; }
      .canting-desk :is(form, .notice) { background: #1b2140; border-color: #3a4270; }
      .canting-desk :is(th, td) { border-color: #3a4270; }
      .canting-desk :is(code, .expired) { color: #b3b1c4; }
      .canting-desk :is(.draft, .future) td:nth-child(2) { color: #ffc680; }
    }
    canting-findings h2 { margin: 0 0 .5rem; font-size: 1.1rem; color: #ffb3a6; }
    canting-findings pre {
      margin: 0 0 1rem; padding: 0; background: none; color: inherit; white-space: pre-wrap;
      font: 14px/1.4 ui-monospace, monospace;
    }

    """

  /// Content types by the ending of a file's name.
  static let types = [
    "css": "text/css", "js": "text/javascript", "json": "application/json",
    "jsonld": "application/ld+json", "xml": "application/xml", "txt": "text/plain",
    "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg",
    "gif": "image/gif", "webp": "image/webp", "pdf": "application/pdf", "ico": "image/x-icon",
    "woff2": "font/woff2", "wasm": "application/wasm",
  ]
}
