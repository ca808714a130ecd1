import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { implementation } from "../../../infra/providers/embedded/resources/control-plane";
import { findToolchain } from "../../../infra/providers/embedded/toolchain";
import { deadController } from "../../support/fake-aws/cloud";
import { startAws, type FakeAws } from "../../support/fake-aws/start";
import { beside, inCheckout } from "../../support/paths";
import { Checkout } from "./checkout";
import { Cluster } from "./cluster";
import { admin } from "./eks-stack";

const charts = process.env.ONEBRANCH_TEST_CHARTS ?? join(beside, "charts");
const chart = join(charts, "argo-cd-10.1.1.tgz");

const plane = "plane";

/**
 * The stack prod on a faked AWS whose control plane is a real one, of an embedded cluster. `aws eks get-token` gives its login
 * while the account has the cluster. The real Helm release installs the official chart; no Argo CD runs behind it, so nothing is
 * synced.
 */
export class WholeEks {
  readonly repoURL = "https://git.example.com/tree.git";

  private constructor(
    readonly checkout: Checkout,
    readonly aws: FakeAws,
    /** The control plane, for its administrator. It is there before the cluster, and after it. */
    readonly cluster: Cluster,
    private readonly base: string,
    /** With the command `aws`. */
    readonly bin: string,
  ) {}

  /** What is missing for it; undefined where nothing is. */
  static async missing(): Promise<string | undefined> {
    if (!existsSync(chart)) return `no ${chart}: name the folder of the official chart in ONEBRANCH_TEST_CHARTS`;
    return (await findToolchain()) ? undefined : "no toolchain: run `make toolchain`";
  }

  static async open(): Promise<WholeEks> {
    const checkout = new Checkout();
    const base = dirname(checkout.root);
    process.env.ONEBRANCH_ROOT = checkout.root;
    await implementation.create({ name: plane });
    const cluster = await Cluster.of(checkout, plane);
    const directory = join(base, "aws");
    const aws = await startAws(directory, [], cluster.kubeconfig);
    const bin = join(base, "bin");
    mkdirSync(bin);
    const script = inCheckout("test/support/fake-aws/aws.cjs");
    writeFileSync(
      join(bin, "aws"),
      `#!/bin/sh\nFAKE_AWS_DIRECTORY='${directory}' FAKE_AWS_KUBECONFIG='${cluster.kubeconfig}' exec '${process.execPath}' '${script}' "$@"\n`,
      { mode: 0o755 },
    );
    Object.assign(checkout.env, aws.env, {
      PATH: [bin, process.env.PATH].join(delimiter),
      PULUMI_BACKEND_URL: `file://${checkout.home}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: "of the team",
    });
    return new WholeEks(checkout, aws, cluster, base, bin);
  }

  /** The words of `up`. */
  up(...more: string[]): string[] {
    const settings = {
      awsAccount: "111122223333",
      eksAdmins: admin,
      eksNat: "single",
      argocdChart: chart,
      repoURL: this.repoURL,
      eksPublicCidrs: "192.0.2.0/24",
    };
    const config = Object.entries(settings).flatMap(([key, value]) => ["--config", `${key}=${value}`]);
    return ["up", "prod", "--provider", "eks", "--no-wait", "--yes", "--json", ...config, ...more];
  }

  /** The ids of what the account has, of one type or of all. */
  things(type?: string): string[] {
    const all = this.aws.files.things().filter((thing) => type === undefined || thing.type === type);
    return all.map(({ id }) => id).sort();
  }

  /** Whether what AWS runs for a cluster does its work. */
  setController(works: boolean): void {
    const dead = join(this.base, "aws", deadController);
    if (works) rmSync(dead, { force: true });
    else writeFileSync(dead, "");
  }

  async close(): Promise<void> {
    this.setController(true);
    await this.checkout.onebranch("destroy", "prod", "--yes");
    await this.aws.stop();
    await implementation.delete!(plane, { name: plane } as never);
    delete process.env.ONEBRANCH_ROOT;
    this.checkout.remove();
  }
}
