import { Renderer } from "../../cli/tree/renderer";
import { Repo } from "../cli/tree/support";
import { addTree } from "../support/fixtures";
import { buildRenderer } from "../support/renderer";

/** The tests' tree in a repository, with a renderer, for the tests of one `describe`; each finds the tree as the first one did. */
export function keepTree(): { repo: Repo; renderer: Renderer } {
  const kept = {} as { repo: Repo; renderer: Renderer };
  before(async function () {
    const binary = await buildRenderer.call(this);
    kept.repo = new Repo();
    addTree(kept.repo.root);
    kept.repo.commit();
    kept.renderer = await Renderer.open({ root: kept.repo.root, env: process.env, binary, offline: true });
  });
  after(() => {
    kept.renderer.close();
    kept.repo.remove();
  });
  afterEach(() => kept.repo.reset());
  return kept;
}
