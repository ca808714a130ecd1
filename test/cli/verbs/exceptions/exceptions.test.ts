import assert from "node:assert/strict";
import { useSample } from "../../support/sample";

describe("onebranch exceptions", () => {
  const sample = useSample();
  const entry = (component: string, what: string, expires = "2027-01-31") =>
    `- component: ${component}\n  ${what}\n  owner: team-x\n  reason: Because.\n  ticket: OPS-1\n  expires: ${expires}\n`;

  it("lists them with owner, end, days left, and whether they are needed", async () => {
    const { code, out, err } = await sample.run("exceptions", "--on", "2028-06-01");
    assert.deepEqual([code, err], [0, ""]);
    assert.equal(
      out,
      [
        "CLUSTER  COMPONENT  KEYS OR PIN  OWNER          TICKET   EXPIRES     LEFT     NEEDED",
        "prod     orders     replicas     team-commerce  OPS-217  2028-06-30  29 days  yes",
        "",
      ].join("\n"),
    );
  });

  it("exits with 1 only after the last day", async () => {
    const last = await sample.run("exceptions", "--on", "2028-06-30");
    assert.deepEqual([last.code, /last day/.test(last.out)], [0, true]);
    const over = await sample.run("exceptions", "--on", "2028-07-01");
    assert.equal(over.code, 1);
    assert.match(
      over.out,
      / expired +yes\n\ngitops\/clusters\/prod\/exceptions\.yaml:1: the exception for orders: expired on 2028-06-30\n$/,
    );
    assert.equal((await sample.run("exceptions", "dev", "--on", "2028-07-01")).code, 0);
  });

  it("says when each ends, as a metric: after its last day", async () => {
    const { code, out, err } = await sample.run("exceptions", "--metrics", "--on", "2030-01-01");
    assert.deepEqual([code, err], [0, ""], "that one has expired is for the alert to say");
    const end = Date.parse("2028-07-01T00:00:00Z") / 1000;
    const labels = 'cluster="prod",component="orders",owner="team-commerce",what="values"';
    assert.ok(out.includes(`\nonebranch_exception_expires_timestamp_seconds{${labels}} ${end}\n`), out);
    assert.match(out, /^onebranch_tree_timestamp_seconds \d{10}$/m);
    sample.write("gitops/clusters/dev/exceptions.yaml", "a: [\n");
    assert.equal((await sample.run("exceptions", "--metrics")).code, 2);
  });

  it("says which are not needed any more, and why", async () => {
    sample.write(
      "gitops/clusters/dev/exceptions.yaml",
      [
        entry("orders", "keys: [replicas]"),
        entry("orders", "pin: canary"),
        entry("guestbook", "keys: [port]"),
        entry("guardrails", "keys: [quota]"),
        entry("metrics-server", "pin: hold"),
      ].join(""),
    );
    sample.write("gitops/clusters/dev/values/orders.yaml", "replicas: 1\n");
    sample.write("gitops/clusters/dev/pins/orders.yaml", "component: orders\nimage:\n  tag: 6.9.2\n");
    sample.write("gitops/clusters/dev/values/guestbook.yaml", "probes: null\n");
    sample.write("gitops/clusters/dev/values/guardrails.yaml", 'quota:\n  pods: "99"\n');
    const { out } = await sample.run("exceptions", "dev", "--on", "2027-01-01", "--json");
    const { exceptions } = JSON.parse(out) as { exceptions: Record<string, unknown>[] };
    assert.deepEqual(
      exceptions.map(({ component, needed, why, line, daysLeft }) => [component, needed, why, line, daysLeft]),
      [
        ["orders", false, "the cluster would get the same without it", 1, 30],
        ["orders", false, "the stage has the same pin by now", 7, 30],
        ["guestbook", false, "gitops/clusters/dev/values/guestbook.yaml sets none of its keys", 13, 30],
        ["guardrails", true, undefined, 19, 30],
        ["metrics-server", false, "there is no gitops/clusters/dev/pins/metrics-server.yaml", 25, 30],
      ],
    );
  });

  it("knows a pin that says something else", async () => {
    sample.write("gitops/clusters/dev/exceptions.yaml", entry("orders", "pin: hold"));
    sample.write("gitops/clusters/dev/pins/orders.yaml", "component: orders\nversion: 1.0.0\n");
    assert.match(
      (await sample.run("exceptions", "dev", "--on", "2027-01-01")).out,
      /^dev +orders +hold .* 30 days +yes$/m,
    );
  });

  it("says what is wrong with a file, a day or a name", async () => {
    sample.write("gitops/clusters/dev/exceptions.yaml", "- component: orders\n");
    const broken = await sample.run("exceptions", "dev");
    assert.equal(broken.code, 2);
    assert.match(broken.err, /^gitops\/clusters\/dev\/exceptions\.yaml:1: key "\[0\]\.owner" is missing; /m);
    assert.deepEqual(
      (await sample.run("exceptions", "--on", "soon")).err,
      '--on takes a day such as 2030-12-31, found "soon"\n',
    );
    assert.deepEqual((await sample.run("exceptions", "prd")).err, "there is no cluster prd; did you mean prod?\n");
  });
});
