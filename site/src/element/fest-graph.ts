import { css, LitElement, nothing, type TemplateResult } from "lit";
import type { Edition } from "../../../lib/festival/state.ts";
import { withTask } from "../deployment/address.ts";
import { type Graph, type GraphNode, graphOf } from "../ledger/graph.ts";
import { base } from "../style/base.ts";
import { plural, words } from "../text/count.ts";
import { html, svg } from "./html.ts";

const WIDTH = 48;
const HEIGHT = 24;
const GAP_X = 18;
const GAP_Y = 8;
const MARGIN = 4;
/** Drawn smaller than this it could not be read; it scrolls then. */
const LEAST_SCALE = 0.75;

/** What waits for what: tasks from left to right, each a link that opens it below. */
export class FestGraph extends LitElement {
  static override properties = { edition: { attribute: false } };
  static override styles = [
    base,
    css`
      .scroll {
        overflow-x: auto;
        padding: 0.6rem 0.9rem;
        border-bottom: 1px solid var(--line);
        scrollbar-width: thin;
      }
      svg {
        display: block;
        width: 100%;
      }
      a {
        text-decoration: none;
      }
      path {
        fill: none;
        stroke: var(--muted);
        opacity: 0.55;
      }
      path.open {
        opacity: 1;
      }
      rect {
        fill: var(--surface);
        stroke: var(--idle);
        stroke-width: 1.5;
      }
      .paid rect {
        stroke: var(--ok-fill);
        fill: color-mix(in srgb, var(--ok-fill) 18%, var(--surface));
      }
      .complete rect,
      .review rect,
      .in_progress rect {
        stroke: var(--work-fill);
        fill: color-mix(in srgb, var(--work-fill) 18%, var(--surface));
      }
      .assigned rect {
        stroke: var(--wait-fill);
        fill: color-mix(in srgb, var(--wait-fill) 18%, var(--surface));
      }
      .pending rect {
        stroke-dasharray: 3 2;
      }
      .failed rect {
        stroke: var(--bad-fill);
        stroke-width: 2.5;
        fill: color-mix(in srgb, var(--bad-fill) 18%, var(--surface));
      }
      text {
        fill: var(--ink);
        font: 12px var(--mono);
        text-anchor: middle;
      }
      a:hover rect,
      a:focus-visible rect {
        stroke: var(--accent);
        stroke-width: 2.5;
      }
    `,
  ];

  declare edition: Edition;

  override render(): TemplateResult | typeof nothing {
    const graph = graphOf(this.edition);
    if (graph.edges.length === 0) return nothing;
    const width = graph.columns * (WIDTH + GAP_X) - GAP_X + 2 * MARGIN;
    const height = graph.rows * (HEIGHT + GAP_Y) - GAP_Y + 2 * MARGIN;
    return html`<div class="scroll" tabindex="0" role="region" aria-label="What waits for what">
      <svg .style=${`min-width:${width * LEAST_SCALE}px;max-width:${width}px`} viewBox="0 0 ${width} ${height}" data-graph=${graph.of}>
        <title>${plural(graph.nodes.length, graph.of === "tasks" ? "task" : "sequence")}, ${plural(graph.edges.length, "dependency", "dependencies")}</title>
        ${graph.edges.map(([from, to]) => edge(from, to))}
        ${graph.nodes.map((node) => this.#node(node, graph))}
      </svg>
    </div>`;
  }

  #node(node: GraphNode, graph: Graph): TemplateResult {
    const { id, name, state } = node;
    const said = `${id} ${name}: ${words(state)}`;
    const box = svg`<title>${said}</title>
      <rect x=${leftOf(node)} y=${topOf(node)} width=${WIDTH} height=${HEIGHT} rx="6"></rect>
      <text x=${leftOf(node) + WIDTH / 2} y=${topOf(node) + 16}>${short(id)}</text>`;
    if (graph.of !== "tasks")
      return svg`<g class=${state} data-node=${id} data-node-state=${state}>${box}</g>`;
    return svg`<a class=${state} data-node=${id} data-node-state=${state} href=${withTask(location.hash, id)} aria-label=${said}>${box}</a>`;
  }
}

function edge(from: GraphNode, to: GraphNode): TemplateResult {
  const [x, y] = [leftOf(from) + WIDTH, topOf(from) + HEIGHT / 2];
  const [toX, toY] = [leftOf(to), topOf(to) + HEIGHT / 2];
  const bend = Math.min(GAP_X, (toX - x) / 2);
  const path = `M${x} ${y}C${x + bend} ${y} ${toX - bend} ${toY} ${toX} ${toY}`;
  return svg`<path class=${from.state === "paid" ? "" : "open"} d=${path} data-edge="${from.id} ${to.id}"></path>`;
}

function leftOf({ column }: GraphNode): number {
  return MARGIN + column * (WIDTH + GAP_X);
}

function topOf({ row }: GraphNode): number {
  return MARGIN + row * (HEIGHT + GAP_Y);
}

/** What of an id fits into a box; the rest is in its title. */
function short(id: string): string {
  return id.length > 6 ? `${id.slice(0, 5)}…` : id;
}

customElements.define("fest-graph", FestGraph);
