import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { sourceRoot } from "../../model/source-root";

/**
 * The code Pulumi stores for a local resource: the text of provider.cjs, the same whatever compiled the program, and without any
 * path of this machine. `pulumi.dynamic.Resource` would serialise a closure instead, which is neither.
 */
export function providerText(name: string): string {
  const text = readFileSync(join(sourceRoot, "infra", "dynamic", "provider.cjs"), "utf8");
  return `${text}\nexports.handler = () => exports.provider(${JSON.stringify(name)});\n`;
}

/** A resource that this checkout implements itself (local-resources.ts), in Pulumi's own plugin for dynamic resources. */
export class LocalResource extends pulumi.CustomResource {
  /**
   * @param inputs what the implementation gets; it should repeat them in its outputs
   * @param outputs names of what the implementation adds, to be declared in the class as `Output`
   * @param secrets names among the outputs that are secret although no input of that name is
   */
  constructor(
    type: string,
    name: string,
    inputs: pulumi.Inputs,
    outputs: readonly string[],
    opts: pulumi.CustomResourceOptions = {},
    secrets: readonly string[] = [],
  ) {
    const declared = Object.fromEntries(outputs.map((output) => [output, undefined]));
    const additionalSecretOutputs = [...secrets, ...(opts.additionalSecretOutputs ?? [])];
    super(
      `pulumi-nodejs:onebranch:${type}`,
      name,
      { ...declared, ...inputs, __provider: providerText(type) },
      { ...opts, additionalSecretOutputs },
    );
  }
}
