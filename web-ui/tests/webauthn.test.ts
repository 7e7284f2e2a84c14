import { describe, expect, test } from "vitest";
import { fromBase64url, toBase64url } from "../src/lib/webauthn";

describe("base64url (RFC 4648 §5, without padding)", () => {
  test("known values", () => {
    expect(toBase64url(new Uint8Array([251, 255, 190]).buffer)).toBe("-_--");
    expect([...fromBase64url("-_--")]).toEqual([251, 255, 190]);
    expect(toBase64url(new Uint8Array([1]).buffer)).toBe("AQ");
  });
  test("comes back as it went, at every length", () => {
    for (let length = 0; length < 70; length++) {
      const data = Uint8Array.from({ length }, (_, index) => (index * 83 + length * 7) % 256);
      expect([...fromBase64url(toBase64url(data.buffer))]).toEqual([...data]);
    }
  });
});
