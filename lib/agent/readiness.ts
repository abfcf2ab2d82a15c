import { agentOf } from "../festival/roles.ts";
import type { AccountId } from "../hedera/id.ts";
import { formatTimestamp, NANOS_PER_SECOND, type Timestamp } from "../hedera/timestamp.ts";
import type { Outcome } from "../ledger/effect.ts";
import type { FollowState } from "../mirror/follow.ts";
import type { Hold } from "./guard.ts";
import type { Pass } from "./loop.ts";

/** What an agent knows of its own health, as its parts last told it. */
export interface Health {
  /** The loop's last look, and when it was. */
  pass: Pass | null;
  passedAt: Timestamp | null;
  /** How following the log goes. */
  follow: FollowState | null;
  /** What became of the last thing that was said on the vitals topic. */
  said: { readonly outcome: Outcome; readonly at: Timestamp } | null;
  /** Why it sends nothing for now, or null. */
  hold: () => Hold | null;
}

/** `warn`: something wants a look, and the agent is ready all the same. */
export type CheckStatus = "pass" | "warn" | "fail";

/** One of the things that an agent needs to be ready. */
export interface Check {
  readonly name: "mirror" | "log" | "manifest" | "network" | "spending";
  readonly status: CheckStatus;
  /** When what it says was last seen to be so: seconds.nanoseconds; null if it never was. */
  readonly time: string | null;
  readonly age_seconds: number | null;
  readonly message: string;
}

/** Whose readiness it is. */
export interface Self {
  readonly agent: string;
  readonly account: AccountId;
}

/** Without an answer from the mirror for so long, an agent is not ready. */
const SILENT_SECONDS = 60n;

/** Every check, in the order in which one needs the other. Ready is who has none that fails. */
export function checksOf(health: Health, self: Self, now: Timestamp): readonly Check[] {
  const checkAt = (
    name: Check["name"],
    time: Timestamp | null,
    [status, message]: readonly [CheckStatus, string],
  ): Check => ({
    name,
    status,
    time: time === null ? null : formatTimestamp(time),
    age_seconds: time === null ? null : Math.max(0, Number((now - time) / NANOS_PER_SECOND)),
    message,
  });
  const { pass, passedAt, follow, said } = health;
  return [
    checkAt("mirror", follow?.provenAt ?? null, mirrorCheck(follow, now)),
    checkAt("log", passedAt, logCheck(pass)),
    checkAt("manifest", pass?.state.head?.timestamp ?? null, manifestCheck(pass, self)),
    checkAt("network", said?.at ?? null, networkCheck(said?.outcome ?? null)),
    checkAt("spending", passedAt, spendingCheck(health.hold())),
  ];
}

type Found = readonly [CheckStatus, string];

function mirrorCheck(follow: FollowState | null, now: Timestamp): Found {
  const { provenAt = null, phase = "starting", error } = follow ?? {};
  const isFresh = provenAt !== null && now - provenAt < SILENT_SECONDS * NANOS_PER_SECOND;
  if (isFresh) return ["pass", `the mirror node answers: ${phase}`];
  return ["fail", error?.message ?? `no answer from the mirror node: ${phase}`];
}

function logCheck(pass: Pass | null): Found {
  const at = `entry ${pass?.state.head?.sequence ?? 0}`;
  return pass?.caughtUp === true ? ["pass", `folded to the head, ${at}`] : ["fail", `folding, at ${at}`];
}

function manifestCheck(pass: Pass | null, { agent, account }: Self): Found {
  if (pass?.state.manifest == null) return ["fail", "the log has no manifest"];
  const bound = agentOf(pass.state, agent)?.account;
  if (bound === account) return ["pass", `${agent} is ${account}`];
  return [
    "fail",
    bound === undefined ? `it knows no ${agent}` : `it binds ${agent} to ${bound}, not ${account}`,
  ];
}

function networkCheck(outcome: Outcome | null): Found {
  if (outcome === null) return ["warn", "nothing was said yet"];
  if (outcome.kind === "executed") return ["pass", "the network took what was said last"];
  const status = "status" in outcome ? ` (${outcome.status})` : "";
  return ["fail", `what was said last is ${outcome.kind}${status}`];
}

function spendingCheck(hold: Hold | null): Found {
  return hold === null ? ["pass", "may spend"] : ["warn", `${hold.code}: ${hold.message}`];
}
