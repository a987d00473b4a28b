import { type Html, markup } from "../html.ts";
import type { ApiDocument, ApiOperation } from "./document.ts";
import { fieldsOf, typeOf } from "./types.ts";

/** All operations of a document, readable without scripts. */
export function plainReference(document: ApiDocument): Html {
  const groups = Map.groupBy(document.operations, ({ tags }) => tags[0] ?? "Operations");
  const schemas = Object.keys(document.schemas).length > 0 &&
    markup`<h2>Schemas</h2>\n${schemaList(document)}`;
  return markup`<p>${document.description}</p>
${[...groups].map(([tag, operations]) => group(tag, operations, document))}
${schemas}`;
}

function group(tag: string, operations: ApiOperation[], document: ApiDocument): Html {
  return markup`<h2>${tag}</h2>
${operations.map((operation) => section(operation, document))}`;
}

function section(operation: ApiOperation, document: ApiDocument): Html {
  const { method, path, summary = "", description, deprecated, security = [] } = operation;
  const gates = security.flatMap((requirement) => Object.keys(requirement));
  return markup`<article>
<h3><span class="badge method">${method.toUpperCase()}</span> <code>${path}</code></h3>
<p>${summary} ${deprecated && markup`<span class="badge danger">deprecated</span>`}
${gates.map((gate) => markup`<span class="badge">token of a ${gate}</span> `)}</p>
${description !== undefined && markup`<p class="note">${description}</p>`}
${parameterTable(operation)}
${body(operation, document)}
${responseTable(operation)}
</article>
`;
}

function parameterTable({ parameters }: ApiOperation): Html | null {
  return table(
    "Parameters",
    ["Name", "In", "Type", "Meaning"],
    parameters.map((parameter) => [
      name(parameter.name, parameter.required),
      parameter.in,
      typeOf(parameter.schema),
      parameter.description ?? parameter.schema?.description ?? "",
    ]),
  );
}

function body({ requestBody }: ApiOperation, { schemas }: ApiDocument): Html | null {
  const [[type, content] = []] = Object.entries(requestBody?.content ?? {});
  if (!type || !content) return null;
  const fields = fieldsOf(content.schema, schemas);
  return fieldTable(`Body, ${type}`, fields) ?? markup`<p>Body, ${type}: ${typeOf(content.schema)}</p>`;
}

function responseTable({ responses }: ApiOperation): Html | null {
  const rows = Object.entries(responses).map(([status, { description, content = {} }]) => {
    const [first] = Object.values(content);
    return [markup`<code>${status}</code>`, first ? typeOf(first.schema) : "none", description];
  });
  return table("Responses", ["Status", "Body", "Meaning"], rows);
}

function schemaList({ schemas }: ApiDocument): Html[] {
  return Object.entries(schemas).map(([called, schema]) =>
    fieldTable(called, fieldsOf(schema, schemas)) ??
      markup`<p><strong>${called}</strong>: ${typeOf(schema)}</p>\n`
  );
}

function fieldTable(caption: string, fields: ReturnType<typeof fieldsOf>): Html | null {
  const rows = fields.map((field) => [name(field.name, field.isRequired), field.type, field.description]);
  return table(caption, ["Name", "Type", "Meaning"], rows);
}

function name(text: string, isRequired: boolean): Html {
  return markup`<code>${text}</code> ${isRequired && markup`<span class="required">required</span>`}`;
}

/** Null when there are no rows. */
function table(caption: string, columns: string[], rows: (Html | string)[][]): Html | null {
  if (rows.length === 0) return null;
  return markup`<table>
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => markup`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>
${rows.map((cells) => markup`<tr>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`)}</tbody>
</table>
`;
}
