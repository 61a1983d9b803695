"""The fonts that the browser finds: those of one set, whatever else this machine has."""

from pathlib import Path

# The families of a set by what asks for them, and the folders of Debian's packages.
SETS = {
    "dejavu": ("DejaVu Sans", "DejaVu Serif", "DejaVu Sans Mono", ["truetype/dejavu"]),
    "noto": ("Noto Sans", "Noto Serif", "Noto Sans Mono CJK JP", ["truetype/noto", "opentype/noto"]),
}


def settings(name, folder):
    """Writes a configuration for fontconfig; returns its file."""
    sans, serif, mono, folders = SETS[name]
    folders = [Path("/usr/share/fonts", each) for each in folders]
    for each in folders:
        assert any(each.glob("*.[to]t[fc]")), f"{each} has no fonts: bin/test installs them"
    families = {"sans-serif": sans, "system-ui": sans, "serif": serif, "monospace": mono}
    aliases = "".join(
        f"<alias binding='strong'><family>{generic}</family><prefer><family>{family}</family></prefer></alias>"
        for generic, family in families.items())
    file = folder / "fonts.conf"
    file.write_text(
        "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'fonts.dtd'><fontconfig>"
        f"{''.join(f'<dir>{each}</dir>' for each in folders)}<cachedir>{folder}/cache</cachedir>{aliases}"
        # What asks for no family, or for one that is not there, gets the first one and not the alphabet's.
        f"<match><edit name='family' mode='append_last'><string>{sans}</string></edit></match></fontconfig>",
        encoding="utf-8")
    return file
