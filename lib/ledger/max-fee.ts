import { Hbar } from "@hashgraph/sdk";

/**
 * The most that a transaction may cost. At USD 0.05 for an HBAR these are 10
 * times and more what HIP-1261 asks, so that a fall in price does not stop an
 * agent, while a mistake can't empty it.
 */
export const MAX_FEE = {
  message: new Hbar(1),
  transfer: new Hbar(1),
  batch: new Hbar(2),
  scheduleCreate: new Hbar(5),
  accountCreate: new Hbar(20),
  associate: new Hbar(20),
  topicCreate: new Hbar(10),
  topicUpdate: new Hbar(10),
  accountUpdate: new Hbar(5),
  tokenCreate: new Hbar(200),
} as const;
