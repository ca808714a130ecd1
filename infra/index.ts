import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../model/errors";
import type { Outputs } from "./outputs";
import { program } from "./program";

/** What `pulumi up` runs. A fault of the user is printed as its message, without a stack trace. */
async function run(): Promise<Outputs> {
  try {
    return await program();
  } catch (error) {
    if (error instanceof UserError) throw new pulumi.RunError(error.message);
    throw error;
  }
}

export = run;
