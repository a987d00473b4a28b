/** JSON in, JSON out, and nothing else. */
Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  // deno-lint-ignore no-console -- the benchmark waits for the port
  onListen: ({ port }) => console.log(`port ${port}`),
}, async (request) => Response.json(await request.json()));
