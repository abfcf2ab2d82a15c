import { expect, test } from "bun:test";
import type { proto } from "@hiero-ledger/proto";
import type { AccountId } from "../../../hedera/id.ts";
import { accountAmounts, ed25519Signer, hbarTransfer, LedgerFixture, OPERATOR } from "../fixture.ts";
import { wireAccountId, wireTokenId } from "../wire/id.ts";

const [old, fresh, heir] = [ed25519Signer(), ed25519Signer(), ed25519Signer()];

function scene() {
  const fixture = new LedgerFixture();
  const id = fixture.createAccount(old.key);
  const update = (change: proto.ICryptoUpdateTransactionBody, ...signers: (typeof old)[]) =>
    fixture.result(
      { cryptoUpdateAccount: { accountIDToUpdate: wireAccountId(id), ...change } },
      { signers: [OPERATOR, ...signers] },
    );
  return { fixture, id, update };
}

test("a key is rotated by the old and the new one together, and then only the new one signs", () => {
  const { fixture, id, update } = scene();
  expect(update({ key: fresh.key }, old)).toBe("INVALID_SIGNATURE");
  expect(update({ key: fresh.key }, fresh)).toBe("INVALID_SIGNATURE");
  expect(update({ key: fresh.key }, old, fresh)).toBe("SUCCESS");
  const pay = hbarTransfer({ [id]: -1n, "0.0.2": 1n });
  expect(fixture.result(pay, { payer: id, signers: [old] })).toBe("INVALID_SIGNATURE");
  expect(fixture.result(pay, { payer: id, signers: [fresh] })).toBe("SUCCESS");
});

test("what an update does not mention stays", () => {
  const { fixture, id, update } = scene();
  expect(update({ memo: { value: "hello" }, maxAutomaticTokenAssociations: { value: 3 } }, old)).toBe(
    "SUCCESS",
  );
  expect(update({ receiverSigRequiredWrapper: { value: true } }, old)).toBe("SUCCESS");
  expect(fixture.ledger.accounts.get(id)).toMatchObject({
    memo: "hello",
    maxAutomaticAssociations: 3,
    receiverSigRequired: true,
    balance: 10_000_000_000n,
  });
});

test("an account that does not exist, or associations below what is possible, are refused", () => {
  const { update } = scene();
  expect(update({ accountIDToUpdate: wireAccountId("0.0.4242") })).toBe("INVALID_ACCOUNT_ID");
  expect(update({ maxAutomaticTokenAssociations: { value: -2 } }, old)).toBe("INVALID_MAX_AUTO_ASSOCIATIONS");
});

test("a deleted account leaves everything to its heir and signs nothing more", () => {
  const { fixture, id, update } = scene();
  const heirId = fixture.createAccount(heir.key, 1n);
  const cryptoDelete = { deleteAccountID: wireAccountId(id), transferAccountID: wireAccountId(heirId) };
  expect(fixture.result({ cryptoDelete })).toBe("INVALID_SIGNATURE");
  expect(fixture.result({ cryptoDelete }, { signers: [OPERATOR, old] })).toBe("SUCCESS");
  expect(fixture.balance(heirId)).toBe(10_100_000_000n);
  expect(fixture.balance(id)).toBe(0n);
  expect(update({ memo: { value: "ghost" } }, old)).toBe("ACCOUNT_DELETED");
  expect(fixture.result(hbarTransfer({ "0.0.2": -1n, [id]: 1n }))).toBe("ACCOUNT_DELETED");
});

test("an account that holds tokens, or is a token's treasury, cannot be deleted", () => {
  const { fixture, id } = scene();
  const holder = fixture.createAccount(heir.key, 1n, { maxAutomaticTokenAssociations: 1 });
  const token = fixture.createToken(id, old);
  const transfers = accountAmounts({ [id]: -1n, [holder]: 1n });
  const signed = { signers: [OPERATOR, old, heir] };
  fixture.run({ cryptoTransfer: { tokenTransfers: [{ token: wireTokenId(token), transfers }] } }, signed);
  const remove = (account: AccountId) => {
    const cryptoDelete = {
      deleteAccountID: wireAccountId(account),
      transferAccountID: wireAccountId("0.0.2"),
    };
    return fixture.result({ cryptoDelete }, signed);
  };
  expect(remove(id)).toBe("ACCOUNT_IS_TREASURY");
  expect(remove(holder)).toBe("TRANSACTION_REQUIRES_ZERO_TOKEN_BALANCES");
});

test.each([
  [
    "to itself",
    "TRANSFER_ACCOUNT_SAME_AS_DELETE_ACCOUNT",
    { deleteAccountID: wireAccountId("0.0.2"), transferAccountID: wireAccountId("0.0.2") },
  ],
  ["to nobody", "ACCOUNT_ID_DOES_NOT_EXIST", { deleteAccountID: wireAccountId("0.0.2") }],
  [
    "of the network's own account",
    "ENTITY_NOT_ALLOWED_TO_DELETE",
    { deleteAccountID: wireAccountId("0.0.98"), transferAccountID: wireAccountId("0.0.2") },
  ],
])("deletion %s is refused with %s", (_what, status, cryptoDelete) => {
  expect(new LedgerFixture().result({ cryptoDelete })).toBe(status);
});
