"""Join the design system's packages into the files that a browser gets: one stylesheet, htmx and the fonts.

Run by `make look` after `npm ci`. Nothing of a third party is committed: what is written here is ignored by git
and travels in the wheel.
"""

import json
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
STATIC = ROOT / "app" / "web" / "static"
BUILD = STATIC / "build"

TOKENS = "@nl-design-system-unstable/voorbeeld-design-tokens"
FONT = "@fontsource/fira-sans"
WEIGHTS = (400, 700)
SUBSETS = ("latin-ext", "latin")

# The basis tokens are what our own stylesheets build on, so they stay even when no component reads them.
KEPT = re.compile(r"--(basis|voorbeeld)-")
DECLARED = re.compile(r"(--[\w-]+)\s*:\s*([^;]+);")
READ = re.compile(r"var\(\s*(--[\w-]+)")


def main() -> None:
    """Write the build folder anew, so that nothing of an older look stays behind."""
    shutil.rmtree(BUILD, ignore_errors=True)
    (BUILD / "fonts").mkdir(parents=True)
    components = "\n".join(_component(name) for name in _components())
    own = "\n".join(path.read_text("utf-8") for path in sorted(STATIC.glob("*.css")))
    look = "\n".join((_notice(), _fonts(), _tokens(components + own), components))
    (BUILD / "look.css").write_text(look, "utf-8")
    shutil.copy(PACKAGES / "htmx.org" / "dist" / "htmx.min.js", BUILD)
    print(f"The look: {len(look) // 1024} KB of style, {len(list((BUILD / 'fonts').glob('*.woff2')))} fonts.")


def _components() -> list[str]:
    """Name the component packages in the order of package.json; what stands later wins in the cascade."""
    wanted: dict[str, str] = json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"]
    return [name for name in wanted if name.startswith("@utrecht/")]


def _component(name: str) -> str:
    return (PACKAGES / name / "dist" / "index.min.css").read_text("utf-8").strip()


def _tokens(style: str) -> str:
    """Keep the tokens that some style reads, by itself or through another token: a third of the whole."""
    theme = (PACKAGES / TOKENS / "dist" / "theme.css").read_text("utf-8")
    values = {name: value.strip() for name, value in DECLARED.findall(theme)}
    waiting = {name for name in values if KEPT.match(name)} | set(READ.findall(style))
    kept: set[str] = set()
    while waiting:
        kept |= waiting
        waiting = {read for name in waiting for read in READ.findall(values.get(name, ""))} - kept
    rows = "".join(f"{name}:{value};" for name, value in values.items() if name in kept)
    return f":root{{{rows}}}"


def _fonts() -> str:
    """Copy the fonts, with their licence beside them, and say where they are."""
    folder = PACKAGES / FONT
    letters: dict[str, str] = json.loads((folder / "unicode.json").read_text("utf-8"))
    shutil.copy(folder / "LICENSE", BUILD / "fonts")
    faces = []
    for subset in SUBSETS:
        for weight in WEIGHTS:
            for style in ("normal", "italic"):
                file = f"fira-sans-{subset}-{weight}-{style}.woff2"
                shutil.copy(folder / "files" / file, BUILD / "fonts")
                faces.append(
                    f"@font-face{{font-family:'Fira Sans';font-style:{style};font-weight:{weight};font-display:swap;"
                    f"src:url(fonts/{file}) format('woff2');unicode-range:{letters[subset]}}}"
                )
    return "\n".join(faces)


def _notice() -> str:
    names = [*_components(), TOKENS, FONT]
    rows = (json.loads((PACKAGES / name / "package.json").read_text("utf-8")) for name in names)
    lines = "\n".join(f" * {row['name']} {row['version']}, {row['license']}" for row in rows)
    return f"/*! Built from these packages, each under its own licence:\n{lines}\n */"


if __name__ == "__main__":
    main()
