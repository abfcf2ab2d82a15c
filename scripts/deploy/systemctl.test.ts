import { describe, expect, test } from "bun:test";
import { readStates } from "./systemctl.ts";

/** As systemd 252 writes it. */
const SHOWN = `NRestarts=1
ExecMainStartTimestamp=@1763726400
StatusText=waits: the key = wrong
Job=0
Result=success
MainPID=71
Id=fest-agent@desk.service
ActiveState=activating
InvocationID=5c0f5a
ConditionResult=yes
ConditionTimestampMonotonic=7

NRestarts=0
ExecMainStartTimestamp=
StatusText=
Job=1423
Result=exit-code
MainPID=0
Id=fest-agent@defi.service
ActiveState=failed
InvocationID=
ConditionResult=no
ConditionTimestampMonotonic=8
`;

describe("what systemctl shows of units", () => {
  test("is read property by property", () => {
    expect(readStates(SHOWN)).toEqual([
      {
        name: "fest-agent@desk.service",
        active: "activating",
        status: "waits: the key = wrong",
        invocation: "5c0f5a",
        restarts: 1,
        pid: 71,
        busy: false,
        startedAt: 1_763_726_400_000,
        result: "success",
        skipped: false,
      },
      {
        name: "fest-agent@defi.service",
        active: "failed",
        status: "",
        invocation: "",
        restarts: 0,
        pid: 0,
        busy: true,
        startedAt: null,
        result: "exit-code",
        skipped: true,
      },
    ]);
  });

  test("is empty where there is no such unit", () => {
    expect(readStates("\n")).toEqual([]);
  });
});
