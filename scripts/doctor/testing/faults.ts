import { expect } from "bun:test";
import type { Diagnosis } from "../doctor.ts";
import type { Patient, Ward } from "./ward.ts";

/** Damages a copy of the healthy environments. */
export type Plant = (patient: Patient, ward: Ward) => unknown;

/** What is planted, what it is found as, and a word that the finding must say. */
export type Fault = readonly [fault: string, name: string, says: string, plant: Plant];

/** Plants a fault into a copy of the healthy environments, which has to be found, with what mends it. */
export async function expectFound(ward: Ward, name: string, says: string, plant: Plant): Promise<void> {
  const patient = ward.admit();
  plant(patient, ward);
  const diagnosis = await ward.see(patient.folder);
  expectSaid(diagnosis, name, says);
  expect(diagnosis.ok).toBe(diagnosis.findings.every(({ severity }) => severity !== "error"));
}

/** A diagnosis has to say so, under this name, with what mends it. */
export function expectSaid({ findings }: Diagnosis, name: string, says: string): void {
  const found = findings.filter((finding) => finding.name === name && finding.severity !== "ok");
  expect(found.map(({ message }) => message).join("\n")).toContain(says);
  for (const { fix } of found) expect(fix ?? "").not.toBe("");
}
