import { type Answer, type Call, contract } from "../../support/http.ts";
import { type TestStack, testStack } from "../../support/stack.ts";

/** The consulting contract on a stack of its own, with its document's words. */
export class People {
  private constructor(readonly stack: TestStack & AsyncDisposable) {}

  static async start(): Promise<People> {
    // More calls a minute than one address may make.
    const env = { RATE_LIMIT_CONSULTING_ADDRESS: "10000/60", RATE_LIMIT_SIGN_IN: "10000/60" };
    return new People(await testStack({ env }));
  }

  call(method: string, path: string, call?: Call): Promise<Answer> {
    return contract(this.stack, "consulting")(method, path, call);
  }

  close(): Promise<void> {
    return this.stack.close();
  }
}

/** An error of this document, without its sentence. */
export const refusal = ({ status, body }: Answer) => {
  const { success, code, details, statusCode } = body;
  return { status, success, code, details, statusCode };
};

/** What a refusal with this status and code looks like. */
export const refused = (status: number, code: string, details: Record<string, string> = {}) => ({
  status,
  success: false,
  code,
  details,
  statusCode: status,
});
