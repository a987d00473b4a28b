import { denoRuntime } from "../_shared/runtime.ts";
import { createWorker } from "./app.ts";

export default createWorker(denoRuntime());
