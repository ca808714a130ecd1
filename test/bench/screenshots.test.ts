import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { docs } from "../support/paths";
import { imageFile, screens, shots, sourcesStamp, stampFile } from "./screenshots";

describe("the pictures of docs/ui.md", () => {
  const page = readFileSync(join(docs, "ui.md"), "utf8");

  for (const { name: shot } of shots)
    for (const { name: screen, width, height } of screens)
      it(`has ${shot} on a ${screen}, as wide and as high as that, and small`, () => {
        const file = imageFile(shot, screen);
        const image = readFileSync(file);
        assert.equal(image.toString("latin1", 1, 4), "PNG", `${file}: run \`make screenshots\``);
        assert.deepEqual([image.readUInt32BE(16), image.readUInt32BE(20)], [width, height], "run `make screenshots`");
        assert.ok(image.length < 200_000, `${file} has ${image.length} bytes`);
        assert.ok(page.includes(`(images/${basename(file)})`), `docs/ui.md does not show ${file}`);
      });

  it("are of the page as it is now", () => {
    assert.equal(readFileSync(stampFile, "utf8"), sourcesStamp(), "the page has changed since: run `make screenshots`");
  });

  it("has no other", () => {
    const wanted = shots.flatMap(({ name }) => screens.map((screen) => basename(imageFile(name, screen.name))));
    const found = readdirSync(dirname(imageFile("", ""))).filter((file) => file.startsWith("ui-"));
    assert.deepEqual(found.sort(), wanted.sort());
  });
});
