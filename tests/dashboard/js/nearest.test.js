/* Which polling places are near a position. */
import { deepEqual, ok } from "node:assert/strict";
import { test } from "node:test";
import { metres, near } from "../../../dashboard/browser/mission/places/nearest.js";

const LIMITS = { walk_m: 5000, far_m: 200000, schools: 8, districts: 3 };
const HERE = { lon: -77.03, lat: -12.05 };
const DEGREE_M = 111195; // of a meridian of the mean radius
const place = (code, north, precision, district = "district/140101") =>
  ({ key: `place/${code}`, name: code, lon: HERE.lon, lat: HERE.lat + north / DEGREE_M, precision, district });
const districts = { "district/140101": "LIMA", "district/140102": "ANCÓN", "district/140103": "ATE", "district/140104": "BREÑA" };
const names = (places) => places.map(({ name }) => name);

test("a degree along a meridian and along a parallel", () => {
  ok(Math.abs(metres(HERE, { ...HERE, lat: HERE.lat + 1 }) - DEGREE_M) < 1);
  ok(Math.abs(metres({ lon: 0, lat: 60 }, { lon: 1, lat: 60 }) - DEGREE_M / 2) < 10);
});

test("a distance is told of known schools alone, the nearest first, and of none that is far", () => {
  const found = near(HERE, { places: [place("B", 900, "exact"), place("A", -300, "exact"), place("C", 50, "district"), place("D", 9000, "exact")], districts }, LIMITS);
  deepEqual(names(found.exact), ["A", "B"]);
  deepEqual(found.exact.map(({ away }) => Math.round(away)), [300, 900]);
  deepEqual(found.districts.map(({ name, places }) => [name, names(places)]), [["LIMA", ["C", "D"]]]);
});

test("the nearest districts are listed whole, by name", () => {
  const places = [place("Z", 100, "district"), place("Y", 80000, "populated_place"), place("N", 3000, "district", "district/140102"),
    place("O", 2000, "district", "district/140103"), place("P", 4000, "district", "district/140104")];
  deepEqual(near(HERE, { places, districts }, LIMITS).districts.map(({ name, places }) => [name, names(places)]), [["LIMA", ["Y", "Z"]], ["ATE", ["O"]], ["ANCÓN", ["N"]]]);
});

test("abroad nothing is near", () => {
  deepEqual(near({ lon: -3.7, lat: 40.4 }, { places: [place("A", 0, "exact"), place("B", 0, "district")], districts }, LIMITS), { exact: [], districts: [] });
});
