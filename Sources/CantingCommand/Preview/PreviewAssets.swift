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
