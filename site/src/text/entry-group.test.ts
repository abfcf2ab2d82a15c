import { expect, test } from "bun:test";
import { groupOf } from "./entry-group.ts";

test("what goes wrong is told apart from what goes on", () => {
  expect(groupOf("payment_settled")).toBe("money");
  expect(groupOf("payment_failed")).toBe("trouble");
});

test("a type that is not known, or no type at all, is something else", () => {
  expect(groupOf("from_the_future")).toBe("other");
  expect(groupOf("constructor")).toBe("other");
  expect(groupOf(null)).toBe("other");
});
