import assert from "node:assert/strict";
import fc from "fast-check";
import { decimalsOf, toMajorUnits, toMinorUnits } from "../../functions/_shared/domain/money.ts";
import { type TestStack, testStack } from "../support/stack.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

async function price(schedule: unknown) {
  const [row] = await stack.database.query<
    { minor: string | null; currency: string; problem: string | null }
  >(
    `select p.amount_minor::text as minor, p.currency, p.problem
     from private.schedule_price($1::text::jsonb, 'USD') as p`,
    [JSON.stringify(schedule)],
  );
  assert.ok(row);
  return row;
}

for (
  const [what, schedule, minor, currency] of [
    ["nothing", {}, null, "USD"],
    ["a number of major units", { price: 25.5 }, "2550", "USD"],
    ["a numeric text", { price: " 25.50 " }, "2550", "USD"],
    ["another currency", { amount: 25, currency: "eur" }, "2500", "EUR"],
    ["yen, which have no decimals", { price: 1500, currency: "JPY" }, "1500", "JPY"],
    ["dinars, which have three", { price: 1.234, currency: "KWD" }, "1234", "KWD"],
    ["minor units", { price_minor: 2550, price: 99 }, "2550", "USD"],
    ["an amount with its currency", { single: { amount: 40, currency: "GBP" } }, "4000", "GBP"],
    ["an hourly rate", { hourly_rate: 80 }, "8000", "USD"],
    [
      "the first tier that has one",
      {
        tiers: [{ name: "Ask" }, { price: 20 }, { price: 10 }],
        currency: "CHF",
      },
      "2000",
      "CHF",
    ],
    ["a tier's own currency", { packages: [{ price: 20, currency: "SEK" }], currency: "CHF" }, "2000", "SEK"],
    ["a price beside tiers", { price: 30, tiers: [{ price: 20 }] }, "3000", "USD"],
    ["what is free", { free: true }, "0", "USD"],
    ["what is of type free", { type: "Free" }, "0", "USD"],
    ["a price on request", { price: "ask me" }, null, "USD"],
    ["a currency alone", { currency: "NOK" }, null, "NOK"],
    ["something else altogether", { monday: [9, 17], tiers: "many", note: null }, null, "USD"],
  ] as const
) {
  Deno.test(`a price schedule of ${what} costs ${minor} ${currency}`, async () => {
    assert.deepEqual(await price(schedule), { minor, currency, problem: null });
  });
}

for (
  const [what, schedule] of [
    ["a negative price", { price: -1 }],
    ["a price of a tenth of a cent", { price: 0.001 }],
    ["half a yen", { price: 0.5, currency: "JPY" }],
    ["half a cent in minor units", { price_minor: 0.5 }],
    ["too much money", { price: 1e12 }],
    ["a number beyond all bounds", { price: 1e300 }],
    ["a currency that is none", { price: 1, currency: "€" }],
    ["a number for a currency", { price: 1, currency: 978 }],
    ["a currency that does not exist", { price: 1, currency: "ABC" }],
    ["more decimals than floating point keeps", { price: "123456789.1200001" }],
  ] as const
) {
  Deno.test(`a price schedule with ${what} has a problem and no price`, async () => {
    const { minor, problem } = await price(schedule);
    assert.equal(minor, null);
    assert.match(problem ?? "", /^must have /);
  });
}

Deno.test("SQL and TypeScript know the same decimals of every currency", async () => {
  const currencies = Intl.supportedValuesOf("currency");
  const rows = await stack.database.query<{ currency: string; decimals: number }>(
    "select c as currency, private.currency_decimals(c) as decimals from unnest($1::text[]) as c",
    [`{${currencies.join(",")}}`],
  );
  assert.equal(rows.length, currencies.length);
  for (const { currency, decimals } of rows) assert.equal(decimals, decimalsOf(currency), currency);
});

Deno.test("every price of minor units comes back from its major ones, exactly", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 100_000_000_000 }),
      fc.constantFrom("USD", "EUR", "JPY", "KRW", "KWD", "TND"),
      async (minor, currency) => {
        const major = toMajorUnits(minor, currency);
        assert.equal(toMinorUnits(major, currency), minor);
        assert.deepEqual(await price({ price: major, currency }), {
          minor: String(minor),
          currency,
          problem: null,
        });
      },
    ),
    { numRuns: 100 },
  );
});
