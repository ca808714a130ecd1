import * as pulumi from "@pulumi/pulumi";

/** One resource as the program asked the engine for it. */
export interface Registered {
  type: string;
  name: string;
  parent: string;
  /** Name of the explicit provider; empty: the package's default one. */
  provider: string;
  deletedWith: string;
  /** Names of all resources it waits for, sorted. */
  dependsOn: string[];
  /** Inputs in plain text; `<unknown>` for what only an `up` knows. The code of local resources is left out. */
  inputs: Record<string, unknown>;
  /** Paths of the inputs that are secret, sorted. */
  secrets: string[];
  secretOutputs: string[];
  /** Other options that are set. */
  options: Record<string, unknown>;
}

/** What a run of a program asked for. */
export interface Recorded {
  resources: Registered[];
  outputs: Record<string, unknown>;
  secretOutputs: string[];
}

/** The part of Pulumi's request that mocks do not show. */
interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getDeletedwith(): string;
  getDependenciesList(): string[];
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
  getAdditionalsecretoutputsList(): string[];
  getDeletebeforereplace(): boolean;
  getReplaceonchangesList(): string[];
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getIgnorechangesList(): string[];
  getReplacementTrigger(): { toJavaScript(): unknown } | undefined;
  getCustomtimeouts(): { toObject(): Record<string, string> } | undefined;
}

const secretMark = "4dabf18193072939515e22adb298388d";
const secretValue = "1b47061264138c4ac30d75fd1eb44270";
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Outputs that the engine's plugins would add, by resource type. */
export type OutputsOf = (type: string, name: string) => Record<string, unknown>;

/**
 * Runs a program against Pulumi's mocks inside a stack and records every resource. In a preview no output is known.
 * @param answer what functions of providers answer; without it any call of one is an error
 */
export async function record(
  stack: string,
  preview: boolean,
  outputsOf: OutputsOf,
  program: () => pulumi.Inputs | Promise<pulumi.Inputs>,
  answer: (token: string, inputs: Record<string, unknown>) => Record<string, unknown> = refuseCalls,
): Promise<Recorded> {
  const requests: Request[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const secret = requests.find((request) => request.getName() === name && request.getType() === type);
        const outputs: Record<string, unknown> = preview ? {} : outputsOf(type, name);
        // The engine makes these outputs secret; mocks do not.
        for (const key of secret?.getAdditionalsecretoutputsList() ?? []) {
          if (key in outputs) outputs[key] = pulumi.secret(outputs[key]);
        }
        return { id: preview ? undefined : `${name}-id`, state: { ...(inputs as object), ...outputs } };
      },
      call: ({ token, inputs }) => answer(token, inputs as Record<string, unknown>),
    },
    "onebranch",
    stack,
    preview,
  );
  intercept(requests);
  let given: pulumi.Inputs = {};
  await pulumi.runtime.runInPulumiStack(async () => (given = await program()));
  await pulumi.runtime.disconnect();

  const outputs: Record<string, unknown> = {};
  const secretOutputs: string[] = [];
  for (const [key, value] of Object.entries(given)) {
    const output = pulumi.output(value as pulumi.Input<unknown>);
    if (await pulumi.isSecret(output)) secretOutputs.push(key);
    outputs[key] = (await isKnown(output)) ? await valueOf(output) : "<unknown>";
  }
  return {
    resources: requests.map(readable).filter(({ type }) => type !== "pulumi:pulumi:Stack"),
    outputs,
    secretOutputs,
  };
}

function refuseCalls(token: string): never {
  throw new Error(`the program must not call ${token}`);
}

function intercept(requests: Request[]): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: Request, callback: unknown): Promise<void>;
  };
  const original = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    requests.push(request);
    return original(request, callback);
  };
}

function readable(request: Request): Registered {
  const secrets: string[] = [];
  const inputs: Record<string, unknown> = { ...request.getObject()?.toJavaScript() };
  delete inputs.__provider;
  const options: Record<string, unknown> = {};
  if (request.getDeletebeforereplace()) options.deleteBeforeReplace = true;
  if (request.getProtect()) options.protect = true;
  if (request.getRetainondelete()) options.retainOnDelete = true;
  if (request.getReplaceonchangesList().length > 0) options.replaceOnChanges = request.getReplaceonchangesList();
  if (request.getIgnorechangesList().length > 0) options.ignoreChanges = request.getIgnorechangesList();
  const trigger = request.getReplacementTrigger()?.toJavaScript();
  if (trigger !== undefined && trigger !== null) options.replacementTrigger = plain(trigger, "", []);
  const timeouts = request.getCustomtimeouts()?.toObject();
  if (timeouts && Object.values(timeouts).some(Boolean)) options.customTimeouts = timeouts;
  return {
    type: request.getType(),
    name: request.getName(),
    parent: nameOf(request.getParent()),
    provider: nameOf(request.getProvider().replace(/::[^:]*$/, "")),
    deletedWith: nameOf(request.getDeletedwith()),
    dependsOn: request.getDependenciesList().map(nameOf).sort(),
    inputs: plain(inputs, "", secrets) as Record<string, unknown>,
    secrets: secrets.sort(),
    secretOutputs: request.getAdditionalsecretoutputsList(),
    options,
  };
}

function plain(value: unknown, path: string, secrets: string[]): unknown {
  if (value === unknownValue) return "<unknown>";
  if (Array.isArray(value)) return value.map((item, index) => plain(item, `${path}[${index}]`, secrets));
  if (typeof value !== "object" || value === null) return value;
  const map = value as Record<string, unknown>;
  if (map[secretMark] === secretValue) {
    secrets.push(path);
    return plain(map.value, path, secrets);
  }
  return Object.fromEntries(
    Object.entries(map).map(([key, item]) => [key, plain(item, path === "" ? key : `${path}.${key}`, secrets)]),
  );
}

/** The last part of a URN; empty stays empty. */
function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

async function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  return (output as unknown as { isKnown: Promise<boolean> }).isKnown;
}

async function valueOf(output: pulumi.Output<unknown>): Promise<unknown> {
  return (output as unknown as { promise(): Promise<unknown> }).promise();
}
