// What came by Web Push is read as strangers' texts: an address elsewhere is not opened, and what cannot be read is still shown.

import { beforeAll, expect, test, vi } from "vitest";

const HERE = "https://xa.example";
let told: (given: unknown, origin: string, home: string) => { title: string; body: string; url: string; lang: string; urgent: boolean };
let bytes: (text: string) => Uint8Array;

beforeAll(async () => {
  vi.stubGlobal("self", { addEventListener: () => undefined, location: { origin: HERE } });
  ({ told } = await import("../src/lib/push-shown"));
  ({ bytes } = await import("../src/lib/push"));
});

test("texts and an address on this server are taken as they are", () => {
  expect(told({ title: "Vụ 1/2026", body: "Thôn Đông", url: "/incidents/k1", lang: "vi", urgent: true }, HERE, "/alerts")).toMatchObject({ title: "Vụ 1/2026", body: "Thôn Đông", url: `${HERE}/incidents/k1`, urgent: true });
  expect(told({ url: `${HERE}/nhan-tin/tin/k` }, HERE, "/").url).toBe(`${HERE}/nhan-tin/tin/k`);
});

test.each([["https://elsewhere.example/"], ["javascript:alert(1)"], ["//elsewhere.example/x"], ["http://["], [7], [null]])("%s is not opened", (url) => {
  expect(told({ url }, HERE, "/alerts").url).toBe(`${HERE}/alerts`);
});

test.each([[null], ["text"], [[]], [{ title: 1, body: {}, urgent: "yes" }]])("%s is shown as nothing in particular", (given) => {
  expect(told(given, HERE, "/alerts")).toMatchObject({ title: "Lũy Tre", body: "", lang: "vi", urgent: false });
});

test("the server's key is read from base64url", () => {
  expect([...bytes("-_8A")]).toEqual([251, 255, 0]);
});
