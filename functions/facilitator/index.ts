import { denoRuntime } from "../_shared/runtime.ts";
import { createFacilitator } from "./app.ts";

export default createFacilitator(denoRuntime());
