/** Whether all addresses of an environment belong to the network that it names, and all roles to one. */
import { GENESIS_OPERATOR } from "../../lib/devnet/ledger/genesis.ts";
import { SigningKey } from "../../lib/ledger/key.ts";
import { type Check, editCommand, type Member } from "./context.ts";
import { error, type Finding, orOk } from "./finding.ts";

const ADDRESSES = [
  "HEDERA_NODES",
  "HEDERA_MIRROR_GRPC",
  "HEDERA_MIRROR_URL",
  "HEDERA_RELAY_URL",
  "HEDERA_RELAY_WS_URL",
];
const PUBLIC = ["testnet", "mainnet", "previewnet"];
const LOOPBACK = /(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])/;

/** Finds addresses of another network, and the key that everybody knows. */
export const networkMix: Check = ({ members }) => {
  const problems = members.flatMap((member) => [...foreignAddresses(member), ...knownKey(member)]);
  return orOk([...problems, ...apart(members)], "network", named(members));
};

function foreignAddresses({ role, network }: Member): readonly Finding[] {
  if (network === null || network.name === "custom") return [];
  return ADDRESSES.flatMap((variable) => {
    const value = role.env[variable] ?? "";
    const other = PUBLIC.find((name) => name !== network.name && new RegExp(`\\b${name}\\b`).test(value));
    const local = PUBLIC.includes(network.name) && LOOPBACK.test(value) ? "this machine" : undefined;
    const elsewhere = other ?? local;
    if (elsewhere === undefined) return [];
    const message = `${role.name}: HEDERA_NETWORK is ${network.name}, ${variable} points to ${elsewhere}`;
    return error(
      `env:${variable}`,
      message,
      editCommand(role, `remove ${variable}, or change HEDERA_NETWORK`),
    );
  });
}

/** Whoever reads the SDK's examples has this key. */
function knownKey({ role, network, key }: Member): readonly Finding[] {
  if (network === null || !PUBLIC.includes(network.name) || key === null) return [];
  const everybodys = SigningKey.parse({ type: "ED25519", hex: GENESIS_OPERATOR.privateKey });
  if (key.publicKey.hex !== everybodys.publicKey.hex) return [];
  const message = `${role.name}: its key is the one of every local network's operator, which everybody knows`;
  return [error("key-public", message, editCommand(role, "name a key file of your own"))];
}

function apart(members: readonly Member[]): readonly Finding[] {
  const [first, ...others] = members.filter(({ network }) => network !== null);
  if (first === undefined) return [];
  return others.flatMap(({ role, network, log }) => [
    ...(network?.name === first.network?.name && network?.mirror === first.network?.mirror
      ? []
      : [
          error(
            "network-differs",
            `${role.name} is on another network than ${first.role.name}`,
            editCommand(role, `use HEDERA_NETWORK and the addresses of ${first.role.name}`),
          ),
        ]),
    ...(log === null || first.log === null || log === first.log
      ? []
      : [
          error(
            "log-differs",
            `${role.name} follows ${log}, ${first.role.name} follows ${first.log}`,
            editCommand(role, "one folder is for one festival: set FEST_LOG to its log"),
          ),
        ]),
  ]);
}

function named(members: readonly Member[]): string {
  const names = new Set(members.flatMap(({ network }) => network?.name ?? []));
  return `every address belongs to ${[...names].join(", ") || "no network"}`;
}
