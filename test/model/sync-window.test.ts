import assert from "node:assert/strict";
import { nextTime, readCron } from "../../model/cron";
import { freezeAt, timeWords, type SyncWindow } from "../../model/sync-window";

describe("a schedule of a sync window", () => {
  // What robfig/cron, the library of Argo CD, gives for the same schedule and time.
  const next: [string, string, string][] = [
    ["0 18 24 12 *", "2026-11-30T10:00:00Z", "2026-12-24T18:00:00Z"],
    ["*/15 * * * *", "2026-11-30T10:15:00Z", "2026-11-30T10:30:00Z"],
    ["0 22 * * FRI", "2026-11-30T10:00:00Z", "2026-12-04T22:00:00Z"],
    ["0 0 13 * 5", "2026-11-30T10:00:00Z", "2026-12-04T00:00:00Z"],
    ["0 0 */2 * 5", "2026-12-05T10:00:00Z", "2026-12-07T00:00:00Z"],
    ["30 8-10/2,17 ? jan-mar 1-5", "2026-11-30T10:00:00Z", "2027-01-01T08:30:00Z"],
    ["0 0 29 2 *", "2026-11-30T10:00:00Z", "2028-02-29T00:00:00Z"],
    ["5/20 * * * *", "2026-11-30T10:06:00Z", "2026-11-30T10:25:00Z"],
  ];
  for (const [schedule, after, time] of next) {
    it(`${schedule} after ${after}`, () => {
      const cron = readCron(schedule);
      assert.ok(typeof cron !== "string", String(cron));
      assert.equal(new Date(nextTime(cron, Date.parse(after))!).toISOString(), time.replace("Z", ".000Z"));
    });
  }

  it("is refused with what is wrong", () => {
    assert.equal(readCron("tomorrow"), "write five cron fields such as 0 18 24 12 *");
    assert.equal(
      readCron("0 18 * * 7"),
      'write the day of the week (0 is Sunday) as numbers from 0 to 6, ranges or steps such as 0-6/2; found "7"',
    );
    for (const bad of [
      "60 * * * *",
      "0 24 * * *",
      "0 0 0 * *",
      "0 0 * 13 *",
      "5-1 * * * *",
      "*/0 * * * *",
      "0 0 L * *",
    ]) {
      assert.match(String(readCron(bad)), /^write the .*; found "/, bad);
    }
    assert.equal(readCron("0 0 31 2 *"), "name a day that there is in every few years");
  });
});

describe("the freeze that sync windows make", () => {
  const deny: SyncWindow = { kind: "deny", schedule: "0 18 24 12 *", duration: "216h", timeZone: "Europe/Berlin" };
  const allow: SyncWindow = { kind: "allow", schedule: "0 8 * * 1-5", duration: "10h" };
  const untilAt = (windows: SyncWindow[], now: string) => freezeAt(windows, new Date(now))?.until?.toISOString();

  it("is there while a deny window is open, and ends with it", () => {
    assert.equal(untilAt([deny], "2026-12-24T16:59:00Z"), undefined);
    assert.equal(untilAt([deny], "2026-12-24T17:00:00Z"), undefined);
    assert.equal(untilAt([deny], "2026-12-24T17:00:01Z"), "2027-01-02T17:00:00.000Z");
    assert.equal(untilAt([deny], "2027-01-02T16:59:59Z"), "2027-01-02T17:00:00.000Z");
    assert.equal(untilAt([deny], "2027-01-02T17:00:00Z"), undefined);
  });

  it("is there while no allow window is open", () => {
    assert.equal(untilAt([allow], "2026-11-30T09:00:00Z"), undefined);
    assert.match(untilAt([allow], "2026-11-27T19:00:00Z")!, /^2026-11-30T08:00:00/);
  });

  it("goes by the deny window where both say something", () => {
    const lunch: SyncWindow = { kind: "deny", schedule: "0 12 * * *", duration: "1h" };
    assert.equal(untilAt([allow, lunch], "2026-11-30T12:30:00Z"), "2026-11-30T13:00:00.000Z");
    const evening: SyncWindow = { kind: "deny", schedule: "0 17 * * *", duration: "2h" };
    assert.match(untilAt([allow, evening], "2026-11-30T17:30:00Z")!, /^2026-12-01T08:00:00/);
  });

  it("lasts over windows that follow one another, and has no end where they never stop", () => {
    const daily: SyncWindow = { kind: "deny", schedule: "0 0 1-3 12 *", duration: "25h" };
    assert.equal(untilAt([daily], "2026-12-01T10:00:00Z"), "2026-12-04T01:00:00.000Z");
    const always: SyncWindow = { kind: "deny", schedule: "0 * * * *", duration: "2h" };
    const freeze = freezeAt([always], new Date("2026-12-01T10:00:30Z"));
    assert.deepEqual([freeze?.windows, freeze?.until], [[always], undefined]);
  });

  it("lets a person sync by hand only where every window that holds does", () => {
    const now = new Date("2026-12-25T00:00:00Z");
    assert.equal(freezeAt([{ ...deny, manualSync: true }], now)?.manual, true);
    assert.equal(freezeAt([{ ...deny, manualSync: true }, deny], now)?.manual, false);
  });

  it("is said on the clock of the window", () => {
    assert.equal(timeWords(new Date("2027-01-02T17:00:00Z"), "Europe/Berlin"), "2027-01-02 18:00 Europe/Berlin");
    assert.equal(timeWords(new Date("2026-07-02T17:00:00Z"), "Asia/Kolkata"), "2026-07-02 22:30 Asia/Kolkata");
    assert.equal(timeWords(new Date("2026-07-02T17:00:00Z"), "America/New_York"), "2026-07-02 13:00 America/New_York");
  });
});
