from __future__ import annotations

import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image

import stslib
from stslib.charts import style
from stslib.charts.style import dutch_decimals, new_figure, to_png

PACKAGE = Path(stslib.__file__).parent


def test_the_colours_are_those_of_the_pages_in_the_light_scheme() -> None:
    light = (PACKAGE / "forms" / "widgets" / "styles" / "tokens.css").read_text(encoding="utf-8").split("}")[0]
    tokens = dict(re.findall(r"--sts-([a-z-]+): light-dark\((#[0-9a-f]{6}),", light))
    names = ("paper", "surface", "sunken", "ink", "muted", "line", "line-strong", "accent", "accent-soft")
    for name in (*names, "earlier", "target", "good", "alert"):
        assert getattr(style, name.upper().replace("-", "_")) == tokens[name], name


def test_the_same_figure_gives_the_same_bytes() -> None:
    def picture() -> bytes:
        figure = new_figure(3, 2)
        figure.add_subplot().plot([0, 1], [0, 1])
        return to_png(figure)

    assert picture() == picture()


def test_a_picture_has_the_size_that_was_asked_for() -> None:
    picture = Image.open(BytesIO(to_png(new_figure(3, 2), dpi=100)))
    assert picture.size == (300, 200)
    assert picture.format == "PNG"


def test_the_background_of_a_picture_is_the_white_of_the_page() -> None:
    figure = new_figure(3, 2)
    figure.add_subplot().plot([0, 1], [0, 1])
    assert Image.open(BytesIO(to_png(figure))).convert("RGB").getpixel((1, 1)) == (255, 255, 255)


def test_a_sign_that_the_font_lacks_and_a_dollar_sign_are_no_problem() -> None:
    figure = new_figure(3, 2)
    figure.text(0.1, 0.5, "klas \U0001f600 $x_{$ \ufdfd")
    assert to_png(figure).startswith(b"\x89PNG")


def test_decimals_are_written_with_a_comma() -> None:
    assert dutch_decimals(1)(1234.56, 0) == "1.234,6"


def test_drawing_never_loads_pyplot() -> None:
    program = (
        "import sys; from stslib.charts import radar, dot_plot, style; "
        "assert 'matplotlib.pyplot' not in sys.modules; assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60, cwd=PACKAGE.parent)
