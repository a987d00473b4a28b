import assert from "node:assert/strict";
import { readAuthConfig } from "../../local/auth/config_file.ts";
import { parseDuration } from "../../local/auth/duration.ts";

Deno.test("the settings are those of supabase/config.toml", async () => {
  const config = await readAuthConfig({ env: () => undefined });
  assert.equal(config.jwtExpirySeconds, 86_400);
  assert.equal(config.refreshTokenRotation, true);
  assert.equal(config.refreshTokenReuseSeconds, 10);
  assert.equal(config.password.minLength, 8);
  assert.deepEqual([config.email.autoConfirm, config.email.codeExpirySeconds, config.email.maxFrequencyMs], [
    true,
    600,
    1000,
  ]);
  assert.deepEqual([config.sms.enabled, config.sms.autoConfirm, config.sms.maxFrequencyMs], [
    true,
    false,
    60_000,
  ]);
  assert.deepEqual([config.sms.codeLength, config.sms.codeExpirySeconds, config.sms.attemptsPerCode], [
    6,
    600,
    5,
  ]);
  assert.equal(config.sessionInactivityMs, 7 * 24 * 3_600_000);
  assert.deepEqual([config.google.enabled, config.google.skipNonceCheck], [true, true]);
});

Deno.test("env(NAME) in the file is the variable's value, or empty without one", async () => {
  const values: Record<string, string> = { GOOGLE_CLIENT_ID: "web, ios", GOOGLE_CLIENT_SECRET: "secret" };
  const { google } = await readAuthConfig({ env: (name) => values[name] });
  assert.deepEqual([google.clientIds, google.secret], [["web", "ios"], "secret"]);
  const { google: without } = await readAuthConfig({ env: () => undefined });
  assert.deepEqual([without.clientIds, without.secret], [[], ""]);
});

Deno.test("the limits are those of [auth.rate_limit], else the defaults of the CLI and GoTrue", async () => {
  const { limits } = await readAuthConfig();
  assert.deepEqual(limits, {
    tokensPerFiveMinutes: 150,
    verificationsPerFiveMinutes: 30,
    signInsPerFiveMinutes: 30,
    anonymousSignInsPerHour: 30,
    burst: 30,
    emailsPerHour: 30,
    smsPerHour: 1000,
  });
});

Deno.test("durations are read as Go writes them", () => {
  const readings: [string, number | null][] = [
    ["1h30m", 5_400_000],
    ["1.5s", 1500],
    ["250ms", 250],
    ["-1m", -60_000],
    ["1", null],
    ["1d", null],
    ["", null],
    ["1h 2m", null],
    ["9999999999h", null],
  ];
  for (const [text, milliseconds] of readings) assert.equal(parseDuration(text), milliseconds, text);
});
