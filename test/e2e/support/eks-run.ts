import { EksStack, type EksPlace } from "./eks-stack";

/** One run of Pulumi on a stack that another process opened, for a test that kills it. Prints how it ended as JSON. */
async function main({ verb, ...place }: EksPlace & { verb: "up" | "destroy" }): Promise<void> {
  const stack = await EksStack.open(place);
  process.stdout.write(JSON.stringify(await stack.run(verb)));
}

void main(JSON.parse(process.argv[2]!) as Parameters<typeof main>[0]);
