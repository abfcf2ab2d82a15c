/** A notice as each service that takes webhooks wants it. */
import { ALARMS, alarmAnchor } from "../../lib/festival/alarm/alarm.ts";
import type { Notice } from "../../lib/festival/alarm/notice.ts";
import { formatTimestamp, toMillis } from "../../lib/hedera/timestamp.ts";

/** The forms of a webhook. */
export const FORMATS = ["slack", "discord", "ntfy", "json"] as const;
/** One of {@link FORMATS}. */
export type Format = (typeof FORMATS)[number];

/** What is sent for a notice. */
export interface Delivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Where notices come from, and where they are explained. */
export interface Origin {
  readonly festival: string;
  readonly log: string;
  /** Of `docs/operations.md`. */
  readonly runbook: string;
}

/** The runbook where nothing else is said. */
export const RUNBOOK = "https://github.com/fest-agents/fest-agents/blob/main/docs/operations.md";

const COLOURS = { firing: { critical: 0xc0392b, warning: 0xd68910 }, recovered: 0x1e8449 } as const;
const JSON_TYPE = { "content-type": "application/json" };

/** A notice in a format; what a person reads is in all of them the same. */
export function deliveryOf(format: Format, notice: Notice, origin: Origin): Delivery {
  const link = runbookOf(notice, origin);
  switch (format) {
    case "slack":
      return { headers: JSON_TYPE, body: JSON.stringify(slack(notice, origin, link)) };
    case "discord":
      return { headers: JSON_TYPE, body: JSON.stringify(discord(notice, origin, link)) };
    case "ntfy":
      return ntfy(notice, origin, link);
    case "json":
      return { headers: JSON_TYPE, body: JSON.stringify(noticeJson(notice, origin)) };
  }
}

/** A notice as JSON, for programs. */
export function noticeJson(notice: Notice, origin: Origin) {
  const { kind, name, about, severity, message, since, at } = notice;
  return {
    kind,
    name,
    about,
    severity,
    title: ALARMS[name].title,
    message,
    festival: origin.festival,
    log: origin.log,
    since: formatTimestamp(since),
    at: formatTimestamp(at),
    runbook: runbookOf(notice, origin),
  };
}

/** One line: whether it begins or is over, how grave, and what. */
export function headline({ kind, severity, name }: Notice): string {
  const { title } = ALARMS[name];
  return kind === "recovered"
    ? `Over: ${title}`
    : `${severity === "critical" ? "CRITICAL" : "Warning"}: ${title}`;
}

function runbookOf({ name }: Notice, { runbook }: Origin): string {
  return `${runbook}#${alarmAnchor(name)}`;
}

/** Incoming webhooks: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
function slack(notice: Notice, origin: Origin, link: string) {
  const title = `${mark(notice)} *${escapeSlack(headline(notice))}*`;
  const text = `${title}\n${escapeSlack(notice.message)}\n${escapeSlack(whence(origin))} · <${link}|What to do>`;
  return { text, blocks: [{ type: "section", text: { type: "mrkdwn", text } }] };
}

/** Webhooks: https://discord.com/developers/docs/resources/webhook#execute-webhook */
function discord(notice: Notice, origin: Origin, link: string) {
  const { kind, severity, message, at } = notice;
  return {
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: headline(notice),
        description: message,
        url: link,
        color: kind === "recovered" ? COLOURS.recovered : COLOURS.firing[severity],
        timestamp: new Date(toMillis(at)).toISOString(),
        footer: { text: whence(origin) },
      },
    ],
  };
}

/** Publishing: https://docs.ntfy.sh/publish/ */
function ntfy(notice: Notice, origin: Origin, link: string): Delivery {
  const { kind, severity, message } = notice;
  const isCritical = kind === "firing" && severity === "critical";
  return {
    headers: {
      "content-type": "text/plain; charset=utf-8",
      title: headline(notice),
      priority: isCritical ? "urgent" : kind === "firing" ? "high" : "default",
      tags: kind === "recovered" ? "white_check_mark" : isCritical ? "rotating_light" : "warning",
      click: link,
    },
    body: `${message}\n${whence(origin)}`,
  };
}

function whence({ festival, log }: Origin): string {
  return `${festival}, log ${log}`;
}

function mark({ kind, severity }: Notice): string {
  if (kind === "recovered") return ":white_check_mark:";
  return severity === "critical" ? ":rotating_light:" : ":warning:";
}

/** The three characters that Slack reads as its own. */
function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
