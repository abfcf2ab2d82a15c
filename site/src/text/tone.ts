/** What a state means for whoever looks: fine, at work, to be waited for, wrong, or nothing yet. */
export type Tone = "ok" | "work" | "wait" | "bad" | "idle";
