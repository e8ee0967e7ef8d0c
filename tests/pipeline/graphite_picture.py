"""The dashboard's graph of the flood: what its targets give as numbers, and that
the picture shows it: the band at its height, the observed line above it, the
incident's ground over its seconds and nowhere else."""

HIGHEST = 600  # of the picture's scale
SIZE = {"width": 1200, "height": 400}
OBSERVED = (0x1F, 0x78, 0xB4)
EXPECTED = (0x33, 0xA0, 0x2C)
BAND = tuple(round(0.6 * part + 0.4 * 255) for part in (0xA6, 0xCE, 0xE3))  # on white


def is_alarm(pixel):
    """Red or orange, also where it is one line's edge on white."""
    red, green, blue = pixel
    return red - blue > 60 and red - green > 30


def merged(series):
    """{name: values}, lists of values: areaBetween gives two of one name."""
    found = {}
    for name, values in series:
        found.setdefault(name, []).append(values)
    return found


def span(values):
    return min(values), max(values)


def number_faults(found):
    """found: merged series of the graph, in which the flood must be seen."""
    names = {"FAILURE", "WARNING", "explained by the load", "expected", "observed"}
    if set(found) != names or len(found["explained by the load"]) != 2:
        yield f"the graph has {sorted(found)}"
        return
    lower, upper = found["explained by the load"]
    observed, expected = found["observed"][0], found["expected"][0]
    failure, warning = found["FAILURE"][0], found["WARNING"][0]
    if set(failure.values()) != {2} or set(warning.values()) - {1}:
        yield f"the incident's levels: FAILURE {failure}, WARNING {warning}"
        return
    alarm = set(failure) | set(warning)
    for time in sorted(set(lower) & set(upper) & set(expected)):
        if not lower[time] <= expected[time] <= upper[time]:
            yield f"expected {expected[time]} is not in the band at {time}"
            break
    first, last = span(alarm)
    high = [time for time in observed if observed[time] > upper[time]]
    if len(high) < 15 or not first - 3 <= min(high) <= first or max(high) > last:
        yield f"observed is above the band at {sorted(high)}, the incident is {first} to {last}"
    if not 400 < max(observed.values()) <= HIGHEST:
        yield f"observed has the peak {max(observed.values())}"
    if max(upper.values()) - min(lower.values()) < 5:
        yield "there is no band to be seen"


def picture_faults(picture, found):
    """The graph has no frame (graphOnly): it goes from the first value to the last."""
    lower, upper = found["explained by the load"]
    observed = found["observed"][0]
    alarm = set(found["FAILURE"][0]) | set(found["WARNING"][0])

    left, right = drawn_columns(picture)
    begin, end = span(upper)
    per_second = (right - left) / (end - begin)

    def column(time):
        return round(left + (time - begin) * per_second)

    reds = [x for x in range(picture.width) if any(map(is_alarm, picture.column(x)))]
    if not reds:
        yield "the picture shows no incident"
        return
    wanted = [column(time) for time in span(alarm)]
    if any(abs(a - b) > per_second for a, b in zip(span(reds), wanted)):
        yield f"the incident is drawn at {span(reds)}, not {wanted}"
    for time in sorted(alarm):
        if not any(column(time) - 2 <= x <= column(time) + 2 for x in reds):
            yield f"the incident is not drawn at {time}"
    before = [time for time in upper if time < min(alarm) - 4]
    time = before[len(before) // 2]
    heights = [picture.count(x, BAND) for x in range(column(time) - 3, column(time) + 4)]
    band = (upper[time] - lower[time]) / HIGHEST * drawn_height(picture)
    # Two lines cross it, each of two pixels and two soft edges.
    if not band - 9 <= max(heights) <= band + 2:
        yield f"the band is {max(heights)} pixels high, not {band:.0f}, at {time}"
    peak = max(observed, key=observed.get)
    if not sum(picture.count(x, OBSERVED) for x in range(column(peak) - 3, column(peak) + 4)):
        yield f"the observed line is not drawn at its peak, {peak}"
    if not sum(picture.count(x, EXPECTED) for x in range(picture.width)):
        yield "the expected line is not drawn"


def drawn_columns(picture):
    """The first and last column that is not all white: the band spans them all."""
    columns = [
        x for x in range(picture.width) if any(pixel != (255, 255, 255) for pixel in picture.column(x))
    ]
    return span(columns)


def drawn_height(picture):
    """Of the graph: an alarm's line goes from its top to its bottom."""
    tallest = 0
    for x in range(picture.width):
        rows = [y for y, pixel in enumerate(picture.column(x)) if is_alarm(pixel)]
        if rows:
            tallest = max(tallest, max(rows) - min(rows) + 1)
    return tallest


def faults(graphite, targets, begin, end):
    """targets: the graph's. From begin to end there must be values throughout."""
    found = merged(graphite.series(targets, begin, end))
    wrong = list(number_faults(found))
    yield from wrong
    if wrong:
        return
    picture = graphite.picture(
        targets, begin, end, yMin=0, yMax=HIGHEST, graphOnly="true", bgcolor="white", **SIZE
    )
    yield from picture_faults(picture, found)
