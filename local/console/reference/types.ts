import type { ApiDocument, Schema } from "./document.ts";

/** One property of a JSON object. */
export interface Field {
  name: string;
  type: string;
  isRequired: boolean;
  description: string;
}

/** A schema's type in a few words, as TypeScript would say it. */
export function typeOf(schema: Schema | undefined): string {
  if (!schema) return "anything";
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return choices.map(typeOf).join(" | ");
  if (schema.allOf) return schema.allOf.map(typeOf).join(" & ");
  return [schema.type ?? "anything"].flat().map((type) => {
    if (type === "array") return `${bracketed(typeOf(schema.items))}[]`;
    if (type === "object" && schema.properties) return `{ ${Object.keys(schema.properties).join(", ")} }`;
    return type === "string" && schema.format ? `${type} (${schema.format})` : type;
  }).join(" | ");
}

/** The properties of an object schema, those of its parts included; none for what is no object. */
export function fieldsOf(schema: Schema | undefined, schemas: ApiDocument["schemas"], depth = 0): Field[] {
  const resolved = schema?.$ref ? schemas[nameOf(schema.$ref)] : schema;
  if (!resolved || depth > 8) return [];
  const own = Object.entries(resolved.properties ?? {}).map(([name, property]) => ({
    name,
    type: typeOf(property),
    isRequired: resolved.required?.includes(name) ?? false,
    description: property.description ?? "",
  }));
  return [...(resolved.allOf ?? []).flatMap((part) => fieldsOf(part, schemas, depth + 1)), ...own];
}

function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf("/") + 1);
}

function bracketed(type: string): string {
  return type.includes(" | ") || type.includes(" & ") ? `(${type})` : type;
}
