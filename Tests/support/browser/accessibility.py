"""axe-core, run on the page that the browser shows."""

from importlib.resources import files

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RUN = """
axe.run(document, {
  resultTypes: ["violations"],
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}).then(({ violations }) => violations.flatMap(({ id, help, nodes }) =>
  nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target.join(" ")}: ${failureSummary}`)))
"""


def violations(visitor):
    # Through the debugger, which the page's security policy does not bind.
    if not visitor.run("return 'axe' in window"):
        visitor.cdp("Runtime.evaluate", expression=AXE)
    reply = visitor.cdp("Runtime.evaluate", expression=RUN, awaitPromise=True, returnByValue=True)
    assert "exceptionDetails" not in reply, reply
    return reply["result"]["value"]
