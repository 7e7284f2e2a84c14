import { describe, expect, it } from "vitest";

import { holdAddress } from "../src/lib/hold";

describe("the address that holds what is marked", () => {
  it("takes the whole of the marked seconds, and the number that was said", () => {
    const found = new URL(holdAddress("/holds/new", ["a", "b"], 100.7, 160.2, "12/VV & 13"), "http://x");
    expect(found.pathname).toBe("/holds/new");
    expect(Object.fromEntries(found.searchParams)).toEqual({ cameras: "a,b", from: "100", to: "161", reference: "12/VV & 13" });
  });

  it("says no number where none was said", () => {
    expect(holdAddress("/holds/new", ["a"], 1, 2, "")).toBe("/holds/new?cameras=a&from=1&to=2");
  });
});
