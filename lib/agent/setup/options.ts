import type { AccountId, TokenId, TopicId } from "../../hedera/id.ts";
import type { Ledger } from "../../ledger/client.ts";
import type { Transport } from "../../ledger/transport.ts";
import type { Noise } from "../../market/noise.ts";
import { createMirror, type Mirror } from "../../mirror/client.ts";
import type { CarriedOn } from "./carry-on.ts";
import type { Deployment, Party } from "./deployment.ts";
import type { Endowment } from "./endowment.ts";

/** A festival that is ready to run. */
export interface Festival {
  readonly accounts: Readonly<Record<Party | "fund" | "pool", AccountId>>;
  /** The noise trader's account, where there is one. */
  readonly noise: AccountId | null;
  readonly token: TokenId;
  readonly stablecoin: TokenId;
  readonly log: TopicId;
  readonly vitals: TopicId;
}

/** A noise trader to set up: its noise, and how often it trades. */
export interface NoiseSetup extends Noise {
  readonly everySeconds: number;
}

/** The party whose key holds the pool's and the noise trader's accounts too. */
export const POOL_KEEPER = "desk";

/** What set-up needs. */
export interface SetupOptions {
  /** Pays for it all. */
  readonly operator: Ledger;
  readonly deployment: Deployment;
  readonly endowment: Endowment;
  readonly festival: { readonly id: string; readonly name: string };
  /** The noise trader, on devnet alone; absent: none. */
  readonly noise?: NoiseSetup | undefined;
  /** The festival that this one carries on, whose network was reset; absent: none. */
  readonly carriesOn?: CarriedOn | undefined;
  /** Puts something around the owner's way to the nodes, to look on or to interfere. */
  readonly around?: (transport: Transport) => Transport;
  /** Told what is done next. */
  readonly onStep?: (step: string) => void;
}

/** The network's mirror node. */
export function mirrorOf({ operator }: Pick<SetupOptions, "operator">): Mirror {
  return createMirror({ baseUrl: operator.network.mirror });
}
