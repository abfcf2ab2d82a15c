/** How a consensus node's server is set up; nobody looks at the statistics of gRPC's own (channelz), which cost a few percent. */
export const SERVER_OPTIONS = { "grpc.so_reuseport": 0, "grpc.enable_channelz": 0 } as const;

/** A consensus node's gRPC services (package `proto`): which methods take a `Transaction`, which a `Query`. */
export interface ServiceMethods {
  readonly transactions: readonly string[];
  readonly queries: readonly string[];
}

/**
 * Every service of a consensus node by its name, as its `.proto` file has it.
 * What a method is called does not matter to the node: the message says what
 * is meant. Methods whose messages the ledger does not know answer `NOT_SUPPORTED`.
 */
export const SERVICES: Readonly<Record<string, ServiceMethods>> = {
  AddressBookService: { transactions: ["createNode", "deleteNode", "updateNode"], queries: [] },
  ConsensusService: {
    transactions: ["createTopic", "updateTopic", "deleteTopic", "submitMessage"],
    queries: ["getTopicInfo"],
  },
  CryptoService: {
    transactions: [
      "createAccount",
      "updateAccount",
      "cryptoTransfer",
      "cryptoDelete",
      "approveAllowances",
      "deleteAllowances",
      "addLiveHash",
      "deleteLiveHash",
    ],
    queries: [
      "getLiveHash",
      "getAccountRecords",
      "cryptoGetBalance",
      "getAccountInfo",
      "getTransactionReceipts",
      "getTxRecordByTxID",
    ],
  },
  FileService: {
    transactions: [
      "createFile",
      "updateFile",
      "deleteFile",
      "appendContent",
      "systemDelete",
      "systemUndelete",
    ],
    queries: ["getFileContent", "getFileInfo"],
  },
  FreezeService: { transactions: ["freeze"], queries: [] },
  NetworkService: {
    transactions: ["uncheckedSubmit"],
    queries: ["getVersionInfo", "getAccountDetails", "getExecutionTime"],
  },
  ScheduleService: {
    transactions: ["createSchedule", "signSchedule", "deleteSchedule"],
    queries: ["getScheduleInfo"],
  },
  SmartContractService: {
    transactions: [
      "createContract",
      "updateContract",
      "contractCallMethod",
      "deleteContract",
      "systemDelete",
      "systemUndelete",
      "callEthereum",
      "lambdaSStore",
    ],
    queries: [
      "contractCallLocalMethod",
      "getContractInfo",
      "ContractGetBytecode",
      "getBySolidityID",
      "getTxRecordByContractID",
    ],
  },
  TokenService: {
    transactions: [
      "createToken",
      "updateToken",
      "mintToken",
      "burnToken",
      "deleteToken",
      "wipeTokenAccount",
      "freezeTokenAccount",
      "unfreezeTokenAccount",
      "grantKycToTokenAccount",
      "revokeKycFromTokenAccount",
      "associateTokens",
      "dissociateTokens",
      "updateTokenFeeSchedule",
      "pauseToken",
      "unpauseToken",
      "updateNfts",
      "rejectToken",
      "airdropTokens",
      "cancelAirdrop",
      "claimAirdrop",
    ],
    queries: ["getTokenInfo", "getTokenNftInfo"],
  },
  UtilService: { transactions: ["prng", "atomicBatch"], queries: [] },
};
