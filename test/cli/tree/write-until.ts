/** Run by edit.test.ts: edits a tree and kills itself before the step of a number. */
import { editFiles, type EditedFile } from "../../../cli/tree/edit";

const [root, files, last] = process.argv.slice(2) as [string, string, string];
let steps = 0;
editFiles(root, JSON.parse(files) as EditedFile[], () => {
  if (steps++ === Number(last)) process.kill(process.pid, "SIGKILL");
});
process.stdout.write(String(steps));
