/**
 * Lit's templates, but whatever text is put into one is made plain first: the
 * ledger's text is anybody's, and so is a mirror node's.
 */
import { html as litHtml, svg as litSvg, type TemplateResult } from "lit";
import { plain } from "../text/plain.ts";

type Template = (strings: TemplateStringsArray, ...values: readonly unknown[]) => TemplateResult;

function plainValue(value: unknown): unknown {
  return typeof value === "string" ? plain(value) : value;
}

/** A template of HTML. */
export const html: Template = (strings, ...values) => litHtml(strings, ...values.map(plainValue));

/** A template of what stands inside an SVG. */
export const svg: Template = (strings, ...values) => litSvg(strings, ...values.map(plainValue));
