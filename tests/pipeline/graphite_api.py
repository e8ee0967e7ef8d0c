"""graphite-web over HTTP, as far as the tests of the pipeline ask it."""

import io
import json
import urllib.parse
import urllib.request

import cairocffi  # graphite-web brings it


class Graphite:
    """One graphite-web.
    base: its address without a slash at the end."""

    def __init__(self, base):
        self.base = base

    def get(self, path, **params):
        query = urllib.parse.urlencode(params, doseq=True)
        with urllib.request.urlopen(f"{self.base}{path}?{query}", timeout=30) as reply:
            return reply.read()

    def series(self, targets, begin, end, **params):
        """What the targets give from begin to end (epoch): a list of pairs, a
        name and {epoch: value}, without the moments that have no value."""
        answer = json.loads(
            self.get("/render", target=targets, format="json", **{"from": begin}, until=end, **params)
        )
        return [
            (one["target"], {time: value for value, time in one["datapoints"] if value is not None})
            for one in answer
        ]

    def picture(self, targets, begin, end, **params):
        png = self.get("/render", target=targets, format="png", **{"from": begin}, until=end, **params)
        return Picture(png)

    def names(self):
        """Every series there is."""
        return json.loads(self.get("/metrics/index.json"))

    def expand(self, pattern):
        """Each name that fits, as a menu of Grafana gets it with expand()."""
        return json.loads(self.get("/metrics/expand", query=pattern))["results"]


def is_near(pixel, wanted):
    return all(abs(a - b) <= 4 for a, b in zip(pixel, wanted))


class Picture:
    """A PNG as its pixels.
    png: the bytes; what is no PNG is an exception of cairo."""

    def __init__(self, png):
        surface = cairocffi.ImageSurface.create_from_png(io.BytesIO(png))
        self.width, self.height = surface.get_width(), surface.get_height()
        self._stride = surface.get_stride()
        self._data = bytes(surface.get_data())

    def column(self, x):
        """Its pixels from the top, (red, green, blue)."""
        for y in range(self.height):
            at = y * self._stride + 4 * x
            blue, green, red = self._data[at : at + 3]
            yield red, green, blue

    def count(self, x, wanted):
        """So many pixels of a column are of about that colour."""
        return sum(is_near(pixel, wanted) for pixel in self.column(x))
