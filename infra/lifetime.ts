import * as pulumi from "@pulumi/pulumi";
import { lifetimeType } from "../model/lifetime";
import type { Settings } from "./settings/settings";

/**
 * Writes into the state that a stack is ephemeral. The outputs of a program get there only when it has ended well; a stack whose
 * first `up` failed has to be found and removed too.
 */
export function writeLifetime({ lifetime }: Settings): void {
  if (lifetime !== undefined) new LifetimeResource({ ...lifetime });
}

class LifetimeResource extends pulumi.ComponentResource {
  constructor(outputs: pulumi.Inputs) {
    super(lifetimeType, "lifetime");
    this.registerOutputs(outputs);
  }
}
