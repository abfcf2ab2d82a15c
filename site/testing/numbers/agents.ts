import { agentLine, beatsOf, heardText, pulseOf, signsOf } from "./beats.ts";
import { headOf, type Moment } from "./moment.ts";
import { links, type Place, texts, values } from "./place.ts";
import { agentsOf } from "./story.ts";
import { agoText, secondsText } from "./wording.ts";

/** Every agent's figures, as its heartbeats have them. */
export function agentsPlaces(moment: Moment): readonly Place[] {
  const { story, now } = moment;
  const interval = story.manifest.heartbeat_seconds;
  const agents = agentsOf(story).map((agent) => ({ agent, beats: beatsOf(moment, agent) }));
  const heard = agents.filter(({ beats }) => beats.length > 0);
  const busy = heard.map(({ agent, beats }) => {
    const pulse = pulseOf(moment, agent);
    const last = beats.at(-1)?.body.payload;
    return pulse === "working" && last.active_task_id !== undefined
      ? `working on ${last.active_task_id}`
      : pulse;
  });
  return [
    texts("fest-agents", ".aside", `a heartbeat every ${secondsText(interval)}`),
    texts("fest-agents", "h3", ...agents.map(({ agent }) => agent.id)),
    ...links("fest-agents", ".line a", ...agents.map(({ agent }) => agent.account)),
    texts(
      "fest-agents",
      ".line > span:has(.muted)",
      ...heard.map(({ beats }, index) => `${busy[index]} ${agoText(beats.at(-1)?.at ?? now, now)}`),
    ),
    texts(
      "fest-agents",
      "li > p:not(.bad)",
      ...agents.map(({ agent, beats }) =>
        beats.length === 0
          ? "No heartbeat on the vitals topic yet."
          : agentLine(beats, agent.role, headOf(moment).sequence),
      ),
    ),
    texts(
      "fest-agents",
      "li > p.bad",
      ...heard.flatMap(({ agent }) => {
        const error = signsOf(moment, agent).findLast(({ body }) => body.type === "agent_error")?.body
          .payload;
        return error === undefined ? [] : [`${error.code}: ${error.message}`];
      }),
    ),
    values("fest-beats", "svg", "aria-label", ...agents.map(({ beats }) => heardText(beats, interval, now))),
  ];
}
