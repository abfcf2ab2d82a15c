/** The kind of a task that no agent can do: it waits for a person, who says its result with the owner's account. */
export const MANUAL = "manual";
/** The role, and the name, under which the owner does manual tasks and is paid for them. */
export const OWNER = "owner";

/** Whether a task waits for a person. */
export function isManual({ spec }: { readonly spec: { readonly kind: string } }): boolean {
  return spec.kind === MANUAL;
}
