/** The rule of the house: imports only go down (DESIGN, "Layers"). */

/** An import that goes where it may not. */
export interface Violation {
  readonly file: string;
  readonly imported: string;
  readonly rule: string;
}

interface Layer {
  /** Folders of this project that it may import from, itself aside. */
  readonly below: readonly string[];
  /** Runs in a browser, too: no Bun, no Node. */
  readonly browserSafe?: true;
}

/** Each layer and what lies below it. */
const LAYERS: Readonly<Record<string, Layer>> = {
  "lib/hedera": { below: [], browserSafe: true },
  "lib/mirror": { below: ["lib/hedera"], browserSafe: true },
  "lib/ledger": { below: ["lib/mirror", "lib/hedera"] },
  "lib/festival": { below: ["lib/mirror", "lib/hedera"], browserSafe: true },
  "lib/market": { below: ["lib/festival", "lib/mirror", "lib/hedera"] },
  "lib/inference": { below: ["lib/market", "lib/festival", "lib/mirror", "lib/hedera"] },
  "lib/agent": {
    below: ["lib/inference", "lib/market", "lib/festival", "lib/ledger", "lib/mirror", "lib/hedera"],
  },
  "lib/devnet": { below: ["lib/hedera"] },
  agents: { below: ["lib/agent"] },
  "site/src": { below: ["lib/festival", "lib/mirror", "lib/hedera"], browserSafe: true },
};

/** The SDK and its protobufs: only these may know them. */
const SDK = /^@(hashgraph|hiero-ledger)\//;
const SDK_LAYERS = ["lib/ledger", "lib/devnet"];

/** Tests, and what only tests use, may look anywhere. */
const TEST = /(\.test\.ts$|\/testing\/)/;

/**
 * Checks one import.
 *
 * @param file path of the importing file, relative to the project, with `/`
 * @param imported a package, or the path of a file relative to the project
 * @returns the rule that it breaks, or null
 */
export function checkImport(file: string, imported: string): string | null {
  if (TEST.test(file)) return null;
  const layer = layerOf(file);
  const own = layerOf(imported);
  if (SDK.test(imported) && !SDK_LAYERS.includes(layer ?? ""))
    return `only ${SDK_LAYERS.join(" and ")} know the SDK`;
  if (layer === undefined) return null;
  const { below, browserSafe } = LAYERS[layer] ?? { below: [] };
  if (browserSafe && /^(node:|bun$|bun:)/.test(imported)) return `${layer} runs in a browser, too`;
  if (TEST.test(imported)) return "nothing but tests uses what is made for tests";
  if (own === undefined || own === layer || below.includes(own)) return null;
  return below.length === 0 ? `${layer} lies at the bottom` : `below ${layer} lie ${below.join(", ")}`;
}

function layerOf(path: string): string | undefined {
  return Object.keys(LAYERS).find((layer) => path.startsWith(`${layer}/`));
}
