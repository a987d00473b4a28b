import { z } from "zod";

/** A JSON Schema as far as the plain reference tells it. */
export interface Schema {
  $ref?: string | undefined;
  type?: string | string[] | undefined;
  format?: string | undefined;
  description?: string | undefined;
  enum?: unknown[] | undefined;
  const?: unknown;
  required?: string[] | undefined;
  items?: Schema | undefined;
  properties?: Record<string, Schema> | undefined;
  allOf?: Schema[] | undefined;
  anyOf?: Schema[] | undefined;
  oneOf?: Schema[] | undefined;
}

/** What is no schema that we know counts as an empty one, which allows anything. */
const Schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    format: z.string().optional(),
    description: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    required: z.array(z.string()).optional(),
    items: Schema.optional(),
    properties: z.record(z.string(), Schema).optional(),
    allOf: z.array(Schema).optional(),
    anyOf: z.array(Schema).optional(),
    oneOf: z.array(Schema).optional(),
  }).catch({})
);

const Content = z.record(z.string(), z.object({ schema: Schema.optional() }));

const Parameter = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean().default(false),
  description: z.string().optional(),
  schema: Schema.optional(),
});

const Operation = z.object({
  operationId: z.string().optional(),
  summary: z.string().optional(),
  description: z.string().optional(),
  tags: z.array(z.string()).default([]),
  deprecated: z.boolean().default(false),
  security: z.array(z.record(z.string(), z.unknown())).optional(),
  parameters: z.array(Parameter).default([]),
  requestBody: z.object({ required: z.boolean().default(false), content: Content }).optional(),
  responses: z.record(
    z.string(),
    z.object({ description: z.string().default(""), content: Content.optional() }),
  ).default({}),
});
export type Operation = z.output<typeof Operation>;

const methods = ["get", "post", "put", "patch", "delete", "head", "options"] as const;

const PathItem = z.object({
  parameters: z.array(Parameter).default([]),
  get: Operation.optional(),
  post: Operation.optional(),
  put: Operation.optional(),
  patch: Operation.optional(),
  delete: Operation.optional(),
  head: Operation.optional(),
  options: Operation.optional(),
});

const OpenApi = z.object({
  info: z.object({ title: z.string().default(""), description: z.string().default("") }),
  paths: z.record(z.string(), PathItem).default({}),
  components: z.object({ schemas: z.record(z.string(), Schema).default({}) }).default({ schemas: {} }),
});

/** One operation with where it is. */
export interface ApiOperation extends Operation {
  method: string;
  path: string;
}

/** What a function says of itself. */
export interface ApiDocument {
  title: string;
  description: string;
  operations: ApiOperation[];
  /** Schemas by the name that `$ref` calls them. */
  schemas: Record<string, Schema>;
}

/**
 * Reads an OpenAPI 3.1 document.
 *
 * @throws {z.ZodError} when it is none
 */
export function readDocument(json: unknown): ApiDocument {
  const { info, paths, components } = OpenApi.parse(json);
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      if (!operation) return [];
      return [{ ...operation, method, path, parameters: [...item.parameters, ...operation.parameters] }];
    })
  );
  return { title: info.title, description: info.description, operations, schemas: components.schemas };
}
