import { defineQuery } from "./query.ts";

/** The release of Hedera's consensus node whose rules the ledger follows. */
const VERSION = { major: 0, minor: 76, patch: 0 };

/** `NetworkGetVersionInfo`. */
export const NETWORK_GET_VERSION_INFO = defineQuery("networkGetVersionInfo", {
  paid: true,
  answer: () => ({ hapiProtoVersion: VERSION, hederaServicesVersion: VERSION }),
});
