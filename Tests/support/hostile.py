"""Texts that try to become more than text on a page."""

HOLDERS = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>",
    "' onmouseover='alert(1)",
    "\" autofocus onfocus=\"alert(1)",
    "</title></head><body onload=alert(1)>",
    "</template></main></body><h1>VALID</h1>",
    "<!--<script>-->",
    "]]><script>alert(1)</script>",
    "&lt script &gt &amp &copy & &",
    "{{holder}} {{{page.body}}} {{certificate.number}}",
    "{{#site}}x{{/site}} {{> head}} {{=<% %>=}}",
    "{number} {holder} {date} {expires}",
    "\\ < \\ > \\/script \\",
    "${alert(1)} `alert(1)` <%= 1 %>",
    "javascript:alert(1)",
    "Siti 'Cik' \"Mbah\" <Aminah> & Co",
]


NUMBERS = ["1<script>alert(2)</script>", "\"><img src=x onerror=alert(2)>", "{{holder}} & {date}",
           "../../../etc/passwd", "</script>"]


TITLES = ["</title><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
          "</script><!-- & ' \" {{t.home.lead}} {{{page.body}}}", "\\\" \\u003c \\"]


def quoted(text):
    return "'" + text.replace("'", "''") + "'"
