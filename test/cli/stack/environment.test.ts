import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { chooseBackend, stackEnvironment, writeHome } from "../../../cli/stack/environment";
import { homeOf } from "../../../cli/stack/paths";
import { FakeCheckout } from "../support/checkout";

describe("the backend of a stack", () => {
  let checkout: FakeCheckout;
  let env: Record<string, string>;
  beforeEach(() => {
    checkout = new FakeCheckout();
    env = { HOME: join(checkout.root, "home"), PATH: "/usr/bin" };
  });
  afterEach(() => checkout.remove());
  const choose = (provider?: string) => chooseBackend(homeOf(checkout.root), provider, env);

  for (const provider of ["embedded", "kind", undefined]) {
    it(`is the checkout's own for ${provider ?? "an unrecorded provider"}`, () => {
      const directory = join(checkout.root, ".onebranch", "state");
      assert.deepEqual(choose(provider), { url: `file://${directory}?metadata=skip`, directory, own: true });
    });
  }

  it("is what PULUMI_BACKEND_URL says, for every provider", () => {
    env.PULUMI_BACKEND_URL = "s3://bucket";
    assert.deepEqual(choose("embedded"), { url: "s3://bucket", own: false });
    env.PULUMI_BACKEND_URL = "file:///var/state?no_tmp_dir=true";
    assert.deepEqual(choose("eks"), { url: env.PULUMI_BACKEND_URL, directory: "/var/state", own: false });
    env.PULUMI_BACKEND_URL = "file://~/state";
    assert.equal(choose("eks").directory, join(checkout.root, "home", "state"));
  });

  it("is the user's login where a cluster outlives the checkout", () => {
    checkout.write("home/.pulumi/credentials.json", JSON.stringify({ current: "https://api.pulumi.com" }));
    assert.deepEqual(choose("eks"), { own: false });
    checkout.write("home/.pulumi/credentials.json", JSON.stringify({ current: "file:///var/state" }));
    assert.deepEqual(choose("existing"), { own: false, directory: "/var/state" });
  });

  it("is missing without a login", () => {
    assert.throws(() => choose("eks"), {
      name: "UserError",
      exitCode: 1,
      message:
        "stack state of provider eks does not belong in a checkout, and you are not logged in to Pulumi; " +
        "run `pulumi login`, or set PULUMI_BACKEND_URL (for example to s3://bucket or file:///directory)",
    });
  });
});

describe("the environment of Pulumi", () => {
  let checkout: FakeCheckout;
  beforeEach(() => (checkout = new FakeCheckout()));
  afterEach(() => checkout.remove());

  function environment(env: Record<string, string>): Record<string, string> {
    const home = homeOf(checkout.root);
    const all = { HOME: join(checkout.root, "home"), PATH: "/usr/bin", ...env };
    return stackEnvironment(home, chooseBackend(home, "embedded", all), ["/tools"], all);
  }

  it("finds our scripts, the tools, Node and then the user's programs", () => {
    const { root } = checkout;
    assert.equal(environment({}).PATH, `${root}/.onebranch/bin:/tools:${root}/node_modules/.bin:/usr/bin`);
  });

  it("keeps state, passphrase and Pulumi's home in the checkout", () => {
    const { root } = checkout;
    const { PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE_FILE, PULUMI_HOME, ONEBRANCH_ROOT } = environment({});
    assert.deepEqual(
      [PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE_FILE, PULUMI_HOME, ONEBRANCH_ROOT],
      [
        `file://${root}/.onebranch/state?metadata=skip`,
        `${root}/.onebranch/passphrase`,
        `${root}/.onebranch/pulumi-home`,
        root,
      ],
    );
  });

  it("leaves a passphrase and a home of the user alone", () => {
    checkout.write("home/.pulumi/plugins/resource-random-v4.21.2/x", "");
    const { PULUMI_CONFIG_PASSPHRASE_FILE, PULUMI_HOME } = environment({ PULUMI_CONFIG_PASSPHRASE: "" });
    assert.deepEqual([PULUMI_CONFIG_PASSPHRASE_FILE, PULUMI_HOME], [undefined, undefined]);
  });

  it("makes one passphrase that only its owner reads, and the plugin for dynamic resources", () => {
    const home = homeOf(checkout.root);
    writeHome(home);
    const passphrase = readFileSync(home.passphrase, "utf8");
    writeHome(home);
    assert.equal(readFileSync(home.passphrase, "utf8"), passphrase);
    assert.ok(passphrase.length >= 40);
    assert.equal(statSync(home.passphrase).mode & 0o777, 0o600);
    assert.equal(statSync(home.directory).mode & 0o777, 0o700);
    const plugin = join(home.bin, "pulumi-resource-pulumi-nodejs");
    execFileSync("sh", ["-n", plugin]);
    assert.match(readFileSync(plugin, "utf8"), /dynamic-provider' "\$@"\n$/);
  });
});
