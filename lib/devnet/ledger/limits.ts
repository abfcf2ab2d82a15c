/**
 * The network's limits, with the property of the consensus node's configuration
 * that each stands for (its defaults, which testnet and mainnet use).
 */
export const LIMITS = {
  /** `hedera.transaction.maxBytes` */
  transactionBytes: 6_144,
  /** `hedera.transaction.maxMemoUtf8Bytes` */
  memoBytes: 100,
  /** `hedera.transaction.minValidDuration` */
  minValidSeconds: 15n,
  /** `hedera.transaction.maxValidDuration`, and how long receipts are kept. */
  maxValidSeconds: 180n,
  /** `hedera.transaction.minValidityBufferSecs`: what pre-check wants left of the validity. */
  validityBufferSeconds: 10n,
  /** `consensus.message.maxBytesAllowed` */
  messageBytes: 1_024,
  /** `ledger.transfers.maxLen` */
  hbarTransfers: 10,
  /** `ledger.tokenTransfers.maxLen` */
  tokenTransfers: 10,
  /** `ledger.autoRenewPeriod.minDuration` */
  minAutoRenewSeconds: 2_592_000n,
  /** The auto-renew period of an account that a transfer to an alias creates (`THREE_MONTHS_IN_SECONDS`). */
  autoCreatedRenewSeconds: 7_776_000n,
  /** `ledger.autoRenewPeriod.maxDuration` */
  maxAutoRenewSeconds: 8_000_001n,
  /** `entities.maxLifetime` */
  entityLifetimeSeconds: 3_153_600_000n,
  /** `ledger.maxAutoAssociations` */
  automaticAssociations: 5_000,
  /** `tokens.maxTokenNameUtf8Bytes` */
  tokenNameBytes: 100,
  /** `tokens.maxSymbolUtf8Bytes` */
  tokenSymbolBytes: 100,
  /** `tokens.maxMetadataBytes` */
  tokenMetadataBytes: 100,
  /** `atomicBatch.maxNumberOfTransactions` */
  batchTransactions: 50,
  /** `ledger.schedule.txExpiryTimeSecs` */
  scheduleDefaultSeconds: 1_800n,
  /** `scheduling.maxExpirationFutureSeconds` */
  scheduleMaxSeconds: 5_356_800n,
  /** `attributeValidator` MAX_NESTED_KEY_LEVELS */
  keyLevels: 15,
  /** `consensus.handle.maxPrecedingRecords`: how many accounts a transaction may create by alias. */
  precedingRecords: 3,
  /** `scheduling.consTimeSeparationNanos`: least distance of two top-level consensus timestamps. */
  consensusSeparationNanos: 1_000n,
  /** The largest amount of a token, and of a protobuf int64. */
  maxInt64: 2n ** 63n - 1n,
} as const;

/** `hedera.firstUserEntity`: what users create is numbered from here on. */
export const FIRST_USER_ENTITY = 1_001n;
