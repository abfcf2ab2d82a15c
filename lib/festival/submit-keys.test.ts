import { describe, expect, test } from "bun:test";
import type { AccountId } from "../hedera/id.ts";
import type { MirrorKey } from "../mirror/field.ts";
import { describeDrift, type KeyDrift, keyDrift, type Writer } from "./submit-keys.ts";

const WRITERS: readonly Writer[] = [
  { name: "owner", account: "0.0.1001" },
  { name: "coordinator", account: "0.0.1002" },
];
const raw = (digit: string) => digit.repeat(64);
const KEYS = new Map<AccountId, string>([
  ["0.0.1001", raw("a")],
  ["0.0.1002", raw("b")],
]);
const keyOf = (account: AccountId): MirrorKey | null => {
  const hex = KEYS.get(account);
  return hex === undefined ? null : { type: "ED25519", hex };
};
/** A threshold key in protobuf: `ThresholdKey` 5 of `KeyList` 2 of `Key` 1 of ed25519 2. */
function anyOf(threshold: number, ...hexes: readonly string[]): MirrorKey {
  const list = hexes.map((hex) => `0a221220${hex}`).join("");
  const size = (text: string) => {
    const bytes = text.length / 2;
    const low = (bytes & 0x7f) | (bytes > 0x7f ? 0x80 : 0);
    const two = bytes > 0x7f ? (bytes >> 7).toString(16).padStart(2, "0") : "";
    return low.toString(16).padStart(2, "0") + two;
  };
  const rule = `08${threshold.toString(16).padStart(2, "0")}12${size(list)}${list}`;
  return { type: "ProtobufEncoded", hex: `2a${size(rule)}${rule}` };
}
const drift = (submitKey: MirrorKey | null, writers = WRITERS) =>
  keyDrift("0.0.7", submitKey, writers, keyOf);
const said = (found: KeyDrift | null) => (found === null ? null : describeDrift(found));

describe("a topic's submit key", () => {
  test("that any one of the manifest's keys opens is as it should be, in whatever order", () => {
    expect(drift(anyOf(1, raw("a"), raw("b")))).toBeNull();
    expect(drift(anyOf(1, raw("b"), raw("a")))).toBeNull();
  });

  test.each<[string, MirrorKey | null, string]>([
    ["is one insider's alone", { type: "ED25519", hex: raw("b") }, "owner cannot write to 0.0.7"],
    ["lets a stranger in", anyOf(1, raw("a"), raw("b"), raw("c")), `0.0.7: 1 foreign key can (${raw("c")})`],
    [
      "is a stranger's alone",
      { type: "ED25519", hex: raw("c") },
      `owner, coordinator cannot write to 0.0.7; 1 foreign key can (${raw("c")})`,
    ],
    ["wants two to agree", anyOf(2, raw("a"), raw("b")), "owner, coordinator cannot write to 0.0.7"],
    ["is none", null, "anybody may write to 0.0.7: it has no submit key"],
  ])("that %s is told of", (_, submitKey, words) => {
    expect(said(drift(submitKey))).toBe(words);
  });

  test("leaves out whoever has no account any more", () => {
    const gone: Writer = { name: "desk-001", account: "0.0.1003" };
    const found = drift(anyOf(1, raw("a"), raw("b")), [...WRITERS, gone]);
    expect(said(found)).toBe("desk-001 cannot write to 0.0.7");
  });
});
