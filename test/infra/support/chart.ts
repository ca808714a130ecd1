import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "mocha";
import { parseAllDocuments, stringify } from "yaml";
import type { Mapping } from "../../../model/mapping";
import { findHelm, type Manifest } from "../../gitops/helm";
import { beside } from "../../support/paths";
import { skip } from "../../support/skip";

/** The official chart, where it lies beside the checkout or where ONEBRANCH_TEST_CHARTS says. */
function findChart(): string | undefined {
  const folder = process.env.ONEBRANCH_TEST_CHARTS ?? join(beside, "charts");
  const name = existsSync(folder) && readdirSync(folder).find((file) => /^argo-cd-.*\.tgz$/.test(file));
  return name ? join(folder, name) : undefined;
}

/** The official chart, rendered by the helm that Argo CD uses. */
export class OfficialChart {
  private readonly known = new Map<string, Manifest[]>();

  private constructor(
    private readonly helm: string,
    private readonly chart: string,
    private readonly folder: string,
  ) {}

  /** Skips the suite, with the reason, where something is missing. */
  static async find(context: Context): Promise<OfficialChart> {
    const [helm, chart] = [await findHelm(), findChart()];
    if (!helm) return skip(context, "no helm on PATH, and none built (make toolchain)");
    if (!chart) return skip(context, "no argo-cd-*.tgz in ../shared/charts or ONEBRANCH_TEST_CHARTS");
    return new OfficialChart(helm, chart, mkdtempSync(join(tmpdir(), "onebranch-chart-")));
  }

  /** Whether the copy has the chart of three redis inside. */
  get hasRedisHa(): boolean {
    return execFileSync("tar", ["-tzf", this.chart], { encoding: "utf8" }).includes("/charts/redis-ha/");
  }

  /**
   * What the chart makes of values; each set of values is rendered once.
   * @param served API versions that the cluster has besides Kubernetes' own
   */
  render(values: Mapping, ...served: readonly string[]): Manifest[] {
    const key = JSON.stringify([values, served]);
    const known = this.known.get(key) ?? this.rendered(values, served);
    this.known.set(key, known);
    return known;
  }

  private rendered(values: Mapping, served: readonly string[]): Manifest[] {
    const file = join(this.folder, "values.yaml");
    writeFileSync(file, stringify(values));
    const apis = served.flatMap((version) => ["--api-versions", version]);
    const args = ["--namespace", "argocd", "--kube-version", "1.36.0", "--values", file, ...apis];
    const { status, stdout, stderr } = spawnSync(this.helm, ["template", "argocd", this.chart, ...args], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    if (status !== 0) throw new Error(stderr);
    return parseAllDocuments(stdout)
      .map((document) => document.toJS() as Manifest | null)
      .filter((manifest) => manifest !== null);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
