import { dependenciesOf } from "../../../lib/festival/dependencies.ts";
import type { Edition, Task, TaskState } from "../../../lib/festival/state.ts";
import { treeOf } from "./tree.ts";

/** A task, or a sequence of tasks where there are too many, and where it stands in the drawing. */
export interface GraphNode {
  readonly id: string;
  readonly name: string;
  readonly state: TaskState;
  /** How many steps lie before it, on the longest way to it; from 0. */
  readonly column: number;
  /** From 0 at the top. */
  readonly row: number;
}

/** What waits for what in an edition. */
export interface Graph {
  /** Whether nodes are tasks; else they are sequences. */
  readonly of: "tasks" | "sequences";
  readonly nodes: readonly GraphNode[];
  /** From what must be done first to what waits for it. */
  readonly edges: readonly (readonly [GraphNode, GraphNode])[];
  readonly columns: number;
  readonly rows: number;
}

/** More tasks than this are drawn as their sequences. */
const MOST_NODES = 60;

interface Point {
  readonly id: string;
  readonly name: string;
  readonly state: TaskState;
  readonly after: readonly string[];
}

/** Places an edition's tasks in columns by what they wait for. */
export function graphOf(edition: Edition): Graph {
  const tasks = [...edition.tasks.values()];
  if (tasks.length <= MOST_NODES) return place("tasks", tasks.map(pointOf));
  return place("sequences", sequencePoints(edition));
}

function pointOf({ id, spec, state }: Task): Point {
  return { id, name: spec.name, state, after: dependenciesOf(spec) };
}

function sequencePoints(edition: Edition): readonly Point[] {
  const sequences = treeOf(edition).flatMap((phase) => phase.sequences);
  const homes = new Map(sequences.flatMap(({ id, tasks }) => tasks.map((task) => [task.id, id] as const)));
  return sequences.map(({ id, name, tasks }) => {
    const needed = tasks.flatMap(({ spec }) => dependenciesOf(spec)).map((task) => homes.get(task));
    const after = [...new Set(needed)].filter((home) => home !== undefined && home !== id);
    return { id, name, state: stateOf(tasks), after: after.flatMap((home) => home ?? []) };
  });
}

/** The state of a sequence: the worst of its tasks, or how far it is. */
function stateOf(tasks: readonly Task[]): TaskState {
  const has = (state: TaskState) => tasks.some((task) => task.state === state);
  if (has("failed")) return "failed";
  if (tasks.every(({ state }) => state === "paid")) return "paid";
  return tasks.every(({ state }) => state === "pending") ? "pending" : "in_progress";
}

function place(of: Graph["of"], points: readonly Point[]): Graph {
  const columns = columnsOf(points);
  const byColumn: Point[][] = [];
  for (const point of points) {
    const column = columns.get(point.id) ?? 0;
    byColumn[column] = [...(byColumn[column] ?? []), point];
  }
  const placed = new Map<string, GraphNode>();
  for (const [column, some] of byColumn.entries()) {
    const ordered = (some ?? []).toSorted((a, b) => middleOf(a, placed) - middleOf(b, placed));
    for (const [row, { id, name, state }] of ordered.entries())
      placed.set(id, { id, name, state, column, row });
  }
  const edges = points.flatMap(({ id, after }) =>
    after.flatMap((before) => {
      const [from, to] = [placed.get(before), placed.get(id)];
      return from === undefined || to === undefined ? [] : [[from, to] as const];
    }),
  );
  const nodes = points.flatMap(({ id }) => placed.get(id) ?? []);
  const rows = nodes.reduce((most, { row }) => Math.max(most, row + 1), 0);
  return { of, nodes, edges, columns: byColumn.length, rows };
}

/** Around which row the points lie that one waits for, so that lines cross seldom. */
function middleOf({ after }: Point, placed: ReadonlyMap<string, GraphNode>): number {
  const rows = after.flatMap((id) => placed.get(id)?.row ?? []);
  return rows.length === 0 ? 0 : rows.reduce((sum, row) => sum + row, 0) / rows.length;
}

/** The longest way to each point; what waits in a circle stands where its way was first known. */
function columnsOf(points: readonly Point[]): ReadonlyMap<string, number> {
  const known = new Map(points.map((point) => [point.id, point]));
  const columns = new Map<string, number>();
  const visiting = new Set<string>();
  const columnOf = (point: Point): number => {
    const found = columns.get(point.id);
    if (found !== undefined || visiting.has(point.id)) return found ?? 0;
    visiting.add(point.id);
    let column = 0;
    for (const id of point.after) {
      const before = known.get(id);
      if (before !== undefined) column = Math.max(column, columnOf(before) + 1);
    }
    visiting.delete(point.id);
    columns.set(point.id, column);
    return column;
  };
  for (const point of points) columnOf(point);
  return columns;
}
