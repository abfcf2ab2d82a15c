/** What a festival looks like, for people: phases, sequences, tasks and gates with their statuses, whatever its source. */

/** A task's status as fest users know it. */
export type StepStatus = "pending" | "in_progress" | "blocked" | "completed" | "failed";

/** A task or a quality gate. */
export interface SurveyStep {
  /** Short, stable, free of local paths: `1.2.3`. */
  readonly id: string;
  readonly name: string;
  readonly type: "task" | "gate";
  readonly status: StepStatus;
  /** Relative to the festival's folder. */
  readonly file: string;
  /** What the front matter states; absent: it is `manual`. */
  readonly kind?: string;
  /** Token units. */
  readonly reward?: bigint;
}

/** A sequence of steps. */
export interface SurveySequence {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly steps: readonly SurveyStep[];
}

/** A phase of sequences; older festivals put steps directly into it. */
export interface SurveyPhase {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly sequences: readonly SurveySequence[];
  readonly steps: readonly SurveyStep[];
}

/** Something that is odd and does not keep the festival from being read. */
export interface Oddity {
  readonly file: string;
  readonly line: number;
  readonly problem: string;
}

/** A festival as it stands. */
export interface Survey {
  readonly id: string;
  readonly name: string;
  readonly phases: readonly SurveyPhase[];
  /** Steps that stand in no phase. */
  readonly steps: readonly SurveyStep[];
  readonly oddities: readonly Oddity[];
}

/** How many there are of each; `completed` counts tasks, `completedGates` gates. */
export interface SurveyCounts {
  readonly phases: number;
  readonly sequences: number;
  readonly tasks: number;
  readonly gates: number;
  readonly completed: number;
  readonly completedGates: number;
}

/** Every step, in order. */
export function stepsOf({ phases, steps }: Pick<Survey, "phases" | "steps">): readonly SurveyStep[] {
  return [
    ...phases.flatMap((phase) => [...phase.steps, ...phase.sequences.flatMap((sequence) => sequence.steps)]),
    ...steps,
  ];
}

/** Counts what is marked as task and as gate. */
export function countSurvey(survey: Pick<Survey, "phases" | "steps">): SurveyCounts {
  const steps = stepsOf(survey);
  const tasks = steps.filter(({ type }) => type === "task");
  const gates = steps.filter(({ type }) => type === "gate");
  const done = (some: readonly SurveyStep[]) => some.filter(({ status }) => status === "completed").length;
  return {
    phases: survey.phases.length,
    sequences: survey.phases.reduce((sum, { sequences }) => sum + sequences.length, 0),
    tasks: tasks.length,
    gates: gates.length,
    completed: done(tasks),
    completedGates: done(gates),
  };
}

/** A status in any of the words that fest has used for it. */
export function statusOf(word: string | undefined): StepStatus {
  switch (word?.trim().toLowerCase().replaceAll("-", "_").replaceAll(" ", "_")) {
    case "completed":
    case "complete":
    case "done":
      return "completed";
    case "active":
    case "in_progress":
    case "running":
    case "started":
      return "in_progress";
    case "blocked":
      return "blocked";
    case "failed":
    case "error":
      return "failed";
    default:
      return "pending";
  }
}
