"""Pictures read back: the SVG as XML, with its axes; the PNG as pixels."""
import json
import math
import re
import struct
import xml.etree.ElementTree as ElementTree
import zlib

CURVE, SECOND, EXPECTED = 0x0072B2, 0x1A1A1A, 0x00785A
WARNING, FAILURE = 0xE69F00, 0xB3142B
SVG = "{http://www.w3.org/2000/svg}"


def colour_of(text):
    """rgb(0%,44.7%,69.8%) -> 0x0072B2; None if there is none."""
    found = re.search(r"rgb\(([\d.]+)%, *([\d.]+)%, *([\d.]+)%\)", text or "")
    if not found:
        return None
    red, green, blue = (round(float(part) * 2.55) for part in found.groups())
    return red << 16 | green << 8 | blue


def style_of(element):
    """Its attributes, with those in `style`."""
    parts = (part.split(":", 1) for part in element.get("style", "").split(";") if ":" in part)
    return {**element.attrib, **{name.strip(): value.strip() for name, value in parts}}


def pieces_of(path):
    """The points of a path, a list for each of its pieces."""
    pieces = []
    for letter, numbers in re.findall(r"([A-Z])([^A-Z]*)", path):
        found = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if letter == "M":
            pieces.append([])
        if letter in "ML":
            pieces[-1].append((found[0], found[1]))
        elif letter == "C":
            pieces[-1].append((found[4], found[5]))
    return [piece for piece in pieces if piece]


class Svg:
    def __init__(self, name):
        self.root = ElementTree.parse(name).getroot()
        assert self.root.tag == SVG + "svg", self.root.tag
        self.about = json.loads(self.root.find(SVG + "metadata").text)
        self.texts = [element.text or "" for element in self.root.iter(SVG + "text")]
        self.words = " ".join(self.texts)
        self.hints = [element.find(SVG + "title").text for element in self.root.iter(SVG + "rect")
                      if element.get("class") == "incident"]
        self.paths = [(style_of(element), pieces_of(element.get("d", "")))
                      for element in self.root.iter(SVG + "path")]

    def time_of(self, x):
        about = self.about
        part = (x - about["left"]) / (about["right"] - about["left"])
        return about["start"] + part * (about["end"] - about["start"])

    def value_of(self, y, panel):
        part = (panel["bottom"] - y) / (panel["bottom"] - panel["top"])
        if panel["scale"] == "log":
            return self.log_value_of(part, panel)
        return panel["low"] + part * (panel["high"] - panel["low"])

    @staticmethod
    def log_value_of(part, panel):
        """Even up to linear_to, then as high for each power of ten."""
        low, high, first = panel["low"], panel["high"], panel["linear_to"]
        begin = low / first
        place = begin + part * (1 + math.log10(high / first) - begin)
        return first * (place if place <= 1 else 10 ** (place - 1))

    def inside(self, points, panel):
        about = self.about
        return all(panel["top"] - 1.5 <= y <= panel["bottom"] + 1.5 and
                   about["left"] - 1.5 <= x <= about["right"] + 1.5 for x, y in points)

    def strokes(self, colour, panel, width=None):
        """Lines of a colour within a panel."""
        return [piece for style, pieces in self.paths for piece in pieces
                if colour_of(style.get("stroke")) == colour and self.inside(piece, panel) and
                width in (None, float(style.get("stroke-width", "0")))]

    def points(self, colour, panel, width=None):
        return [point for stroke in self.strokes(colour, panel, width) for point in stroke]

    def areas(self, colour, panel):
        """The left and right x of each filled area of a colour in a panel."""
        areas = [piece for style, pieces in self.paths for piece in pieces
                 if colour_of(style.get("fill")) == colour and self.inside(piece, panel)]
        return [(min(x for x, _ in area), max(x for x, _ in area)) for area in areas]


class Png:
    """Only what cairo writes: 8 bits a channel, not interlaced."""

    def __init__(self, name):
        with open(name, "rb") as file:
            data = file.read()
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        packed, at, kind = b"", 8, b""
        while at < len(data):
            length, kind = struct.unpack(">I4s", data[at:at + 8])
            body = data[at + 8:at + 8 + length]
            assert struct.unpack(">I", data[at + 8 + length:at + 12 + length])[0] == zlib.crc32(kind + body)
            if kind == b"IHDR":
                self.width, self.height, depth, colours, *_ = struct.unpack(">IIBBBBB", body)
                assert depth == 8 and colours in (2, 6)
                self.channels = 3 if colours == 2 else 4
            packed += body if kind == b"IDAT" else b""
            at += 12 + length
        assert kind == b"IEND"
        self.rows = self.unfilter(zlib.decompress(packed))

    def unfilter(self, raw):
        stride, step = self.width * self.channels, self.channels
        assert len(raw) == self.height * (stride + 1)
        rows, above = [], bytearray(stride)
        for number in range(self.height):
            begin = number * (stride + 1)
            kind, row = raw[begin], bytearray(raw[begin + 1:begin + 1 + stride])
            for i in range(stride) if kind else ():
                left = row[i - step] if i >= step else 0
                corner = above[i - step] if i >= step else 0
                row[i] = row[i] + self.guess(kind, left, above[i], corner) & 0xFF
            rows.append(row)
            above = row
        return rows

    @staticmethod
    def guess(kind, left, up, corner):
        if kind == 1:
            return left
        if kind == 2:
            return up
        if kind == 3:
            return (left + up) // 2
        best = left + up - corner
        return min((left, up, corner), key=lambda value: abs(best - value))

    def column_has(self, x, colour, top, bottom, tolerance=0):
        """Whether column x has a pixel of roughly the colour: edges are smoothed."""
        wanted = (colour >> 16, colour >> 8 & 0xFF, colour & 0xFF)
        at = x * self.channels
        return any(all(abs(a - b) <= tolerance for a, b in zip(row[at:at + 3], wanted))
                   for row in self.rows[top:bottom])

    def has_run(self, colour, length, top, bottom):
        """Whether a row has that many adjacent pixels of the colour."""
        wanted = bytes((colour >> 16, colour >> 8 & 0xFF, colour & 0xFF))
        return any(all(row[at + i:at + i + 3] == wanted for i in range(0, length * self.channels, self.channels))
                   for row in self.rows[top:bottom]
                   for at in range(0, len(row) - length * self.channels, self.channels))
