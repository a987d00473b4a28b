import assert from "node:assert/strict";
import { readDocument } from "../../local/console/reference/document.ts";
import { fieldsOf, typeOf } from "../../local/console/reference/types.ts";
import { bakery, openConsole, type TestConsole } from "./support.ts";

let console: TestConsole;
let page: string;
Deno.test.beforeAll(async () => {
  console = await openConsole();
  page = await console.text("/console/reference/bakery");
});
Deno.test.afterAll(() => console.close());

Deno.test("the reference names the function's openapi.json and the script that shows it", async () => {
  assert.ok(page.includes('data-openapi="/functions/v1/bakery/openapi.json"'));
  assert.ok(page.includes('data-server="/functions/v1"'));
  const [, script = ""] = /data-script="([^"]+)"/.exec(page) ?? [];
  const response = await console.get(script);
  assert.equal(response.headers.get("content-type"), "text/javascript; charset=utf-8");
  assert.equal(await response.text(), "/* Scalar */");
});

Deno.test("without scripts the reference shows every operation", () => {
  for (const [path, operations] of Object.entries(bakery.paths)) {
    for (const [method, { summary }] of Object.entries(operations)) {
      const heading = `<span class="badge method">${method.toUpperCase()}</span> <code>${path}</code>`;
      assert.ok(page.includes(heading), `${method} ${path}`);
      assert.ok(page.includes(summary), summary);
    }
  }
});

Deno.test("without scripts the reference shows parameters, responses, schemas and who may call", () => {
  for (const shown of ["loaf_id", "How many", "Sold out", "Eaten", "{ error }", "grain", "token of a user"]) {
    assert.ok(page.includes(shown), shown);
  }
});

Deno.test("what a document says shows as text", () => {
  assert.ok(page.includes("Sells &#60;bread&#62; &#38; more"));
});

Deno.test("a function whose document cannot be read has a page that says so", async () => {
  const response = await console.get("/console/reference/broken");
  assert.equal(response.status, 200);
  assert.match(await response.text(), /cannot be read/);
});

Deno.test("types read like TypeScript", () => {
  const type = (schema: Record<string, unknown>) => {
    const { schemas } = readDocument({ info: {}, components: { schemas: { it: schema } } });
    return typeOf(schemas.it);
  };
  assert.equal(type({ $ref: "#/components/schemas/Loaf" }), "Loaf");
  assert.equal(type({ type: ["string", "null"], format: "email" }), "string (email) | null");
  assert.equal(type({ type: "array", items: { enum: ["a", 1] } }), '("a" | 1)[]');
  assert.equal(type({ oneOf: [{ type: "integer" }, { const: true }] }), "integer | true");
  assert.equal(type({ allOf: [{ $ref: "#/A" }, { type: "object", properties: { b: {} } }] }), "A & { b }");
  assert.equal(type({ type: 7 }), "anything");
});

Deno.test("fields include those of a schema's parts, also when schemas refer to themselves", () => {
  const { schemas } = readDocument({
    info: {},
    components: {
      schemas: {
        Base: { type: "object", required: ["id"], properties: { id: { type: "string" } } },
        Whole: {
          allOf: [{ $ref: "#/components/schemas/Base" }, { properties: { size: { type: "integer" } } }],
        },
        Snake: { allOf: [{ $ref: "#/components/schemas/Snake" }] },
      },
    },
  });
  assert.deepEqual(fieldsOf(schemas.Whole, schemas).map(({ name, isRequired }) => [name, isRequired]), [
    ["id", true],
    ["size", false],
  ]);
  assert.deepEqual(fieldsOf(schemas.Snake, schemas), []);
});
