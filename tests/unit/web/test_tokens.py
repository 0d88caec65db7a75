"""What the eye needs, computed: contrast, size, and nothing that is not a token."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[3] / "src/vernal/web"
CSS = WEB / "static/vernal"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
SERVED = ["tokens.css", "base.css", "components.css", "print.css"]

TEXT = 4.5  # WCAG 2.2 AA, 1.4.3: text
SHAPE = 3.0  # WCAG 2.2 AA, 1.4.11: borders of inputs, shapes that carry meaning, focus

GROUNDS = ("paper", "sheet", "sunk")
PAIRS = [
    *((word, ground, TEXT) for word in ("ink", "ink-soft") for ground in GROUNDS),
    *((word, ground, TEXT) for word in ("leaf", "leaf-deep") for ground in GROUNDS),
    *(("ink", tint, TEXT) for tint in ("leaf-tint", "amber-tint", "red-tint")),
    *((word, "leaf-tint", TEXT) for word in ("ink-soft", "leaf", "leaf-deep")),
    *(("amber-ink", ground, TEXT) for ground in (*GROUNDS, "amber-tint")),
    *(("red-ink", ground, TEXT) for ground in (*GROUNDS, "red-tint")),
    ("on-leaf", "leaf", TEXT),
    ("on-leaf", "leaf-deep", TEXT),
    ("on-red", "red", TEXT),
    ("on-red", "red-ink", TEXT),
    *(("edge", ground, SHAPE) for ground in ("paper", "sheet")),
    *(("leaf", ground, SHAPE) for ground in (*GROUNDS, "leaf-tint")),
    *(("amber", ground, SHAPE) for ground in ("paper", "sheet", "amber-tint")),
    *(("red", ground, SHAPE) for ground in ("paper", "sheet", "red-tint")),
    *(("focus", ground, SHAPE) for ground in (*GROUNDS, "leaf-tint", "amber-tint", "red-tint")),
]


def room(name: str) -> dict[str, str]:
    """The colours of one room, as `--name: #rrggbb` in tokens.css."""
    block = re.search(
        rf'\[data-room="{name}"\] \{{(.*?)\n\}}', (CSS / "tokens.css").read_text(), re.S
    )
    assert block, f"tokens.css has no room {name!r}"
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block.group(1)))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_as_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # published example


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("word", "ground", "least"), PAIRS)
def test_pair_can_be_read(name: str, word: str, ground: str, least: float) -> None:
    colours = room(name)

    found = contrast(colours[word], colours[ground])

    assert found >= least, f"--{word} on --{ground} in the {name} room: {found:.2f}"


def test_both_rooms_have_the_same_colours() -> None:
    assert room("light").keys() == room("dark").keys()


@pytest.mark.parametrize("name", ["base.css", "components.css", "styleguide.css"])
def test_colours_stand_in_tokens_alone(name: str) -> None:
    found = re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(", (CSS / name).read_text())

    assert not found


@pytest.mark.parametrize("name", [*SERVED, "styleguide.css"])
def test_every_variable_in_use_is_defined(name: str) -> None:
    everything = "".join((CSS / file).read_text() for file in SERVED)
    defined = set(re.findall(r"(--[\w-]+):", everything))

    # var(--mark, …) has a fallback, so it may stay undefined
    used = set(re.findall(r"var\((--[\w-]+)\)", (CSS / name).read_text()))

    assert used <= defined


@pytest.mark.parametrize("name", [name for name in SERVED if name != "print.css"])
def test_text_is_never_below_16_px(name: str) -> None:
    for size, unit in re.findall(
        r"font(?:-size)?:[^;]*?\b([\d.]+)(rem|px)\b", (CSS / name).read_text()
    ):
        assert float(size) * (16 if unit == "rem" else 1) >= 16


def test_style_sheets_stay_small() -> None:
    assert sum((CSS / name).stat().st_size for name in SERVED) < 30 * 1024


@pytest.mark.parametrize(
    "path", sorted((WEB / "templates/components").glob("*.html")), ids=lambda path: path.name
)
def test_component_says_how_to_use_it(path: Path) -> None:
    assert path.read_text().startswith("{% comment %}")


def test_icons_named_in_templates_are_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="(\w+)"', (CSS / "icons.svg").read_text()))
    asked = {
        name
        for path in TEMPLATES
        for name in re.findall(r'icon\.html" with name="(\w+)"', path.read_text())
    }

    assert asked <= drawn
