import { beatsOf, pulseOf, spendingOf } from "./beats.ts";
import { tokensText } from "./entry-words.ts";
import { drawdownOf, inventoryOf } from "./market.ts";
import { headOf, type Moment } from "./moment.ts";
import { matchesOf } from "./moved.ts";
import { type Place, texts, values } from "./place.ts";
import { agentsOf, countIn, needsOf } from "./story.ts";
import { owedIn, waitsOf } from "./waits.ts";
import { agoText, amountText, bpsText, hbarText, manyText, secondsText } from "./wording.ts";

/** One tile: what it says, from what, when it would be an alarm, and how old its newest evidence is. */
interface Answer {
  readonly name: string;
  readonly said: string;
  readonly facts: string;
  readonly threshold: string;
  readonly at: bigint | null;
  readonly action: string;
}

/** The operator's five tiles. */
export function tilesPlaces(moment: Moment): readonly Place[] {
  const answers = [liveness(moment), work(moment), money(moment), risk(moment), integrity(moment)];
  return answers.flatMap(({ name, said, facts, threshold, at, action }) => {
    const tile = `[data-tile="${name}"]`;
    return [
      texts("fest-tiles", `${tile} .said`, said),
      texts("fest-tiles", `${tile} .facts`, facts),
      values("fest-tiles", tile, "title", threshold),
      texts("fest-tiles", `${tile} .unseen`, `Threshold: ${threshold}`),
      texts("fest-tiles", `${tile} .line > span`, at === null ? "" : agoText(at, moment.now)),
      texts("fest-tiles", `${tile} .act a:not([data-runbook])`, action),
    ];
  });
}

const DEAD: readonly string[] = ["silent", "lost", "stopped", "error", "not seen"];

function liveness(moment: Moment): Answer {
  const { story, vitals } = moment;
  const interval = story.manifest.heartbeat_seconds;
  const agents = agentsOf(story).map((agent) => ({ id: agent.id, pulse: pulseOf(moment, agent) }));
  const dead = agents.filter(({ pulse }) => DEAD.includes(pulse));
  const late = agents.filter(({ pulse }) => pulse === "late");
  const [first] = [...dead, ...late];
  const others = dead.length + late.length - 1;
  return {
    name: "liveness",
    said:
      first === undefined
        ? "all alive"
        : `${first.id} ${first.pulse}${others === 0 ? "" : `, ${others} more`}`,
    facts: `${agents.length - dead.length} of ${manyText(agents.length, "agent")} alive`,
    threshold: `late after ${secondsText(interval * 2)}, silent after ${secondsText(interval * 4)}`,
    at: vitals.at(-1)?.at ?? null,
    action: first === undefined ? "What agents said" : `What ${first.id} said`,
  };
}

function work(moment: Moment): Answer {
  const base = {
    name: "work",
    threshold: "overdue after 1 min, stuck after 3 min",
    at: headOf(moment).at,
    action: "What failed",
  };
  const edition = moment.story.editions.at(-1);
  if (edition === undefined) return { ...base, said: "no plan yet", facts: "" };
  const late = (seconds: bigint) =>
    waitsOf(moment).filter(({ due }) => due + seconds * 1_000_000_000n < moment.now);
  const [overdue, stuck] = [late(60n), late(180n)];
  const failed = countIn(edition, "failed");
  const blocked = [...edition.tasks.values()].filter(
    (task) =>
      task.state === "pending" && needsOf(task).some((id) => edition.tasks.get(id)?.state === "failed"),
  ).length;
  const working = countIn(edition, "assigned", "in_progress", "review", "complete");
  const again = [...edition.tasks.values()].filter(
    ({ attempt, state }) => attempt > 1 && state !== "paid",
  ).length;
  const { edition: number, tasks } = edition.plan.body.payload;
  const said = () => {
    if (stuck.length > 0) return `${manyText(stuck.length, "duty", "duties")} stuck`;
    if (failed > 0) return `${manyText(failed, "task")} failed`;
    if (overdue.length > 0) return `${overdue.length} overdue`;
    if (edition.commit !== null) return `edition ${number} done`;
    if (again > 0) return `${manyText(again, "task")} tried again`;
    return `${countIn(edition, "paid")} of ${tasks} paid`;
  };
  const [first] = [...stuck, ...overdue];
  return {
    ...base,
    said: said(),
    facts: `${working} at work · ${overdue.length} overdue · ${blocked} blocked · ${failed} failed`,
    action: first === undefined || first.task === null ? base.action : `Task ${first.task}`,
  };
}

function money(moment: Moment): Answer {
  const { story, ledger } = moment;
  const edition = story.editions.at(-1);
  const owed = owedIn(moment);
  const failing = [...(edition?.tasks.values() ?? [])].filter(
    ({ failedPayments, state }) => failedPayments > 0 && state !== "paid",
  ).length;
  const late = waitsOf(moment).filter(
    ({ due, task }) =>
      task !== null && edition?.tasks.get(task)?.state === "review" && due + 60_000_000_000n < moment.now,
  ).length;
  const lasts = agentsOf(story)
    .filter(({ role }) => role !== "desk")
    .flatMap((agent) => {
      const spending = spendingOf(beatsOf(moment, agent));
      return spending === null ? [] : [{ id: agent.id, seconds: spending.lasts }];
    });
  const shortest = lasts.toSorted((a, b) => (a.seconds < b.seconds ? -1 : 1))[0];
  const paid = edition?.payments.reduce((sum, { body }) => sum + BigInt(body.payload.amount), 0n) ?? 0n;
  const limit = story.manifest.limits.edition;
  const budget = limit === undefined ? "" : ` of ${tokensText(limit, ledger.payment)}`;
  const said = () => {
    if (failing > 0) return `${manyText(failing, "payment")} failing`;
    if (shortest !== undefined && shortest.seconds < 3_600n) return `${shortest.id} runs out of HBAR`;
    if (late > 0) return `${manyText(late, "payment")} late`;
    if (shortest !== undefined && shortest.seconds < 86_400n)
      return `HBAR for ${secondsText(shortest.seconds)}`;
    return owed === 0 ? "nothing owed" : `${manyText(owed, "payment")} under way`;
  };
  return {
    name: "money",
    said: said(),
    facts: [
      ...(edition === undefined ? [] : [`${tokensText(paid, ledger.payment)}${budget} paid`]),
      `${owed} owed`,
      `${failing} failing`,
      shortest === undefined
        ? "runway not known yet"
        : `${shortest.id}'s HBAR lasts ${secondsText(shortest.seconds)}`,
    ].join(" · "),
    threshold: "a payment is late after 1 min; HBAR for a day is little, for an hour too little",
    at: headOf(moment).at,
    action: "Payments",
  };
}

function risk(moment: Moment): Answer {
  const { story } = moment;
  const { market } = story.manifest;
  if (market === undefined)
    return {
      name: "risk",
      said: "no market",
      facts: "",
      threshold: "the manifest names no market",
      at: null,
      action: "Risk verdicts",
    };
  const { max_position, max_trade } = market.limits;
  const held = inventoryOf(story).at(-1);
  const edition = story.editions.at(-1)?.plan.body.payload.edition;
  const failed = story.trades.filter((trade) => trade.edition === edition && trade.stage === "failed").length;
  const used = held === undefined ? 0n : (held.hbar * 100n) / BigInt(max_position);
  const drawdown = drawdownOf(moment);
  const said = () => {
    if (held === undefined) return "nothing held yet";
    if (failed > 0) return manyText(failed, "trade failed", "trades failed");
    return used >= 80n ? "near its limit" : "within limits";
  };
  return {
    name: "risk",
    said: said(),
    facts: [
      held === undefined ? "inventory not read yet" : `${hbarText(held.hbar)} ℏ held, ${used}% of the limit`,
      drawdown === null ? "no report yet" : `${bpsText(drawdown)} below its best`,
      manyText(failed, "trade failed", "trades failed"),
    ].join(" · "),
    threshold: `at most ${hbarText(max_position)} ℏ held, ${hbarText(max_trade)} ℏ a trade; ${amountText(1_000, 2)}% below its best is an alarm`,
    at: held?.said.at ?? null,
    action: "Risk verdicts",
  };
}

function integrity(moment: Moment): Answer {
  const { sequence, at } = headOf(moment);
  const { payments } = matchesOf(moment);
  const kinds = [...moment.story.taken.values()].map(({ kind }) => kind);
  const foreign = kinds.filter((kind) => kind === "unauthorised" || kind === "malformed").length;
  const unauthorised = kinds.filter((kind) => kind === "unauthorised").length;
  return {
    name: "integrity",
    said: unauthorised === 0 ? "verified" : `verified, ${unauthorised} unauthorised`,
    facts: [
      `chain verified up to #${sequence} of ${sequence}`,
      `${payments.matched} of ${manyText(payments.total, "payment")} found`,
      `${manyText(foreign, "entry does", "entries do")} not count`,
    ].join(" · "),
    threshold: "one entry that does not verify is an alarm; entries that do not count are shown",
    at,
    action: "What does not count",
  };
}
