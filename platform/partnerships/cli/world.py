"""`flask insight world`: draw the world map's shapes once, from the public-domain Natural Earth as world-atlas packs it.

Projection: Equal Earth (Šavrič, Patterson and Jenny, 2018, doi:10.1080/13658816.2018.1504949), equal-area. Boundaries follow
what the United Nations recognises where the source draws who holds the ground: see `_BELONGS`. The map carries the boundary notice
wherever it is shown.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

from partnerships.insight.world import PATH, WIDTH

# Shapes that the source draws apart, and the State that they are drawn with; the rest without a State is ground.
_BELONGS = {"N. Cyprus": "196", "Somaliland": "706", "Taiwan": "156"}
_LEFT_OUT = {"Antarctica", "Fr. S. Antarctic Lands"}
# The one member State that the source has at no scale: longitude and latitude of Funafuti.
_ALONE = {"798": (179.2, -8.52)}

Point = tuple[float, float]


def equal_earth(longitude: float, latitude: float) -> Point:
    """Degrees to the plane: x in [-2.71, 2.71], y in [-1.32, 1.32], north up."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    square = theta * theta
    sixth = square ** 3
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(theta) / (
        3 * (9 * a4 * sixth * square + 7 * a3 * sixth + 3 * a2 * square + a1))
    return x, theta * (a4 * sixth * square + a3 * sixth + a2 * square + a1)


def _plane(point: Point) -> tuple[int, int]:
    """A place in the drawing: units of a box 2000 wide, y downwards from 84 degrees north."""
    (x, y), top, side = equal_earth(*point), equal_earth(0, 84)[1], equal_earth(180, 0)[0]
    return round((x / side + 1) * WIDTH / 2), round((top - y) / side * WIDTH / 2)


class Atlas:
    """A TopoJSON file of countries."""

    def __init__(self, path: Path) -> None:
        told = json.loads(path.read_text())
        (sx, sy), (tx, ty) = told["transform"]["scale"], told["transform"]["translate"]
        self.arcs: list[list[Point]] = []
        for arc in told["arcs"]:
            x = y = 0
            points = []
            for dx, dy in arc:
                x, y = x + dx, y + dy
                points.append((x * sx + tx, y * sy + ty))
            self.arcs.append(points)
        self.countries = told["objects"]["countries"]["geometries"]

    def line(self, number: int) -> list[Point]:
        """An arc's points, forwards or (a negative number) backwards."""
        return self.arcs[number] if number >= 0 else self.arcs[~number][::-1]

    def ring(self, numbers: Iterable[int]) -> list[Point]:
        """The points of a ring of arcs."""
        points: list[Point] = []
        for number in numbers:
            points += self.line(number)[bool(points):]
        return points

    def shapes(self) -> dict[str, list[list[int]]]:
        """Rings of arcs by UN M49 code; what belongs to no State under "ground"."""
        found: dict[str, list[list[int]]] = {}
        for country in self.countries:
            name = country["properties"]["name"]
            if name in _LEFT_OUT:
                continue
            owner = _BELONGS.get(name, country.get("id", "ground"))
            polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
            found.setdefault(owner, []).extend(ring for polygon in polygons for ring in polygon)
        return {code: self._joined(rings) for code, rings in found.items()}

    def _joined(self, rings: list[list[int]]) -> list[list[int]]:
        """Rings without the arcs along which two of them touch."""
        every = {number for ring in rings for number in ring}
        shared = {number for number in every if ~number in every}
        if not shared:
            return rings
        whole = [ring for ring in rings if not shared & set(ring)]
        starts = {self.line(number)[0]: number for ring in rings if shared & set(ring) for number in ring if number not in shared}
        while starts:
            chain = [starts.pop(next(iter(starts)))]
            while self.line(chain[-1])[-1] in starts:
                chain.append(starts.pop(self.line(chain[-1])[-1]))
            whole.append(chain)
        return whole


def _middle(points: list[Point]) -> Point:
    """The centroid of a ring; of a degenerate one, its first point."""
    area = x = y = 0.0
    for (x0, y0), (x1, y1) in pairwise([*points, points[0]]):
        cross = x0 * y1 - x1 * y0
        area, x, y = area + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return (x / (3 * area), y / (3 * area)) if area else points[0]


def _sides(ring: list[Point]) -> list[list[Point]]:
    """A ring, cut in two where it crosses the 180th meridian."""
    turn, flat = 0.0, [ring[0]]
    for (x0, _y0), (x1, y1) in pairwise(ring):
        turn += 360 if x1 - x0 < -180 else -360 if x1 - x0 > 180 else 0
        flat.append((x1 + turn, y1))
    most = max(x for x, _y in flat)
    if most <= 180 and min(x for x, _y in flat) >= -180:
        return [flat]
    if most <= 180:
        flat = [(x + 360, y) for x, y in flat]
    return [part for part in (_beside(flat, 1), [(x - 360, y) for x, y in _beside(flat, -1)]) if part]


def _beside(ring: list[Point], sign: int) -> list[Point]:
    """The part of a ring to the west (1) or the east (-1) of the 180th meridian: Sutherland and Hodgman's clipping."""
    kept: list[Point] = []
    for (x0, y0), (x1, y1) in pairwise([*ring, ring[0]]):
        if (180 - x0) * sign >= 0:
            kept.append((x0, y0))
        if (180 - x0) * (180 - x1) < 0:
            kept.append((180.0, y0 + (y1 - y0) * (180 - x0) / (x1 - x0)))
    return [*kept, kept[0]] if kept else []


def _path(rings: Iterable[list[Point]]) -> str:
    """An SVG path in relative whole units, the shortest writing of it."""
    words = []
    for ring in (side for whole in rings for side in _sides(whole)):
        places = [_plane(point) for point in ring]
        steps = [(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(places) if (x0, y0) != (x1, y1)]
        if len(steps) > 2:
            run = " ".join(f"{dx} {dy}" for dx, dy in steps[:-1]).replace(" -", "-")
            words.append(f"M{places[0][0]} {places[0][1]}l{run}z")
    return "".join(words)


def rows(small: Path, large: Path, wanted: dict[str, str]) -> list[dict[str, Any]]:
    """The table of the map: for each State its shape and the place of its point; `wanted` gives references by M49 code."""
    shapes, places = Atlas(small), Atlas(large)
    drawn = {code: _path(shapes.ring(ring) for ring in rings) for code, rings in shapes.shapes().items()}
    points = dict(_ALONE)
    for code, rings in places.shapes().items():
        outlines = [places.ring(ring) for ring in rings]
        points[code] = _middle(max(outlines, key=lambda one: abs(_area(one))))
    ground = "".join(path for code, path in sorted(drawn.items()) if code not in wanted)
    table: list[dict[str, Any]] = [{"ref": "", "x": "", "y": "", "path": ground}]
    for code, ref in sorted(wanted.items(), key=lambda pair: pair[1]):
        x, y = _plane(points[code])
        table.append({"ref": ref, "x": x, "y": y, "path": drawn.get(code, "")})
    return table


def _area(points: list[Point]) -> float:
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise([*points, points[0]]))


def write(small: Path, large: Path, parties: Path) -> int:
    """Write the table; returns how many States it holds."""
    with parties.open(newline="", encoding="utf-8") as file:
        wanted = {row["m49"]: row["ref"] for row in csv.DictReader(file) if row["kind"] == "state" and row["m49"]}
    table = rows(small, large, wanted)
    with PATH.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["ref", "x", "y", "path"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    return len(table) - 1
