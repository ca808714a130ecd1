import type { Rule } from "../rule";

/** How a pointer starts: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md. */
const pointer = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n/;
const longest = 1024;

export const lfsPointer: Rule = {
  id: "lfs-pointer",
  check({ files }, report) {
    for (const path of files.paths) {
      const text = files.text(path);
      if (text.length > longest || !pointer.test(text)) continue;
      const message = "Argo CD reads the pointer of Git LFS in place of this file";
      report.finding({ file: path }, message, "commit the file itself: git lfs untrack, then git add --renormalize");
    }
  },
};
