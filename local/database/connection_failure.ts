// @ts-types="@types/pg"
import pg from "pg";

/** A connection that failed, a server that stops or starts, or one that has no room for another connection. */
const ofConnections = /^(08\w{3}|57P0\d|53300)$/;

/** The database cannot be reached at the moment. lite passes nothing of an error on but its words. */
export class ConnectionFailure extends Error {
  override name = "ConnectionFailure";
  /** SQLSTATE connection_failure. */
  readonly code = "08006";

  /** An error of the driver, as a failure of its connection where it is one: the server says none of its own codes. */
  static from(error: unknown): unknown {
    if (!(error instanceof Error) || error instanceof TypeError) return error;
    if (error instanceof pg.DatabaseError && !ofConnections.test(error.code ?? "")) return error;
    return new ConnectionFailure(error.message, { cause: error });
  }
}
