import assert from "node:assert/strict";
import { main } from "../../../../../infra/providers/embedded/toolchain/main";
import { Machine, makesBinary } from "./fake";

describe("toolchain: command line", () => {
  let machine: Machine;
  beforeEach(() => (machine = new Machine()));
  afterEach(() => machine.remove());

  async function call(...words: string[]): Promise<{ code: number; out: string; err: string }> {
    let out = "";
    let err = "";
    const code = await main(words, {
      out: { write: (text) => (out += text) },
      err: { write: (text) => (err += text) },
      host: machine.host(),
    });
    return { code, out, err };
  }

  it("builds the named parts and says where they are", async () => {
    const { code, out, err } = await call("cluster");
    assert.equal(code, 0);
    assert.match(out, /^the programs are in \S+\/bin-[0-9a-f]{16}\n$/);
    assert.match(
      err,
      /^building cluster: up to .*\n\[1\/1\] cluster: building; the last one\n(.*\n)*\[1\/1\] cluster: built in \d+ s; the last one\n$/,
    );
    assert.deepEqual(machine.built(), ["cluster"]);
  });

  it("refuses an unknown part and an unknown option with code 2", async () => {
    assert.deepEqual(await call("cluster", "docker"), {
      code: 2,
      out: "",
      err: "there is no part docker; the parts are pulumi, cluster, argocd, renderer\n",
    });
    assert.deepEqual(await call("--fast"), {
      code: 2,
      out: "",
      err: "there is no option --fast; the options are --list, --build\n",
    });
    assert.deepEqual(machine.calls, []);
  });

  it("ends with code 1 and the fault when a build fails", async () => {
    machine.answer = ({ args }) => (makesBinary(args) ? { code: 1, stderr: "it is nonsense" } : undefined);
    const { code, err } = await call("cluster");
    assert.equal(code, 1);
    assert.match(err, /\ncluster cannot be built: go ended with exit code 1; go said:\n {4}it is nonsense\n$/);
  });

  it("lists what is there without building", async () => {
    await call("cluster");
    for (const plugin of ["kubernetes-v4.34.2", "random-v4.21.2"]) {
      machine.write(`home/.pulumi/plugins/resource-${plugin}/pulumi-resource-${plugin.split("-")[0]}`, "");
    }
    machine.answer = ({ command }) => (command === "pulumi" ? { stdout: "v3.259.0\n" } : undefined);
    const { code, out } = await call("--list", "cluster", "argocd", "pulumi");
    assert.equal(code, 0);
    const lines = out
      .trim()
      .split("\n")
      .map((line) => line.split("\t"));
    assert.deepEqual(
      lines.map(([part, , state]) => [part, state]),
      [
        ["pulumi", "installed"],
        ["cluster", "cached"],
        ["argocd", "missing"],
      ],
    );
    for (const [part, hash, , path] of lines.slice(1)) assert.equal(path, `${machine.cache}/${part}-${hash}`);
    assert.deepEqual(machine.built(), ["cluster"]);
  });
});
