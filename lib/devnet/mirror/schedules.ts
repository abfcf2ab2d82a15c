import { formatTimestamp } from "../../hedera/timestamp.ts";
import { SCHEDULE, type ScheduleRow } from "../store/entities.ts";
import { Conditions } from "./conditions.ts";
import { linksOf, pageRequest, type Routes, reply, replyPage } from "./context.ts";
import { readEntityNumber } from "./entity-number.ts";
import { entityFilter, limit, OPERATORS, order } from "./parameters.ts";
import { readQuery } from "./query.ts";
import { invalidParameter, notFound } from "./rest-error.ts";
import { keyView, timeView } from "./views.ts";

/** The parameters of `schedules`. */
export const SCHEDULE_LIST = {
  "account.id": entityFilter(OPERATORS),
  limit: limit(),
  order: order("asc"),
  "schedule.id": entityFilter(),
};

/** `schedules`, as a list and by id. */
export const scheduleRoutes: Routes = (app, { store, now }) => {
  app.get("/schedules", (c) => {
    const request = pageRequest(c);
    const query = readQuery(request.query, SCHEDULE_LIST);
    const conditions = new Conditions()
      .some('"id"', query["schedule.id"])
      .some('"creator"', query["account.id"]);
    const tail = `${conditions.where} ORDER BY "id" ${query.order} LIMIT ?`;
    const rows = store.rows(SCHEDULE, tail, [...conditions.values, BigInt(query.limit)]);
    const keys = (row: ScheduleRow) => [{ parameter: "schedule.id", value: row.id }];
    const links = linksOf({ request, rows, limit: query.limit, order: query.order, keys });
    return replyPage(c, { schedules: rows.map(scheduleView), links }, 10);
  });

  app.get("/schedules/:id", (c) => {
    readQuery(pageRequest(c).query, {});
    const id = readEntityNumber(c.req.param("id"));
    if (id === null) throw invalidParameter("scheduleId");
    const schedule = store.row(SCHEDULE, 'WHERE "id" = ?', [id]);
    if (schedule === null) throw notFound();
    const isFinal = schedule.executed !== null || schedule.deleted !== null || schedule.expiration < now();
    return reply(c, scheduleView(schedule), isFinal ? 3600 : 1);
  });
};

function scheduleView(schedule: ScheduleRow) {
  return {
    admin_key: keyView(schedule.adminKey),
    consensus_timestamp: formatTimestamp(schedule.created),
    creator_account_id: schedule.creator,
    deleted: schedule.deleted !== null,
    executed_timestamp: timeView(schedule.executed),
    expiration_time: formatTimestamp(schedule.expiration),
    memo: schedule.memo,
    payer_account_id: schedule.payer,
    schedule_id: schedule.id,
    signatures: schedule.signatories.map(({ consensusTimestamp, publicKey, signature, type }) => ({
      consensus_timestamp: formatTimestamp(consensusTimestamp),
      public_key_prefix: publicKey.toBase64(),
      signature: signature.toBase64(),
      type,
    })),
    transaction_body: schedule.body.toBase64(),
    wait_for_expiry: schedule.waitForExpiry,
  };
}
