import { expect, test } from "bun:test";
import { review } from "./review.ts";

const task = {
  task_id: "1.1.1",
  state: "paid",
  agent: "inference-001",
  attempt: 2,
  missed: ["inference-002"],
  changed: "1700000010.000000000",
  duration_ms: 20,
  paid: "5",
};
const input = {
  self: "3.2.1",
  edition: 4,
  started: "1700000000.000000000",
  at: "1700000090.500000000",
  tasks: [task],
  agents: [
    { agent: "inference-001", fees: "1234" },
    { agent: "inference-002", fees: "10" },
  ],
};

test("a review is these bytes", () => {
  expect(JSON.stringify(review.run(input))).toBe(
    '{"output":{"engine":"embedded","model":"edition-review","version":"1","edition":4,"seconds":90,"rewards":"5","fees":"1244","agents":[{"agent":"inference-001","paid":1,"work_ms":20,"rewards":"5","fees":"1234"},{"agent":"inference-002","paid":0,"late":1,"work_ms":0,"rewards":"0","fees":"10"}],"findings":[{"what":"late","where":"1.1.1"}]},"metrics":{"findings":1,"late":1,"failed":0}}',
  );
});

test("a review of the usual crew on a calm day leaves room in an entry for where it comes from", () => {
  const agents = ["coordinator", "inference-001", "defi-001", "desk-001"].map((agent) => ({
    agent,
    fees: "12345678901",
  }));
  const tasks = Array.from({ length: 12 }, (_, index) => ({
    ...task,
    task_id: `1.1.${index}`,
    attempt: 1,
    missed: [],
    duration_ms: 12_345,
    paid: "150",
  }));
  const { output, metrics } = review.run({ ...input, agents, tasks });
  expect(JSON.stringify(output).length + JSON.stringify(metrics).length).toBeLessThan(600);
});
