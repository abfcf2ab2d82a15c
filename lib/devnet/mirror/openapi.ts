import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import * as z from "zod/mini";

/** The part of JSON Schema that the mirror node's specification uses. */
interface Schema {
  readonly $ref?: string | undefined;
  readonly type?: string | readonly string[] | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly pattern?: string | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly items?: Schema | undefined;
  readonly allOf?: readonly Schema[] | undefined;
  readonly minimum?: number | undefined;
}

const Schema: z.ZodMiniType<Schema> = z.lazy(() =>
  z.object({
    $ref: z.optional(z.string()),
    type: z.optional(z.union([z.string(), z.array(z.string())])),
    enum: z.optional(z.array(z.unknown())),
    pattern: z.optional(z.string()),
    properties: z.optional(z.record(z.string(), Schema)),
    required: z.optional(z.array(z.string())),
    items: z.optional(Schema),
    allOf: z.optional(z.array(Schema)),
    minimum: z.optional(z.number()),
  }),
);

const Content = z.record(z.string(), z.object({ schema: z.optional(Schema) }));
const Responses = z.record(
  z.string(),
  z.object({ $ref: z.optional(z.string()), content: z.optional(Content) }),
);
const Specification = z.object({
  paths: z.record(z.string(), z.partialRecord(z.enum(["get", "post"]), z.object({ responses: Responses }))),
  components: z.object({ schemas: z.record(z.string(), Schema), responses: Responses }),
});

/** Where the mirror node itself answers otherwise than its specification says; this one answers as it does. */
const CONTRADICTIONS: Readonly<Record<string, unknown>> = {
  delegation_address: "0x",
  grpc_proxy_endpoint: null,
};

const FILE = fileURLToPath(new URL("../../../../shared/openapi/mirror-node.yml", import.meta.url));
/** The methods of the API. */
export type Method = "get" | "post";

/** Checks answers of the REST API against the mirror node's own specification. */
export interface OpenApi {
  /** What is wrong with the body of an answer to a request (default `GET`), one line each. */
  violations(path: string, status: number, body: unknown, method?: Method): string[];
}

const loaded = new Map<string, OpenApi>();

/** The specification that lies beside the project (or in another file), or null where there is none. */
export function loadOpenApi(file: string = FILE): OpenApi | null {
  const known = loaded.get(file);
  if (known !== undefined) return known;
  if (!existsSync(file)) return null;
  const { paths, components } = z.parse(Specification, parse(readFileSync(file, "utf8")));
  const templates = Object.entries(paths)
    .map(([template, methods]) => ({
      pattern: new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`),
      parameters: template.split("{").length - 1,
      methods,
    }))
    // Of two templates that match a path, the one with fewer parameters is meant.
    .sort((a, b) => a.parameters - b.parameters);
  const schemaOf = (path: string, status: number, method: Method): Schema | null => {
    const response = templates.find(({ pattern }) => pattern.test(path))?.methods[method]?.responses[status];
    const shared = response?.$ref === undefined ? response : components.responses[lastPart(response.$ref)];
    return shared?.content?.["application/json"]?.schema ?? null;
  };
  const openApi: OpenApi = {
    violations(path, status, body, method = "get") {
      const schema = schemaOf(path, status, method);
      if (schema === null) return [`${path} has no answer ${status} in the specification`];
      return check(components.schemas, schema, body, "$");
    },
  };
  loaded.set(file, openApi);
  return openApi;
}

type Schemas = Readonly<Record<string, Schema>>;

function check(schemas: Schemas, given: Schema, value: unknown, at: string): string[] {
  const schema = flatten(schemas, given);
  const problems: string[] = [];
  const types = [schema.type ?? []].flat();
  if (types.length > 0 && !types.some((type) => isType(type, value))) {
    return [`${at} is ${JSON.stringify(value)}, not ${types.join(" or ")}`];
  }
  if (value === null) return [];
  if (schema.enum && !schema.enum.includes(value))
    problems.push(`${at} is ${String(value)}, none of the enum`);
  if (schema.pattern && typeof value === "string" && !new RegExp(schema.pattern).test(value)) {
    problems.push(`${at} is ${value}, which does not match ${schema.pattern}`);
  }
  if (schema.minimum !== undefined && Number(value) < schema.minimum)
    problems.push(`${at} is ${String(value)}`);
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items) problems.push(...value.flatMap((item, i) => check(schemas, items, item, `${at}[${i}]`)));
  } else if (typeof value === "object") problems.push(...checkObject(schemas, schema, value, at));
  return problems;
}

function checkObject(schemas: Schemas, schema: Schema, value: object, at: string): string[] {
  const properties = schema.properties ?? {};
  const missing = (schema.required ?? []).filter((name) => !(name in value));
  const problems = missing.map((name) => `${at}.${name} is missing`);
  for (const [name, member] of Object.entries(value)) {
    if (name in CONTRADICTIONS && CONTRADICTIONS[name] === member) continue;
    const known = properties[name];
    if (known !== undefined) problems.push(...check(schemas, known, member, `${at}.${name}`));
    else if (schema.properties) problems.push(`${at}.${name} is not in the specification`);
  }
  return problems;
}

/** Resolves references and merges `allOf`. */
function flatten(schemas: Schemas, schema: Schema): Schema {
  if (schema.$ref !== undefined) {
    const target = schemas[lastPart(schema.$ref)];
    return target === undefined ? {} : flatten(schemas, target);
  }
  if (schema.allOf === undefined) return schema;
  const parts = schema.allOf.map((part) => flatten(schemas, part));
  const properties = Object.assign({}, ...parts.map((part) => part.properties));
  return {
    ...Object.assign({}, ...parts),
    ...(parts.some((part) => part.properties) && { properties }),
    required: parts.flatMap((part) => part.required ?? []),
  };
}

function isType(type: string, value: unknown): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return typeof value === "number" && Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function lastPart(reference: string): string {
  return reference.slice(reference.lastIndexOf("/") + 1);
}
