import { agentOf } from "../festival/roles.ts";
import type { AccountId, TopicId } from "../hedera/id.ts";
import type { Outcome } from "../ledger/effect.ts";
import type { FollowState } from "../mirror/follow.ts";
import type { Hold } from "./guard.ts";
import type { Pass } from "./loop.ts";

/** What the network answers to a signature by another key. */
const WRONG_KEY = "INVALID_SIGNATURE";

/** Who a {@link Standing} speaks of. */
export interface StandingOptions {
  readonly agent: string;
  readonly account: AccountId;
  readonly log: TopicId;
  /** URL of the mirror node. */
  readonly mirror: string;
  /** Why the agent sends nothing for now, or null. */
  readonly hold: () => Hold | null;
}

/**
 * How an agent stands, in one line for `systemctl status`: what it waits for
 * while anything is amiss, else where it is in the log. It is ready once it has
 * folded to the head, is the manifest's, and the network took what it said.
 */
export class Standing {
  readonly #options: StandingOptions;
  #pass: Pass | null = null;
  #follow: FollowState | null = null;
  #said: Outcome | null = null;

  constructor(options: StandingOptions) {
    this.#options = options;
  }

  /** Takes note of a pass of the loop. */
  passed(pass: Pass): void {
    this.#pass = pass;
  }

  /** Takes note of how following the log goes. */
  followed(state: FollowState): void {
    this.#follow = state;
  }

  /** Takes note of what became of something that the agent said. */
  said(outcome: Outcome): void {
    this.#said = outcome;
  }

  /** Whether it can work now. */
  get ready(): boolean {
    return this.#obstacle() === null;
  }

  /** Whether the network took the key for another's. */
  get wrongKey(): boolean {
    const said = this.#said;
    return (said?.kind === "refused" || said?.kind === "failed") && said.status === WRONG_KEY;
  }

  /** One line, without a line break. */
  get line(): string {
    const obstacle = this.#obstacle();
    if (obstacle !== null) return oneLine(obstacle);
    const hold = this.#options.hold();
    if (hold !== null) return oneLine(`holds (${hold.code}): ${hold.message}`);
    const active = this.#pass?.active.length ?? 0;
    return `folded to entry ${this.#pass?.state.head?.sequence ?? 0}, ${active === 0 ? "idle" : `works on ${active} tasks`}`;
  }

  #obstacle(): string | null {
    return this.#mirrorObstacle() ?? this.#manifestObstacle() ?? this.#networkObstacle();
  }

  #mirrorObstacle(): string | null {
    const { mirror } = this.#options;
    const follow = this.#follow;
    if (follow === null || follow.phase === "connecting") return `connects to the mirror node ${mirror}`;
    if (follow.phase === "unreachable") {
      return `waits: the mirror node ${mirror} does not answer: ${follow.error?.message ?? "no reason known"}`;
    }
    if (follow.phase !== "live" && follow.phase !== "catching-up") {
      return `waits: the mirror node ${mirror} does not continue the log: ${follow.phase}`;
    }
    if (this.#pass?.caughtUp !== true) {
      return `folds the log, at entry ${follow.position?.sequence ?? 0}`;
    }
    return null;
  }

  #manifestObstacle(): string | null {
    const { agent, account, log } = this.#options;
    const state = this.#pass?.state;
    if (state?.manifest == null) return `waits: the log ${log} has no manifest`;
    const bound = agentOf(state, agent)?.account;
    if (bound === undefined) return `waits: the manifest of ${log} knows no agent ${agent}`;
    if (bound !== account) return `waits: the manifest binds ${agent} to ${bound}, not to ${account}`;
    return null;
  }

  #networkObstacle(): string | null {
    const { account } = this.#options;
    const said = this.#said;
    if (said === null) return "folded; greets the network";
    switch (said.kind) {
      case "executed":
        return null;
      case "pending":
        return `waits: the network does not answer (${said.status})`;
      case "refused":
      case "failed":
        if (this.wrongKey) {
          return `waits: the key is not that of account ${account} (${said.status})`;
        }
        return `waits: the network refuses what ${account} says (${said.status})`;
      case "expired":
      case "foreign":
        return "waits: what it said was not taken";
    }
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}
