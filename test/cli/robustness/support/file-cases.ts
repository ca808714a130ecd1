import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { HostileCase } from "./hostile-case";
import type { HostileTree } from "./hostile-tree";

const values = "gitops/apps/orders/values.yaml";
const linked = (path: string) => new RegExp(`${path}:1: this is a symbolic link`);
const noFile = (path: string) => new RegExp(`${path}:1: this is neither a file nor a directory`);

function pipe(tree: HostileTree, path: string): void {
  rmSync(tree.path(path), { force: true });
  execFileSync("mkfifo", [tree.path(path)]);
}

export const linkCases: HostileCase[] = [
  {
    name: "an absolute link out of the tree",
    make: (tree) => void tree.link(values, join(tree.place, "outside", "secret.yaml")),
    finds: linked(values),
  },
  {
    name: "a relative link out of the tree",
    make: (tree) => void tree.link(values, "../../../../outside/secret.yaml"),
    finds: linked(values),
  },
  { name: "a link to /dev/zero", make: (tree) => void tree.link(values, "/dev/zero"), finds: linked(values) },
  {
    name: "a link to itself",
    make: (tree) => void tree.link(values, "values.yaml"),
    finds: linked(values),
  },
  {
    name: "a directory that links to its parent",
    make: (tree) => void tree.link("gitops/apps/orders/regions", "../../apps"),
    finds: /regions/,
  },
  {
    name: "a cluster that links out of the tree",
    make: (tree) => void tree.link("gitops/clusters/dev", join(tree.place, "outside")),
    finds: linked("gitops/clusters/dev"),
  },
  {
    name: "a template that links out of the tree",
    make: (tree) => void tree.link("gitops/charts/web-service/1.1.0/templates/service.yaml", "/etc/passwd"),
    finds: linked("gitops/charts/web-service/1.1.0/templates/service.yaml"),
  },
];

export const pipeCases: HostileCase[] = [
  values,
  "gitops/clusters/dev/cluster.yaml",
  "gitops/apps/orders/stages/staging/pin.yaml",
  "gitops/clusters/prod/exceptions.yaml",
  "gitops/stages/dev.yaml",
].map((path) => ({ name: `a pipe as ${path}`, make: (tree) => pipe(tree, path), finds: noFile(path) }));

/** What is to be written where something else than a file of the tree is; each command line is refused. */
export const writeCases: { name: string; make(tree: HostileTree): void; line: string; says: RegExp }[] = [
  {
    name: "promote, where a pipe is in the pin's place",
    make: (tree) => pipe(tree, "gitops/apps/orders/stages/staging/pin.yaml"),
    line: "promote orders --to staging --offline",
    says: /gitops\/apps\/orders\/stages\/staging\/pin\.yaml is not a file/,
  },
  {
    name: "promote, where the stage's directory leads out of the tree",
    make: (tree) => void tree.link("gitops/apps/orders/stages/staging", join(tree.place, "outside")),
    line: "promote orders --to staging --offline",
    says: /gitops\/apps\/orders\/stages\/staging leads out of the tree/,
  },
  {
    name: "new exception, where a pipe is in the place of the file",
    make: (tree) => pipe(tree, "gitops/clusters/prod/exceptions.yaml"),
    line: "new exception orders --cluster prod --set replicas=2 --owner team-commerce --reason r --ticket OPS-1 --expires 2026-12-30",
    says: /exceptions\.yaml: this is neither a file nor a directory/,
  },
  {
    name: "new app, where the tree's settings lead out of it",
    make: (tree) => void tree.link("gitops/bootstrap/values.yaml", join(tree.place, "outside", "secret.yaml")),
    line: "new app extra --team commerce --image r:1.0.0",
    says: /bootstrap\/values\.yaml: this is a symbolic link/,
  },
  {
    name: "new app, where the chart's values are no YAML",
    make: (tree) => void tree.write("gitops/charts/web-service/1.1.0/values.yaml", "a: [1, 2\nb: {\n"),
    line: "new app extra --team commerce --image r:1.0.0",
    says: /charts\/web-service\/1\.1\.0\/values\.yaml is not valid YAML/,
  },
];

export const pathCases: HostileCase[] = [
  {
    name: "a pin whose chart climbs",
    make: (tree) =>
      void tree.edit("gitops/apps/orders/stages/dev/pin.yaml", "chart: web-service", "chart: ../../../outside"),
    finds: /gitops\/apps\/orders\/stages\/dev\/pin\.yaml:2: /,
  },
  {
    name: "a pin whose third-party chart climbs",
    make: (tree) =>
      void tree.edit("gitops/addons/cert-manager/stages/dev/pin.yaml", "chart: cert-manager", "chart: ../../outside/x"),
    finds: /gitops\/addons\/cert-manager\/stages\/dev\/pin\.yaml:2: /,
  },
  {
    name: "a pin whose version climbs",
    make: (tree) =>
      void tree.edit("gitops/apps/orders/stages/dev/pin.yaml", "version: ", "version: ../../../outside # "),
    finds: /gitops\/apps\/orders\/stages\/dev\/pin\.yaml:3: /,
  },
  {
    name: "a cluster whose stage climbs",
    make: (tree) => void tree.edit("gitops/clusters/dev/cluster.yaml", "stage: dev", "stage: ../../outside/secret"),
    finds: /gitops\/clusters\/dev\/cluster\.yaml:2: /,
  },
  {
    name: "a file named with a line end and an escape",
    make: (tree) => void tree.write("gitops/apps/orders/regions/line\n\u001b[31mred.yaml", "replicas: 1\n"),
    finds: /regions\/line/,
  },
];
