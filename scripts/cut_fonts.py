"""Cut the fonts of the reports from Source Sans 3 (OFL; `apt-get download fonts-adobe-sourcesans3`).

    python scripts/cut_fonts.py FOLDER_WITH_OTF

Two static weights with the Latin, Greek and Cyrillic letters and the signs of the reports, as TrueType outlines. The
licence reserves the name "Source", so the copies have a name of their own. fontTools is a dependency of WeasyPrint.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

FAMILY = "Vendor Eval Sans"
TARGET = Path(__file__).parent.parent / "vendor_eval" / "reports" / "fonts"
WEIGHTS = {"SourceSans3-Regular.otf": ("Regular", 400), "SourceSans3-Semibold.otf": ("Bold", 700)}
RANGES = ((0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x1E00, 0x1EFF))
SIGNS = (0x2000, 0x22FF), (0x25A0, 0x25FF), (0x2713, 0x2717)
LICENCE = "This Font Software is licensed under the SIL Open Font License, Version 1.1. See OFL.txt."
COPYRIGHT = (
    "Copyright 2010-2023 Adobe (http://www.adobe.com/), with Reserved Font Name 'Source'. "
    "Cut and renamed for vendor_eval."
)


def cut(source: Path, style: str, weight: int) -> None:
    """Write one weight: fewer letters, no feature but kerning and marks, TrueType outlines, our name."""
    options = subset.Options(
        layout_features=["kern", "mark", "mkmk", "ccmp", "locl"], hinting=False, notdef_outline=True
    )
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[code for first, last in (*RANGES, *SIGNS) for code in range(first, last + 1)])
    cutter.subset(font)
    _to_truetype(font)
    add_cross(font)
    _rename(font, style, weight)
    font["head"].created = font["head"].modified = 0
    font.save(TARGET / f"VendorEvalSans-{style}.ttf", reorderTables=True)


def _to_truetype(font: TTFont) -> None:
    glyphs = font.getGlyphSet()
    outlines = {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, max_err=0.8, reverse_direction=True))
        outlines[name] = pen.glyph()
    del font["CFF "]
    order = font.getGlyphOrder()
    font["glyf"] = glyf = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = order, outlines
    font["loca"] = newTable("loca")
    font["maxp"] = maxp = newTable("maxp")
    maxp.tableVersion = 0x00010000
    for what in ("TwilightPoints", "Storage", "FunctionDefs", "InstructionDefs", "StackElements"):
        setattr(maxp, f"max{what}", 0)
    maxp.maxSizeOfInstructions = 0
    maxp.maxZones, maxp.maxComponentElements, maxp.numGlyphs = 1, 0, len(order)
    font["post"].formatType, font["post"].extraNames, font["post"].mapping, font["post"].glyphOrder = 2.0, [], {}, order
    font.sfntVersion = "\000\001\000\000"
    glyf.compile(font)
    metrics = font["hmtx"].metrics
    for name in order:
        metrics[name] = (metrics[name][0], getattr(outlines[name], "xMin", 0) or 0)


def add_cross(font: TTFont) -> None:
    """Draw the cross of a promise that is not kept, which Source Sans lacks: its multiplication sign, larger.

    It is as wide as the discs beside which it stands.
    """
    source, disc = font["glyf"]["multiply"], font["hmtx"]["uni25CF"][0]
    scale = disc * 0.86 / (source.xMax - source.xMin)
    middle_x, middle_y = (source.xMin + source.xMax) / 2, (source.yMin + source.yMax) / 2
    pen = TTGlyphPen(None)
    shift = (disc / 2 - scale * middle_x, middle_y * (1 - scale))
    font.getGlyphSet()["multiply"].draw(TransformPen(pen, (scale, 0, 0, scale, *shift)))
    glyph = pen.glyph()
    font.setGlyphOrder([*font.getGlyphOrder(), "uni2715"])
    font["glyf"]["uni2715"] = glyph
    glyph.recalcBounds(font["glyf"])
    font["hmtx"]["uni2715"] = (disc, glyph.xMin)
    for table in font["cmap"].tables:
        table.cmap[0x2715] = "uni2715"


def _rename(font: TTFont, style: str, weight: int) -> None:
    version = font["name"].getDebugName(5)
    builder = FontBuilder(font=font)
    font["name"] = newTable("name")
    font["name"].names = []
    builder.setupNameTable(
        {
            "copyright": COPYRIGHT,
            "familyName": FAMILY,
            "styleName": style,
            "uniqueFontIdentifier": f"{FAMILY} {style}; cut from {version}",
            "fullName": f"{FAMILY} {style}",
            "version": version,
            "psName": f"VendorEvalSans-{style}",
            "licenseDescription": LICENCE,
            "licenseInfoURL": "https://openfontlicense.org",
        },
        mac=False,
    )
    os2 = font["OS/2"]
    os2.usWeightClass = weight
    bold = style == "Bold"
    os2.fsSelection = (os2.fsSelection & ~0b1100001) | (0b100000 if bold else 0b1000000)
    font["head"].macStyle = int(bold)
    for table in ("STAT", "BASE", "DSIG", "VORG"):
        if table in font:
            del font[table]


if __name__ == "__main__":
    for file, (style_name, weight_class) in WEIGHTS.items():
        cut(Path(sys.argv[1], file), style_name, weight_class)
